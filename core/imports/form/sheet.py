"""One sheet of a form with all that tells a field from the rest: cells, locks, lists, merges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import IO

from core.imports.excel_text import unescaped
from core.imports.form.place import Area, Place, area, place
from core.imports.package import DamagedError, OversizedError, read_through, xml_parser
from core.imports.workbook import LAST_ROW, MAX_LENGTH, Moment, Unusable, number

MOST_CELLS = 150_000
"""Most cells of all sheets of a form together."""
_MOST_MERGED, _MOST_LISTS = 20_000, 5_000
_ALL_ZEROS = re.compile("0{2,20}")
"""A format that shows leading zeros, as those of codes do."""
_WIDEST = 5_000
"""Most cells of a merged range whose cells are known one by one."""


@dataclass(slots=True)
class RawCell:
    """A cell as the file has it.

    Attributes:
        kind: ``n`` a number, ``d`` a day, ``s`` a text, ``b`` true or false, ``e`` an error.
        text: The number in digits, the day as ISO (with time where there is one), the text; of a
            formula its last result. Empty for nothing.
        shown_as: Format of a number; empty for the usual one.
        formula: Without ``=``; None for a value, empty where a neighbour's is shared.
        style: Number of its format.
    """

    kind: str = "s"
    text: str = ""
    shown_as: str = ""
    formula: str | None = None
    style: int = 0
    struck: bool = False

    @property
    def empty(self) -> bool:
        return not self.text.strip(" \t\n\r　") and self.formula is None


@dataclass(frozen=True)
class CellList:
    """A rule for what cells may hold (入力規則)."""

    areas: tuple[Area, ...]
    kind: str
    formula: str


@dataclass
class RawSheet:
    """A sheet as the file has it.

    Attributes:
        cells: Those the file knows, empty ones with a format too.
        widths: By column, in half-width characters; 0 for a hidden one.
        heights: By row, in points; 0 for a hidden one.
    """

    name: str
    shown: bool = True
    part: str = ""
    protected: bool = False
    cells: dict[Place, RawCell] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    lists: list[CellList] = field(default_factory=list)
    widths: list[tuple[int, int, float]] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    usual_width: float = 8.43
    _covered: dict[Place, Area] | None = None

    def area(self, at: Place) -> Area:
        """What is merged around a cell, or the cell itself."""
        if self._covered is None:
            self._covered = {
                each: merged
                for merged in self.merged
                if merged.size <= _WIDEST
                for each in merged.places()
            }
        return self._covered.get(at) or Area(*at, *at)

    def text(self, at: Place) -> str:
        """What a cell shows, one within a merged range as its first."""
        cell = self.cells.get(self.area(at).first)
        return cell.text if cell else ""

    def width(self, column: int) -> float:
        for first, last, width in self.widths:
            if first <= column <= last:
                return width
        return self.usual_width

    def list_at(self, at: Place) -> CellList | None:
        """The rule for a cell; the first where there are several."""
        return next((each for each in self.lists if any(a.holds(at) for a in each.areas)), None)

    def written(self) -> Iterator[tuple[Place, RawCell]]:
        """Cells that hold something, row by row; not what lies beneath a merged one."""
        for at in sorted(self.cells):
            cell = self.cells[at]
            if not cell.empty and self.area(at).first == at:
                yield at, cell


@dataclass(frozen=True)
class Shared:
    """What the cells of all sheets refer to."""

    strings: Sequence[str]
    struck_strings: frozenset[int]
    formats: Sequence[str]
    struck: frozenset[str]
    epoch: date


class SheetReader:
    """Reads the part of one sheet.

    Args:
        room: Most cells.

    Raises:
        DamagedError: Not what Excel writes.
        OversizedError: More than a form has.
    """

    def __init__(self, sheet: RawSheet, stream: IO[bytes], shared: Shared, room: int) -> None:
        self.sheet, self._shared, self._room = sheet, shared, room
        self._row, self._column = 0, -1
        self._attributes: Mapping[str, str] = {}
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._list: tuple[str, str] | None = None
        self._list_formula: list[str] = []
        self._list_areas: list[str] = []
        self._heard: list[str] | None = None
        self._aloud = 0
        self._struck = False
        parser = xml_parser(self._start, self._end, self._text)
        try:
            read_through(stream, parser)
        except ValueError:
            raise DamagedError("表に数でない番号があります。") from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "v" or name == "t":
            self._heard = self._value if not self._aloud else None
        elif name == "f":
            if self._list is None:
                self._formula = self._heard = []
            else:  # a rule of Excel 2010 and later
                self._heard = self._list_formula
        elif name == "strike":
            self._struck = attributes.get("val", "1") not in ("0", "false")
        elif name == "rPh":
            self._aloud += 1
        elif name == "row":
            self._begin_row(attributes)
        elif name == "mergeCell":
            found = area(attributes.get("ref", ""))
            if len(self.sheet.merged) >= _MOST_MERGED:
                raise OversizedError("結合セルが多すぎます。")
            if found is not None and found.size > 1:
                self.sheet.merged.append(found)
        elif name == "dataValidation":
            self._list = attributes.get("type", "none"), attributes.get("sqref", "")
            self._list_formula, self._list_areas = [], []
        elif name == "formula1":
            self._heard = self._list_formula
        elif name == "sqref" and self._list is not None:
            self._heard = self._list_areas
        elif name == "col":
            self._columns(attributes)
        elif name == "sheetFormatPr":
            width = attributes.get("defaultColWidth") or attributes.get("baseColWidth")
            self.sheet.usual_width = float(width or self.sheet.usual_width)
        elif name == "sheetProtection":
            self.sheet.protected = attributes.get("sheet", "0") in ("1", "true")

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        self._row = int(attributes.get("r") or self._row + 1)
        if not 0 < self._row <= LAST_ROW:
            raise DamagedError(f"行番号{self._row}はExcelにありません。")
        self._column = -1
        if attributes.get("hidden", "0") in ("1", "true"):
            self.sheet.heights[self._row] = 0
        elif "ht" in attributes:
            self.sheet.heights[self._row] = float(attributes["ht"])

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        if len(self.sheet.cells) >= self._room:
            raise OversizedError(f"セルが{MOST_CELLS:,}を超えます。")
        self._attributes, self._value, self._formula = attributes, [], None
        self._struck = False
        at = attributes.get("r")
        if at is None:
            self._column += 1
        else:
            found = place(at)
            if found is None:
                raise DamagedError(f"セル番地「{at[:20]}」はExcelにありません。")
            self._row, self._column = found

    def _columns(self, attributes: Mapping[str, str]) -> None:
        width = float(attributes.get("width", self.sheet.usual_width))
        if attributes.get("hidden", "0") in ("1", "true"):
            width = 0
        self.sheet.widths.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1, width))

    def _text(self, text: str) -> None:
        if self._heard is not None:
            self._heard.append(text)

    def _end(self, name: str) -> None:
        if name in ("v", "t", "f", "formula1", "sqref"):
            self._heard = None
        elif name == "rPh":
            self._aloud -= 1
        elif name == "c":
            self.sheet.cells[self._row, self._column] = self._cell()
        elif name == "dataValidation" and self._list is not None:
            kind, where = self._list
            found = [area(each) for each in (where or "".join(self._list_areas)).split()[:1000]]
            if len(self.sheet.lists) < _MOST_LISTS:
                known = tuple(each for each in found if each is not None)
                formula = "".join(self._list_formula).strip()
                self.sheet.lists.append(CellList(known, kind, formula))
            self._list = None

    def _cell(self) -> RawCell:
        style = int(self._attributes.get("s", "0"))
        text = "".join(self._value)[: MAX_LENGTH + 1]
        formula = None if self._formula is None else "".join(self._formula)[:8192]
        kind = self._attributes.get("t", "n")
        struck = self._struck or str(style) in self._shared.struck
        shown_as = ""
        if kind == "s":
            kind, text, struck = "s", *self._shared_text(text, struck=struck)
        elif kind in ("str", "inlineStr"):
            kind, text = "s", unescaped(text)
        elif kind == "b":
            text = "FALSE" if text.strip() in ("0", "false", "") else "TRUE"
        elif kind == "d":
            text = _day(datetime.fromisoformat(text.strip()))
        elif kind == "n":
            if 0 <= style < len(self._shared.formats):
                shown_as = self._shared.formats[style]
            kind, text = _number(text, shown_as, self._shared.epoch)
        return RawCell(kind, text, shown_as, formula, style, struck)

    def _shared_text(self, text: str, *, struck: bool) -> tuple[str, bool]:
        place_of = int(text) if text.strip() else -1
        if not 0 <= place_of < len(self._shared.strings):
            raise DamagedError(f"文字列の番号{text[:20]}がありません。")
        return self._shared.strings[place_of], struck or place_of in self._shared.struck_strings


def _number(text: str, shown_as: str, epoch: date) -> tuple[str, str]:
    """Kind and text of a number."""
    if not text.strip():
        return "s", ""
    found = number(text, shown_as, epoch)
    if isinstance(found, Moment):
        return "d", _day(found.value)
    if isinstance(found, Unusable):
        return "e", found.text
    if re.fullmatch(r"\d{1,3}:\d{2}:\d{2}|\d+ days?.*", str(found)):
        return "s", str(found)  # a time of day: no number to anybody who reads it
    plain = plainly(str(number(text, "", epoch)))
    return "n", plain.zfill(len(shown_as)) if _ALL_ZEROS.fullmatch(shown_as) else plain


def plainly(numeral: str) -> str:
    """A number without an exponent.

    Examples:
        >>> plainly("1e-07"), plainly("12")
        ('0.0000001', '12')
    """
    if "e" not in numeral.lower():
        return numeral
    return f"{float(numeral):.20f}".rstrip("0").rstrip(".")


def _day(moment: datetime) -> str:
    if moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat(sep=" ", timespec="minutes")
