"""様式(Excel): the cells of a form filled in on the screen, sheet by sheet."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.inquiry.answer import Value
from core.inquiry.form.answer import SEPARATOR
from core.inquiry.form.field import FieldKind, FormField
from core.inquiry.form.typed import named, read_value
from core.inquiry.kinds.excel_form import layout_of, values_of
from dashboard.inquiries.fields.field import Field
from dashboard.kit import written
from dashboard.kit.choice import choose
from dashboard.kit.typed import escaped


def draw(field: Field) -> Value:
    """Every cell to fill in by its label and place; what came in a file stays named beside it."""
    if not field.question.layout:
        st.caption("様式はまだ登録されていません。")
        return {}
    layout, before = layout_of(field.question), values_of(field.typed)
    values: dict[str, str] = {}
    for sheet in dict.fromkeys(each.sheet for each in layout.fields):
        fields = layout.fields_of(sheet)
        with st.expander(escaped(f"シート「{sheet}」({len(fields)}欄)"), expanded=True):
            for each in fields:
                values[each.key] = _draw_cell(field, each, before.get(each.key, ""))
    filled = {key: text for key, text in values.items() if text}
    file = field.typed.get("file") if isinstance(field.typed, dict) else None
    return {"values": filled} | ({"file": file} if file is not None and filled else {})


def _draw_cell(field: Field, cell: FormField, before: str) -> str:
    key, label = f"{field.key}.{cell.key}", named(cell) + ("・必須" if cell.required else "")
    unit = f"({cell.unit})" if cell.unit else ""
    if cell.kind is FieldKind.CHECKBOX and cell.options:
        ticked = before.split(SEPARATOR)
        chosen = choose(
            st.pills,
            escaped(label),
            {each: each for each in cell.options},
            [each for each in cell.options if each in ticked],
            selection_mode="multi",
            key=key,
            disabled=field.disabled,
        )
        return SEPARATOR.join(chosen)
    if cell.kind is FieldKind.CHOICE and cell.options:
        return str(
            choose(
                st.selectbox,
                escaped(label),
                {"": "(選ばない)", **{each: each for each in cell.options}},
                before if before in cell.options else "",
                key=key,
                disabled=field.disabled,
            )
        )
    return written.line(
        f"{label}{unit}",
        key=key,
        read=partial(_understood, cell),
        value=before,
        disabled=field.disabled,
    )


def _understood(cell: FormField, text: str) -> str:
    kept = read_value(cell, text)
    return "" if kept == text.strip() else kept
