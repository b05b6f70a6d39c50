"""One contract that is open: how far its plans are, its visits, its money, its terms."""

from __future__ import annotations

import streamlit as st

from core.estimate.terms import expenditure_section
from core.support.contract import ContractStep
from core.support.pace import ASSUMED, Pace, PaceState
from core.values.fiscal import era_date, japan_day
from core.values.money import Yen, yen_text
from core.views.support import ContractInYear, OwnSupportAnswer
from dashboard.kit import address
from dashboard.kit.cards import Badge, Card, Tone, cards
from dashboard.kit.sight import opened_mark
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped, paragraphs
from dashboard.support.contracts.changes import draw_changes
from dashboard.support.contracts.money import draw_payments
from dashboard.support.contracts.planning import draw_planning
from dashboard.support.contracts.visits import draw_visits
from dashboard.support.contracts.wording import contract_words, plan_words, term_words

_TONES = {
    PaceState.OVER: Tone.BAD,
    PaceState.TIGHT: Tone.BAD,
    PaceState.BEHIND: Tone.OPEN,
    PaceState.ON_PACE: Tone.GOOD,
    PaceState.DONE: Tone.PLAIN,
}


def draw_contract(own: OwnSupportAnswer, held: ContractInYear) -> None:
    """The contract with everything that can be done about it."""
    contract = held.contract
    # A visit that is named is what the reader came for; two marks would take turns.
    named = address.opened("contract") == str(contract.contract_id) and not address.opened("visit")
    with opened_mark(f"contract.{contract.contract_id}") if named else st.container():
        st.subheader(escaped(contract_words(held)), anchor=False)
    st.caption(
        f"{escaped(own.municipality.name)}・{contract.fiscal_year.label}・"
        f"期間 {escaped(term_words(contract.terms))}・契約額 {yen_text(contract.terms.amount)}・"
        f"支払済 {yen_text(contract.paid)}"
    )
    if not contract.stands:
        st.warning(
            f"この契約の記録は{japan_day(contract.last.recorded_at)}に取り消されました。"
            f"理由: {escaped(contract.last.reason)}",
            icon=":material/block:",
        )
    else:
        cards([_pace_card(held, pace) for pace in held.paces], narrowest=260, level=4)
        st.caption(ASSUMED)
        draw_planning(held)
    draw_visits(held)
    draw_payments(held)
    _draw_terms(held)
    if contract.stands:
        draw_changes(held)
    _draw_history(held)


def _pace_card(held: ContractInYear, pace: Pace) -> Card:
    waits = f"記録待ち{pace.unrecorded}回" if pace.unrecorded else ""
    lines = [f"予定あり {pace.planned}回・日程なし {pace.unplanned}回"]
    if waits:
        lines.append(f"予定の日を過ぎて、まだ記録のない回が{pace.unrecorded}回あります。")
    badges = [Badge(pace.state.label, _TONES[pace.state])]
    if waits:
        badges.append(Badge(waits, Tone.OPEN))
    return Card(
        key=str(pace.plan),
        title=plan_words(held.contract, pace.plan),
        value=f"{pace.held}/{pace.contracted}回",
        badges=badges,
        text=pace.said,
        lines=lines,
        share=(pace.held, pace.contracted) if pace.contracted else None,
    )


def _draw_terms(held: ContractInYear) -> None:
    contract, terms = held.contract, held.contract.terms
    with st.expander("契約の内容・試算との差", icon=":material/description:"):
        section = "{} {}".format(*expenditure_section(terms.kind, contract.fiscal_year))
        st.markdown(
            f"**締結日** {era_date(terms.signed_on)}  \n"
            f"**期間** {escaped(term_words(terms))}  \n"
            f"**節** {escaped(section)}  \n**事業者** {escaped(contract.vendor.name)}"
        )
        rows = [(line, held.expected.get(line.plan)) for line in terms.lines]
        estimated = [e.estimated(line.visits) if e else None for line, e in rows]
        approved = [e.approved if e else None for _, e in rows]
        table(
            {
                "プラン": [plan_words(contract, line.plan) for line, _ in rows],
                "回数": [f"{line.visits}回" for line, _ in rows],
                "契約額": [yen_text(line.amount) for line, _ in rows],
                "試算": [_yen(each) for each in estimated],
                "試算との差": [
                    _difference(line.amount, each)
                    for (line, _), each in zip(rows, estimated, strict=True)
                ],
                "議決された額": [_yen(each) for each in approved],
                "議決との差": [
                    _difference(line.amount, each)
                    for (line, _), each in zip(rows, approved, strict=True)
                ],
            },
            alt="契約額と試算",
        )
        st.caption("試算は、期間の初日に適用される1回あたりの費用に、契約の回数を掛けた額です。")
        if terms.why:
            st.markdown(f"**試算との差の理由**\n\n{paragraphs(terms.why)}")


def _yen(amount: Yen | None) -> str:
    return "不明" if amount is None else yen_text(amount)


def _difference(amount: Yen, other: Yen | None) -> str:
    if other is None:
        return "不明"
    less = amount - other
    return "なし" if less == 0 else f"{'+' if less > 0 else '−'}{yen_text(abs(less))}"


def _draw_history(held: ContractInYear) -> None:
    events = held.contract.events
    if len(events) == 1 and held.contract.stands:
        return
    with st.expander("契約の経過", icon=":material/history:"):
        table(
            {
                "日": [era_date(event.day) for event in events],
                "経過": [event.step.label for event in events],
                "回数": [f"{event.terms.visits}回" for event in events],
                "契約額": [yen_text(event.terms.amount) for event in events],
                "期間の末日": [era_date(event.terms.last_day) for event in events],
                "理由": [
                    event.reason or ("" if event.step is ContractStep.CONCLUDED else "記入なし")
                    for event in events
                ],
                "記録": [f"{japan_day(event.recorded_at)} {event.recorded_by}" for event in events],
            },
            alt="契約の経過",
        )
