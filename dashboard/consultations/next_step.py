"""What the secretariat does about one consultation: its next state, the mail, 好事例として公開する.

A mail is sent from here only where a mail server is set, and by a click. An answer is published
only with the municipality's agreement, never with its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.commands.consultations import (
    publish_example,
    record_step,
    unpublish_example,
)
from core.commands.letters import note_consultation_mail, send_consultation_mail
from core.consultation.case import Consultation
from core.consultation.event import NEXT_STATES, ConsultationState, Step
from core.consultation.example import ExampleState, ExampleText
from core.consultation.mail_text import MailKind, mail_kinds
from core.consultation.request import MAX_BODY, MAX_TITLE
from core.consultation.theme import MeetingForm
from core.store.letters import AddressedLetter
from core.values.municipality import Municipality
from core.values.written_number import Clock, read_clock
from core.views.letters import consultation_mail_view
from dashboard import context
from dashboard.consultations.wording import which
from dashboard.kit import answer as said
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Fields, form_box
from dashboard.kit.letters import AGAIN, BY_HAND, draw_letter, draw_told
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.typed import escaped


def draw_step(consultation: Consultation) -> None:
    """Which state comes next, and what it needs; nothing after the last."""
    said.answer(_answer_of(consultation))
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
        key = f"{form}.{state.value}"
        field = Fields(key)
        with form_box(key):
            step, unread = _draw_fields(consultation, state, field)
            pressed = st.button(f"「{state.label}」と記録する", type="primary", key=f"{key}.go")
        if pressed and unread:
            refuse(unread, field.places)
        elif pressed:
            submit(
                _answer_of(consultation),
                partial(
                    record_step,
                    **which(consultation),
                    step=step,
                    seen_event=consultation.last.event_id,
                ),
                f"{consultation.number.label} を「{state.label}」と記録しました。",
                field.places,
            )


def _answer_of(consultation: Consultation) -> str:
    return f"consultation.step.{consultation.consultation_id}"


def _words(current: ConsultationState, following: ConsultationState) -> str:
    if following is not current:
        return following.label
    return "日程を変える" if current is ConsultationState.SCHEDULED else "回答を直す"


def _draw_fields(
    consultation: Consultation, state: ConsultationState, field: Fields
) -> tuple[Step, dict[str, str]]:
    """The step the fields state, and what stands in them that cannot be read."""
    if state is ConsultationState.SCHEDULED:
        return _draw_schedule(consultation, field)
    if state is ConsultationState.HELD:
        return _draw_answer(consultation, field), {}
    if state is ConsultationState.WITHDRAWN:
        return Step(state, reason=field("reason", st.text_area, "取下げの理由(必須)")), {}
    st.caption("アドバイザーと日程・対応方法を調整しているときに記録します。")
    return Step(state), {}


def _draw_schedule(consultation: Consultation, field: Fields) -> tuple[Step, dict[str, str]]:
    wished = consultation.request.wished
    current = consultation.last.step
    left, right = st.columns(2)
    day = field(
        "day",
        left.date_input,
        "実施予定日(必須)",
        current.day or next(iter(wished), None),
        at=left,
        format="YYYY-MM-DD",
    )
    start, problem = draw_start(field, current.start, right)
    options = (MeetingForm.ON_SITE, MeetingForm.ONLINE)
    asked = current.meeting or consultation.request.meeting
    meeting = _draw_meeting(options, asked, field)
    place = field(
        "place",
        st.text_input,
        "場所・接続先(未定なら空欄)",
        current.place,
        placeholder="例: 堺市役所 高層館6階、Teamsの会議アドレス",
    )
    step = Step(
        ConsultationState.SCHEDULED, day if isinstance(day, date) else None, start, meeting, place
    )
    return step, problem


def draw_start(
    field: Fields, known: time | None, at: DeltaGenerator
) -> tuple[time | None, dict[str, str]]:
    """開始時刻 as people write one; None for not said. What cannot be read, by field."""
    typed = field(
        "start",
        at.text_input,
        "開始時刻(未定なら空欄)",
        "" if known is None else str(Clock.of(known)),
        at=at,
        placeholder="例: 13:30",
    )
    if not str(typed).strip():
        return None, {}
    try:
        found = read_clock(str(typed))
    except ValueError as error:
        return None, {"start": str(error)}
    if found == Clock(24):
        return None, {"start": "24:00には始められません。23:59までの時刻を書いてください。"}
    return found.time, {}


def _draw_answer(consultation: Consultation, field: Fields) -> Step:
    current, today = consultation.last.step, context.today()
    fixed = current.day if current.day and current.day <= today else None
    day = field(
        "day",
        st.date_input,
        "実施日(必須。書面回答は回答日)",
        fixed,
        format="YYYY-MM-DD",
        min_value=consultation.requested_on,
        max_value=today,
    )
    options = (MeetingForm.ON_SITE, MeetingForm.ONLINE, MeetingForm.WRITTEN)
    meeting = _draw_meeting(options, current.meeting, field)
    answered = field(
        "answer",
        st.text_area,
        f"アドバイザーの回答(必須、{MAX_BODY:,}文字まで)",
        current.answer,
        height=160,
    )
    held = day if isinstance(day, date) else None
    return Step(ConsultationState.HELD, held, None, meeting, answer=answered)


def _draw_meeting(
    options: tuple[MeetingForm, ...], asked: MeetingForm | None, field: Fields
) -> MeetingForm | None:
    found: MeetingForm | None = field(
        "meeting", partial(choose, st.radio), "形式(必須)", options, asked, horizontal=True
    )
    return found


def draw_mail(consultation: Consultation, place: Municipality) -> None:
    """The mails that make sense now."""
    kinds = mail_kinds(consultation)
    if not kinds:
        return
    form = f"consultation.mail.{consultation.consultation_id}"
    said.answer(form)  # above the box, which closes over it
    address = context.address("consultations", {"number": consultation.number.label})
    box = f"{form}.box.{request_id(form)}"
    with st.expander("メールの文面", icon=":material/mail:", key=box, on_change="rerun") as opened:
        if opened.open:  # to whom it goes today, and whether it was sent, is asked when it is read
            _draw_open_mail(consultation, place, kinds, form, address)


def _draw_open_mail(
    consultation: Consultation,
    place: Municipality,
    kinds: Sequence[MailKind],
    form: str,
    address: str,
) -> None:
    kind = choose(
        st.segmented_control,
        "種類",
        kinds,
        kinds[0],
        key=f"{form}.kind.{consultation.state}",
        required=True,
    )
    this = which(consultation) | {"kind": kind}
    mail = consultation_mail_view(
        context.engine(),
        context.who(),
        context.reference(),
        **this,
        address=address,
        today=context.today(),
    )
    named = "アドバイザー" if kind is MailKind.TO_ADVISOR else place.name
    draw_told(mail.told, lambda _: named)
    typed = mail.waiting and context.settings().smtp_url  # into the field beneath
    known = [] if typed else [to for to in mail.to if to]
    draw_letter(mail.letter.subject, mail.letter.body, known)
    if mail.waiting:
        _draw_sending(form, this, mail, named, address)
    else:
        st.caption(AGAIN)


def _draw_sending(
    form: str, this: dict[str, Any], mail: AddressedLetter, named: str, address: str
) -> None:
    smtp_url, subject, key = context.settings().smtp_url, mail.letter.subject, this["kind"].value
    with form_box(form):
        field, pressed, to = Fields(f"{form}.{key}"), False, ""
        if smtp_url:
            to = field("to", st.text_input, "宛先(必須)", mail.to[0])
        st.caption(
            "押したときだけ、上の文面をそのまま送ります。送信の記録は監査記録に残ります。"
            if smtp_url
            else BY_HAND
        )
        with st.container(horizontal=True):
            if smtp_url:
                pressed = st.button(
                    "このメールを送る", icon=":material/send:", key=f"{form}.{key}.go"
                )
            noted = st.button(
                "知らせたと記録する", icon=":material/mark_email_read:", key=f"{form}.{key}.told"
            )
    if pressed:
        submit(
            form,
            partial(send_consultation_mail, **this, to=to, smtp_url=smtp_url, address=address),
            f"{to} に「{subject}」を送りました。",
            field.places,
        )
    if noted:
        submit(
            form,
            partial(note_consultation_mail, **this),
            f"{named}に「{subject}」を知らせたと記録しました。",
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
            st.markdown(
                f"{context.names().towns}の同意の回答待ちです。同意があるまで公開できません。"
            )
        elif last.state is ExampleState.DECLINED:
            st.markdown(f"{context.names().towns}が公開に同意していません。")
        else:
            st.markdown(f"いまの状態: **{last.state.label}**")
            _draw_publishing(consultation, last.event_id)
            if last.state is ExampleState.PUBLISHED:
                _draw_unpublish(consultation, last.event_id)
    # Beneath the box, which folds over its buttons when the act is done.
    said.answer(_publishing(consultation))
    if last is None or last.state is not ExampleState.PUBLISHED:
        said.answer(_unpublishing(consultation))


def _publishing(consultation: Consultation) -> str:
    return f"consultation.publish.{consultation.consultation_id}"


def _unpublishing(consultation: Consultation) -> str:
    return f"consultation.unpublish.{consultation.consultation_id}"


def _draw_publishing(consultation: Consultation, seen_event: int) -> None:
    kept = _publishing(consultation)
    form = f"{kept}.{seen_event}"
    shown = consultation.published or ExampleText(
        consultation.request.title, consultation.request.question, consultation.answer
    )
    with form_box(kept):
        st.caption("団体名・担当者名・連絡先が残っていると公開できません。")
        field, up_to = Fields(form), f"{MAX_BODY:,}文字まで"
        title = field(
            "example_title", st.text_input, f"題名(必須、{MAX_TITLE}文字まで)", shown.title
        )
        question = field(
            "example_question",
            st.text_area,
            f"相談の要旨(必須、{up_to})",
            shown.question,
            height=120,
        )
        answer = field(
            "example_answer", st.text_area, f"回答の要旨(必須、{up_to})", shown.answer, height=160
        )
        words = "公開する" if consultation.published is None else "公開内容を直す"
        pressed = st.button(words, type="primary", key=kept)
    if not pressed:
        return
    submit(
        kept,
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
    confirm(
        "公開をやめる",
        f"{number} を好事例の一覧から外します。{context.names().towns}の同意は残り、あとで公開し直せます。",
        partial(unpublish_example, **which(consultation)),
        key=seen_event,
        form=_unpublishing(consultation),
        done=f"{number} の公開をやめました。",
        icon="visibility_off",
    )
