"""択一: options that stand open, or unfold where they are many."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.inquiry.answer import Value
from dashboard.inquiries.fields.field import Field
from dashboard.kit.choice import choose
from dashboard.kit.typed import escaped

_OPEN = 8
"""So many options stand open; more unfold."""


def draw(field: Field) -> Value:
    """One of several; an answer that need not be given can be taken back."""
    question = field.question
    options = {each.key: each.label for each in question.options}
    if not question.required:
        options[""] = "(選ばない)"
    draws = (
        partial(choose, st.radio)
        if len(options) <= _OPEN
        else partial(choose, st.selectbox, placeholder="選択してください")
    )
    return draws(
        escaped(question.label),
        options,
        field.typed if field.typed in options else None,
        key=field.key,
        disabled=field.disabled,
        label_visibility="collapsed",
    )
