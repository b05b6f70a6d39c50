"""The cells of an Excel sheet that hold something, row by row, and nothing else of the workbook.

A million formatted rows without values cost a second, pictures nothing: of what surrounds the cells
is read only how a number is shown and which cells are merged, and of other sheets where headings
may stand. openpyxl makes an object of every cell and every row up to the last that is formatted,
which is what a file of 1.5 KB can make last for hours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import IO, NamedTuple

from core.imports.excel_text import unescaped
from core.imports.package import (
    SMALL,
    DamagedError,
    OversizedError,
    Package,
    attribute,
    blocks,
    local,
    read_through,
    relations,
    xml_parser,
)

MAX_SHEET, MAX_STRINGS = 400_000_000, 100_000_000
"""Most bytes of the sheet and of the texts that cells share; 100,000 rows of the ledger have 60 MB."""
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""Where Excel ends."""
MAX_LENGTH = 32_767
"""Most characters of a cell in Excel; of a longer text no more is kept than shows that it is."""
MAX_FORMATS = 70_000
"""Most formats of a workbook, a little more than Excel's."""
_PIECES = 100
"""Most pieces of a value; the parser gives a text in one unless comments or its length cut it."""


_EMPTY_ROWS = re.compile(
    rb'(?:<row r="\d{1,7}"[^<>]*(?:/>|>(?:<c r="[A-Z]{1,3}\d{1,7}"[^<>]*/>)*</row>)\s*)+'
)
"""Rows of nothing but format, as every program writes them; read one by one a million take 7 s."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A number that is shown as a day or a time."""

    value: datetime
    shown_as: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """A formula or an error: no value to be taken over."""

    text: str
    problem: str


class Numeral(str):
    """A number that is not shown as a day, in digits; days are counted from 1900."""

    __slots__ = ()


class Numeral1904(Numeral):
    """The same in a workbook that counts days from 1904."""

    __slots__ = ()


class Quantity(Numeral):
    """A number that is shown as an amount: with separators, a unit, a share of a hundred."""

    __slots__ = ()


SheetCell = str | Moment | Unusable
"""What a cell holds; numbers as :class:`Numeral`, whole ones without a decimal part."""


class SheetRow(NamedTuple):
    """A row that holds something.

    Attributes:
        number: From 1.
        cells: By column, from 0; merged cells carry their value downwards.
        carried: Columns whose value stands in a row above.
        joined: First and last column of what is merged sideways from this row on.
        hidden: Whether the row is hidden, by hand or by a filter.
        unseen: Columns of the sheet that are hidden.
    """

    number: int
    cells: dict[int, SheetCell]
    carried: frozenset[int] = frozenset()
    joined: Sequence[tuple[int, int]] = ()
    hidden: bool = False
    unseen: Sequence[tuple[int, int]] = ()


class OpenBook:
    """The sheets of a workbook, to be looked into one after the other.

    Raises:
        DamagedError: Not a workbook, or broken.
        OversizedError: Far larger than a workbook of people.
        LockedError: Needs a password.
    """

    def __init__(self, content: bytes) -> None:
        self._package = Package(content)
        self._book = BookParts(self._package)
        if not self._book.sheets:
            raise DamagedError("表のシートがありません。")
        self._strings = self._book.strings()
        self._formats = self._book.formats()

    @property
    def sheets(self) -> Sequence[tuple[str, bool]]:
        """Name of each sheet, and whether it is shown."""
        return [(name, shown) for name, _, shown in self._book.sheets]

    def rows(self, number: int) -> Iterator[SheetRow]:
        """Rows of a sheet that hold something. Raises as the constructor."""
        part = self._book.sheets[number][1]
        with self._package.open(part, MAX_SHEET) as stream:
            merged = _merged(stream)
        with self._package.open(part, MAX_SHEET) as stream:
            rows = _Sheet(self._strings, self._formats, self._book.epoch).rows(stream)
            yield from _carried(rows, merged) if merged else rows


# ── merged cells ──────────────────────────────────────────────────────────────────────────────

