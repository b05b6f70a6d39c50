"""担当者: one of the contacts, and the way to record one who is not there yet."""

from __future__ import annotations

import streamlit as st

from core.inquiry.answer import Value
from core.inquiry.kinds.person import GONE
from dashboard import context
from dashboard.contacts.own import draw_new
from dashboard.inquiries.fields.field import Field
from dashboard.kit.choice import choose
from dashboard.kit.typed import escaped


def draw(field: Field) -> Value:
    """Those in office and those to come; an officer adds one right here."""
    people = dict(field.scope.people)
    if not field.question.required:
        people = {"": "(選ばない)", **people}
    typed = field.typed if isinstance(field.typed, str) else None
    if typed and typed not in people:
        st.caption(escaped(f"前に選んだ担当者は一覧にいません。{GONE}"))
    found = choose(
        st.selectbox,
        escaped(field.question.label),
        people,
        typed if typed in people else None,
        key=field.key,
        disabled=field.disabled or not people,
        label_visibility="collapsed",
        placeholder="選択してください" if people else "担当者はまだ登録されていません",
    )
    principal = context.who()
    if principal.lg_code and not field.disabled:
        draw_new(principal.lg_code, first=False)
    return found
