"""様式を画面で記入する: the cells of a form, sheet by sheet, each with the field its kind wants."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from core.inquiry.form.answer import NOT_APPLICABLE, SEPARATOR, is_not_applicable
from core.inquiry.form.field import FieldKind, FormField, FormLayout
from core.inquiry.form.recognise import identity_fields
from core.inquiry.form.typed import read_value, value_words
from dashboard.kit import written
from dashboard.kit.choice import choose
from dashboard.kit.rows import row
from dashboard.kit.typed import escaped

_AT_ONCE = 40
"""Fields that stand on the screen together: each costs the browser a widget or two."""
_OPEN = 6
"""So many options stand open; more unfold."""
_ABSENT = str(NOT_APPLICABLE)
_HINTS = {
    FieldKind.DATE: "例: 2026-12-01、令和8年12月1日",
    FieldKind.NUMBER: "例: 1,200",
    FieldKind.YEN: "例: 1,200",
}


def draw_cells(
    layout: FormLayout,
    values: Mapping[str, str],
    *,
    own: Mapping[str, str],
    key: str,
    disabled: bool,
) -> dict[str, str]:
    """Draw those of one part; returns the values of all, as they are typed.

    Args:
        own: Code and name of who answers: said, not asked.
    """
    parts = _parts(layout)
    labels = {str(place): name for place, (name, _) in enumerate(parts)}
    chosen = "0"
    if len(parts) > 1:
        chosen = choose(
            st.segmented_control,
            "様式のどこを記入するか",
            labels,
            "0",
            key=f"{key}.part",
            required=True,
        )
    st.caption(
        "当てはまらない欄は「該当なし」にしてください。空欄・0・該当なしは別の回答として集計します。"
    )
    found = dict(values)
    told = {each.key for each in identity_fields(layout) if each is not None} & own.keys()
    for field in parts[int(chosen or "0")][1]:
        with row(f"{key}.{field.key}"):
            if field.key in told:
                st.markdown(f"{escaped(_label(field))}: **{escaped(own[field.key])}**")
                continue
            found[field.key] = _draw_field(
                field, values.get(field.key, ""), f"{key}.{field.key}", disabled=disabled
            )
    return {each: value for each, value in found.items() if value}


def _parts(layout: FormLayout) -> list[tuple[str, tuple[FormField, ...]]]:
    """Sheets with fields, long ones in pieces."""
    found = []
    for sheet in layout.sheets:
        fields = layout.fields_of(sheet.name)
        pieces = [fields[n : n + _AT_ONCE] for n in range(0, len(fields), _AT_ONCE)]
        for piece in pieces:
            first, last = piece[0].address, piece[-1].address
            name = sheet.name if len(pieces) == 1 else f"{sheet.name} {first}〜{last}"
            found.append((name, piece))
    return found


def _label(field: FormField) -> str:
    return f"{field.heading} [{field.address}]"


def _draw_field(field: FormField, value: str, key: str, *, disabled: bool) -> str:
    label = _label(field) + (" 必須" if field.required else "")
    match field.kind:
        case FieldKind.CHOICE if field.options:
            return _draw_choice(field, label, value, key, disabled=disabled)
        case FieldKind.CHECKBOX:
            return _draw_boxes(field, label, value, key, disabled=disabled)
        case _:
            return _draw_line(field, label, value, key, disabled=disabled)


def _draw_choice(field: FormField, label: str, value: str, key: str, *, disabled: bool) -> str:
    options = {"": "(空欄)"} | {each: each for each in (*field.options, _ABSENT)}
    if value:
        options.setdefault(value, value)
    return str(
        choose(st.selectbox, escaped(label), options, value, key=key, disabled=disabled) or ""
    )


def _draw_boxes(field: FormField, label: str, value: str, key: str, *, disabled: bool) -> str:
    options = {each: each for each in (*field.options, _ABSENT)}
    ticked = [each for each in value.split(SEPARATOR) if each in options]
    draw = (
        partial(choose, st.pills, selection_mode="multi")
        if len(options) <= _OPEN
        else partial(choose, st.multiselect, placeholder="選択してください")
    )
    found = draw(escaped(label), options, ticked, key=key, disabled=disabled)
    if _ABSENT in found:
        if len(found) > 1:
            st.error("「該当なし」と、ほかの選択肢を同時には選べません。")
        return _ABSENT if len(found) == 1 else SEPARATOR.join(found)
    return SEPARATOR.join(each for each in field.options if each in found)


def _draw_line(field: FormField, label: str, value: str, key: str, *, disabled: bool) -> str:
    absent = st.session_state.get(f"{key}.absent", is_not_applicable(value))
    typed = ""
    if absent:
        st.markdown(f"{escaped(label)}: **{_ABSENT}**")
    else:
        more = {"draw": st.text_area} if "\n" in value else {}
        typed = written.line(
            label,
            key=f"{key}.{'lines' if more else 'line'}",
            read=partial(_understood, field),
            value="" if is_not_applicable(value) else value,
            placeholder=_HINTS.get(field.kind, ""),
            disabled=disabled,
            **more,
        )
    chosen = st.checkbox(_ABSENT, bool(absent), key=f"{key}.absent", disabled=disabled)
    return _ABSENT if chosen else typed


def _understood(field: FormField, text: str) -> str:
    """What a line is read as, where that is not how it stands there."""
    found = read_value(field, text)
    said = value_words(field, found)
    return "" if text.strip() in (found, said, f"{said.removesuffix(field.unit)}") else said
