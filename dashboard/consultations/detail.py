"""One consultation: where it stands, what was asked and said, its files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.commands.consultations import write_message
from core.consultation.case import Consultation, KeptAttachment
from core.consultation.event import ConsultationState
from core.consultation.request import MAX_BODY
from core.values.fiscal import era_date
from dashboard.consultations.wording import (
    meeting_line,
    moment,
    track,
    warning,
    which,
)
from dashboard.kit import address
from dashboard.kit.answer import answer
from dashboard.kit.chosen_file import file_field, size_text
from dashboard.kit.form import Fields
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped, paragraphs


def draw_unknown(consultations: Sequence[Consultation]) -> str:
    """Say so when the address names none of these.

    Returns:
        受付番号 of the one it names; empty for none.
    """
    number = address.opened("number")
    if not number or any(each.number.label == number for each in consultations):
        return number
    st.warning(
        f"リンクの相談「{escaped(number)}」はありません。受付番号を確かめてください。",
        icon=":material/link_off:",
    )
    return ""


def draw_detail(consultation: Consultation) -> None:
    """Track, day, answer, request, messages and the way to write another."""
    st.markdown(track(consultation))
    if line := meeting_line(consultation.last.step):
        st.markdown(line)
    if consultation.answer:
        with st.container(border=True):
            st.markdown(f"**アドバイザーの回答**\n\n{paragraphs(consultation.answer)}")
    _draw_request(consultation)
    _draw_messages(consultation)
    if consultation.state is not ConsultationState.WITHDRAWN:
        _draw_write(consultation)


def _draw_request(consultation: Consultation) -> None:
    request = consultation.request
    wished = "、".join(
        f"第{rank} {era_date(day)}" for rank, day in enumerate(request.wished, start=1)
    )
    note = f"({escaped(request.wished_note)})" if request.wished_note else ""
    st.markdown(
        f"**テーマ** {request.theme.menu} {escaped(request.theme.label)}  \n"
        f"**形式** {request.meeting.label}  \n"
        f"**希望日** {wished or 'なし'}{note}"
    )
    asked, tried = st.columns(2, gap="medium")
    asked.markdown(f"**相談内容**\n\n{paragraphs(request.question)}")
    tried.markdown(f"**これまでの取組**\n\n{paragraphs(request.tried) or '記入なし'}")
    contact = consultation.contact
    if contact is None:
        st.caption("担当者の情報は保存期間を過ぎたため削除しました。")
    else:
        phone = f"・電話 {escaped(contact.phone)}" if contact.phone else ""
        st.caption(
            f"担当: {escaped(contact.department)} {escaped(contact.name)}・"
            f"{escaped(contact.mail)}{phone}"
        )
    _draw_files(consultation, consultation.attachments_of(None))


def _draw_files(consultation: Consultation, files: Sequence[KeptAttachment]) -> None:
    if not files:
        return
    with st.container(horizontal=True):
        for file in files:
            label = f"{escaped(file.name)}({size_text(file.size)})"
            opened = f"/attachments/{consultation.lg_code}/{file.attachment_id}"
            if not file.findings:
                st.link_button(label, opened, icon=":material/attach_file:")
                continue
            key = f"consultation.file.{file.attachment_id}"
            with st.popover(label, icon=":material/warning:", key=key):
                st.warning(escaped(warning(file)), icon=":material/warning:")
                st.link_button("確かめたので開く", opened, icon=":material/download:")
    for file in files:
        if file.findings:
            st.caption(f":material/warning: {escaped(file.name)}: {escaped(warning(file))}")


def _draw_messages(consultation: Consultation) -> None:
    if not consultation.messages:
        return
    st.markdown("**やりとり**")
    for message in consultation.messages:
        with st.container(border=True):
            st.caption(
                f"{message.side.label}・{moment(message.sent_at)}・{escaped(message.sent_by)}"
            )
            st.markdown(paragraphs(message.text))
            _draw_files(consultation, consultation.attachments_of(message.message_id))


def _draw_write(consultation: Consultation) -> None:
    form = f"consultation.message.{consultation.consultation_id}"
    key = request_id(form)
    with st.expander("メッセージを書く", icon=":material/edit:", key=f"{form}.box.{key}"):
        field = Fields(f"{form}.{key}")
        text = field("text", st.text_area, f"メッセージ(必須、{MAX_BODY:,}文字まで)", height=100)
        files = field("attachments", file_field)
        pressed = st.button("送る", type="primary", icon=":material/send:", key=form)
    answer(form)
    if not pressed:
        return
    submit(
        form,
        partial(
            write_message,
            **which(consultation),
            text=text,
            files=files,
        ),
        f"{consultation.number.label} にメッセージを書きました。",
        field.places,
    )
