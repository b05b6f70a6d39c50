"""自由記述."""

from __future__ import annotations

import streamlit as st

from core.inquiry.answer import Value
from core.inquiry.kinds.text import WORDS
from dashboard.inquiries.fields.field import Field
from dashboard.kit import written


def draw(field: Field) -> Value:
    """A box that grows with what is typed; one that is too long says by how much."""
    written.text(
        field.question.label,
        key=field.key,
        longest=WORDS.longest,
        lines=True,
        value=field.text,
        height="content",
        disabled=field.disabled,
        label_visibility="collapsed",
    )
    return str(st.session_state.get(field.key) or "")
