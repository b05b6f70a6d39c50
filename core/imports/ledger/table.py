"""A file's bytes as rows of cells under known headings, within stated limits.

CSV as Japanese offices make it, told by its bytes, and Excel workbooks row by row; formulas are
refused, not calculated.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from core.procurement.layout import SHEET, Column, unguarded
from core.values.errors import InvalidInputError
from core.values.fiscal import PartialDate, Precision

C = TypeVar("C")

MAX_TEXT = 10_000
"""Longest text of a cell, characters."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell."""

    text: str  # what is written, numbers without a decimal part; surrounding spaces kept out
    day: PartialDate | None = None  # when the cell holds a date and not text
    problem: str = ""  # why it cannot be used (a formula, an error); empty for none

    @property
    def is_empty(self) -> bool:
        return not self.text and self.day is None and not self.problem


def text_cell(text: str) -> Cell:
    """A cell of text."""
    if len(text) > MAX_TEXT:
        return Cell(text[:40], problem=f"{MAX_TEXT:,}文字を超えています。")
    return Cell(text.replace("\r\n", "\n").replace("\r", "\n").strip())


def refused(reason: str) -> InvalidInputError:
    """A file that cannot be read at all."""
    return InvalidInputError({"file": reason})


RawRow = tuple[int, list[Cell]]
"""Line and cells."""


