"""Excel workbooks (.xlsx), read row by row; formulas are refused, not calculated."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from core.imports.ledger.cell import Cell, RawRow, text_cell
from core.procurement.layout import SHEET
from core.values.errors import InvalidInputError
from core.values.fiscal import PartialDate, Precision

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
    _check_size(content)
    try:
        reader = _Reader(io.BytesIO(content), read_only=True)
        reader.read()
        book = reader.wb
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile, SyntaxError):
        raise _damaged() from None
    try:
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(), start=1):
            yield number, [_cell(cell) for cell in row]
    except (KeyError, ValueError, IndexError, zipfile.BadZipFile, SyntaxError):
        raise _damaged() from None
    finally:
        book.close()


def _damaged() -> InvalidInputError:
    return InvalidInputError(
        {"file": "Excelファイル(.xlsx)として読めません。Excelで開いて保存し直してください。"}
    )


def _check_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
    except zipfile.BadZipFile:
        raise _damaged() from None
    if unpacked > MAX_UNPACKED:
        raise InvalidInputError(
            {
                "file": "Excelファイルの中身が大きすぎます。必要な行だけを別のファイルにしてください。"
            }
        )


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
