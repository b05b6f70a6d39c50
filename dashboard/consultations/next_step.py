"""What the secretariat does about one consultation: its next state, the mail, 好事例として公開する.

A mail is sent from here only where a mail server is set, and by a click. An answer is published
only with the municipality's agreement, never with its name.
"""

from __future__ import annotations

from datetime import date, time
from functools import partial

import streamlit as st

from core.commands.consultations import (
    publish_example,
    record_step,
    send_consultation_mail,
    unpublish_example,
)
from core.consultation.case import Consultation
from core.consultation.event import NEXT_STATES, ConsultationState, Step
from core.consultation.example import ExampleState, ExampleText
from core.consultation.mail_text import mail_kinds, mail_text
from core.consultation.request import MAX_BODY, MAX_TITLE
from core.consultation.theme import MeetingForm
from core.values.municipality import Municipality
from dashboard import context
from dashboard.consultations.wording import which
from dashboard.kit.act import ask
from dashboard.kit.choice import choose
from dashboard.kit.copied import copied
from dashboard.kit.form import Fields
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped


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
        # Unfolded for who reads it first; after an act it stays folded, so that a second click
        # on the spot does not record the state that follows.
        expanded=consultation.state is ConsultationState.RECEIVED,
        key=f"{form}.box",
    ):
        state = ConsultationState(
            choose(
                st.segmented_control,
                "次の状態",
                labels,
                following[0].value,
                key=f"{form}.state",
                required=True,
            )
        )
        with st.form(f"{form}.{state.value}", enter_to_submit=False):
            step = _draw_fields(consultation, state, f"{form}.{state.value}")
            slots = {name: st.empty() for name in ("day", "meeting", "place", "answer", "reason")}
            pressed = st.form_submit_button(f"「{state.label}」と記録する", type="primary")
    if not pressed:
        return
    submit(
        form,
        partial(
            record_step,
            **which(consultation),
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
    usual = options[0] if len(options) == 1 else asked
    found: MeetingForm | None = choose(
        st.radio, "形式", options, usual, horizontal=True, key=f"{key}.meeting"
    )
    return found


def draw_mail(consultation: Consultation, place: Municipality) -> None:
    """The mails that make sense now."""
    kinds = mail_kinds(consultation)
    if not kinds:
        return
    form = f"consultation.mail.{consultation.consultation_id}"
    address = context.address("consultations", {"number": consultation.number.label})
    box = f"{form}.box.{request_id(form)}"
    with st.expander("メールの文面", icon=":material/mail:", key=box):
        kind = choose(
            st.segmented_control,
            "種類",
            kinds,
            kinds[0],
            key=f"{form}.kind.{consultation.state}",
            required=True,
        )
        mail = mail_text(
            kind,
            consultation,
            place,
            printed_subject=context.reference().advisors.guide.request.subject,
            address=address,
        )
        copied(mail.subject, "メールの件名")
        copied(mail.body, "メールの本文")
        smtp_url = context.settings().smtp_url
        if not smtp_url:
            st.caption(
                "メールは自動では送られません。右上のボタンで写して、お使いのメールに貼り付けてください。"
            )
            if mail.to:
                copied(mail.to, "宛先")
            return
        with st.form(f"{form}.{kind.value}", enter_to_submit=False):
            field = Fields(f"{form}.{kind.value}")
            to = field("to", st.text_input, "宛先", mail.to)
            st.caption(
                "押したときだけ、上の文面をそのまま送ります。送信の記録は監査記録に残ります。"
            )
            pressed = st.form_submit_button("このメールを送る", icon=":material/send:")
        if pressed:
            submit(
                form,
                partial(
                    send_consultation_mail,
                    **which(consultation),
                    kind=kind,
                    to=to,
                    smtp_url=smtp_url,
                    address=address,
                ),
                f"{to} に「{mail.subject}」を送りました。",
                field.places,
            )


def draw_publish(consultation: Consultation) -> None:
    """Where the agreement stands, and the form that publishes."""
    if consultation.state is not ConsultationState.HELD:
        return
    last = consultation.last_example
    seen = last.event_id if last else 0
    box = f"consultation.publishing.{consultation.consultation_id}.{seen}"
    with st.expander("好事例として公開する", icon=":material/campaign:", key=box):
        if last is None:
            st.markdown("市町村の同意の回答待ちです。同意があるまで公開できません。")
            return
        if last.state is ExampleState.DECLINED:
            st.markdown("市町村が公開に同意していません。")
            return
        st.markdown(f"いまの状態: **{last.state.label}**")
        _draw_publishing(consultation, last.event_id)
        if last.state is ExampleState.PUBLISHED:
            _draw_unpublish(consultation, last.event_id)


def _draw_publishing(consultation: Consultation, seen_event: int) -> None:
    form = f"consultation.publish.{consultation.consultation_id}.{seen_event}"
    shown = consultation.published or ExampleText(
        consultation.request.title, consultation.request.question, consultation.answer
    )
    with st.form(form, enter_to_submit=False):
        st.caption("団体名・担当者名・連絡先が残っていると公開できません。")
        field, up_to = Fields(form), f"{MAX_BODY:,}文字まで"
        title = field("example_title", st.text_input, f"題名({MAX_TITLE}文字まで)", shown.title)
        question = field(
            "example_question", st.text_area, f"相談の要旨({up_to})", shown.question, height=120
        )
        answer = field(
            "example_answer", st.text_area, f"回答の要旨({up_to})", shown.answer, height=160
        )
        words = "公開する" if consultation.published is None else "公開内容を直す"
        pressed = st.form_submit_button(words, type="primary")
    if not pressed:
        return
    submit(
        form,
        partial(
            publish_example,
            **which(consultation),
            text=ExampleText(title, question, answer),
            seen_event=seen_event,
        ),
        f"{consultation.number.label} を好事例として公開しました。",
        field.places,
    )


def _draw_unpublish(consultation: Consultation, seen_event: int) -> None:
    number = escaped(consultation.number.label)
    ask(
        "公開をやめる",
        "visibility_off",
        f"consultation.unpublish.{consultation.consultation_id}",
        seen_event,
        f"{number} を好事例の一覧から外します。市町村の同意は残り、あとで公開し直せます。",
        partial(
            unpublish_example,
            **which(consultation),
        ),
        f"{number} の公開をやめました。",
    )
