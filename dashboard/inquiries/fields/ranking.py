"""順位: a choice a place, with what the place is worth."""

from __future__ import annotations

import streamlit as st

from core.inquiry.answer import Value
from dashboard.inquiries.fields.field import Field, say_problem
from dashboard.kit.choice import choose


def draw(field: Field) -> Value:
    """The places from the first on; what was chosen twice is said at once."""
    question, before = field.question, field.rows
    options = {"": "(選ばない)", **{each.key: each.label for each in question.options}}
    places = []
    for place, worth in enumerate(question.points, start=1):
        chosen = before[place - 1] if place <= len(before) else ""
        places.append(
            choose(
                st.selectbox,
                f"{place}位({worth}点)",
                options,
                chosen if chosen in options else "",
                key=f"{field.key}.{place}",
                disabled=field.disabled,
            )
            or ""
        )
    say_problem(field, places)
    return places