MAX_MERGED = 100_000
"""Most merged ranges of a sheet that are looked at."""
_MERGED = re.compile(
    rb"""<(?:\w{1,20}:)?mergeCell\s[^<>]{0,200}?ref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
)
_AFTER_CELLS = re.compile(rb"</(?:\w{1,20}:)?sheetData\s*>|<(?:\w{1,20}:)?sheetData\s*/>")
_LONGEST_TAG = 300
Merged = tuple[int, int, int, int]
"""First row, last row, first column, last column."""


def _merged(stream: IO[bytes]) -> list[Merged]:
    """What is merged, by row; it stands behind the cells, so the sheet is gone through twice."""
    found: list[Merged] = []
    kept, beyond = b"", False
    while block := stream.read(1 << 18):
        text = kept + block
        if not beyond:
            near = b"sheetData" in text  # a plain look is ten times as fast as the pattern
            end = _AFTER_CELLS.search(text) if near else None
            if end is None:
                kept = text[-_LONGEST_TAG:]
                continue
            beyond, text = True, text[end.end() :]
        for each in _MERGED.finditer(text):
            first, last = column_number(each[1].decode()), column_number(each[3].decode())
            found.append((int(each[2]), int(each[4]), first, last))
        if len(found) > MAX_MERGED:
            raise OversizedError("結合セルが多すぎます。")
        kept = text[text.rfind(b"<") :][-_LONGEST_TAG:] if b"<" in text else b""
    return sorted(found)


def _carried(rows: Iterator[SheetRow], merged: list[Merged]) -> Iterator[SheetRow]:
    """Rows with what merged cells carry into them from above."""
    waiting = [*reversed(merged)]
    standing: list[tuple[int, int, int, SheetCell]] = []  # last row, columns, value
    for number, cells, _, _, hidden, unseen in rows:
        joined: list[tuple[int, int]] = []
        standing = [each for each in standing if each[0] >= number]
        taken = set()
        for _, first, last, value in standing:
            _uncover(cells, first, last)
            cells[first] = value
            taken.add(first)
        while waiting and waiting[-1][0] <= number:
            top, bottom, first, last = waiting.pop()
            held = cells.get(first)
            if top != number or held is None:
                continue
            if last > first:
                _uncover(cells, first + 1, last)
                joined.append((first, last))
            if bottom > top:
                standing.append((bottom, first, last, held))
        yield SheetRow(number, cells, frozenset(taken), joined, hidden, unseen)


def _uncover(cells: dict[int, SheetCell], first: int, last: int) -> None:
    """Take away what lies beneath a merged cell: some programs keep it, nobody sees it."""
    for column in [each for each in cells if first <= each <= last]:
        del cells[column]


_Strings = tuple[list[str], frozenset[int]]
"""Texts that cells share, and which of them are struck through in part."""
_Formats = tuple[list[str], frozenset[str]]
"""How cells of each format show a number, and which formats strike through."""


class BookParts:
    """What a workbook says of its parts.

    Attributes:
        main: Name of the part that lists the others.
        sheets: Name, part and whether it is shown, of each sheet of cells.
        epoch: The day its days are counted from.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        main = next((t for _, kind, t, _ in relations(package, "") if kind == "officeDocument"), "")
        self.main = main or "xl/workbook.xml"
        self._related = {key: (kind, to) for key, kind, to, _ in relations(package, self.main)}
        self.sheets: list[tuple[str, str, bool]] = []
        self.epoch = _EPOCH_1900
        with package.open(self.main, SMALL) as stream:
            read_through(stream, xml_parser(self._start))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr" and attributes.get("date1904", "0") in ("1", "true"):
            self.epoch = _EPOCH_1904
        elif name == "sheet":
            kind, target = self._related.get(attribute(attributes, "id"), ("", ""))
            if kind == "worksheet" and target in self._package:
                shown = attributes.get("state", "visible") == "visible"
                self.sheets.append((attributes.get("name", ""), target, shown))

    def part(self, kind: str) -> str:
        """Name of the part of a kind that the workbook refers to; empty when there is none."""
        return next((t for k, t in self._related.values() if k == kind and t in self._package), "")

    def strings(self) -> _Strings:
        """Texts that cells share, in order, and which of them are struck through in part."""
        part = self.part("sharedStrings")
        if not part:
            return [], frozenset()
        found: list[str] = []
        struck: set[int] = set()
        collect = _Texts()

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "si":
                collect.begin()
            else:
                collect.enter(name, attributes)

        def end(name: str) -> None:
            if name == "si":
                if collect.struck:
                    struck.add(len(found))
                found.append(collect.text())
            else:
                collect.leave(name)

        with self._package.open(part, MAX_STRINGS) as stream:
            read_through(stream, xml_parser(start, end, collect.take))
        return found, frozenset(struck)

    def formats(self) -> _Formats:
        """How cells of each format show a number, and which formats strike it through.

        Empty for those that show a number as it is.
        """
        part = self.part("styles")
        codes, used, inside = dict(_BUILT_IN), [""][:0], ""
        fonts: list[bool] = []
        struck: set[str] = set()

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            if name == "numFmt":
                codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:200]
            elif name in ("cellXfs", "fonts"):
                inside = name
            elif inside == "fonts" and name == "font":
                fonts.append(False)
            elif inside == "fonts" and name == "strike" and fonts:
                fonts[-1] = _is_on(attributes)
            elif name == "xf" and inside == "cellXfs":
                if len(used) >= MAX_FORMATS:
                    raise OversizedError("書式の数が多すぎます。")
                font = int(attributes.get("fontId", "0"))
                if 0 <= font < len(fonts) and fonts[font]:
                    struck.add(str(len(used)))
                used.append(codes.get(int(attributes.get("numFmtId", "0")), ""))

        def end(name: str) -> None:
            nonlocal inside
            if name == inside:
                inside = ""

        if part:
            with self._package.open(part, SMALL) as stream:
                read_through(stream, xml_parser(start, end))
        return ["" if code.lower() in _AS_IT_IS else code for code in used], frozenset(struck)


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return attributes.get("hidden", "0") in ("1", "true")


