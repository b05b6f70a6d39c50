"""A Word document with marks in its paragraphs: where they stand, however Word has split them.

Word cuts a word into runs wherever somebody paused or a spelling was checked; a mark is looked for
in the text of a whole paragraph. Check and filling both see a document through here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from core.imports.marked_book import MOST, all_text
from core.imports.package import Package, relations
from core.imports.xml_tree import local, parsed, space_of
from core.subsidy.document import MarkedText, marks_in
from core.values.marks import has_marks

EDGES = {"header": "ヘッダー", "footer": "フッター"}
"""Parts that are filled in beside the document itself, by their kind."""
_BESIDE = {
    "footnotes": "脚注",
    "endnotes": "文末脚注",
    "comments": "コメント",
    "chart": "グラフ",
    "diagramData": "SmartArt",
}
_UNSEEN = frozenset({"settings", "styles", "theme", "fontTable", "webSettings", "numbering"})


@dataclass
class WordText:
    """A paragraph.

    Attributes:
        pieces: Elements that hold its text, in order; not those of a text box within it.
        where: As a reader finds it.
        row: The row of a table it stands in; None for none.
        depth: How many tables it stands in.
    """

    where: str
    row: Any
    depth: int
    pieces: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What is written there."""
        return "".join(each.text or "" for each in self.pieces)


def paragraphs(root: Any, edge: str = "") -> Iterator[WordText]:
    """The paragraphs below an element, each at its end.

    Args:
        edge: What the part is called; empty for the document itself.
    """
    walk = _Walk(edge)
    space = space_of(root)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str) or not element.tag.startswith(space):
            continue
        name = element.tag.removeprefix(space)
        if event == "start":
            walk.begin(name, element)
        elif name == "p":
            yield walk.open.pop()
        else:
            walk.end(name)


class _Walk:
    """Where in a part a reader is."""

    def __init__(self, edge: str) -> None:
        self.open: list[WordText] = []
        self._edge = edge
        self._tables: list[list[int]] = []  # row and column of each table that is open
        self._rows: list[Any] = []
        self._table, self._paragraph, self._boxes = 0, 0, 0

    def begin(self, name: str, element: Any) -> None:
        if name == "tbl":
            self._table += not self._tables
            self._tables.append([0, 0])
        elif name == "tr":
            self._rows.append(element)
            if self._tables:
                self._tables[-1] = [self._tables[-1][0] + 1, 0]
        elif name == "tc" and self._tables:
            self._tables[-1][1] += 1
        elif name == "txbxContent":
            self._boxes += 1
        elif name == "p":
            self._paragraph += not self._tables and not self._boxes
            row = self._rows[-1] if self._rows else None
            self.open.append(WordText(self._where(), row, len(self._tables)))
        elif name == "t" and self.open:
            self.open[-1].pieces.append(element)

    def end(self, name: str) -> None:
        if name == "tbl":
            self._tables.pop()
        elif name == "tr":
            self._rows.pop()
        elif name == "txbxContent":
            self._boxes -= 1

    def _where(self) -> str:
        box = "テキストボックス" if self._boxes else ""
        if self._tables:
            row, column = self._tables[0]
            return f"{self._edge}表{self._table}の{row}行目・{column}列目{box}"
        return f"{self._edge}{box}" or f"本文の{self._paragraph}段落目"


def marked_word(package: Package) -> Iterator[tuple[MarkedText, int]]:
    """What of a document has marks, and how many of its rows are repeated for it.

    Args:
        package: Small enough to be held; nothing acts in it (core.imports.attachments).
    """
    main = next((t for _, kind, t, _ in relations(package, "") if kind == "officeDocument"), "")
    yield from _in_part(package, main, "")
    for _, kind, target, outside in relations(package, main):
        if outside or target not in package or not target.endswith(".xml") or kind in _UNSEEN:
            continue
        if kind in EDGES:
            yield from _in_part(package, target, EDGES[kind])
        elif has_marks(text := all_text(package, target)):
            where = _BESIDE.get(kind, "本文の外")
            yield MarkedText(where, text, in_row=True, fixed=_NOT_HERE), 0


_NOT_HERE = "ここには入れられません。本文、表、ヘッダー、フッターに書いてください。"
_NESTED = "表の中の表では行を繰り返せません。外側の表に書いてください。"


def _in_part(package: Package, part: str, edge: str) -> Iterator[tuple[MarkedText, int]]:
    root = parsed(package.read(part, MOST))
    if local(root) not in ("document", "hdr", "ftr"):
        return
    seen: list[Any] = []
    for each in paragraphs(root, edge):
        text = each.text
        if not has_marks(text) and "{%" not in text and "{#" not in text:
            continue
        repeated = repeats(text) and each.row is not None
        new = repeated and not any(each.row is row for row in seen)
        if new:
            seen.append(each.row)
        fixed = _NESTED if repeated and each.depth > 1 else ""
        yield MarkedText(each.where, text, in_row=each.row is not None, fixed=fixed), int(new)


def repeats(text: str) -> bool:
    """Whether a text has its row repeated."""
    return any(mark.of_row for mark in marks_in(text))
