"""金額."""

from __future__ import annotations

from core.inquiry.answer import Value
from core.values.written_number import YEN
from dashboard.inquiries.fields.field import Field
from dashboard.inquiries.fields.line import draw_line


def draw(field: Field) -> Value:
    """Whole yen; what was handed in before stands there with its separators."""
    usual = f"{field.typed:,}" if isinstance(field.typed, int) else field.text
    return draw_line(field, usual, YEN.example)
