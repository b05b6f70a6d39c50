"""複数選択: a box an option, or a list that unfolds where they are many."""

from __future__ import annotations

import streamlit as st

from core.inquiry.answer import Value
from dashboard.inquiries.fields.field import Field, say_problem
from dashboard.kit.choice import choose
from dashboard.kit.typed import escaped

_OPEN = 16
"""So many options stand open; more unfold."""


def draw(field: Field) -> Value:
    """Any of several; too many or too few is said at once."""
    question = field.question
    if bounds := _bounds(question.least, question.most):
        st.caption(escaped(bounds))
    found = _draw_open(field) if len(question.options) <= _OPEN else _draw_folded(field)
    say_problem(field, found)
    return found


def _draw_open(field: Field) -> list[str]:
    return [
        each.key
        for each in field.question.options
        if st.checkbox(
            escaped(each.label),
            each.key in field.rows,
            key=f"{field.key}.{each.key}",
            disabled=field.disabled,
            wrap=True,
        )
    ]


def _draw_folded(field: Field) -> list[str]:
    options = {each.key: each.label for each in field.question.options}
    found: list[str] = choose(
        st.multiselect,
        escaped(field.question.label),
        options,
        [key for key in options if key in field.rows],
        key=field.key,
        disabled=field.disabled,
        label_visibility="collapsed",
        placeholder="選択してください",
    )
    return found


def _bounds(least: int | None, most: int | None) -> str:
    if least and most is not None:
        return f"{least}個から{most}個まで選べます。" if least < most else f"{most}個選びます。"
    if most is not None:
        return f"{most}個まで選べます。"
    return f"{least}個以上選びます。" if least else ""
