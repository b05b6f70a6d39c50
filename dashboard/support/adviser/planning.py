"""Days for visits that have none yet, plan by plan."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from core.commands.visits import plan_visit
from core.consultation.theme import MeetingForm
from core.support.visit import Planned
from core.values.fiscal import PartialDate, Precision, era_date
from core.views.assignments import AssignmentsAnswer, PlanToDo
from dashboard import context
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.form import Fields
from dashboard.kit.rows import row
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.typed import escaped

_MEETINGS = (MeetingForm.ON_SITE, MeetingForm.ONLINE)


def draw_planning(found: AssignmentsAnswer) -> None:
    """Each plan that has visits without a day."""
    for each in found.plans:
        if each.unplanned:
            _draw(each, found)


def _draw(plan: PlanToDo, found: AssignmentsAnswer) -> None:
    form = f"adviser.plan.{plan.contract_id}.{plan.plan}"
    town = context.reference().called(plan.lg_code)
    with row(f"plan-{plan.contract_id}-{plan.plan}"):
        st.markdown(
            f"**{escaped(town)}** プラン{plan.plan}・契約{plan.agreed}回のうち"
            f"実施{plan.held}回、予定{plan.planned}回、**日程なし{plan.unplanned}回**"
            f"({era_date(plan.last_day)}まで)"
        )
        key = f"{form}.box.{plan.seen_event}"
        with st.popover("予定を入れる", icon=":material/calendar_add_on:", key=key):
            _draw_form(plan, found, form)
        answer(form)


def _draw_form(plan: PlanToDo, found: AssignmentsAnswer, form: str) -> None:
    field = Fields(f"{form}.{request_id(form)}.{plan.seen_event}")
    field("when", st.date_input, "日(必須)", None, format="YYYY-MM-DD")
    field("start", st.time_input, "開始時刻", None)
    field("meeting", choose, st.radio, "形式", _MEETINGS, None, horizontal=True)
    field("place", st.text_input, "場所・接続先")
    able = {0: "未定"} | {
        each.expert_id: each.name for each in found.experts if plan.plan in each.offer.plans
    }
    field("expert_id", choose, st.selectbox, "行く人", able, 0)
    if not st.button("予定を入れる", type="primary", key=form):
        return
    asked = field.values
    if not isinstance(asked["when"], date):
        refuse({"when": "日を選んでください。"}, field.places)
        return
    planned = Planned(
        PartialDate(asked["when"], Precision.DAY),
        asked["start"],
        asked["meeting"],
        asked["place"],
        int(asked["expert_id"] or 0) or None,
    )
    submit(
        form,
        partial(
            plan_visit,
            lg_code=plan.lg_code,
            contract_id=plan.contract_id,
            plan=plan.plan,
            planned=planned,
            seen_event=plan.seen_event,
        ),
        lambda serial: (
            f"{context.reference().called(plan.lg_code)} プラン{plan.plan} 第{serial}回を"
            f"{planned.when.label}に予定しました。"
        ),
        field.places,
    )
