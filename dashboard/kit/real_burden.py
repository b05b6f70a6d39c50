"""実質負担(要確認): a switch under the result, what it asks of the reader, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import streamlit as st

from core.estimate.real_burden import (
    LONGEST_NAME,
    MOST_OTHERS,
    NAME,
    Allocation,
    BondBurden,
    OtherSubsidy,
    RealBurden,
    RealRequest,
    amounts_of_a_request,
    assumptions,
)
from core.values.money import yen_text
from core.values.offer import OfferedPart
from core.values.written_number import YEN
from dashboard import context
from dashboard.kit import address, widgets, written
from dashboard.kit.choice import choose
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_MOST = 10**11
_ROWS = range(1, MOST_OTHERS + 1)
AMOUNTS = tuple(f"amount{row}" for row in _ROWS)
"""Names of the fields in which something can be written that is no number."""


@dataclass(frozen=True)
class RealQuestion(address.Question):
    """What the layer is asked for, as the address of its page says it; nothing while it is off."""

    real: bool = address.flag()
    allocation: Allocation = address.choice("普通交付税の交付", Allocation, Allocation.UNKNOWN)
    other1: str = address.words()
    amount1: int | None = address.number("他の補助金1の額", YEN, most=_MOST)
    other2: str = address.words()
    amount2: int | None = address.number("他の補助金2の額", YEN, most=_MOST)
    other3: str = address.words()
    amount3: int | None = address.number("他の補助金3の額", YEN, most=_MOST)

    def query(self) -> dict[str, str]:
        """As an address says it."""
        found = super().query()
        own = {each.name for each in fields(RealQuestion)}
        return {key: text for key, text in found.items() if self.real or key not in own}

    def real_query(self) -> dict[str, str]:
        """The part of the layer alone."""
        own = {each.name: getattr(self, each.name) for each in fields(RealQuestion)}
        return RealQuestion(**own).query()

    @property
    def real_request(self) -> RealRequest | None:
        """What is asked; None while the layer is off."""
        if not self.real:
            return None
        rows = (
            (getattr(self, f"other{row}").strip(), getattr(self, f"amount{row}") or 0)
            for row in _ROWS
        )
        others = tuple(OtherSubsidy(name, amount) for name, amount in rows if name or amount)
        return RealRequest(self.allocation, others)


def draw_real_burden(
    page: str, found: RealBurden | None, problems: Mapping[str, str], *, old: bool
) -> None:
    """The switch, folded until it is on; then what it asks and what it comes to.

    Args:
        page: Whose fields these are.
        found: The answer; None while there is none.
        old: A field cannot be read: the answer belongs to what stood there before.
    """
    on = bool(st.session_state.get(f"{page}.real"))
    with st.expander(NAME, icon=":material/account_balance:", expanded=on):
        st.caption(
            "国から交付税で戻る額と他の補助金を一般財源から引いた、参考の額です。"
            "仮定による額で、予算要求の額"
            f"({escaped(amounts_of_a_request(subsidised=_subsidised()))})は変わりません。"
        )
        st.toggle(
            "実質負担を計算する",
            key=f"{page}.real",
            persist_state="session",
            on_change=_forget_unreadable,
            args=(page,),
        )
        if not on:
            return
        _draw_inputs(page)
        widgets.show_problem(problems, "others")
        if found is not None and not problems:
            if old:
                st.caption("下は直す前の入力での結果です。入力を直すと、計算し直します。")
            _draw_found(found)


def _subsidised() -> bool:
    return OfferedPart.SUBSIDY in context.reference().offers


def _forget_unreadable(page: str) -> None:
    """Switched off, a field nobody sees any more must not hold up the page."""
    for key in (f"{page}.{name}" for name in AMOUNTS):
        if written.wrong(key):
            del st.session_state[key]


def _draw_inputs(page: str) -> None:
    choose(
        st.segmented_control,
        "普通交付税の交付",
        Allocation,
        key=f"{page}.allocation",
        required=True,
        persist_state="session",
        help="交付税を受けない不交付団体には、交付税で戻る額を見込みません。財政課に確かめてください。",
    )
    st.caption(
        "他の補助金(国の交付金など、上の試算に入っていないもの)があれば、名前と額を入力します。"
    )
    with st.grid("auto", min_column_width=220):
        for row in _ROWS:
            with st.container(gap="xsmall"):
                written.text(
                    f"他の補助金{row}の名前",
                    key=f"{page}.other{row}",
                    longest=LONGEST_NAME,
                    persist_state="session",
                )
                written.amount(
                    f"他の補助金{row}の額(円)",
                    key=f"{page}.amount{row}",
                    most=_MOST,
                    persist_state="session",
                    width="stretch",
                )


def _draw_found(found: RealBurden) -> None:
    bond = isinstance(found, BondBurden)
    span = "契約期間の計" if bond else "予算要求の年度"
    st.markdown(
        f"実質負担({span}) **{escaped(found.text)}** :orange-badge[要確認] "
        f"一般財源は **{yen_text(found.net)}** のまま変わりません。"
    )
    for said in found.unknown:
        st.info(escaped(said), icon=":material/help:")
    steps = "\n".join(
        f"- **{escaped(step.label)}** {escaped(step.expression)}" for step in found.steps
    )
    st.markdown(f"**計算の過程**\n\n{steps}")
    if isinstance(found, BondBurden):
        _draw_years(found)
    _draw_premises(found, assumptions(found, subsidised=_subsidised()))


def _draw_years(found: BondBurden) -> None:
    """When it is borrowed, repaid and given back."""
    if not found.years:
        st.caption("年度別の額は、償還年限と交付税で戻る額がわかるまで出しません。")
        return
    years = found.years
    columns = {
        name: [int(getattr(year, field)) for year in years]
        for name, field in (
            ("一般財源", "cost"),
            ("他の補助金", "others"),
            ("起債", "bond"),
            ("償還", "repaid"),
            ("交付税で戻る額", "returned"),
            ("実質負担", "amount"),
        )
    }
    table(
        {"年度": [*(year.fiscal_year.full_label for year in years), "計"]}
        | {name: map(_signed, (*each, sum(each))) for name, each in columns.items()},
        "年度別の一般財源、他の補助金、起債、償還、交付税で戻る額、実質負担",
    )
    st.caption(
        "年度の実質負担 = 一般財源 − 他の補助金 − 起債 + 償還 − 交付税で戻る額。"
        "△はその年度に入る額のほうが多いことを示す。利子は含まない(仮定)。"
    )


def _signed(amount: int) -> str:
    return f"△{yen_text(-amount)}" if amount < 0 else yen_text(amount)


def _draw_premises(found: RealBurden, assumptions: Sequence[str]) -> None:
    table(
        {
            "項目": (each.label for each in found.premises),
            "値": (each.text for each in found.premises),
            "根拠区分": (each.basis_label for each in found.premises),
            "出典": (
                widgets.source_text(each.source) if each.source else "－" for each in found.premises
            ),
            "備考": (
                f"{each.carried_from.label}の値を準用。{each.note}"
                if each.carried_from
                else each.note
                for each in found.premises
            ),
        },
        "実質負担の前提と出典",
    )
    st.caption("\n".join(f"- {escaped(line)}" for line in assumptions))
