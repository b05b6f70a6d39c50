"""The XML of a sheet edited in place: a cell is put in, everything else stays as it was sent.

openpyxl would drop shapes, form controls, pictures and printer settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml import etree

from core.exports.file import MADE_UP
from core.imports.form.place import place
from core.imports.xml_tree import local, parsed, space_of, written

SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
WORKBOOK_PART = "xl/workbook.xml"
STYLES_PART = "xl/styles.xml"
_ESCAPE = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


Rows = dict[int, tuple[Any, dict[int, Any]]]
"""By number from 1, the row and its cells by column from 0."""


def rows_of(root: Any, space: str) -> Rows:
    """Every row and its cells by number; a file may leave the numbers out."""
    found: Rows = {}
    number = 0
    for row in root.iterfind(f"{space}sheetData/{space}row"):
        number = int(row.get("r") or number + 1)
        cells: dict[int, Any] = {}
        column = -1
        for cell in row.iterfind(f"{space}c"):
            at = place(cell.get("r") or "")
            column = at[1] if at else column + 1
            cells[column] = cell
        found[number] = (row, cells)
    return found


def cell_of(root: Any, space: str, rows: Rows, name: str) -> Any:
    """The cell of that name, made where the sheet has none."""
    at = place(name)
    if at is None:
        raise ValueError(f"not a cell: {name}")
    number, column = at
    if number not in rows:
        data = root.find(f"{space}sheetData")
        row = etree.Element(f"{space}row", r=str(number))
        before = sum(1 for known in rows if known < number)
        data.insert(before, row)
        rows[number] = (row, {})
    row, cells = rows[number]
    if column not in cells:
        cell = etree.Element(f"{space}c", r=name)
        row.insert(sum(1 for known in cells if known < column), cell)
        cells[column] = cell
    return cells[column]


def put(cell: Any, space: str, value: int | Decimal | str) -> None:
    """Give a cell another value: a number as one, a text never as a formula."""
    for child in list(cell):
        if local(child) in ("v", "is", "f"):
            cell.remove(child)
    cell.attrib.pop("t", None)
    if isinstance(value, int | Decimal):
        etree.SubElement(cell, f"{space}v").text = f"{value:f}" if value % 1 else str(int(value))
    elif value:
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, f"{space}is"), f"{space}t")
        text.set(_SPACE, "preserve")
        text.text = _ESCAPE.sub(r"_x005F_\1", value)


def wrapping_formats(styles: bytes) -> frozenset[str]:
    """Numbers of the cell formats that break lines (折り返して全体を表示).

    Args:
        styles: The part of formats; empty where there is none.
    """
    formats = parsed(styles).iterfind("{*}cellXfs/{*}xf") if styles else ()
    broken = (each.find("{*}alignment[@wrapText]") for each in formats)
    return frozenset(
        str(number)
        for number, found in enumerate(broken)
        if found is not None and found.get("wrapText") in ("1", "true")
    )


def drop_results(rows: Rows, space: str) -> bool:
    """Take away what formulas were saved with, so that no program shows it; whether there are any."""
    computed = False
    for _, cells in rows.values():
        for cell in cells.values():
            if cell.find(f"{space}f") is not None:
                computed = True
                for result in cell.findall(f"{space}v"):
                    cell.remove(result)
    return computed


def computed_anew(part: bytes) -> bytes:
    """The part of the workbook, asking whoever opens it to compute every formula."""
    root = parsed(part)
    space = space_of(root)
    how = root.find(f"{space}calcPr")
    if how is None:
        how = etree.Element(f"{space}calcPr")
        before = [p for p, child in enumerate(root) if local(child) in _BEFORE_CALCULATION]
        root.insert(max(before, default=-1) + 1, how)
    how.set("fullCalcOnLoad", "1")
    return written(root)


_BEFORE_CALCULATION = frozenset(
    [
        "fileVersion",
        "fileSharing",
        "workbookPr",
        "workbookProtection",
        "bookViews",
        "sheets",
        "functionGroups",
        "externalReferences",
        "definedNames",
    ]
)


def mark_made_up(root: Any, space: str) -> None:
    """Say in the sheet's header that what is in it is made up."""
    header = root.find(f"{space}headerFooter")
    if header is None:
        header = etree.Element(f"{space}headerFooter")
        later: Iterator[int] = (
            place for place, child in enumerate(root) if local(child) in _AFTER_HEADER
        )
        root.insert(next(later, len(root)), header)
    for name in ("oddHeader", "firstHeader", "evenHeader"):
        for there in header.findall(f"{space}{name}"):
            header.remove(there)
    for gone in ("differentOddEven", "differentFirst"):
        header.attrib.pop(gone, None)
    words = etree.Element(f"{space}oddHeader")
    words.text = f"&C{MADE_UP}"
    header.insert(0, words)


_AFTER_HEADER = (
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""What stands in a sheet after its header, in the order of the format."""
