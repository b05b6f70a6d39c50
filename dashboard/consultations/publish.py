"""好事例として公開する: only with the municipality's agreement, never with its name."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.commands.consultations import publish_example, unpublish_example
from core.consultation.case import Consultation
from core.consultation.event import ConsultationState
from core.consultation.example import ExampleState, ExampleText
from core.consultation.request import MAX_BODY, MAX_TITLE
from dashboard.kit.submit import submit


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
        _draw_form(consultation, last.event_id)
        if last.state is ExampleState.PUBLISHED:
            _draw_unpublish(consultation)


def _draw_form(consultation: Consultation, seen_event: int) -> None:
    form = f"consultation.publish.{consultation.consultation_id}.{seen_event}"
    shown = consultation.published or ExampleText(
        consultation.request.title, consultation.request.question, consultation.answer
    )
    with st.form(form, enter_to_submit=False):
        st.caption("団体名・担当者名・連絡先が残っていると公開できません。")
        title = st.text_input(f"題名({MAX_TITLE}文字まで)", shown.title, key=f"{form}.title")
        slots = {"example_title": st.empty()}
        question = st.text_area(
            f"相談の要旨({MAX_BODY:,}文字まで)", shown.question, height=120, key=f"{form}.question"
        )
        slots["example_question"] = st.empty()
        answer = st.text_area(
            f"回答の要旨({MAX_BODY:,}文字まで)", shown.answer, height=160, key=f"{form}.answer"
        )
        slots["example_answer"] = st.empty()
        words = "公開する" if consultation.published is None else "公開内容を直す"
        pressed = st.form_submit_button(words, type="primary")
    if not pressed:
        return

    submit(
        form,
        partial(
            publish_example,
            lg_code=consultation.lg_code,
            consultation_id=consultation.consultation_id,
            text=ExampleText(title, question, answer),
            seen_event=seen_event,
        ),
        f"{consultation.number.label} を好事例として公開しました。",
        slots,
    )


def _draw_unpublish(consultation: Consultation) -> None:
    form = f"consultation.unpublish.{consultation.consultation_id}"
    if not st.button("公開をやめる", key=form):
        return

    submit(
        form,
        partial(
            unpublish_example,
            lg_code=consultation.lg_code,
            consultation_id=consultation.consultation_id,
        ),
        f"{consultation.number.label} の公開をやめました。",
    )
