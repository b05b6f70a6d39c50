"""様式を配る: a form with the values of one municipality, and what it is called there."""

from __future__ import annotations

from typing import Any

from core.exports.form.cells import cells_of
from core.exports.form.package import FormPackage
from core.exports.sheet_xml import (
    Rows,
    cell_of,
    computed_anew,
    drop_results,
    mark_made_up,
    parsed,
    put,
    rows_of,
    space_of,
    written,
)
from core.imports.workbook import Moment, number
from core.inquiry.form.answer import FormValues
from core.inquiry.form.field import FormField, FormLayout


def handed_out(
    layout: FormLayout, body: bytes, values: FormValues, *, made_up: bool = False
) -> bytes:
    """The form with values in it; all else of the file stays byte for byte.

    Formulas lose the result they were saved with; Excel and LibreOffice compute them on opening.

    Args:
        body: The empty form as it was kept; looked into when it came.
        values: Those to be put in; the other fields stay as they are.
        made_up: Whether every sheet carries the mark of made-up data.
    """
    package = FormPackage(body)
    dates = DateCells(package)
    for name, part in package.sheets.items():
        fields = [field for field in layout.fields_of(name) if field.key in values]
        package[part] = filled_sheet(package[part], fields, values, dates, made_up=made_up)
    package[package.main] = computed_anew(package[package.main])
    return package.saved()


class DateCells:
    """Which formats of a workbook show a number as a day, and from when it counts days."""

    def __init__(self, package: FormPackage) -> None:
        self.epoch = package.book.epoch
        formats, _ = package.book.formats()
        self._styles = frozenset(
            str(style)
            for style, code in enumerate(formats)
            if code and isinstance(number("45000", code, self.epoch), Moment)
        )

    def show_a_day(self, cell: Any) -> bool:
        """Whether a cell does."""
        return cell is not None and cell.get("s", "0") in self._styles


def filled_sheet(
    part: bytes,
    fields: list[FormField],
    values: FormValues,
    dates: DateCells,
    *,
    made_up: bool = False,
) -> bytes:
    """The part of a sheet with values in its fields, formulas without their results."""
    root = parsed(part)
    space = space_of(root)
    rows = rows_of(root, space)
    computed = drop_results(rows, space)
    for field in fields:
        fill(root, rows, field, values[field.key], dates)
    if made_up:
        mark_made_up(root, space)
    return written(root) if fields or computed or made_up else part


def fill(root: Any, rows: Rows, field: FormField, value: str, dates: DateCells) -> None:
    """Put a value into the cells of its field."""
    space = space_of(root)
    first = cell_of(root, space, rows, field.cells[0])
    as_day = {field.cells[0]} if dates.show_a_day(first) else set[str]()
    for address, content in cells_of(field, value, as_day, dates.epoch):
        put(cell_of(root, space, rows, address), space, content)
