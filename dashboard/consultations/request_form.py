"""新しい相談: the form, filled in with what the profile knows."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

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
from dashboard.consultations.wording import THEMES
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import file_field
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped

SHOW_NEXT = "consultations.next"
"""What to show on the next run, once: a widget's own key may not be set after it was drawn."""
REQUESTED = "consultation.request"
"""The form, whose answer stands above the own consultations."""


def draw_request_form(answer: OwnConsultationsAnswer) -> None:
    """Theme, question, wished days, contact, files; refusals stand beneath their field."""
    ours, last = answer.municipality, answer.contact or Contact("", "", "", "")
    key = request_id(REQUESTED)
    st.caption(
        f"申込者: **{escaped(ours.name)}**({escaped(ours.category)}・{escaped(ours.area)}地域・"
        f"人口{ours.population:,}人・団体コード{escaped(ours.lg_code)})。"
        "この情報は入力しなくても事務局に伝わります。"
    )
    field = Fields(f"{REQUESTED}.{key}")
    with form_box(REQUESTED):
        selectbox, radio = partial(choose, st.selectbox), partial(choose, st.radio)
        field("theme", selectbox, "テーマ(必須)", THEMES, None, placeholder="選択してください")
        field(
            "title",
            st.text_input,
            f"件名(必須、{MAX_TITLE}文字まで)",
            placeholder="例: 公衆無線LANの導入事例と費用を知りたい",
        )
        field("question", st.text_area, f"相談内容(必須、{MAX_BODY:,}文字まで)", height=140)
        field(
            "tried",
            st.text_area,
            f"これまでの取組(試したこと、調べたこと。{MAX_BODY:,}文字まで)",
            height=100,
        )
        usual = MeetingForm.EITHER
        field("meeting", radio, "形式(必須)", MeetingForm, usual, horizontal=True)
        field("wished", _draw_wished)
        st.caption("書面回答のほかは、希望日を1つ以上選んでください。")
        field("wished_note", st.text_input, "日程の補足", placeholder="例: 午後を希望")
        left, right = st.columns(2)
        field("department", left.text_input, "担当課(必須)", last.department, at=left)
        field("contact", right.text_input, "担当者名(必須)", last.name, at=right)
        left, right = st.columns(2)
        field("mail", left.text_input, "メールアドレス(必須)", last.mail, at=left)
        field("phone", right.text_input, "電話番号", last.phone, at=right)
        files = file_field(f"{REQUESTED}.{key}.attachments")
        field.place("attachments")
        st.caption("担当者の情報と添付は、自団体と事務局だけが見られます。")
        pressed = st.button("相談を申し込む", type="primary", icon=":material/send:", key=REQUESTED)
    if not pressed:
        return
    form = RequestForm(**field.values | {"theme": field.values["theme"] or ""})

    def done(number: str) -> str:
        st.session_state[SHOW_NEXT] = "own"
        return f"相談を受け付けました。受付番号は {number} です。事務局からの返信はこの画面に届きます。"

    submit(
        REQUESTED,
        partial(request_consultation, lg_code=ours.lg_code, form=form, files=files),
        done,
        field.places,
    )


def _draw_wished(key: str) -> list[date]:
    today = context.today()
    days = [
        column.date_input(
            f"第{rank}希望日",
            None,
            max_value=today + WISHED_WITHIN,
            min_value=today - WISHED_WITHIN,
            format="YYYY-MM-DD",
            key=f"{key}.{rank}",
        )
        for rank, column in enumerate(st.columns(MAX_WISHED), start=1)
    ]
    return [day for day in days if isinstance(day, date)]
