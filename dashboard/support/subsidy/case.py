"""One case: where it stands, its money, what may follow, everything that was said of it."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal, allows, shown_name
from core.subsidy.case import Case, CaseEvent, Channel
from core.subsidy.money import Outcome
from core.values.fiscal import era_date
from core.values.money import yen_text
from core.views.subsidy import CaseShown
from dashboard import context
from dashboard.kit import titles
from dashboard.kit.answer import answer
from dashboard.kit.rows import row
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.support.documents import draw_documents
from dashboard.support.subsidy.step_form import draw_step, form_of
from dashboard.support.subsidy.wording import (
    draw_lines,
    due_line,
    money,
    named,
    terms_line,
    track_line,
)


def draw_case(principal: Principal, shown: CaseShown) -> None:
    """Track, money, the next act, other acts folded, history."""
    case, reference = shown.case, context.reference()
    leader = reference.called(case.lg_code)
    st.subheader(escaped(f"{case.number.label} {leader}「{case.title}」"), anchor=False)
    titles.title(f"{case.number.label} {case.title}")
    joint = (
        f"共同申請: {named(case.members, reference)}(代表 {leader})。"
        if len(case.members) > 1
        else ""
    )
    st.caption(
        escaped(
            f"{case.fiscal_year.label} {shown.programme.name}。{joint}{terms_line(shown.programme)}"
        )
    )
    st.markdown(track_line(case))
    st.markdown(due_line(shown.due, shown.due.late_days(context.today())))
    _draw_money(case)
    answer(form_of(case))
    _draw_acts(principal, shown)
    draw_documents(principal, case)
    _draw_history(shown)


def _draw_money(case: Case) -> None:
    due = case.due
    left = "まだ決まりません" if due is None else yen_text(abs(due))
    table(
        {
            "交付決定額": [money(case.decided)],
            "確定額": [money(case.final)],
            "支払済": [yen_text(case.paid)],
            "返還する額" if due is not None and due < 0 else "これから支払う額": [left],
        },
        "この手続の金額",
    )


def _draw_acts(principal: Principal, shown: CaseShown) -> None:
    """What whoever reads may do; the usual act open, the others folded."""
    case = shown.case
    office = allows(principal, "subsidy:decide")
    if not office and principal.lg_code != case.lg_code:
        if shown.ways:
            st.info("共同申請の手続は代表の団体が行います。", icon=":material/group:")
        return
    mine = [way for way in shown.ways if office or way.municipal]
    if not mine:
        return
    usual = [way for way in mine if way.step is shown.due.step]
    for way in usual:
        with row(f"subsidy-next-{case.case_id}"):
            draw_step(principal, shown, way)
    for way in (each for each in mine if each not in usual):
        label = f"{way.step.label}を記録する"
        key = f"subsidy.fold.{case.case_id}.{way.step.value}"
        with st.expander(label, icon=":material/edit_note:", key=key, on_change="rerun") as box:
            if box.open:
                draw_step(principal, shown, way)


def _draw_history(shown: CaseShown) -> None:
    case, reference = shown.case, context.reference()
    events = list(reversed(case.events))
    st.markdown("**経過**")
    table(
        {
            "手続": [each.step.label for each in events],
            "日付": [era_date(each.day) for each in events],
            "金額": [money(each.amount) for each in events],
            "文書番号": [each.document or "—" for each in events],
            "記録": [_recorded(each) for each in events],
            "理由": [each.reason for each in events],
        },
        "手続の経過(新しい順)",
    )
    with st.expander("金額の内訳", icon=":material/list:", key=f"subsidy.lines.{case.case_id}"):
        for each in events:
            if each.lines:
                st.markdown(f"{each.step.label}({era_date(each.day)})")
                draw_lines(
                    Outcome(each.amount, each.lines),
                    shown.programme,
                    reference,
                    case.fiscal_year,
                    f"{each.step.label}の内訳",
                )


def _recorded(event: CaseEvent) -> str:
    paper = f"・{event.channel.label}" if event.channel is Channel.PAPER else ""
    return f"{shown_name(event.recorded_by)}{paper}"
