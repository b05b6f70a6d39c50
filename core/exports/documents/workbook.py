"""An Excel template filled in: amounts as numbers, words never as formulas, a row once per item."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from core.exports.form.grown import repeat_row
from core.exports.form.package import OfficePackage, office_package
from core.exports.sheet_xml import (
    STYLES_PART,
    computed_anew,
    drop_results,
    mark_made_up,
    put,
    rows_of,
    wrapping_formats,
)
from core.imports.excel_text import unescaped
from core.imports.form.place import address
from core.imports.xml_tree import parsed, space_of, written
from core.subsidy.document import Unit, mark_named, marks_in
from core.subsidy.document_values import DocumentValues, Values, put_in
from core.values.marks import MARK, has_marks


def filled_workbook(content: bytes, values: DocumentValues, *, made_up: bool) -> bytes:
    """The workbook with its marks filled in.

    Formulas lose the result they were saved with; Excel and LibreOffice compute them on opening.

    Args:
        content: As it was kept; looked into when it was sent.
    """
    package = office_package(content)
    shared = _shared(package)
    wrapping = wrapping_formats(package.get(STYLES_PART))
    rows_by_sheet = {
        name: _repeated(package[part], shared) for name, part in package.sheets.items()
    }
    for name, repeated in rows_by_sheet.items():
        for at in sorted(repeated, reverse=True):  # from below: what stands above keeps its number
            repeat_row(package, name, at, len(values.rows), repeated[at])
    for name, part in package.sheets.items():
        root = parsed(package[part])
        _fill(root, shared, _own(rows_by_sheet[name], values), values.values, wrapping)
        if made_up:
            mark_made_up(root, space_of(root))
        package[part] = written(root)
    package[package.main] = computed_anew(package[package.main])
    return package.saved()


def _shared(package: OfficePackage) -> list[str]:
    """The shared texts by number."""
    part = next(
        (to for _, kind, to, _ in package.relations(package.main) if kind == "sharedStrings"), ""
    )
    if part not in package:
        return []
    root = parsed(package[part])
    return [_words(each, space_of(root)) for each in root.iterfind(f"{space_of(root)}si")]


def _words(element: Any, space: str) -> str:
    """The text of an entry, without its readings (ふりがな)."""
    plain = [*element.iterfind(f"{space}t"), *element.iterfind(f"{space}r/{space}t")]
    return unescaped("".join(each.text or "" for each in plain))


def _marked(root: Any, shared: list[str]) -> Iterator[tuple[int, int, Any, str]]:
    """Row, column, cell and text of every cell with marks."""
    space = space_of(root)
    for number, (_, cells) in rows_of(root, space).items():
        for column, cell in cells.items():
            kind = cell.get("t", "")
            text = ""
            if kind == "s":
                index = (cell.findtext(f"{space}v") or "").strip()
                text = shared[int(index)] if index.isdecimal() and int(index) < len(shared) else ""
            elif kind == "inlineStr" and (inline := cell.find(f"{space}is")) is not None:
                text = _words(inline, space)
            if has_marks(text):
                yield number, column, cell, text


def _repeated(part: bytes, shared: list[str]) -> Mapping[int, Collection[str]]:
    """The rows that are repeated, each with the letters of its columns that become numbers."""
    found: dict[int, set[str]] = {}
    marked = [*_marked(parsed(part), shared)]
    for row, _, _, text in marked:
        if any(mark.of_row for mark in marks_in(text)):
            found[row] = set()
    for row, column, _, text in marked:
        whole = MARK.fullmatch(text.strip())
        mark = mark_named(whole[1]) if whole else None
        if row in found and mark is not None and mark.unit is not Unit.WORDS:
            found[row].add(address((1, column)).removesuffix("1"))
    return found


def _own(repeated: Collection[int], values: DocumentValues) -> Mapping[int, Values]:
    """What goes into each row of the sheet as it is now that stands for an item."""
    times = len(values.rows)
    return {
        at + above * (times - 1) + below: {**values.values, **own}
        for above, at in enumerate(sorted(repeated))
        for below, own in enumerate(values.rows)
    }


def _fill(
    root: Any,
    shared: list[str],
    own: Mapping[int, Values],
    values: Values,
    wrapping: Collection[str],
) -> None:
    space = space_of(root)
    drop_results(rows_of(root, space), space)
    for number, _, cell, text in [*_marked(root, shared)]:
        value = put_in(text, own.get(number, values))
        if isinstance(value, str) and cell.get("s", "0") not in wrapping:
            value = value.replace("\n", " ")  # would be shown run together
        put(cell, space, value)
