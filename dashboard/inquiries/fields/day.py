"""日付."""

from __future__ import annotations

from core.inquiry.answer import Value
from dashboard.inquiries.fields.field import Field
from dashboard.inquiries.fields.line import draw_line


def draw(field: Field) -> Value:
    """A day, in whatever way it is written."""
    return draw_line(field, field.text, "令和9年4月1日、2027-04-01")
