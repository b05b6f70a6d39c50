"""A row of a sheet repeated: everything that is told by rows moves or grows along."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection
from typing import Any

from core.exports.form.formula import area_with_rows, translated, with_rows
from core.exports.form.package import OfficePackage, elements
from core.exports.sheet_xml import Rows, drop_results, rows_of
from core.imports.form.place import address, area, place
from core.imports.xml_tree import parsed, space_of, written


def repeat_row(
    package: OfficePackage, sheet: str, at: int, times: int, numbers: Collection[str] = ()
) -> None:
    """Have a row so often, one below the other, each with what the row says.

    Ranges that reach over it grow; what lies below moves, also where other sheets, names, pictures
    and charts refer to it. The sheet has no table, pivot table, comment or control, and nothing
    merged reaches over the row.

    Args:
        at: Its number, from 1.
        times: 1 or more.
        numbers: Letters of columns that hold numbers there: a total that names such a cell alone
            becomes a sum.
    """
    if times > 1:
        _Grown(package, sheet, at, times - 1, numbers)


class _Grown:
    """The workbook with its row repeated."""

    def __init__(
        self, package: OfficePackage, sheet: str, at: int, more: int, numbers: Collection[str]
    ) -> None:
        self._package, self._sheet, self._at, self._more = package, sheet, at, more
        self._numbers = numbers
        for name, part in package.sheets.items():
            package[part] = (self._grown if name == sheet else self._beside)(package[part])
        root = parsed(package[package.main])
        for each in elements(root, "definedName"):
            if each.text:
                each.text = self._moved(each.text, lambda name: name == sheet)
        package[package.main] = written(root)
        package.without("calcChain")
        self._drawings()

    def _moved(self, formula: str, concerns: Callable[[str], bool], own: int | None = None) -> str:
        return with_rows(formula, self._at, self._more, concerns=concerns, own=own)

    def _concerns_own(self, name: str) -> bool:
        return name in ("", self._sheet)

    def _beside(self, part: bytes) -> bytes:
        """Another sheet: what it says of the one that grew."""
        root = parsed(part)
        for each in elements(root, "f", "formula", "formula1", "formula2"):
            if each.text:
                each.text = self._moved(each.text, lambda name: name == self._sheet)
        return written(root)

    def _grown(self, part: bytes) -> bytes:
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
