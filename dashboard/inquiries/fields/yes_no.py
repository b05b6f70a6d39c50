"""はい・いいえ."""

from __future__ import annotations

import streamlit as st

from core.inquiry.answer import Value
from core.inquiry.kinds.yes_no import YES_NO
from dashboard.inquiries.fields.field import Field
from dashboard.kit.choice import choose
from dashboard.kit.typed import escaped


def draw(field: Field) -> Value:
    """Two buttons; a second press takes it back."""
    options = {each.key: each.label for each in YES_NO}
    return choose(
        st.segmented_control,
        escaped(field.question.label),
        options,
        field.typed if field.typed in options else None,
        key=field.key,
        disabled=field.disabled,
        label_visibility="collapsed",
    )