def _is_on(attributes: Mapping[str, str]) -> bool:
    return attributes.get("val", "1") not in ("0", "false")


class _Texts:
    """Gathers the runs of a text; what is written above them to be read aloud (rPh) is left out."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._parts: list[str] = []
        self._length = self._aloud = 0
        self._inside = self.struck = False

    def enter(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "rPh":
            self._aloud += 1
        elif name == "strike":
            self.struck = self.struck or _is_on(attributes)
        elif name == "t":
            self._inside = True

    def leave(self, name: str) -> None:
        if name == "rPh":
            self._aloud -= 1
        elif name == "t":
            self._inside = False

    def take(self, text: str) -> None:
        if self._inside and not self._aloud and self._length <= MAX_LENGTH:
            self._parts.append(text)
            self._length += len(text)

    def text(self) -> str:
        return unescaped("".join(self._parts))


class _OverError(Exception):
    """The cells are read; what follows them is none of ours, and may be endless."""


class _Sheet:
    """Reads one sheet; the hot part is :meth:`_start`, :meth:`_text` and :meth:`_end`."""

    def __init__(self, strings: _Strings, formats: _Formats, epoch: date) -> None:
        (self._strings, self._struck_strings), (self._formats, self._struck) = strings, formats
        self._epoch = epoch
        self._columns: dict[str, int] = {}
        self._rows: list[SheetRow] = []
        self._row, self._cells = 0, dict[int, SheetCell]()
        self._column = -1
        self._cell: Mapping[str, str] | None = None
        self._value: list[str] | None = None
        self._found: list[str] = []
        self._formula: list[str] | None = None
        self._inline: _Texts | None = None
        self._hidden = False
        self._unseen: list[tuple[int, int]] = []

    def rows(self, stream: IO[bytes]) -> Iterator[SheetRow]:
        """The rows of a part."""
        parser = xml_parser(self._start)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            for _ in blocks(stream, parser, _EMPTY_ROWS):
                yield from self._rows
                self._rows = []
        except _OverError:
            yield from self._rows

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self._cell, self._found, self._formula = attributes, [], None
            at = attributes.get("r")
            self._column = self._column + 1 if at is None else self._column_of(at)
        elif name == "v":
            self._value = self._found
        elif name == "row":
            at = attributes.get("r")
            self._row = self._row + 1 if at is None else int(at)
            if not 0 < self._row <= LAST_ROW:
                raise DamagedError(f"行番号{self._row}はExcelにありません。")
            self._cells, self._column = {}, -1
            self._hidden = "hidden" in attributes and _is_hidden(attributes)
        elif name == "f":
            self._value = self._formula = ["="]
        elif name == "is":
            self._inline = _Texts()
        elif self._inline is not None:
            self._inline.enter(name, attributes)
        elif name == "col" and _is_hidden(attributes) and len(self._unseen) < LAST_COLUMN:
            self._unseen.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))

    def _text(self, text: str) -> None:
        if self._value is not None:
            if len(self._value) < _PIECES:
                self._value.append(text)
        elif self._inline is not None:
            self._inline.take(text)

    def _end(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            if self._cell is not None and (self._found or self._formula or self._inline):
                cell = self._read(self._cell)
                if cell is not None:
                    if self._struck and self._cell.get("s") in self._struck:
                        cell = _struck_through(cell)
                    self._cells[self._column] = cell
            self._cell = self._inline = None
        elif name in ("v", "f"):
            self._value = None
        elif name == "row":
            if self._cells:
                self._rows.append(
                    SheetRow(self._row, self._cells, hidden=self._hidden, unseen=self._unseen)
                )
        elif name == "sheetData":
            raise _OverError
        elif self._inline is not None:
            self._inline.leave(name)

    def _column_of(self, at: str) -> int:
        letters = at.rstrip("0123456789")
        found = self._columns.get(letters)
        if found is None:
            if not re.fullmatch(r"[A-Za-z]{1,3}", letters):
                raise DamagedError(f"セル番地「{at[:20]}」はExcelにありません。")
            found = column_number(letters)
            if found >= LAST_COLUMN:
                raise DamagedError(f"セル番地「{at[:20]}」はExcelにありません。")
            self._columns[letters] = found
        return found

    def _read(self, attributes: Mapping[str, str]) -> SheetCell | None:
        if self._formula is not None:
            if attributes.get("t") == "str" and not any(self._found):
                return None  # it shows nothing, as forms do whose rows are prepared
            return Unusable("".join(self._formula)[:40], "数式です。値に置き換えてください。")
        kind = attributes.get("t", "n")
        if kind == "s":
            return self._shared("".join(self._found))
        if kind == "inlineStr":
            if self._inline is None:
                return None
            text = self._inline.text()
            return _struck_through(text) if self._inline.struck else text
        text = "".join(self._found)
        if kind == "n":
            style = attributes.get("s")
            shown_as = self._formats[int(style)] if style is not None and self._formats else ""
            return number(text, shown_as, self._epoch)
        if kind == "e":
            return Unusable(text[:40], f"エラー値({text[:40]})です。")
        if kind == "b":
            return "FALSE" if text.strip() in ("0", "false") else "TRUE"
        if kind == "d":
            return Moment(datetime.fromisoformat(text.strip()), "yyyy-mm-dd")
        return unescaped(text)

    def _shared(self, number: str) -> SheetCell:
        place = int(number)
        if not 0 <= place < len(self._strings):
            raise DamagedError(f"文字列の番号{number[:20]}がありません。")
        if place in self._struck_strings:
            return _struck_through(self._strings[place])
        return self._strings[place]


def _struck_through(cell: SheetCell) -> Unusable:
    """What somebody took back with a line and did not delete."""
    text = cell if isinstance(cell, str) else getattr(cell, "text", "")
    return Unusable(
        text[:MAX_LENGTH],
        "取り消し線で消されています。行か文字を削除するか、取り消し線を外してください。",
    )


def column_number(letters: str) -> int:
    """A column from 0.

    Examples:
        >>> column_number("A"), column_number("AB"), column_letters(27)
        (0, 27, 'AB')
    """
    found = 0
    for letter in letters.upper():
        found = found * 26 + ord(letter) - ord("A") + 1
    return found - 1


def column_letters(number: int) -> str:
    """A column as Excel names it; the first is 0."""
    letters = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


# ── numbers and how they are shown ────────────────────────────────────────────────────────────

_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_AFTER_FEBRUARY_1900 = 60
"""Excel counts February 29th, 1900, which was none; before it days are one further."""
_LAST_SERIAL = 2_958_466
_BUILT_IN: Mapping[int, str] = {
    **dict.fromkeys((3, 37, 38, 41, 42), "#,##0"),
    **dict.fromkeys((4, 39, 40, 43, 44), "#,##0.00"),
    **dict.fromkeys((2, 9, 10, 11, 12, 13, 48), "0.00"),
    14: "m/d/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yyyy h:mm",
    **dict.fromkeys((27, 36, 50, 54, 57), "[$-411]ge.m.d"),
    **dict.fromkeys((28, 29, 51, 58), '[$-411]ggge"年"m"月"d"日"'),
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"時"mm"分"',
    33: 'h"時"mm"分"ss"秒"',
    **dict.fromkeys((34, 52, 55), 'yyyy"年"m"月"'),
    **dict.fromkeys((35, 53, 56), 'm"月"d"日"'),
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
}
"""Formats that files do not spell out; 27 to 58 as Japanese Excel shows them."""
_NOT_SHOWN = re.compile(r'"[^"]*"|\[(?!(?:h+|m+|s+)\])[^]]*\]|\\.|_.|general|g/標準|e[+-]')


@lru_cache(maxsize=1024)
def date_pattern(code: str) -> str:
    """What of a format stands for parts of a date or a time, in small letters."""
    return _NOT_SHOWN.sub("", code.split(";")[0].lower())


@lru_cache(maxsize=1024)
def _shows_a_date(code: str) -> bool:
    return bool(re.search("[ymdhsge]", date_pattern(code)))


_AS_IT_IS = frozenset(("", "general", "@", "0", "g/標準", "standard"))
_WITH_WORDS = re.compile(r'(?:"([^"]*)")?(?:0|#|general)(?:"([^"]*)")?', re.IGNORECASE)
_ALL_DIGITS = re.compile("0{2,20}")


def number(text: str, shown_as: str, epoch: date) -> SheetCell | None:
    """A number as a cell: whole ones without a decimal part, days as days where shown so."""
    text = text.strip()
    if not text:
        return None
    if not shown_as:
        kind = Numeral if epoch is _EPOCH_1900 else Numeral1904
        if len(text) <= 15 and text.isdecimal() and text.isascii():  # the usual ones
            return kind(int(text))
        return kind(_plainly(float(text)))
    if not _shows_a_date(shown_as):
        return _figure(float(text), shown_as)
    serial = float(text)
    if 0 <= serial < 1 and not re.search("[ymdge]", date_pattern(shown_as).replace("mm", "")):
        return str(timedelta(seconds=round(serial * 86_400)))
    moment = _moment(serial, epoch)
    if moment is None:
        return Unusable(text[:40], f"日付にならない数({text[:20]})です。")
    return Moment(moment, shown_as)


def _plainly(value: float) -> str:
    """A number in the fifteen digits that Excel knows, whole ones without a decimal part."""
    return str(int(value)) if value.is_integer() else f"{value:.15g}"


def _figure(value: float, shown_as: str) -> SheetCell:
    """A number shown with leading zeros, with words beside it, or as an amount."""
    whole = _plainly(value)
    if _ALL_DIGITS.fullmatch(shown_as):
        return whole.zfill(len(shown_as))
    if words := _WITH_WORDS.fullmatch(shown_as):
        return f"{words[1] or ''}{whole}{words[2] or ''}"
    return Quantity(whole)


def _moment(serial: float, epoch: date) -> datetime | None:
    """The day and time of a day number; None when there is none."""
    if not 0 <= serial <= _LAST_SERIAL:
        return None
    days, seconds = divmod(round(serial * 86_400), 86_400)
    if epoch == _EPOCH_1900 and days < _AFTER_FEBRUARY_1900:
        days += 1
    if days > (date.max - epoch).days:
        return None
    return datetime.combine(epoch + timedelta(days=days), datetime.min.time()) + timedelta(
        seconds=seconds
    )
