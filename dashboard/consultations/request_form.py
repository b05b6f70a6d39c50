"""新しい相談: the form, filled in with what the profile knows."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.commands.consultations import request_consultation
from core.consultation.request import (
    MAX_BODY,
    MAX_TITLE,
    MAX_WISHED,
    WISHED_WITHIN,
    Contact,
    RequestForm,
)
from core.consultation.theme import MeetingForm
from core.views.consultations import OwnConsultationsAnswer
from dashboard import context
from dashboard.consultations.detail import file_field
from dashboard.consultations.wording import THEMES
from dashboard.kit import widgets
from dashboard.kit.choice import choose
from dashboard.kit.submit import request_id, submit

SHOW_NEXT = "consultations.next"
"""What to show on the next run, once: a widget's own key may not be set after it was drawn."""
_FORM = "consultation.request"


def draw_request_form(answer: OwnConsultationsAnswer) -> None:
    """Theme, question, wished days, contact, files; refusals stand beneath their field."""
    ours, known = answer.municipality, answer.contact
    key = request_id(_FORM)
    st.caption(
        f"申込者: **{widgets.escaped(ours.name)}**({ours.category}・{ours.area}地域・"
        f"人口{ours.population:,}人・団体コード{ours.lg_code})。"
        "この情報は入力しなくても事務局に伝わります。"
    )
    slots: dict[str, DeltaGenerator] = {}
    with st.form(f"{_FORM}.{key}", enter_to_submit=False):
        theme = choose(
            st.selectbox,
            "テーマ(必須)",
            THEMES,
            None,
            placeholder="選択してください",
            key=f"{_FORM}.theme.{key}",
        )
        slots["theme"] = st.empty()
        title = st.text_input(
            f"件名(必須、{MAX_TITLE}文字まで)",
            placeholder="例: 公衆無線LANの導入事例と費用を知りたい",
            key=f"{_FORM}.title.{key}",
        )
        slots["title"] = st.empty()
        question = st.text_area(
            f"相談内容(必須、{MAX_BODY:,}文字まで)", height=140, key=f"{_FORM}.question.{key}"
        )
        slots["question"] = st.empty()
        tried = st.text_area(
            f"これまでの取組(試したこと、調べたこと。{MAX_BODY:,}文字まで)",
            height=100,
            key=f"{_FORM}.tried.{key}",
        )
        slots["tried"] = st.empty()
        meeting = choose(
            st.radio,
            "形式(必須)",
            MeetingForm,
            MeetingForm.EITHER,
            horizontal=True,
            key=f"{_FORM}.meeting.{key}",
        )
        slots["meeting"] = st.empty()
        wished = _draw_wished(key)
        slots["wished"] = st.empty()
        wished_note = st.text_input(
            "日程の補足", placeholder="例: 午後を希望", key=f"{_FORM}.wished_note.{key}"
        )
        slots["wished_note"] = st.empty()
        department, contact, mail, phone = _draw_contact(known, key, slots)
        files = file_field(f"{_FORM}.files.{key}")
        slots["attachments"] = st.empty()
        st.caption("担当者の情報と添付は、自団体と事務局だけが見られます。")
        pressed = st.form_submit_button("相談を申し込む", type="primary", icon=":material/send:")
    if not pressed:
        return
    form = RequestForm(
        theme=str(theme or ""),
        title=title,
        question=question,
        tried=tried,
        meeting=str(meeting or ""),
        wished=wished,
        wished_note=wished_note,
        department=department,
        contact=contact,
        mail=mail,
        phone=phone,
    )

    def done(number: str) -> str:
        st.session_state[SHOW_NEXT] = "own"
        return f"相談を受け付けました。受付番号は {number} です。事務局からの返信はこの画面に届きます。"

    submit(
        _FORM,
        partial(request_consultation, lg_code=ours.lg_code, form=form, files=files),
        done,
        slots,
    )


def _draw_contact(
    known: Contact | None, key: str, slots: dict[str, DeltaGenerator]
) -> tuple[str, ...]:
    """担当課, 担当者名, メールアドレス, 電話番号, as named last time."""
    rows = (
        (
            ("department", "担当課(必須)", known.department if known else ""),
            ("contact", "担当者名(必須)", known.name if known else ""),
        ),
        (
            ("mail", "メールアドレス(必須)", known.mail if known else ""),
            ("phone", "電話番号", known.phone if known else ""),
        ),
    )
    typed = []
    for row in rows:
        for column, (field, label, value) in zip(st.columns(2), row, strict=True):
            typed.append(column.text_input(label, value, key=f"{_FORM}.{field}.{key}"))
            slots[field] = column.empty()
    return tuple(typed)


def _draw_wished(key: str) -> list[date]:
    today = context.today()
    days = []
    for rank, column in enumerate(st.columns(MAX_WISHED), start=1):
        day = column.date_input(
            f"第{rank}希望日",
            None,
            max_value=today + WISHED_WITHIN,
            min_value=today - WISHED_WITHIN,
            format="YYYY-MM-DD",
            key=f"{_FORM}.wished{rank}.{key}",
        )
        if isinstance(day, date):
            days.append(day)
    return days
