"""A workbook with marks in its cells, read through without being held."""

from __future__ import annotations

import re

from core.imports.excel_text import unescaped
from core.imports.package import (
    SMALL,
    DamagedError,
    OversizedError,
    Package,
    attribute,
    read_through,
    relations,
    xml_parser,
)
from core.values.marks import has_marks

MOST = 30_000_000
"""Most bytes of all parts together: a form is a page or two."""
_MOST_CELLS = 150_000
"""Most cells of all sheets together: filling in holds them in memory."""
_SHOWN_ELSEWHERE = {
    "drawing": "図形",
    "vmlDrawing": "図形",
    "comments": "コメント",
    "threadedComment": "コメント",
}


class MarkedBook:
    """What a workbook says.

    Attributes:
        sheets: By name, in order.
        names: Defined names and what they refer to.
    """

    def __init__(self, package: Package) -> None:
        self.sheets: dict[str, MarkedSheet] = {}
        self.names: list[tuple[str, str]] = []
        self._package = package
        main = next((t for _, kind, t, _ in relations(package, "") if kind == "officeDocument"), "")
        self._main = main or "xl/workbook.xml"
        self._related = {key: (kind, to) for key, kind, to, _ in relations(package, self._main)}
        self._parts: dict[str, str] = {}
        self._read_book()
        marked = self._marked_strings()
        for name, part in self._parts.items():
            room = _MOST_CELLS - sum(each.cells for each in self.sheets.values())
            self.sheets[name] = sheet = MarkedSheet(package, part, marked, room)
            for _, kind, target, outside in relations(package, part):
                if not outside and target in package:
                    sheet.related.add(kind)
                    self._look_beside(sheet, kind, target)

    def _look_beside(self, sheet: MarkedSheet, kind: str, target: str) -> None:
        if kind in _SHOWN_ELSEWHERE and has_marks(all_text(self._package, target)):
            sheet.elsewhere.append(_SHOWN_ELSEWHERE[kind])
        elif kind == "table" and has_marks(_headings(self._package, target)):
            # Excel would repair a file whose headings are not its table's
            sheet.elsewhere.append("テーブルの見出し")

    def _read_book(self) -> None:
        heard: list[str] | None = None
        named = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal heard, named
            if name == "sheet":
                kind, target = self._related.get(attribute(attributes, "id"), ("", ""))
                if kind == "worksheet" and target in self._package:
                    self._parts[attributes.get("name", "")] = target
            elif name == "definedName":
                heard, named = [], attributes.get("name", "")

        def text(said: str) -> None:
            if heard is not None:
                heard.append(said)

        def end(name: str) -> None:
            nonlocal heard
            if name == "definedName" and heard is not None:
                self.names.append((named, "".join(heard)))
                heard = None

        with self._package.open(self._main, SMALL) as stream:
            read_through(stream, xml_parser(start, end, text))
        if not self._parts:
            raise DamagedError("表のシートがありません。")

    def _marked_strings(self) -> dict[int, str]:
        """Shared texts that have marks, by number."""
        part = next((t for k, t in self._related.values() if k == "sharedStrings"), "")
        found: dict[int, str] = {}
        if part not in self._package:
            return found
        number, aloud = 0, 0
        heard: list[str] = []
        inside = False

        def start(name: str, _attributes: dict[str, str]) -> None:
            nonlocal inside, aloud
            if name == "si":
                heard.clear()
            elif name == "rPh":
                aloud += 1
            elif name == "t":
                inside = not aloud

        def end(name: str) -> None:
            nonlocal number, inside, aloud
            if name == "si":
                text = unescaped("".join(heard))
                if has_marks(text):
                    found[number] = text
                number += 1
            elif name == "rPh":
                aloud -= 1
            elif name == "t":
                inside = False

        def text(said: str) -> None:
            if inside:
                heard.append(said)

        with self._package.open(part, SMALL) as stream:
            read_through(stream, xml_parser(start, end, text))
        return found


_EDGE = re.compile(r"(odd|even|first)(Header|Footer)")


class MarkedSheet:
    """What of a sheet matters to a form.

    Attributes:
        part: Where it is in the file.
        texts: By cell, what has marks.
        formulas: Cells that compute.
        cells: How many there are, empty ones too.
        elsewhere: Where else than in cells there are marks, in words.
        merged: Of merged cells, left, top, right, bottom and the first one.
        related: Kinds of what it refers to.
    """

    def __init__(self, package: Package, part: str, marked: dict[int, str], room: int) -> None:
        self.texts: dict[str, str] = {}
        self.formulas: set[str] = set()
        self.elsewhere: list[str] = []
        self.merged: list[tuple[int, int, int, int, str]] = []
        self.related: set[str] = set()
        self.part = part
        self._marked = marked
        self.cells, self._room = 0, room
        self._row, self._column = 0, 0
        self._cell, self._kind = "", ""
        self._heard: list[str] | None = None
        self._aloud = 0
        with package.open(part, MOST) as stream:
            read_through(stream, xml_parser(self._start, self._end, self._text))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._row, self._column = int(attributes.get("r") or self._row + 1), 0
        elif name == "c":
            self.cells += 1
            if self.cells > self._room:
                raise OversizedError(f"セルが{_MOST_CELLS:,}を超えます。")
            at = _parted(attributes.get("r", ""))
            self._column = at[0] if at else self._column + 1
            self._cell = f"{column_name(self._column)}{at[1] if at else self._row}"
            self._kind = attributes.get("t", "")
        elif name == "f":
            self.formulas.add(self._cell)
        elif name in ("v", "is") or _EDGE.fullmatch(name):
            self._heard = []
        elif name == "rPh":
            self._aloud += 1
        elif name == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            begin, finish = _parted(first), _parted(last or first)
            if begin and finish:
                self.merged.append((*begin, *finish, first.replace("$", "")))

    def _text(self, text: str) -> None:
        if self._heard is not None and not self._aloud:
            self._heard.append(text)

    def _end(self, name: str) -> None:
        if name == "rPh":
            self._aloud -= 1
        elif name in ("v", "is") or _EDGE.fullmatch(name):
            text, self._heard = "".join(self._heard or ()), None
            if name == "v" and self._kind == "s":
                text = self._marked.get(int(text), "") if text.isdecimal() else ""
            else:
                text = unescaped(text)
            if not has_marks(text):
                return
            if name in ("v", "is"):
                self.texts[self._cell] = text
            else:
                self.elsewhere.append("ヘッダー・フッター")

    def top_left(self, cell: str) -> str:
        """The cell that shows what is in one: of merged ones the first."""
        at = _parted(cell)
        for left, top, right, bottom, first in self.merged:
            if at and left <= at[0] <= right and top <= at[1] <= bottom:
                return first
        return cell


def _parted(cell: str) -> tuple[int, int] | None:
    """Column and row from 1 of ``$B$4``."""
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})", cell)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column, int(found[2])


def column_name(column: int) -> str:
    """A, B, … of a column from 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _headings(package: Package, part: str) -> str:
    """What the columns of a table are called."""
    heard: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "tableColumn":
            heard.append(attributes.get("name", ""))

    with package.open(part, SMALL) as stream:
        read_through(stream, xml_parser(start))
    return " ".join(heard)


def all_text(package: Package, part: str) -> str:
    """Whatever is written in a part, run together."""
    heard: list[str] = []
    with package.open(part, SMALL) as stream:
        read_through(stream, xml_parser(lambda *_: None, None, heard.append))
    return "".join(heard)
