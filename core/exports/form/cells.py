"""What a kept value looks like in the cells of its field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from core.inquiry.form.answer import NOT_APPLICABLE, SEPARATOR, is_not_applicable
from core.inquiry.form.field import FieldKind, FormField
from core.inquiry.form.template import with_date, with_ticks
from core.values.fiscal import era_date

CellValue = Decimal | str
_NUMERAL = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def cells_of(
    field: FormField, value: str, epoch: date = date(1899, 12, 30)
) -> Iterator[tuple[str, CellValue]]:
    """Address and content of each cell that changes.

    Args:
        value: As it is kept; text that does not fit the field is written as text.
        epoch: The day that days are counted from.

    Examples:
        >>> field = FormField("s1_B2", "様式", ("B2", "C2", "D2"), "数", FieldKind.DIGITS)
        >>> [*cells_of(field, "07")]
        [('B2', ''), ('C2', Decimal('0')), ('D2', Decimal('7'))]
    """
    first = field.cells[0]
    if is_not_applicable(value):
        yield first, str(NOT_APPLICABLE)
    elif field.kind is FieldKind.DIGITS:
        yield from _figures(field, value)
    elif field.kind is FieldKind.CHECKBOX:
        yield from _boxes(field, value)
    elif field.is_number or field.kind is FieldKind.CHOICE:
        yield first, Decimal(value) if _NUMERAL.fullmatch(value) else value
    elif field.kind is FieldKind.ERA_DATE:
        yield first, with_date(field.template, value) if value[:4].isdecimal() else value
    elif field.kind is FieldKind.DATE and _ISO.fullmatch(value):
        day = date.fromisoformat(value)
        serial = (day - epoch).days
        yield first, Decimal(serial) if field.shows_day and serial > 60 else era_date(day)
    else:
        yield first, value


def _figures(field: FormField, value: str) -> Iterator[tuple[str, CellValue]]:
    """One figure a cell, those of a number at its right end."""
    room = len(field.cells)
    if len(value) > room:
        yield field.cells[0], value  # told when it comes back
        return
    for cell, figure in zip(field.cells, value.rjust(room), strict=True):
        yield cell, Decimal(figure) if figure.isascii() and figure.isdigit() else figure.strip()


def _boxes(field: FormField, value: str) -> Iterator[tuple[str, CellValue]]:
    ticked = set(value.split(SEPARATOR))
    if len(field.cells) == 1:
        yield field.cells[0], with_ticks(field.template, ticked, field.options)
        return
    for cell, template, option in zip(
        field.cells, field.template.split("\n"), field.options, strict=True
    ):
        yield cell, with_ticks(template, ticked, (option,))
