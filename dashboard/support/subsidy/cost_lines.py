"""補助対象経費, typed: a line an item, of a joint application with its municipality."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from core.subsidy.money import MOST, MOST_LINES, AskedLine, application
from core.subsidy.programme import GrantProgramme
from core.values.errors import InvalidInputError
from core.values.money import Yen, yen_text
from dashboard import context
from dashboard.kit import written
from dashboard.kit.choice import choose


def draw_cost_lines(
    key: str,
    lg_code: str,
    members: Collection[str],
    programme: GrantProgramme,
    had: Sequence[AskedLine] = (),
) -> tuple[AskedLine, ...]:
    """Lines to fill in, those of before filled in already; one more on a press.

    Args:
        lg_code: Of the municipality that leads.
        members: Whom a line may be of; empty for any.
        had: What stands there at first.

    Returns:
        The lines that hold anything; one whose cost cannot be read is left out, and says why itself.
    """
    counted = f"{key}.count"
    state = st.session_state
    many = int(state.get(counted, max(len(had), 1)))
    found = []
    for place in range(many):
        before = had[place] if place < len(had) else None
        line = _line(f"{key}.{place}", place, lg_code, members, programme, before)
        if line is not None:
            found.append(line)
    if many < MOST_LINES:
        st.button(
            "行を増やす",
            icon=":material/add:",
            key=f"{key}.more",
            on_click=lambda: state.update({counted: many + 1}),
        )
    _draw_sum(found, programme)
    return tuple(found)


def _draw_sum(lines: Sequence[AskedLine], programme: GrantProgramme) -> None:
    """What the lines come to so far; what stands against them is said when they are handed in."""
    try:
        result = application(lines, programme, may_be_nothing=True)
    except InvalidInputError:
        return
    eligible = sum((line.eligible for line in result.lines), Yen(0))
    st.caption(
        f"合計: 補助対象経費 {yen_text(eligible)}、補助金 {yen_text(result.amount or Yen(0))}"
    )


def _line(
    key: str,
    place: int,
    lg_code: str,
    members: Collection[str],
    programme: GrantProgramme,
    before: AskedLine | None,
) -> AskedLine | None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = before.lg_code if before else lg_code
        if programme.joint:
            names = context.reference().named if members else context.reference().own_names
            own = context.reference().by_code
            options = {c: names[c] for c in (members or own)}
            code = choose(st.selectbox, "団体", options, code, key=f"{key}.town", width=180) or code
        item = st.text_input(
            f"費目 {place + 1}",
            before.item if before else "",
            key=f"{key}.item",
            placeholder="例: 委託料",
            width=220,
        )
        cost = written.amount(
            "補助対象経費",
            key=f"{key}.eligible",
            value=int(before.eligible) if before else None,
            most=int(MOST),
            width=180,
        )
        amount: int | None = None
        if programme.terms is None:
            amount = written.amount(
                "うち補助金の申請額",
                key=f"{key}.amount",
                value=int(before.amount) if before and before.amount is not None else None,
                most=int(MOST),
                width=180,
            )
    if cost is None and not item.strip():
        return None
    return AskedLine(str(code), item, Yen(cost or 0), None if amount is None else Yen(amount))
