"""様式を配る: a form with the values of one municipality, and what it is called there."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.exports.form.cells import cells_of
from core.exports.form.package import form_package
from core.exports.sheet_xml import (
    Rows,
    cell_of,
    computed_anew,
    drop_results,
    mark_made_up,
    put,
    rows_of,
)
from core.imports.xml_tree import parsed, space_of, written
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
    package = form_package(layout, body)
    for name, part in package.sheets.items():
        fields = [field for field in layout.fields_of(name) if field.key in values]
        package[part] = filled_sheet(
            package[part], fields, values, first_day(layout), made_up=made_up
        )
    package[package.main] = computed_anew(package[package.main])
    return package.saved()


def filled_sheet(
    part: bytes,
    fields: list[FormField],
    values: FormValues,
    epoch: date,
    *,
    made_up: bool = False,
) -> bytes:
    """The part of a sheet with values in its fields, formulas without their results."""
    root = parsed(part)
    space = space_of(root)
    rows = rows_of(root, space)
    computed = drop_results(rows, space)
    for field in fields:
        fill(root, rows, field, values[field.key], epoch)
    if made_up:
        mark_made_up(root, space)
    return written(root) if fields or computed or made_up else part


def fill(root: Any, rows: Rows, field: FormField, value: str, epoch: date) -> None:
    """Put a value into the cells of its field.

    Args:
        epoch: As :func:`first_day` gives it.
    """
    space = space_of(root)
    for address, content in cells_of(field, value, epoch):
        put(cell_of(root, space, rows, address), space, content)


def first_day(layout: FormLayout) -> date:
    """The day that the workbook counts days from."""
    return date(1904, 1, 1) if layout.from_1904 else date(1899, 12, 30)
