"""一行の回答: as people write it, with what was understood beneath."""

from __future__ import annotations

from dashboard.inquiries.fields.field import Field
from dashboard.kit import written

_WIDTH = 260


def draw_line(field: Field, usual: str, example: str) -> str:
    """A line that the kind of the question reads.

    Args:
        usual: What stands in it at first.
        example: Stands in the empty line.
    """
    return written.line(
        field.question.label,
        key=field.key,
        read=field.understood,
        value=usual,
        placeholder=f"例: {example}",
        disabled=field.disabled,
        label_visibility="collapsed",
        width=_WIDTH,
    )
