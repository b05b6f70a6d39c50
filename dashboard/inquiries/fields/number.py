"""数."""

from __future__ import annotations

from core.inquiry.answer import Value
from dashboard.inquiries.fields.field import Field
from dashboard.inquiries.fields.line import draw_line


def draw(field: Field) -> Value:
    """A number with or without its unit."""
    return draw_line(field, field.text, f"12{field.question.unit}")
