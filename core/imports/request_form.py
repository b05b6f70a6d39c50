"""Where a municipality's own form wants what: marks in cells, and defined names.

Everything that stands against a form is told at once, each with its place. Runs in a process of its
own, after core.imports.attachments has looked at what acts in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from core.consultation.attachment import Finding
from core.estimate.request_form import (
    AMOUNTS,
    FormPlace,
    field_named,
    has_marks,
    mark_problems,
    near_name,
)
from core.imports.attachments import inspected_workbook
from core.imports.file_kind import refuse_others, refused
from core.imports.package import (
    SMALL,
    DamagedError,
    LockedError,
    OversizedError,
    Package,
    attribute,
    read_through,
    relations,
    xml_parser,
)
from core.imports.workbook import unescaped

_MOST = 30_000_000
"""Most bytes of all parts together: a form is a page or two."""
_MOST_CELLS = 150_000
"""Most cells of all sheets together: filling in holds them in memory."""
_MOST_TOLD = 20
_SHOWN_ELSEWHERE = {
    "drawing": "図形",
    "vmlDrawing": "図形",
    "comments": "コメント",
    "threadedComment": "コメント",
}


def plain_form(contents: Sequence[bytes], name: Any) -> Iterator[Any]:
    """What the reading process answers: findings, notes and places.

    Raises:
        InvalidInputError: Field ``file``: what cannot be taken, or everything to be put right.
    """
    content = contents[0]
    refuse_others(content)
    findings = inspected_workbook(str(name), content)
    try:
        form = _Form(Package(content, _MOST))
    except LockedError:
        raise refused("パスワードがかかっています。解除して保存し直してください。") from None
    except OversizedError as error:
        raise refused(f"様式としては大きすぎるファイルです({error})。") from None
    except DamagedError as error:
        raise refused(f"Excelファイル(.xlsx)として読めません({error})。") from None
    if not any(field in AMOUNTS for place in form.places for field in place.fields):
        form.problems.append(
            "要求額を入れる場所がありません。その金額のセルに {{要求額}} か {{要求額千円}} と書くか、"
            "セルに「要求額」という名前を付けてください。"
        )
    if form.problems:
        raise refused(_told(form.problems))
    yield [finding.value for finding in findings], form.notes
    for place in form.places:
        yield place.part, place.sheet, place.cell, place.text


def _told(problems: Sequence[str]) -> str:
    """All of them in one sentence after another, numbered where there are several."""
    if len(problems) == 1:
        return problems[0]
    told = [f"({n}) {problem}" for n, problem in enumerate(problems[:_MOST_TOLD], start=1)]
    more = len(problems) - _MOST_TOLD
    return " ".join(
        [f"{len(problems)}か所を直してください。", *told, *([f"ほか{more}件。"] * (more > 0))]
    )


class _Form:
    """What a workbook says.

    Attributes:
        places: In the order of sheets and cells, then by defined name.
        problems: What has to be put right first.
        notes: What may be meant otherwise.
    """

    def __init__(self, package: Package) -> None:
        self.places: list[FormPlace] = []
        self.problems: list[str] = []
        self.notes: list[str] = []
        self._package = package
        main = next((t for _, kind, t, _ in relations(package, "") if kind == "officeDocument"), "")
        self._main = main or "xl/workbook.xml"
        self._related = {key: (kind, to) for key, kind, to, _ in relations(package, self._main)}
        self._sheets: dict[str, str] = {}
        self._names: list[tuple[str, str]] = []
        self._read_book()
        marked = self._marked_strings()
        sheets: dict[str, _Sheet] = {}
        for name, part in self._sheets.items():
            room = _MOST_CELLS - sum(each.cells for each in sheets.values())
            sheets[name] = sheet = _Sheet(package, part, marked, room)
            for cell, text in sheet.texts.items():
                self._place(FormPlace(part, name, cell, text), sheet)
            for text in sheet.header:
                self._elsewhere(name, "ヘッダー・フッター", text)
            for _, kind, target, outside in relations(package, part):
                if outside or target not in package:
                    continue
                if kind in _SHOWN_ELSEWHERE:
                    self._elsewhere(name, _SHOWN_ELSEWHERE[kind], _all_text(package, target))
                elif (
                    kind == "table"
                ):  # Excel would repair a file whose headings are not its table's
                    self._elsewhere(name, "テーブルの見出し", _headings(package, target))
        for name, target in self._names:
            self._named(name, target, sheets)

    def _read_book(self) -> None:
        heard: list[str] | None = None
        named = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal heard, named
            if name == "sheet":
                kind, target = self._related.get(attribute(attributes, "id"), ("", ""))
                if kind == "worksheet" and target in self._package:
                    self._sheets[attributes.get("name", "")] = target
            elif name == "definedName":
                heard, named = [], attributes.get("name", "")

        def text(said: str) -> None:
            if heard is not None:
                heard.append(said)

        def end(name: str) -> None:
            nonlocal heard
            if name == "definedName" and heard is not None:
                self._names.append((named, "".join(heard)))
                heard = None

        with self._package.open(self._main, SMALL) as stream:
            read_through(stream, xml_parser(start, end, text))
        if not self._sheets:
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

    def _place(self, place: FormPlace, sheet: _Sheet) -> None:
        wrong = list(mark_problems(place))
        if place.cell in sheet.formulas:
            wrong.append(f"{place.where}: 数式のセルには入れられません。別のセルにしてください。")
        self.problems += wrong
        if not wrong:
            self.places.append(place)

    def _elsewhere(self, sheet: str, what: str, text: str) -> None:
        if has_marks(text):
            self.problems.append(
                f"シート「{sheet}」の{what}: ここの「{{{{…}}}}」には入れられません。セルに書いてください。"
            )

    def _named(self, name: str, target: str, sheets: dict[str, _Sheet]) -> None:
        field = field_named(name)
        if field is None:
            near = None if name.startswith("_xlnm") else near_name(name)
            if near is not None:
                self.notes.append(
                    f"名前「{name}」({target[:60]})は使いません。"
                    f"「{near.label}」のつもりなら、その名前に直してください。"
                )
            return
        found = _CELL.fullmatch(target.strip())
        sheet_name = ""
        if found:
            sheet_name = (found["quoted"] or "").replace("''", "'") or str(found["plain"])
        if not found or sheet_name not in sheets:
            self.problems.append(
                f"名前「{name}」: 「{target[:60]}」はこのファイルの1つのセルではありません。"
                "名前の管理で参照先を直してください。"
            )
            return
        sheet = sheets[sheet_name]
        cell = sheet.top_left(f"{found['column']}{int(found['row'])}")
        place = FormPlace(self._sheets[sheet_name], sheet_name, cell, f"{{{{{field.label}}}}}")
        if not any((known.part, known.cell) == (place.part, cell) for known in self.places):
            self._place(place, sheet)


_CELL = re.compile(
    r"=?(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!,]+))!"
    r"\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d{1,7})(?::\$?[A-Z]{1,3}\$?\d{1,7})?"
)


FormPlaces = tuple[FormPlace, ...]
_EDGE = re.compile(r"(odd|even|first)(Header|Footer)")


class _Sheet:
    """What of a sheet matters to a form.

    Attributes:
        texts: By cell, what has marks.
        formulas: Cells that compute.
        cells: How many there are, empty ones too.
        header: Texts at the edges of the paper.
    """

    def __init__(self, package: Package, part: str, marked: dict[int, str], room: int) -> None:
        self.texts: dict[str, str] = {}
        self.formulas: set[str] = set()
        self.header: list[str] = []
        self._merged: list[tuple[int, int, int, int, str]] = []
        self._marked = marked
        self.cells, self._room = 0, room
        self._row, self._column = 0, 0
        self._cell, self._kind = "", ""
        self._heard: list[str] | None = None
        self._aloud = 0
        with package.open(part, _MOST) as stream:
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
                self._merged.append((*begin, *finish, first.replace("$", "")))

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
                self.header.append(text)

    def top_left(self, cell: str) -> str:
        """The cell that shows what is in one: of merged ones the first."""
        at = _parted(cell)
        for left, top, right, bottom, first in self._merged:
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


def _all_text(package: Package, part: str) -> str:
    heard: list[str] = []
    with package.open(part, SMALL) as stream:
        read_through(stream, xml_parser(lambda *_: None, None, heard.append))
    return "".join(heard)


def places_of(answer: Iterator[Any]) -> tuple[tuple[Finding, ...], tuple[str, ...], FormPlaces]:
    """Findings, notes and places of what :func:`plain_form` answered."""
    findings, notes = next(answer)
    places = tuple(FormPlace(*map(str, place)) for place in answer)
    return tuple(map(Finding, findings)), tuple(map(str, notes)), places
