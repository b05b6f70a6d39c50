"""A file's bytes as rows of cells under known headings, within stated limits.

CSV as Japanese offices make it, told by its bytes, and Excel workbooks row by row; formulas are
refused, not calculated. Runs in a process of its own: core.imports.reader_process.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from core.imports.package import DamagedError, LockedError, OversizedError, Package
from core.imports.workbook import Moment, SheetCell, date_pattern, sheet_rows
from core.procurement.layout import unguarded
from core.values.errors import InvalidInputError
from core.values.fiscal import PartialDate, Precision

C = TypeVar("C")

MAX_TEXT = 10_000
"""Longest text of a cell, characters."""
MAX_LINE = 1_000_000
"""Longest line of a CSV, characters; what is longer has no line ends."""
_WITHIN = 20
"""The headings stand in one of the first rows; titles may stand above."""
_WIDEST = 1_000
"""Columns that are looked at; headings stand further left."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell."""

    text: str  # what is written, numbers without a decimal part; surrounding spaces kept out
    day: PartialDate | None = None  # when the cell holds a date and not text
    problem: str = ""  # why it cannot be used (a formula, an error); empty for none

    @property
    def is_empty(self) -> bool:
        return not self.text and self.day is None and not self.problem

    def plain(self) -> Any:
        """As JSON holds it; :func:`cell_of` reads it."""
        if self.day is None and not self.problem:
            return self.text
        day = self.day and (self.day.first.isoformat(), self.day.precision.value)
        return [self.text, day, self.problem]


def cell_of(plain: Any) -> Cell:
    """The cell of what :meth:`Cell.plain` made."""
    if isinstance(plain, str):
        return Cell(plain)
    text, day, problem = plain
    if day is None:
        return Cell(str(text), None, str(problem))
    first, precision = day
    return Cell(
        str(text), PartialDate(date.fromisoformat(first), Precision(precision)), str(problem)
    )


def text_cell(text: str) -> Cell:
    """A cell of text."""
    if len(text) > MAX_TEXT:
        return Cell(text[:40], problem=f"{MAX_TEXT:,}文字を超えています。")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Cell(text.strip())


def refused(reason: str) -> InvalidInputError:
    """A file that cannot be read at all."""
    return InvalidInputError({"file": reason})


RawRow = tuple[int, Mapping[int, SheetCell]]
"""Line, and what its cells hold by column from 0."""


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────


def csv_rows(content: bytes) -> Iterator[RawRow]:
    """Rows with the line each begins on.

    Raises:
        InvalidInputError: Field ``file``: not text, or badly quoted.
    """
    text = _decoded(content)
    longest = max(map(len, re.split("[\r\n]", text)))
    if longest > MAX_LINE:
        raise refused(
            f"{longest:,}文字の行があります。改行のない、CSVではないファイルと思われます。"
            "Excelで開いて「CSV UTF-8」で保存し直してください。"
        )
    head = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, dict(enumerate(map(unguarded, cells[:_WIDEST])))
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused(
            f"{line}行目: CSVの書き方に誤りがあります({_said(error)})。引用符を確かめてください。"
        ) from None


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


