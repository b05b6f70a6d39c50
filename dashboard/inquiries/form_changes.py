"""様式の変わったところ: which row is another one now, and which of its cells."""

from __future__ import annotations

import streamlit as st

from core.inquiry.form.answer import RowChange
from core.inquiry.form.field import FormField, FormLayout
from core.inquiry.form.typed import value_words
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped


def draw_change(change: RowChange, layout: FormLayout) -> None:
    """What happened to the row of a municipality, and each cell before and after."""
    st.markdown(escaped(change.said))
    if not change.values:
        return
    fields = [layout.by_key[each.key] for each in change.values]
    table(
        {
            "記入欄": [field.label for field in fields],
            "セル": [f"{field.sheet} {field.address}" for field in fields],
            "前": [_words(f, each.before) for f, each in zip(fields, change.values, strict=True)],
            "後": [_words(f, each.after) for f, each in zip(fields, change.values, strict=True)],
        },
        f"{change.name}の変わったところ",
    )


def _words(field: FormField, value: str | None) -> str:
    return value_words(field, value or "") or "(空欄)"
