"""支援回 of an adviser: by day, what waits for an answer, what was held, a calendar of their own."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from core.access.principal import Principal
from core.support.visit import VisitState
from core.views.assignments import AdviserVisit, AssignmentsAnswer, assignments_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.typed import escaped
from dashboard.support.adviser.calendar import draw_calendar
from dashboard.support.adviser.planning import draw_planning
from dashboard.support.adviser.visit import draw_visit

AHEAD = timedelta(days=45)
"""What comes within it stands in sight; the rest is folded."""


def draw(principal: Principal) -> None:
    """What waits first, then what comes, what is to be planned, and what was held."""
    found = context.answer(assignments_view, principal, today=context.today())
    st.caption(
        escaped(
            f"{found.vendor}が契約した団体の支援回です。金額、満足度、他の事業者の支援回は表示しません。"
        )
    )
    if not found.visits and not found.plans:
        widgets.empty_state(
            "担当する契約がまだありません。団体か事務局が契約を記録すると、ここに支援回が出ます。",
            "handshake",
        )
        _draw_calendar(principal)
        return
    today = context.today()
    planned = [each for each in found.visits if each.state is VisitState.PLANNED]
    past = [each for each in planned if each.when.last < today]
    asked = [each for each in planned if each.proposal is not None and each not in past]
    coming = [each for each in planned if each not in past and each not in asked]
    _draw_some("日程の提案への返事", asked, found, "")
    _draw_some("実施の記録待ち", past, found, "")
    soon = [each for each in coming if each.when.first <= today + AHEAD]
    later = [each for each in coming if each not in soon]
    nothing = "近い予定はありません。" if later else "これからの予定はありません。"
    _draw_some("これからの支援回", soon, found, nothing)
    if later:
        with st.expander(f"その後の支援回({len(later)})", icon=":material/event:"):
            _draw_days(later, found, folded=True)
    if any(each.unplanned for each in found.plans):
        st.subheader("予定を入れる", anchor=False)
        draw_planning(found)
    held = [each for each in found.visits if each.state is VisitState.HELD]
    if held:
        with st.expander(f"実施した支援回({len(held)})", icon=":material/task_alt:"):
            for each in sorted(held, key=lambda v: v.when, reverse=True):
                draw_visit(each, found, folded=True)
    _draw_calendar(principal)


def _draw_some(
    heading: str, visits: list[AdviserVisit], found: AssignmentsAnswer, nothing: str
) -> None:
    if not visits and not nothing:
        return
    st.subheader(escaped(heading), anchor=False)
    if not visits:
        widgets.empty_state(nothing, "event_available")
    _draw_days(visits, found)


def _draw_days(
    visits: list[AdviserVisit], found: AssignmentsAnswer, *, folded: bool = False
) -> None:
    before: date | None = None
    for each in visits:
        if each.when.first != before:
            st.markdown(f"**{escaped(each.when.label)}**")
            before = each.when.first
        draw_visit(each, found, folded=folded)


def _draw_calendar(principal: Principal) -> None:
    with st.expander("自分のカレンダーに入れる", icon=":material/calendar_add_on:"):
        draw_calendar(principal)
