"""次の状態を記録する: the secretariat's form, its fields those of the state chosen."""

from __future__ import annotations

from datetime import date, time
from functools import partial

import streamlit as st

from core.commands.consultations import record_step
from core.consultation.case import Consultation
from core.consultation.event import NEXT_STATES, ConsultationState, Step
from core.consultation.request import MAX_BODY
from core.consultation.theme import MeetingForm
from dashboard import context
from dashboard.kit.submit import submit


def draw_step(consultation: Consultation) -> None:
    """Which state comes next, and what it needs; nothing after the last."""
    following = NEXT_STATES[consultation.state]
    if not following:
        return
    form = f"consultation.step.{consultation.consultation_id}.{consultation.last.event_id}"
    labels = {state.value: _words(consultation.state, state) for state in following}
    with st.expander(
        "次の状態を記録する",
        icon=":material/arrow_forward:",
        expanded=consultation.is_open,
        key=f"{form}.box",
    ):
        chosen = st.segmented_control(
            "次の状態",
            list(labels),
            default=following[0].value,
            format_func=labels.__getitem__,
            key=f"{form}.state",
            required=True,
        )
        state = ConsultationState(str(chosen))
        slots = {}
        with st.form(f"{form}.{state.value}", enter_to_submit=False):
            step = _draw_fields(consultation, state, f"{form}.{state.value}")
            for field in ("day", "meeting", "place", "answer", "reason"):
                slots[field] = st.empty()
            pressed = st.form_submit_button(f"「{state.label}」と記録する", type="primary")
    if not pressed:
        return

    submit(
        form,
        partial(
            record_step,
            lg_code=consultation.lg_code,
            consultation_id=consultation.consultation_id,
            step=step,
            seen_event=consultation.last.event_id,
        ),
        f"{consultation.number.label} を「{state.label}」と記録しました。",
        slots,
    )


def _words(current: ConsultationState, following: ConsultationState) -> str:
    if following is not current:
        return following.label
    return "日程を変える" if current is ConsultationState.SCHEDULED else "回答を直す"


def _draw_fields(consultation: Consultation, state: ConsultationState, key: str) -> Step:
    if state is ConsultationState.SCHEDULED:
        return _draw_schedule(consultation, key)
    if state is ConsultationState.HELD:
        return _draw_answer(consultation, key)
    if state is ConsultationState.WITHDRAWN:
        return Step(state, reason=st.text_area("取下げの理由", key=f"{key}.reason"))
    st.caption("アドバイザーと日程・対応方法を調整しているときに記録します。")
    return Step(state)


def _draw_schedule(consultation: Consultation, key: str) -> Step:
    wished = consultation.request.wished
    current = consultation.last.step
    left, right = st.columns(2)
    day = left.date_input(
        "実施予定日", current.day or next(iter(wished), None), format="YYYY-MM-DD", key=f"{key}.day"
    )
    start = right.time_input("開始時刻(未定なら空欄)", current.start, key=f"{key}.start")
    options = (MeetingForm.ON_SITE, MeetingForm.ONLINE)
    asked = current.meeting or consultation.request.meeting
    meeting = _draw_meeting(options, asked, key)
    place = st.text_input(
        "場所・接続先(未定なら空欄)",
        current.place,
        placeholder="例: 堺市役所 高層館6階、Teamsの会議アドレス",
        key=f"{key}.place",
    )
    return Step(
        ConsultationState.SCHEDULED,
        day if isinstance(day, date) else None,
        start if isinstance(start, time) else None,
        meeting,
        place,
    )


def _draw_answer(consultation: Consultation, key: str) -> Step:
    current = consultation.last.step
    written = consultation.state is ConsultationState.COORDINATING
    options = (
        (MeetingForm.WRITTEN,)
        if written
        else (MeetingForm.ON_SITE, MeetingForm.ONLINE, MeetingForm.WRITTEN)
    )
    if written:
        st.caption(
            "日程を決めずに記録できるのは書面回答だけです。相談会をした場合は先に「日程決定」を記録します。"
        )
    day = st.date_input(
        "実施日(書面回答は回答日)",
        min(current.day, context.today()) if current.day else context.today(),
        format="YYYY-MM-DD",
        key=f"{key}.day",
    )
    meeting = _draw_meeting(options, current.meeting, key)
    answer = st.text_area(
        f"アドバイザーの回答({MAX_BODY:,}文字まで)", current.answer, height=160, key=f"{key}.answer"
    )
    return Step(
        ConsultationState.HELD,
        day if isinstance(day, date) else None,
        None,
        meeting,
        answer=answer,
    )


def _draw_meeting(
    options: tuple[MeetingForm, ...], asked: MeetingForm | None, key: str
) -> MeetingForm | None:
    labels = {option.value: option.label for option in options}
    if len(options) == 1:
        index: int | None = 0
    else:
        index = options.index(asked) if asked in options else None
    chosen = st.radio(
        "形式",
        list(labels),
        index=index,
        format_func=labels.__getitem__,
        horizontal=True,
        key=f"{key}.meeting",
    )
    return None if chosen is None else MeetingForm(chosen)
