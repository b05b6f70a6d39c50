"""契約を記録する: from approved wishes to a contract, its terms beside what was approved."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from core.commands.contracts import ConcludedContract, conclude_contract
from core.estimate.request import ExpenditureKind
from core.estimate.terms import expenditure_section
from core.support.contract import VENDOR_NAME, WHY, ContractLine, ContractTerms
from core.support.wish import WishEvent
from core.values.fiscal import FiscalYear
from core.values.money import Yen, yen_text
from core.views.support import OwnSupportAnswer
from dashboard import context
from dashboard.kit import address, written
from dashboard.kit.choice import choose
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.typed import escaped

CONCLUDED = "contract.conclude"
"""The form, whose answer stands above the contract it made."""


def draw_conclude(own: OwnSupportAnswer) -> None:
    """One form a fiscal year in which something waits for a contract."""
    years = list(dict.fromkeys(wish.fiscal_year for wish in own.to_conclude))
    for year in years:
        waiting = [wish for wish in own.to_conclude if wish.fiscal_year == year]
        named = "、".join(context.reference().plan_name(w.plan, year) for w in waiting)
        st.info(
            f"{year.label}の{escaped(named)}は議決されています。契約したら、契約の内容を記録してください。",
            icon=":material/task_alt:",
        )
        with st.expander(
            f"{year.label}の契約を記録する",
            icon=":material/edit_document:",
            key=f"{CONCLUDED}.{own.municipality.lg_code}.{year}.{request_id(CONCLUDED)}",
        ):
            _draw_form(own, year, waiting)


def _draw_form(own: OwnSupportAnswer, year: FiscalYear, waiting: list[WishEvent]) -> None:
    field = Fields(f"{CONCLUDED}.{own.municipality.lg_code}.{year}.{request_id(CONCLUDED)}")
    with form_box(f"{CONCLUDED}.{year}"):
        field(
            "vendor",
            st.text_input,
            f"{VENDOR_NAME.label}(必須)",
            placeholder=VENDOR_NAME.example,
        )
        if own.vendors:
            st.caption(f"これまでの事業者: {escaped('、'.join(own.vendors[:10]))}")
        terms = _draw_terms(field, year)
        lines = [_draw_line(field, year, wish) for wish in waiting]
        why = field(
            "why",
            st.text_area,
            f"{WHY.label}(試算と違うとき、議決された額を超えるときは必須)",
            height=80,
        )
        pressed = st.button(
            "契約を記録する", type="primary", icon=":material/save:", key=f"{CONCLUDED}.{year}.go"
        )
    if not pressed:
        return
    unread = {name: problem for each in lines if each for name, problem in each[1].items()}
    unread |= {
        name: "日を選んでください。" for name, day in terms.items() if not isinstance(day, date)
    }
    unread.pop("kind", None)
    if unread:
        refuse(unread, field.places)
        return
    kept = tuple(each[0] for each in lines if each and each[0])
    whole = ContractTerms(**terms, lines=kept, why=why)

    def done(made: ConcludedContract) -> str:
        address.open_detail("visit", "")
        address.open_detail("contract", str(made.contract_id))
        return (
            f"{made.label} を記録し、参加希望を「契約」にしました。"
            "次は、下の「年間の予定をまとめて立てる」で毎月の支援回を予定します。"
        )

    submit(
        CONCLUDED,
        partial(
            conclude_contract,
            lg_code=own.municipality.lg_code,
            fiscal_year=int(year),
            vendor=field.values["vendor"],
            terms=whole,
            seen={wish.plan: wish.event_id for wish in waiting},
        ),
        done,
        field.places,
    )


def _draw_terms(field: Fields, year: FiscalYear) -> dict[str, Any]:
    today = context.today()
    begins = min(max(today, year.first_day), year.last_day)
    return draw_term_fields(
        field, year, min(today, begins), begins, year.last_day, ExpenditureKind.COMMISSION
    )


def draw_term_fields(
    field: Fields,
    year: FiscalYear,
    signed: date,
    first: date,
    last: date,
    kind: ExpenditureKind,
) -> dict[str, Any]:
    """締結日, 期間, 節."""
    days = []
    for place, (name, label, usual) in zip(
        st.columns(3),
        (
            ("signed_on", "締結日(必須)", signed),
            ("first_day", "期間の初日(必須)", first),
            ("last_day", "期間の末日(必須)", last),
        ),
        strict=True,
    ):
        least = date(year - 1, 4, 1)
        days.append(
            (
                name,
                field(
                    name,
                    place.date_input,
                    label,
                    usual,
                    at=place,
                    min_value=least,
                    max_value=year.last_day,
                    format="YYYY-MM-DD",
                ),
            )
        )
    sections = {
        each.value: "{} {}".format(*expenditure_section(each, year)) for each in ExpenditureKind
    }
    chosen = field(
        "kind", partial(choose, st.radio), "節(必須)", sections, kind.value, horizontal=True
    )
    return {**dict(days), "kind": ExpenditureKind(chosen)}


def _draw_line(
    field: Fields, year: FiscalYear, wish: WishEvent
) -> tuple[ContractLine | None, dict[str, str]] | None:
    name = context.reference().plan_name(wish.plan, year)
    chosen = field(f"take.{wish.plan}", st.checkbox, escaped(name), True)
    st.caption(f"議決: {wish.visits}回・歳出 {yen_text(wish.gross)}")
    if not chosen:
        return None
    return draw_line_fields(field, wish.plan, wish.visits, wish.gross)


def draw_line_fields(
    field: Fields, plan: int, visits: int, amount: Yen
) -> tuple[ContractLine | None, dict[str, str]]:
    """支援回数 and 契約額 of a plan; what stands in them that cannot be read."""
    left, right = st.columns(2)
    with left:
        many = field(
            f"visits.{plan}",
            written.count,
            "支援回数",
            unit="回",
            value=visits,
            required=True,
        )
    with right:
        much = field(
            f"amount.{plan}", written.amount, "契約額(税込)", value=int(amount), required=True
        )
    unread = {}
    if many is None:
        unread[f"visits.{plan}"] = "支援回数を数で入力してください。"
    if much is None:
        unread[f"amount.{plan}"] = "契約額を円で入力してください。"
    if many is None or much is None:
        return None, unread
    return ContractLine(plan, many, Yen(much)), {}
