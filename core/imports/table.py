"""A file's bytes as rows of cells under known headings, within stated limits.

CSV as Japanese offices make it, told by its bytes, and Excel workbooks row by row; formulas are
refused, not calculated. Runs in a process of its own: core.imports.reader_process.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar

from core.imports.file_kind import damage_refused, decoded, refuse_others, refused
from core.imports.workbook import (
    Moment,
    Numeral,
    Numeral1904,
    OpenBook,
    Quantity,
    SheetCell,
    column_letters,
    date_pattern,
)
from core.procurement.layout import unguarded
from core.values.errors import InvalidInputError
from core.values.fiscal import PartialDate, Precision
from core.values.free_text import unadorned, visible

C = TypeVar("C")

MAX_TEXT = 10_000
"""Longest text of a cell, characters."""
MAX_LINE = 1_000_000
"""Longest line of a CSV, characters; what is longer has no line ends."""
_WITHIN = 20
"""The headings stand in one of the first rows; titles may stand above."""
_WIDEST = 1_000
"""Columns that are looked at; headings stand further left."""


class Cell(NamedTuple):
    """A cell; a tuple, since a file has a million of them."""

    text: str  # what is written, numbers without a decimal part; surrounding spaces kept out
    day: PartialDate | None = None  # when the cell holds a date and not text
    problem: str = ""  # why it cannot be used (a formula, an error); empty for none
    # Year the workbook counts days from, where a bare number stands; 0 for texts, -1 for numbers
    # that are shown as amounts and are no days
    epoch: int = 0
    told: str = ""  # what is to be told of how it was read; empty for nothing

    @property
    def is_empty(self) -> bool:
        return not self.text and self.day is None and not self.problem

    def plain(self) -> Any:
        """As JSON holds it; :func:`cell_of` reads it."""
        if self.day is None and not (self.problem or self.epoch or self.told):
            return self.text
        day = self.day and (self.day.first.isoformat(), self.day.precision.value)
        return [self.text, day, self.problem, self.epoch, self.told]


def cell_of(plain: Any) -> Cell:
    """The cell of what :meth:`Cell.plain` made."""
    if isinstance(plain, str):
        return Cell(plain)
    text, day, problem, epoch, told = plain
    read = None
    if day is not None:
        read = PartialDate(date.fromisoformat(day[0]), Precision(day[1]))
    return Cell(str(text), read, str(problem), int(epoch), str(told))


def text_cell(text: str) -> Cell:
    """A cell of text."""
    if len(text) > MAX_TEXT:
        return Cell(text[:40], problem=f"{MAX_TEXT:,}文字を超えています。")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Cell(text.strip())


class RawRow(NamedTuple):
    """A line as it stands in the file; see :class:`core.imports.workbook.SheetRow`."""

    number: int
    cells: Mapping[int, SheetCell]
    carried: frozenset[int] = frozenset()
    joined: Sequence[tuple[int, int]] = ()
    hidden: bool = False
    unseen: Sequence[tuple[int, int]] = ()


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────

_DELIMITERS = (",", "\t", ";")
_EXCEL_TEXT = re.compile(r'="((?:[^"]|"")*)"')


def csv_rows(text: str, delimiter: str) -> Iterator[RawRow]:
    """Rows with the line each begins on.

    Raises:
        InvalidInputError: Field ``file``: badly quoted.
    """
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    line = 1
    try:
        for cells in reader:
            if line == 1 and len(cells) == 1 and cells[0].lower().startswith("sep="):
                line = reader.line_num + 1
                continue  # what tells Excel the delimiter
            yield RawRow(line, dict(enumerate(map(_written, cells[:_WIDEST]))))
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused(
            f"{line}行目: CSVの書き方に誤りがあります({_said(error)})。引用符を確かめてください。"
        ) from None


def _written(cell: str) -> str:
    """What somebody meant by a cell: a guarded text, or a code that Excel was told to leave."""
    if cell.startswith('="') and (found := _EXCEL_TEXT.fullmatch(cell)):
        return found[1].replace('""', '"')
    return unguarded(cell)


def _said(error: csv.Error) -> str:
    words = str(error)
    if "field limit" in words:
        return (
            f"1つのセルが{csv.field_size_limit():,}文字を超えます。閉じていない引用符がありませんか"
        )
    if "unexpected end" in words:
        return "引用符が閉じていません"
    if "new-line" in words:
        return "引用符の外に改行の片割れがあります"
    return "引用符の後に区切りがありません"


# ── workbooks ─────────────────────────────────────────────────────────────────────────────────


def _cell(held: SheetCell) -> Cell:
    if isinstance(held, Numeral):
        epoch = (
            -1 if isinstance(held, Quantity) else 1904 if isinstance(held, Numeral1904) else 1900
        )
        return Cell(str(held), epoch=epoch)
    if isinstance(held, str):
        return text_cell(held)
    if isinstance(held, Moment):
        return _dated(held.value, held.shown_as)
    return Cell(held.text, problem=held.problem)


def _dated(value: datetime, shown_as: str) -> Cell:
    if (value.hour, value.minute, value.second) != (0, 0, 0):
        return Cell(str(value), problem="日付に時刻が付いています。日付だけにしてください。")
    day = value.date()
    pattern = date_pattern(shown_as)
    if "d" in pattern and not re.search("[yge]", pattern):
        return Cell(
            day.isoformat(),
            PartialDate(day, Precision.DAY),
            told=f"{day.month}月{day.day}日(年は表示されていない)→{day.isoformat()}",
        )
    if "d" in pattern or not pattern:
        return Cell(day.isoformat(), PartialDate(day, Precision.DAY))
    if "m" in pattern:
        if not re.search("[yge]", pattern):
            return Cell(
                day.isoformat(), problem="月だけが表示された日付です。年から表示してください。"
            )
        return Cell(f"{day.year}年{day.month}月", PartialDate(day.replace(day=1), Precision.MONTH))
    return _of_a_year(day)


def _of_a_year(day: date) -> Cell:
    """A day of which only the year is shown: a fiscal year, when that is the same one."""
    if day.month < _APRIL:
        return Cell(
            day.isoformat(),
            problem=f"{day.year}年とだけ表示されていますが、値は{day.isoformat()}({day.year - 1}年度)です。"
            "年度か、月までの日付を入れ直してください。",
        )
    return Cell(
        f"{day.year}年度",
        PartialDate(date(day.year, _APRIL, 1), Precision.FISCAL_YEAR),
        told=f"{day.year}年とだけ表示された{day.isoformat()}→{day.year}年度",
    )


_APRIL = 4


# ── headings ──────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=4096)
def heading_form(text: str) -> str:
    """A heading without blanks, line ends, width, and what is only remarked beside it.

    Examples:
        >>> heading_form("適 用\\n日（必須）"), heading_form("※団体ｺｰﾄﾞ*")
        ('適用日', '団体コード')
    """
    form = re.sub(r"\s", "", unicodedata.normalize("NFKC", unadorned(text)))
    bare = re.sub(r"[(\[【〔<「].*?[)\]】〕>」]", "", form)
    return _REMARKED.sub("", bare or form).casefold()


_REMARKED = re.compile(r"^(?:[※*●○◎◆■・]+|\d{1,2}[.):、]?)|(?:[※*]\d*(?:必須)?|[:●▼▽↓]+)$")


_LONGEST_HEADING = 40


class Headings(Generic[C]):
    """Which columns a list has, and what they are called.

    Args:
        columns: All of them; each is its own heading.
        others: Other headings of a column.
        enough: Whether these columns make a list; others are titles, or another table.
        most: Most columns with a heading; None for as many as are looked at.
        number: Column that says that a row is a record of its own, to be read to the letter.
    """

    def __init__(
        self,
        columns: Sequence[C],
        others: Mapping[C, Sequence[str]],
        enough: Callable[[Collection[C]], bool],
        most: int | None = None,
        number: C | None = None,
    ) -> None:
        self.number = number
        self._own = {heading_form(str(column)): column for column in columns}
        self._others = {
            heading_form(name): column for column, names in others.items() for name in names
        }
        self._known = {**self._others, **self._own}
        self.enough = enough
        self._most = most

    def knows(self, text: str) -> bool:
        """Whether a text is a heading."""
        return len(text) <= _LONGEST_HEADING and heading_form(text) in self._known

    def places(self, names: Sequence[str]) -> dict[int, C]:
        """Place → column, when these texts are the headings; otherwise empty.

        Raises:
            InvalidInputError: Field ``file``: they are, but two are the same, or too many.
        """
        forms = [heading_form(name) if name else "" for name in names]
        known = self._known
        if not self.enough({known[form] for form in forms if form in known}):
            return {}
        if self._most is not None and len(names) > self._most:
            raise refused(f"列が多すぎます({len(names)}列)。{self._most}列までです。")
        found: dict[int, C] = {}
        for column in dict.fromkeys(known.values()):
            own = [p for p, form in enumerate(forms) if self._own.get(form) == column]
            other = [p for p, form in enumerate(forms) if self._others.get(form) == column]
            fitting = own or other
            if len(fitting) > 1:
                twice = "、".join(
                    f"{column_letters(place)}列「{names[place]}」" for place in fitting
                )
                raise refused(
                    f"同じ見出しの列が2つ以上あります: {twice}(どちらも「{column}」)。"
                    "使わない列の見出しを変えるか、列を消してください。"
                )
            found.update(dict.fromkeys(fitting, column))
        return found


@dataclass
class Told:
    """What is told of a file besides its rows.

    Attributes:
        sheet: Name of the sheet; empty for a CSV.
        columns: Those that have a heading.
        unread: Headings that mean nothing here, as written.
        left_out: Line and first words of what is no row: sums, remarks, headings once more.
        other_sheets: Sheets with the same headings that are not read.
    """

    sheet: str = ""
    columns: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    other_sheets: list[str] = field(default_factory=list)

    def leave_out(self, line: int, words: str) -> None:
        """Note a line that is no row; a few hundred are told, whatever a file holds."""
        if len(self.left_out) < _MOST_LEFT_OUT:
            self.left_out.append((line, words))


_MOST_LEFT_OUT = 500


class FoundRow(NamedTuple, Generic[C]):
    """A row beneath the headings.

    Attributes:
        line: Row of the sheet, or line of the file it begins on.
        cells: By column; empty ones left out.
        problems: Why the row cannot be used as it stands, whatever its cells hold.
    """

    line: int
    cells: dict[C, Cell]
    problems: list[str]


def rows_below(
    content: bytes,
    headings: Headings[C],
    told: Told,
    *,
    sheet: str,
    missing: str,
    max_bytes: int,
    max_rows: int,
    advice: str = "",
) -> Iterator[FoundRow[C]]:
    """Rows of a workbook (.xlsx) or a CSV (UTF-8 with or without BOM, CP932); told by its content.

    Args:
        told: Gets the sheet and the headings before the first row, the rest as it is met.
        sheet: Name of the sheet to prefer to others.
        missing: What to say when no row has the headings.
        advice: What to do about a file that is too large.

    Raises:
        InvalidInputError: Field ``file``: too large, unreadable, no headings, no rows.
    """
    if len(content) > max_bytes:
        raise refused(
            f"ファイルが大きすぎます({len(content):,}バイト)。{max_bytes:,}バイトまでです。{advice}"
        )
    if not content.strip():
        raise refused("ファイルが空です。")
    refuse_others(content)
    many = 0
    with damage_refused(content):
        is_book = content[:4] == b"PK\x03\x04"
        table = _in_book(content, headings, told, sheet, missing) if is_book else _in_csv(
            content, headings, missing
        )  # fmt: skip
        told.columns.extend(map(str, table.columns))
        told.unread.extend(table.unread)
        for row in table.rows:
            found = table.read(row, told)
            if found is None:
                continue
            many += 1
            if many > max_rows:
                raise refused(f"行が多すぎます。{max_rows:,}行までです。{advice}")
            yield found
    if not many:
        raise refused("見出しの下に行がありません。")


class _Table(Generic[C]):
    """A table whose headings were found."""

    def __init__(
        self,
        names: Sequence[str],
        places: Mapping[int, C],
        rows: Iterator[RawRow],
        headings: Headings[C],
        *,
        is_book: bool,
    ) -> None:
        self.rows = rows
        self._headings = headings
        self._places = places
        self._names = names
        self._written = frozenset(name for name in names if name)
        self._above: Mapping[C, Cell] = {}
        self._number = next((p for p, c in places.items() if c == headings.number), -1)
        self._is_book = is_book
        self._named = frozenset(place for place, name in enumerate(self._names) if name)
        self.columns = [*places.values()]
        self.unread = [
            name for place, name in enumerate(self._names) if name and place not in places
        ]

    def read(self, row: RawRow, told: Told) -> FoundRow[C] | None:
        """The row, or None where it is none: empty, a sum, a remark, the headings once more."""
        held = row.cells
        own = [place for place in held if place not in row.carried] if row.carried else held
        if not any(held[place] for place in own):
            return None
        lead = next((each for each in held.values() if each), "")
        if isinstance(lead, str) and self._may_be_heading(lead) and self._is_headings(row):
            told.leave_out(row.number, "見出しの繰り返し")
            return None
        found: dict[C, Cell] = {}
        for place, column in self._places.items():
            if place in held and not (cell := _cell(held[place])).is_empty:
                if cell.text in _DITTO and not held.get(self._number):
                    cell = self._as_above(column, cell.text)
                found[column] = cell
        is_whole = self._headings.enough(found)
        may_be_none = not is_whole or (isinstance(lead, str) and _UNLIKELY.match(lead))
        if may_be_none and self._is_no_row(row, told, is_whole=is_whole):
            return None
        problems: list[str] = []
        if not self._named >= held.keys():
            problems.extend(self._without_heading(row))
            if problems and not found:  # beside or beneath the table
                told.leave_out(row.number, problems[0][:80])
                return None
        if row.joined:
            problems.extend(self._joined(row))
        for place in row.carried:
            if place in self._places and (column := self._places[place]) in found:
                cell = found[column]
                found[column] = cell._replace(told=f"{column}: 結合セルの「{cell.text[:40]}」")
        if not found and not problems:
            return None
        self._above = {**found}
        if found and (row.hidden or row.unseen):
            self._tell_unseen(row, found)
        return FoundRow(row.number, found, problems)

    def _may_be_heading(self, lead: str) -> bool:
        return not lead.isdecimal() and (lead in self._written or self._headings.knows(lead))

    def _is_headings(self, row: RawRow) -> bool:
        """Whether the row says once more what the columns are.

        Raises:
            InvalidInputError: Field ``file``: it does, and says something else.
        """
        places = self._headings.places(_names(row.cells))
        if places and places != self._places:
            raise refused(
                f"{row.number}行目に、列の並びが違う見出しがもう1つあります。"
                "表ごとに別のファイルに分けて取り込んでください。"
            )
        return bool(places)

    def _as_above(self, column: C, sign: str) -> Cell:
        """The cell above, where somebody wrote that it is the same."""
        above = self._above.get(column)
        if above is None:
            return Cell(sign, problem=f"「{sign}」ですが、上の行に値がありません。")
        return above._replace(told=f"{column}: 「{sign}」は上の行の「{above.text[:40]}」")

    def _tell_unseen(self, row: RawRow, found: dict[C, Cell]) -> None:
        """Tell of values that nobody sees who looks at the sheet."""
        if row.hidden:
            column, cell = next(iter(found.items()))
            said = "シートで非表示の行(フィルターなど)"
            found[column] = cell._replace(told="、".join(filter(None, (said, cell.told))))
        for place, column in self._places.items():
            if column in found and any(first <= place <= last for first, last in row.unseen):
                cell = found[column]
                said = f"非表示の{column_letters(place)}列: {column}「{cell.text[:20]}」"
                found[column] = cell._replace(told="、".join(filter(None, (said, cell.told))))

    def _is_no_row(self, row: RawRow, told: Told, *, is_whole: bool) -> bool:
        """Whether it is a sum, a remark, an example or a hint of how to fill in."""
        texts = [text for text in _names(row.cells) if text]
        if not texts:
            return False
        plain = [re.sub(r"\s", "", unicodedata.normalize("NFKC", text)) for text in texts]
        first = plain[0]
        few = len(texts) == 1 or (len(texts) == 2 and not is_whole)
        if (
            _SUM.fullmatch(first)
            or (not is_whole and _PART_SUM.fullmatch(first))
            or (few and _REMARK.match(first))
            or _EXAMPLE.match(first)
            or all(map(_HINT.fullmatch, plain))
            or (len(plain) > 2 and _numbered(plain))
        ):
            told.leave_out(row.number, texts[0][:40])
            return True
        return False

    def _without_heading(self, row: RawRow) -> Iterator[str]:
        """What stands where no heading says what it is; nothing of a row is dropped in silence."""
        beyond = {
            place: cell.text or "値"
            for place, held in row.cells.items()
            if place not in self._named
            and place not in row.carried
            and not (cell := _cell(held)).is_empty
        }
        if not beyond:
            return
        said = "、".join(
            f"{column_letters(place)}列の「{text[:20]}」" for place, text in sorted(beyond.items())
        )
        width = len(self._names)
        if not self._is_book and max(beyond) >= width:
            yield (
                f"見出しは{width}列ですが、この行は{max(row.cells) + 1}列あります(余った{said})。"
                'セルの中に区切り文字があるときは、セルを引用符(")で囲んでください。'
            )
        else:
            yield (
                f"見出しのない列に値があります({said}。見出しは{width}列)。"
                "見出しを付けるか、値を消してください。"
            )

    def _joined(self, row: RawRow) -> Iterator[str]:
        for first, last in row.joined:
            columns = [c for place, c in self._places.items() if first <= place <= last]
            if len(columns) > 1:
                yield (
                    f"{'・'.join(map(str, columns))}の列にまたがる結合セルがあります。"
                    "結合を解除して、列ごとに入れてください。"
                )


_SUM = re.compile(
    r"(?:小|合|総|累|延べ?|集|都|道|府|県|市|町村|全体)*(?:計|総数)(?:\(.*\))?:?(?:\d+(?:団体|件|市町村|行)?)?"
)
_PART_SUM = re.compile(r".{1,20}(?:小計|合計|計)(?:\(.*\))?")
"""泉州地域計: only where the rest is no record."""
_EXAMPLE = re.compile(r"(?:[(\[【<])?(?:記入|入力|記載)?(?:例|見本)\d?(?:[)\]】>:、.]|$)")
_HINT = re.compile(r"[(\[【].*[)\]】]")
_DITTO = frozenset(("〃", "″", "”", "仝", "同上", "同 上", "上に同じ", "同じ"))
"""The same as above."""
_UNLIKELY = re.compile(
    r"\s*[(\[【<\uff08\uff3b\uff1c①1\uff11AaＡ例見記入]|.*(?:計|総\s*数)", re.DOTALL
)
"""How something begins that may be no record although every needed cell is filled in."""


def _numbered(plain: Sequence[str]) -> bool:
    """Whether cells count columns: 1, 2, 3 or A, B, C, also in circles and parentheses."""
    bare = [text.strip("().") for text in plain]
    count = range(len(bare))
    return bare == [str(n + 1) for n in count] or bare == [column_letters(n) for n in count]


_REMARK = re.compile(r"[※*]|\(?注[\d)::]|\(?備考|出典:|作成|担当|以上$|以下余白")


def _in_csv(content: bytes, headings: Headings[C], missing: str) -> _Table[C]:
    text = decoded(content)
    longest = max(map(len, re.split("[\r\n]", text)))
    if longest > MAX_LINE:
        raise refused(
            f"{longest:,}文字の行があります。改行のない、CSVではないファイルと思われます。"
            "Excelで開いて「CSV UTF-8」で保存し直してください。"
        )
    first: InvalidInputError | None = None
    for delimiter in _DELIMITERS:
        rows = csv_rows(text, delimiter)
        try:
            table = _headed(rows, headings, is_book=False)
        except InvalidInputError as error:
            first = first or error
            continue
        if table is not None:
            return table
    if first is not None:
        raise first
    try:
        seen = _seen(csv_rows(text, ","))
    except InvalidInputError:
        seen = ""
    raise refused(missing + (f"見つかった文字: {seen}" if seen else ""))


def _headed(rows: Iterator[RawRow], headings: Headings[C], *, is_book: bool) -> _Table[C] | None:
    """The table of the first of the topmost rows that are headings; None where none is."""
    above = RawRow(0, {})
    for row in islice(rows, _WITHIN):
        names = _names(row.cells)
        if above.number == row.number - 1 and any(map(headings.knows, names)):
            names = _filled(names, _names(above.cells), headings)
        if places := headings.places(names):
            return _Table(names, places, rows, headings, is_book=is_book)
        above = row
    return None


def _filled(names: Sequence[str], above: Sequence[str], headings: Headings[C]) -> list[str]:
    """Headings of two lines: a column without one has what stands above, where that is one."""
    width = max(len(names), len(above))
    lower = [*names, *[""] * (width - len(names))]
    upper = [*above, *[""] * (width - len(above))]
    joined = [
        low or (up if headings.knows(up) else "") for low, up in zip(lower, upper, strict=True)
    ]
    while joined and not joined[-1]:
        joined.pop()
    return joined


def _in_book(
    content: bytes, headings: Headings[C], told: Told, preferred: str, missing: str
) -> _Table[C]:
    """The table of the sheet that is meant: of the preferred name, or the only one that has it."""
    book = OpenBook(content)
    sheets = [*enumerate(book.sheets)][:_SHEETS]
    if all(name != preferred for _, (name, _) in sheets):
        sheets += [each for each in enumerate(book.sheets) if each[1][0] == preferred]
    with_rows: dict[int, str] = {}
    headed: dict[int, str] = {}
    hidden: list[str] = []
    for number, (name, shown) in sheets:
        rows = (RawRow(*row) for row in book.rows(number))
        table = _headed(rows, headings, is_book=True)
        if table is None:
            continue
        if not shown and name != preferred:
            hidden.append(name)
            continue
        headed[number] = name
        if any(table.read(row, Told()) is not None for row in table.rows):
            with_rows[number] = name
    chosen = next((n for n, name in with_rows.items() if name == preferred), None)
    if chosen is None and len(with_rows) > 1:
        raise refused(
            f"見出しのそろったシートが{len(with_rows)}枚あります({_quoted(with_rows.values())})。"
            f"取り込むシートだけを別のファイルにするか、そのシートの名前を「{preferred}」にしてください。"
            if preferred
            else f"同じ見出しのシートが{len(with_rows)}枚あります({_quoted(with_rows.values())})。"
            "取り込むシートだけを別のファイルにしてください。"
        )
    if chosen is None:
        chosen = next(iter(with_rows or headed), None)
    if chosen is None:
        if hidden:
            raise refused(
                f"見出しは非表示のシート{_quoted(hidden)}にだけあります。シートを再表示して保存してください。"
            )
        seen = "、".join(
            f"シート「{name}」: {_seen(RawRow(*row) for row in book.rows(number)) or '空'}"
            for number, (name, _) in sheets[:5]
        )
        raise refused(f"{missing}見つかったもの: {seen}")
    told.sheet = headed[chosen]
    told.other_sheets.extend(name for n, name in with_rows.items() if n != chosen)
    table = _headed((RawRow(*row) for row in book.rows(chosen)), headings, is_book=True)
    assert table is not None  # noqa: S101  it was found above
    return table


_SHEETS = 100
"""Sheets that are looked into."""


def _quoted(names: Iterable[str]) -> str:
    shown = [f"「{visible(name)[:31]}」" for name in names]
    return "".join(shown[:5]) + ("など" if len(shown) > 5 else "")


def _seen(rows: Iterable[RawRow]) -> str:
    """What the first rows that hold something hold, for whoever looks for headings in vain."""
    said = []
    for row in islice((each for each in rows if any(_names(each.cells))), 2):
        texts = "、".join(visible(text)[:12] for text in _names(row.cells) if text)
        said.append(f"{row.number}行目「{texts[:60]}」")
    return "、".join(said)


def _names(held: Mapping[int, SheetCell]) -> list[str]:
    texts = {place: _cell(each).text for place, each in held.items() if place < _WIDEST}
    last = max((place for place, text in texts.items() if text), default=-1)
    return [texts.get(place, "") for place in range(last + 1)]