def csv_rows(content: bytes) -> Iterator[RawRow]:
    """Rows with the line each begins on.

    Raises:
        InvalidInputError: Field ``file``: not text, or badly quoted.
    """
    text = _decoded(content)
    head = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [text_cell(unguarded(cell)) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused(
            f"{line}行目: CSVの書き方に誤りがあります({error})。引用符を確かめてください。"
        ) from None


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refused("文字コードがUTF-16です。「CSV UTF-8」で保存し直してください。")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise refused(
        "Excel(.xlsx)でもCSVでもないか、文字コードがUTF-8でもShift_JIS(CP932)でもありません。"
        "「CSV UTF-8」か.xlsxで保存し直してください。"
    )


MAX_UNPACKED = 1_000_000_000
"""Largest workbook, bytes unpacked."""


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class _Reader(ExcelReader):
    """Reads texts as Excel does: ``_x005F_`` is an underscore, ``_x000D_`` the end of a line.

    openpyxl takes ``x005F_`` out of every text instead, also where it is what was written.
    """

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    text: Any = Text.from_tree(node)
                    self.shared_strings.append(_unescaped(text.content))
                    node.clear()


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def workbook_rows(content: bytes) -> Iterator[RawRow]:
    """Rows of the sheet 参加台帳, or of the first one, with their numbers.

    Raises:
        InvalidInputError: Field ``file``: not a workbook, damaged, or far larger than it seems.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
        if unpacked > MAX_UNPACKED:
            raise refused(
                "Excelファイルの中身が大きすぎます。必要な行だけを別のファイルにしてください。"
            )
        reader = _Reader(io.BytesIO(content), read_only=True)
        reader.read()
        with closing(reader.wb) as book:
            sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
            for number, row in enumerate(sheet.iter_rows(), start=1):
                yield number, [_cell(cell) for cell in row]
    except (LookupError, ValueError, InvalidFileException, zipfile.BadZipFile, SyntaxError):
        raise refused(
            "Excelファイル(.xlsx)として読めません。Excelで開いて保存し直してください。"
        ) from None


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell("")
    if cell.data_type == "f":
        return Cell(str(value)[:40], problem="数式です。値に置き換えてください。")
    if cell.data_type == "e":
        return Cell(str(value), problem=f"エラー値({value})です。")
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, datetime):
        return _dated(value, cell.number_format)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Cell(str(value))


def _dated(value: datetime, shown_as: str) -> Cell:
    if (value.hour, value.minute, value.second) != (0, 0, 0):
        return Cell(str(value), problem="日付に時刻が付いています。日付だけにしてください。")
    day = date(value.year, value.month, value.day)
    pattern = re.sub(r'"[^"]*"|\[[^]]*\]|\\.', "", shown_as.lower())
    if "d" in pattern or "m" not in pattern:
        return Cell(day.isoformat(), PartialDate(day, Precision.DAY))
    return Cell(f"{day.year}年{day.month}月", PartialDate(day.replace(day=1), Precision.MONTH))


MAX_BYTES = 50_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 100
_HEADING_WITHIN = 20
"""The headings stand in one of the first rows; titles may stand above."""
_NEEDED = (Column.PROGRAMME, Column.KIND, Column.EFFECTIVE)
_COLUMNS = {column.value: column for column in Column}

Progress = Callable[[int, int | None], None]
"""Told how many rows are done, of how many when that is known."""


def rows_below(
    content: bytes,
    headings: Callable[[list[str]], dict[int, C]],
    *,
    missing: str,
    max_bytes: int,
    max_rows: int,
    advice: str = "",
) -> Iterator[tuple[int, dict[C, Cell]]]:
    """Rows of a workbook (.xlsx) or a CSV (UTF-8 with or without BOM, CP932); told by its content.

    Args:
        headings: Place → column, when these texts are the headings; otherwise empty.
        missing: What to say when no row has them.
        advice: What to do about a file that is too large.

    Yields:
        Row of the sheet, or line of the file it begins on, and its cells; empty ones left out.

    Raises:
        InvalidInputError: Field ``file``: too large, unreadable, no headings, no rows.
    """
    if len(content) > max_bytes:
        raise refused(
            f"ファイルが大きすぎます({len(content):,}バイト)。{max_bytes:,}バイトまでです。{advice}"
        )
    if not content.strip():
        raise refused("ファイルが空です。")
    raw = workbook_rows(content) if content[:4] == b"PK\x03\x04" else csv_rows(content)
    tried = (headings([cell.text for cell in cells]) for _, cells in islice(raw, _HEADING_WITHIN))
    columns = next(filter(None, tried), None)
    if columns is None:
        raise refused(missing)
    many = 0
    for line, cells in raw:
        found = {
            column: cells[place]
            for place, column in columns.items()
            if place < len(cells) and not cells[place].is_empty
        }
        if found:
            many += 1
            if many > max_rows:
                raise refused(f"行が多すぎます。{max_rows:,}行までです。{advice}")
            yield line, found
    if not many:
        raise refused("見出しの下に行がありません。")


FileRow = tuple[int, dict[Column, Cell]]
"""Line and cells by column."""


def read_table(
    content: bytes, progress: Progress | None = None
) -> tuple[list[FileRow], tuple[str, ...]]:
    """Rows of a file in its order, and the headings that mean nothing here.

    Args:
        progress: Told every thousand rows.

    Raises:
        InvalidInputError: As :func:`rows_below`; or headings that cannot be used.
    """
    ignored: list[str] = []

    def headings(names: list[str]) -> dict[int, Column]:
        if not {*names} >= {*_NEEDED}:
            return {}
        _check_headings(names)
        ignored.extend(name for name in names if name and name not in _COLUMNS)
        return {place: _COLUMNS[name] for place, name in enumerate(names) if name in _COLUMNS}

    rows: list[FileRow] = []
    for row in rows_below(
        content,
        headings,
        missing=f"見出しの行が見つかりません。{'、'.join(_NEEDED)}と、{Column.CODE}か{Column.NAME}の列が必要です。"
        "書き出したファイルの見出しに合わせてください。",
        max_bytes=MAX_BYTES,
        max_rows=MAX_ROWS,
        advice="ファイルを分けて取り込んでください。",
    ):
        rows.append(row)
        if progress is not None and len(rows) % 1000 == 0:
            progress(len(rows), None)
    return rows, tuple(ignored)


def _check_headings(names: list[str]) -> None:
    if len(names) > MAX_COLUMNS:
        raise refused(f"列が多すぎます({len(names)}列)。{MAX_COLUMNS}列までです。")
    if not {Column.CODE, Column.NAME} & {*names}:
        raise refused(f"{Column.CODE}か{Column.NAME}の列が必要です。")
    twice = sorted({name for name in names if name in {*Column} and names.count(name) > 1})
    if twice:
        raise refused(f"同じ見出しの列が2つ以上あります: {'、'.join(twice)}")