_SIGNATURES: Sequence[tuple[bytes, str]] = (
    (b"%PDF", "PDFです。元の表をExcel(.xlsx)かCSVで保存してください。"),
    (b"\x89PNG", "画像です。表をExcel(.xlsx)かCSVで保存してください。"),
    (b"\xff\xd8\xff", "画像です。表をExcel(.xlsx)かCSVで保存してください。"),
    (b"{\\rtf", "RTF文書です。表をExcel(.xlsx)かCSVで保存してください。"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(rb"\s*<(\?xml|!doctype|html|head|body|table|meta|svg|script)", re.IGNORECASE)
_SAVE = "Excelで開き、.xlsxか「CSV UTF-8」で保存し直してください。"


def _refuse_others(content: bytes) -> None:
    """Say what a file is that is none of ours, whatever its name says."""
    for signature, words in _SIGNATURES:
        if content.startswith(signature):
            raise refused(f"ファイルの中身は{words}")
    if content.startswith(_OLD_OFFICE):
        if _ENCRYPTED_PART in content:
            raise refused("パスワードがかかったExcelファイルです。解除して保存し直してください。")
        raise refused(f"旧形式(.xls)のExcelファイルです。{_SAVE}")
    if _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")[:1000]):
        raise refused(f"ファイルの中身はHTMLかXMLで、ExcelでもCSVでもありません。{_SAVE}")


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refused("文字コードがUTF-16です。「CSV UTF-8」で保存し直してください。")
    if b"\x1b$" in content[:100_000]:
        raise refused("文字コードがJIS(ISO-2022-JP)です。「CSV UTF-8」で保存し直してください。")
    if b"\x00" not in content:
        for encoding in ("utf-8-sig", "cp932"):
            try:
                return content.decode(encoding).lstrip("\ufeff")
            except UnicodeDecodeError:
                continue
    raise refused(
        "Excel(.xlsx)でもCSVでもないか、文字コードがUTF-8でもShift_JIS(CP932)でもありません。"
        "「CSV UTF-8」か.xlsxで保存し直してください。"
    )


# ── workbooks ─────────────────────────────────────────────────────────────────────────────────


def workbook_rows(content: bytes, sheet: str) -> Iterator[RawRow]:
    """Rows of the sheet of that name, or of the first one, with their numbers.

    Raises:
        InvalidInputError: Field ``file``: not a workbook, damaged, locked, or far larger than it
            seems.
    """
    try:
        yield from sheet_rows(content, sheet)
    except LockedError:
        raise refused("パスワードがかかっています。解除して保存し直してください。") from None
    except OversizedError as error:
        raise refused(
            f"Excelファイルの中身が大きすぎます({str(error).rstrip('。')})。"
            "必要な行だけを新しいファイルに写して保存してください。"
        ) from None
    except DamagedError as error:
        raise refused(_damage_of(content, str(error))) from None


_OTHER_ZIPS = (
    ("xl/workbook.bin", "Excelバイナリ(.xlsb)"),
    ("content.xml", "OpenDocument(.ods)"),
    ("word/document.xml", "Word文書(.docx)"),
    ("ppt/presentation.xml", "PowerPoint資料(.pptx)"),
    ("index/document.iwa", "Numbersの表"),
)


def _damage_of(content: bytes, reason: str) -> str:
    try:
        parts = Package(content).parts
    except (DamagedError, OversizedError, LockedError):
        parts = {}
    for name, kind in _OTHER_ZIPS:
        if name in parts and "xl/workbook.xml" not in parts:
            return f"ファイルの中身は{kind}です。{_SAVE}"
    return f"Excelファイル(.xlsx)として読めません({reason.rstrip('。')})。Excelで開いて保存し直してください。"


def _cell(held: SheetCell) -> Cell:
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
    if "d" not in pattern and "m" in pattern:
        return Cell(f"{day.year}年{day.month}月", PartialDate(day.replace(day=1), Precision.MONTH))
    if "d" not in pattern and "年度" in shown_as:
        return Cell(f"{day.year}年度")
    return Cell(day.isoformat(), PartialDate(day, Precision.DAY))


# ── headings and rows ─────────────────────────────────────────────────────────────────────────


def rows_below(
    content: bytes,
    headings: Callable[[list[str]], dict[int, C]],
    *,
    sheet: str,
    missing: str,
    max_bytes: int,
    max_rows: int,
    advice: str = "",
) -> Iterator[tuple[int, dict[C, Cell]]]:
    """Rows of a workbook (.xlsx) or a CSV (UTF-8 with or without BOM, CP932); told by its content.

    Args:
        headings: Place → column, when these texts are the headings; otherwise empty.
        sheet: Name of the sheet to prefer to the first one.
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
    _refuse_others(content)
    raw = workbook_rows(content, sheet) if content[:4] == b"PK\x03\x04" else csv_rows(content)
    tried = (headings(_names(cells)) for _, cells in islice(raw, _WITHIN))
    columns = next(filter(None, tried), None)
    if columns is None:
        raise refused(missing)
    many = 0
    for line, cells in raw:
        found = {
            column: cell
            for place, column in columns.items()
            if place in cells and not (cell := _cell(cells[place])).is_empty
        }
        if found:
            many += 1
            if many > max_rows:
                raise refused(f"行が多すぎます。{max_rows:,}行までです。{advice}")
            yield line, found
    if not many:
        raise refused("見出しの下に行がありません。")


def _names(held: Mapping[int, SheetCell]) -> list[str]:
    texts = {place: _cell(each).text for place, each in held.items() if place < _WIDEST}
    last = max((place for place, text in texts.items() if text), default=-1)
    return [texts.get(place, "") for place in range(last + 1)]
