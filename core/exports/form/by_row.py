"""様式にまとめる(1団体1行): the form's own row once per municipality, its sums extended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.exports.form.by_sheet import answered
from core.exports.form.grown import repeat_row
from core.exports.form.handed_out import fill, filled_sheet, first_day
from core.exports.form.package import OfficePackage, form_package
from core.exports.form.tally import wide_workbook
from core.exports.sheet_xml import computed_anew, drop_results, mark_made_up, rows_of
from core.imports.form.place import address, area, place
from core.imports.xml_tree import parsed, space_of, written
from core.inquiry.form.answer import FormRow, FormValues
from core.inquiry.form.field import FormField, FormLayout
from core.inquiry.form.recognise import given_values, identity_fields


def merged_by_row(
    layout: FormLayout,
    body: bytes,
    rows: Sequence[FormRow],
    *,
    made_on: date | None = None,
    made_up: bool = False,
) -> bytes:
    """The form with its row to fill in once per municipality, in the order of ``rows``.

    Where its fields are more than one row, or the row does not say whose it is, a new table: a row
    per municipality, a column per field under the form's labels, sums below. Rows without values
    are left out.

    Args:
        made_on: 作成日 of the new table.

    Raises:
        InvalidInputError: ``rows``: nobody has answered.
    """
    every = answered(rows)
    package = form_package(layout, body)
    at = repeated_row(layout)
    if at is None or not _can_grow(package, layout, at):
        return wide_workbook(layout, every, made_on=made_on, made_up=made_up)
    return _merged(layout, package, at, every, made_up=made_up)


def repeated_row(layout: FormLayout) -> int | None:
    """The row of the form that is a municipality's; None where its fields are not one row.

    Whose it is must stand in it: a code or a name.
    """
    places = [at for field in layout.fields for at in map(place, field.cells) if at]
    if len({field.sheet for field in layout.fields}) != 1 or len({row for row, _ in places}) != 1:
        return None
    return places[0][0] if any(identity_fields(layout)) else None


def _can_grow(package: OfficePackage, layout: FormLayout, at: int) -> bool:
    """Whether nothing of the sheet reaches over the row that cannot be made longer."""
    name = layout.fields[0].sheet
    form = next(each for each in layout.sheets if each.name == name)
    merged = [each for each in map(area, form.merged) if each is not None]
    if any(each.top < each.bottom and each.top <= at <= each.bottom for each in merged):
        return False
    kinds = {kind for _, kind, _, _ in package.relations(package.sheets[name])}
    return not kinds & {"table", "pivotTable", "comments", "ctrlProp"}


def _merged(
    layout: FormLayout,
    package: OfficePackage,
    at: int,
    every: Sequence[tuple[FormRow, FormValues]],
    *,
    made_up: bool,
) -> bytes:
    """The workbook with its row repeated and filled in."""
    sheet = layout.fields[0].sheet
    form = next(each for each in layout.sheets if each.name == sheet)
    counted = [f.cells[0] for f in layout.fields if f.is_number] + [*form.formulas]
    numbers = {re.sub(r"\d", "", each) for each in counted if re.sub(r"\D", "", each) == str(at)}
    repeat_row(package, sheet, at, len(every), numbers)
    epoch = first_day(layout)
    for name, part in package.sheets.items():
        if name != sheet:
            package[part] = filled_sheet(package[part], [], {}, epoch, made_up=made_up)
    part = package.sheets[sheet]
    root = parsed(package[part])
    rows = rows_of(root, space_of(root))
    drop_results(rows, space_of(root))
    for below, (asked, answer) in enumerate(every):
        values = {**given_values(layout, asked.lg_code, asked.name), **answer}
        for field in layout.fields:
            if field.key in values:
                fill(root, rows, _lowered(field, below), values[field.key], epoch)
    if made_up:
        mark_made_up(root, space_of(root))
    package[part] = written(root)
    package[package.main] = computed_anew(package[package.main])
    return package.saved()


def _lowered(field: FormField, below: int) -> FormField:
    """The field in a repetition of its row."""
    cells = []
    for each in field.cells:
        at = place(each)
        if at is not None:
            cells.append(address((at[0] + below, at[1])))
    return replace(field, cells=tuple(cells))
