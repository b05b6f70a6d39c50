"""One visit of an adviser: answer a proposal, say what was done, move the day."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from core.commands.visits import amend_visit, hold_visit, move_visit
from core.consultation.theme import MeetingForm
from core.support.visit import Held, Planned, VisitState
from core.values.fiscal import PartialDate, Precision
from core.views.assignments import AdviserVisit, AssignmentsAnswer
from dashboard import context
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import file_field
from dashboard.kit.form import Fields
from dashboard.kit.rows import row
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.typed import escaped, paragraphs
from dashboard.support.answering import draw_answering
from dashboard.support.contracts.holding import ATTENDED_LABEL, USUAL_MINUTES

_MEETINGS = (MeetingForm.ON_SITE, MeetingForm.ONLINE)


def draw_visit(visit: AdviserVisit, found: AssignmentsAnswer, *, folded: bool = False) -> None:
    """What is known of it, and what can be done.

    Args:
        folded: It may be out of sight: what became of a click is then said above the page.
    """
    key, town = visit.visit_id, context.reference().called(visit.lg_code)
    with row(f"visit-{key}"):
        st.markdown(
            f"**{escaped(town)}** プラン{visit.plan} 第{visit.serial}回・{escaped(_how(visit))}"
        )
        if visit.held is not None:
            _draw_held(visit.held)
        if visit.proposal is not None and visit.state is VisitState.PLANNED:
            draw_answering(visit.lg_code, visit.visit_id, visit.proposal, visit.seen_proposal)
        with st.container(horizontal=True):
            if visit.state is VisitState.PLANNED:
                with _box("実施を記録する", "task_alt", visit, "hold"):
                    _draw_record(visit, found)
                with _box("日程を変える", "edit_calendar", visit, "move"):
                    _draw_move(visit, found)
            else:
                with _box("記録を直す", "edit", visit, "amend"):
                    _draw_record(visit, found)
        for act in () if folded else ("move", "amend"):
            answer(f"adviser.{act}.{key}")


def _called(visit: AdviserVisit) -> str:
    town = context.reference().called(visit.lg_code)
    return f"{town} プラン{visit.plan} 第{visit.serial}回"


def _box(label: str, icon: str, visit: AdviserVisit, act: str) -> st.delta_generator.DeltaGenerator:
    key = f"adviser.{act}.{visit.visit_id}.box.{visit.seen_event}"
    return st.popover(escaped(label), icon=f":material/{icon}:", key=key)


def _how(visit: AdviserVisit) -> str:
    if visit.held is not None:
        return "・".join(
            [visit.when.label, visit.held.meeting.label, f"{visit.held.minutes}分"]
            + ([visit.expert.name] if visit.expert else [])
        )
    planned = visit.planned
    parts = [
        f"{planned.start:%H:%M}から" if planned and planned.start else "開始時刻は未定",
        planned.meeting.label if planned and planned.meeting else "",
        planned.place if planned else "",
        visit.expert.name if visit.expert else "担当は未定",
    ]
    return "・".join(part for part in parts if part)


def _draw_held(held: Held) -> None:
    st.markdown(f"**議題** {escaped(held.topic)}")
    st.markdown(f"**実施した内容** {paragraphs(held.done)}")
    if held.following:
        st.markdown(f"**次回までに行うこと** {paragraphs(held.following)}")


def _draw_record(visit: AdviserVisit, found: AssignmentsAnswer) -> None:
    held, planned = visit.held, visit.planned
    form = f"adviser.{'amend' if held else 'hold'}.{visit.visit_id}"
    field = Fields(f"{form}.{request_id(form)}.{visit.seen_event}")
    known = visit.when.first if visit.when.precision is Precision.DAY else context.today()
    usually = held.day if held else min(known, context.today())
    field("day", st.date_input, "実施日(必須)", usually, format="YYYY-MM-DD")
    field(
        "minutes",
        st.number_input,
        "時間(分、必須)",
        1,
        1440,
        held.minutes if held else USUAL_MINUTES,
        step=10,
    )
    usual = held.meeting if held else planned and planned.meeting
    usual = usual if usual in _MEETINGS else MeetingForm.ON_SITE
    field("meeting", choose, st.radio, "形式(必須)", _MEETINGS, usual.value, horizontal=True)
    field("expert_id", choose, st.selectbox, "行った人", *_people(visit, found))
    field("attended", st.text_input, ATTENDED_LABEL, held.attended if held else "")
    field("topic", st.text_input, "議題(必須)", held.topic if held else "")
    field("done", st.text_area, "実施した内容(必須)", held.done if held else "", height=120)
    field(
        "following", st.text_area, "次回までに行うこと", held.following if held else "", height=80
    )
    if held:
        field("reason", st.text_area, "訂正の理由(必須)", height=68)
    else:
        field("attachments", file_field)
    if not st.button("訂正する" if held else "実施を記録する", type="primary", key=form):
        return
    asked = field.values
    if not isinstance(asked["day"], date):
        refuse({"day": "実施日を選んでください。"}, field.places)
        return
    said = Held(
        asked["day"],
        int(asked["minutes"] or 0),
        asked["meeting"] or MeetingForm.ON_SITE,
        asked["attended"],
        asked["topic"],
        asked["done"],
        asked["following"],
        expert_id=int(asked["expert_id"] or 0) or None,
    )
    command = (
        partial(amend_visit, reason=asked["reason"])
        if held
        else partial(hold_visit, files=asked["attachments"])
    )
    command = partial(
        command,
        lg_code=visit.lg_code,
        visit_id=visit.visit_id,
        held=said,
        seen_event=visit.seen_event,
    )
    done = "実施の記録を訂正しました。" if held else "実施を記録しました。"
    submit(form, command, f"{_called(visit)} の{done}", field.places)


def _people(visit: AdviserVisit, found: AssignmentsAnswer) -> tuple[dict[int, str], int]:
    """Who can be named, and who is at first."""
    able = {0: "未定", **{each.expert_id: each.name for each in found.experts}}
    if visit.expert:
        able[visit.expert.expert_id] = visit.expert.name
    return able, visit.expert.expert_id if visit.expert else 0


def _draw_move(visit: AdviserVisit, found: AssignmentsAnswer) -> None:
    planned = visit.planned
    form = f"adviser.move.{visit.visit_id}"
    field = Fields(f"{form}.{request_id(form)}.{visit.seen_event}")
    exact = visit.when.precision is Precision.DAY
    field(
        "when", st.date_input, "日(必須)", visit.when.first if exact else None, format="YYYY-MM-DD"
    )
    field("start", st.time_input, "開始時刻", planned.start if planned else None)
    usual = planned.meeting.value if planned and planned.meeting else None
    field("meeting", choose, st.radio, "形式", _MEETINGS, usual, horizontal=True)
    field("place", st.text_input, "場所・接続先", planned.place if planned else "")
    field("expert_id", choose, st.selectbox, "行く人", *_people(visit, found))
    field("reason", st.text_area, "理由", height=68)
    if not st.button("日程を変える", type="primary", key=form):
        return
    asked = field.values
    if not isinstance(asked["when"], date):
        refuse({"when": "日を選んでください。"}, field.places)
        return
    told = Planned(
        PartialDate(asked["when"], Precision.DAY),
        asked["start"],
        asked["meeting"],
        asked["place"],
        int(asked["expert_id"] or 0) or None,
    )
    submit(
        form,
        partial(
            move_visit,
            lg_code=visit.lg_code,
            visit_id=visit.visit_id,
            planned=told,
            reason=asked["reason"],
            seen_event=visit.seen_event,
        ),
        f"{_called(visit)} を{told.when.label}に変えました。",
        field.places,
    )
