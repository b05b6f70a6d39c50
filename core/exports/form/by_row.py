"""様式にまとめる(1団体1行): the form's own row once per municipality, its sums extended."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from core.exports.form.by_sheet import answered
from core.exports.form.formula import area_with_rows, translated, with_rows
from core.exports.form.handed_out import fill, filled_sheet, first_day
from core.exports.form.package import FormPackage, elements
from core.exports.form.tally import wide_workbook
from core.exports.sheet_xml import (
    Rows,
    computed_anew,
    drop_results,
    mark_made_up,
    parsed,
    rows_of,
    space_of,
    written,
)
from core.imports.form.place import address, area, place
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
    package = FormPackage(layout, body)
    at = repeated_row(layout)
    if at is None or not _can_grow(package, layout, at):
        return wide_workbook(layout, every, made_on=made_on, made_up=made_up)
    sheet = layout.fields[0].sheet
    return _Grown(layout, package, sheet, at, every, made_up=made_up).saved()


def repeated_row(layout: FormLayout) -> int | None:
    """The row of the form that is a municipality's; None where its fields are not one row.

    Whose it is must stand in it: a code or a name.
    """
    places = [at for field in layout.fields for at in map(place, field.cells) if at]
    if len({field.sheet for field in layout.fields}) != 1 or len({row for row, _ in places}) != 1:
        return None
    return places[0][0] if any(identity_fields(layout)) else None


def _can_grow(package: FormPackage, layout: FormLayout, at: int) -> bool:
    """Whether nothing of the sheet reaches over the row that cannot be made longer."""
    name = layout.fields[0].sheet
    form = next(each for each in layout.sheets if each.name == name)
    merged = [each for each in map(area, form.merged) if each is not None]
    if any(each.top < each.bottom and each.top <= at <= each.bottom for each in merged):
        return False
    kinds = {kind for _, kind, _, _ in package.relations(package.sheets[name])}
    return not kinds & {"table", "pivotTable", "comments", "ctrlProp"}


class _Grown:
    """The workbook with its row repeated."""

    def __init__(
        self,
        layout: FormLayout,
        package: FormPackage,
        sheet: str,
        at: int,
        every: Sequence[tuple[FormRow, FormValues]],
        *,
        made_up: bool,
    ) -> None:
        self._package, self._sheet, self._at, self._made_up = package, sheet, at, made_up
        self._layout = layout
        self._more = len(every) - 1
        self._epoch = first_day(layout)
        form = next(each for each in layout.sheets if each.name == sheet)
        counted = [f.cells[0] for f in layout.fields if f.is_number] + [*form.formulas]
        self._numbers = {
            re.sub(r"\d", "", each) for each in counted if re.sub(r"\D", "", each) == str(at)
        }
        for name, part in package.sheets.items():
            if name == sheet:
                package[part] = self._grown(package[part], layout.fields, every)
            else:
                package[part] = self._beside(package[part])
        root = parsed(computed_anew(package[package.main]))
        for each in elements(root, "definedName"):
            if each.text:
                each.text = self._moved(each.text, lambda name: name == sheet)
        package[package.main] = written(root)
        package.without("calcChain")
        self._drawings()

    def saved(self) -> bytes:
        return self._package.saved()

    def _moved(self, formula: str, concerns: Callable[[str], bool], own: int | None = None) -> str:
        return with_rows(formula, self._at, self._more, concerns=concerns, own=own)

    def _concerns_own(self, name: str) -> bool:
        return name in ("", self._sheet)

    def _beside(self, part: bytes) -> bytes:
        """Another sheet: what it says of the one that grew."""
        root = parsed(filled_sheet(part, [], {}, self._epoch, made_up=self._made_up))
        for each in elements(root, "f", "formula", "formula1", "formula2"):
            if each.text:
                each.text = self._moved(each.text, lambda name: name == self._sheet)
        return written(root)

    def _grown(
        self,
        part: bytes,
        fields: Sequence[FormField],
        every: Sequence[tuple[FormRow, FormValues]],
    ) -> bytes:
        root = parsed(part)
        space = space_of(root)
        rows = rows_of(root, space)
        drop_results(rows, space)
        _write_out_shared(rows, space)
        pattern = rows[self._at][0]
        said = [f.text or "" for f in pattern.iter(f"{space}f")]
        copies = [copy.deepcopy(pattern) for _ in range(self._more)]
        for number, (row, cells) in rows.items():
            own = 0 if number == self._at else None
            for f in row.iter(f"{space}f"):
                moved = self._moved(f.text or "", self._concerns_own, own)
                f.text = self._summing(moved, number)
            if number > self._at:
                _renumber(row, cells, number + self._more)
        after = pattern
        for below, made in enumerate(copies, start=1):
            _renumber(made, _cells_of(made), self._at + below)
            for f, text in zip(made.iter(f"{space}f"), said, strict=True):
                f.text = self._moved(text, self._concerns_own, below)
            after.addnext(made)
            after = made
        self._ranges(root)
        now = rows_of(root, space)
        for below, (asked, answer) in enumerate(every):
            given = given_values(self._layout, asked.lg_code, asked.name)
            values = {**given, **answer}
            for field in fields:
                if field.key in values:
                    fill(root, now, _lowered(field, below), values[field.key], self._epoch)
        if self._made_up:
            mark_made_up(root, space)
        return written(root)

    def _summing(self, formula: str, number: int) -> str:
        """A total that named the row alone, as a sum over all of its repetitions."""
        if number <= self._at or not self._more:
            return formula
        alone = rf"(\$?([A-Z]{{1,3}})\$?){self._at}"

        def every(found: re.Match[str]) -> str:
            if found[2] not in self._numbers:
                return found[0]
            return f"SUM({found[1]}{self._at}:{found[1]}{self._at + self._more})"

        if re.fullmatch(alone, formula):
            return re.sub(alone, every, formula)
        return re.sub(rf"(?<![\w.])SUM\({alone}\)", every, formula)

    def _ranges(self, root: Any) -> None:
        """Whatever else of the sheet is told by rows."""
        for each in elements(root, "mergeCell"):
            each.set("ref", self._area(each.get("ref", ""), grows=False))
        merges = next(elements(root, "mergeCells"), None)
        if merges is not None:
            for each in list(merges):
                where = area(each.get("ref", ""))
                if where is not None and where.top == where.bottom == self._at:
                    for below in range(1, self._more + 1):
                        again = copy.deepcopy(each)
                        again.set(
                            "ref", where._replace(top=self._at + below, bottom=self._at + below).ref
                        )
                        merges.append(again)
            merges.set("count", str(len(merges)))
        for each in elements(
            root, "conditionalFormatting", "dataValidation", "protectedRange", "ignoredError"
        ):
            if sqref := each.get("sqref"):
                each.set("sqref", " ".join(map(self._area, sqref.split())))
        for each in elements(root, "sqref"):
            each.text = " ".join(map(self._area, (each.text or "").split()))
        for each in elements(root, "formula", "formula1", "formula2"):
            if each.text:
                each.text = self._moved(each.text, self._concerns_own)
        for each in elements(root, "hyperlink", "autoFilter", "dimension"):
            each.set("ref", self._area(each.get("ref", "")))
        for breaks in elements(root, "rowBreaks"):
            for each in breaks:
                if int(each.get("id", "0")) >= self._at:
                    each.set("id", str(int(each.get("id", "0")) + self._more))
        for each in [*elements(root, "selection")]:
            each.getparent().remove(each)

    def _area(self, ref: str, *, grows: bool = True) -> str:
        where = area(ref)
        if where is None:
            return ref
        if not grows and where.top <= self._at <= where.bottom:
            return ref
        return area_with_rows(where, self._at, self._more).ref

    def _drawings(self) -> None:
        """Pictures and shapes that stand below the row move with it."""
        for _, kind, part, outside in self._package.relations(self._package.sheets[self._sheet]):
            if kind != "drawing" or outside:
                continue
            root = parsed(self._package[part])
            for each in elements(root, "row"):
                if (each.text or "").strip().isdecimal() and int(each.text) >= self._at:
                    each.text = str(int(each.text) + self._more)
            self._package[part] = written(root)
            for _, inner, chart, elsewhere in self._package.relations(part):
                if inner == "chart" and not elsewhere:
                    drawn = parsed(self._package[chart])
                    for each in elements(drawn, "f"):
                        each.text = self._moved(each.text or "", lambda name: name == self._sheet)
                    self._package[chart] = written(drawn)


def _cells_of(row: Any) -> dict[int, Any]:
    """The cells of a row by column."""
    found = {}
    for cell in row:
        at = place(cell.get("r") or "")
        if at is not None:
            found[at[1]] = cell
    return found


def _renumber(row: Any, cells: dict[int, Any], number: int) -> None:
    row.set("r", str(number))
    for column, cell in cells.items():
        cell.set("r", address((number, column)))
        for f in cell:
            if f.get("ref"):
                where = area(f.get("ref"))
                if where is not None and where.top == where.bottom:
                    f.set("ref", where._replace(top=number, bottom=number).ref)


def _write_out_shared(rows: Rows, space: str) -> None:
    """Give every cell a formula of its own; those that share one are told apart by their places."""
    masters: dict[str, tuple[int, int, str]] = {}
    for number, (_, cells) in sorted(rows.items()):
        for column, cell in sorted(cells.items()):
            f = cell.find(f"{space}f")
            if f is None or f.get("t") != "shared":
                continue
            group = f.get("si", "")
            if f.text:
                masters[group] = number, column, f.text
            elif group in masters:
                row, first, text = masters[group]
                f.text = translated(text, number - row, column - first)
            for gone in ("t", "si", "ref"):
                f.attrib.pop(gone, None)


def _lowered(field: FormField, below: int) -> FormField:
    """The field in a repetition of its row."""
    cells = []
    for each in field.cells:
        at = place(each)
        if at is not None:
            cells.append(address((at[0] + below, at[1])))
    return replace(field, cells=tuple(cells))
