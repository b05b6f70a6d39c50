"""A file's bytes as rows of cells under known headings, within stated limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.imports.ledger.cell import Cell, RawRow
from core.imports.ledger.csv_file import csv_rows
from core.imports.ledger.workbook_file import workbook_rows
from core.procurement.layout import Column
from core.values.errors import InvalidInputError

MAX_BYTES = 50_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 100
_HEADING_WITHIN = 20
"""The headings stand in one of the first rows; titles may stand above."""
_NEEDED = (Column.PROGRAMME, Column.KIND, Column.EFFECTIVE)

Progress = Callable[[int, int | None], None]
"""Told how many rows are done, of how many when that is known."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row below the headings.

    Attributes:
        line: Row of the sheet, or line of the file it begins on.
        cells: Column → cell; empty cells are left out.
    """

    line: int
    cells: dict[Column, Cell]


@dataclass(frozen=True)
class FileTable:
    """What a file holds.

    Attributes:
        rows: In file order, empty ones left out.
        ignored: Headings that mean nothing here.
    """

    rows: tuple[FileRow, ...]
    ignored: tuple[str, ...]


def read_table(content: bytes, progress: Progress | None = None) -> FileTable:
    """Read a workbook (.xlsx) or a CSV (UTF-8 with or without BOM, CP932); told by its content.

    Args:
        content: The file.
        progress: Told every thousand rows.

    Raises:
        InvalidInputError: Field ``file``: too large, unreadable, no headings, no rows.
    """
    if len(content) > MAX_BYTES:
        raise refused(
            f"ファイルが大きすぎます({len(content):,}バイト)。{MAX_BYTES:,}バイトまでです。"
            "ファイルを分けて取り込んでください。"
        )
    if not content.strip():
        raise refused("ファイルが空です。")
    raw = workbook_rows(content) if content[:4] == b"PK\x03\x04" else csv_rows(content)
    columns, ignored = _headings(raw)
    rows: list[FileRow] = []
    for line, cells in raw:
        found = {
            column: cells[place]
            for place, column in columns.items()
            if place < len(cells) and not cells[place].is_empty
        }
        if not found:
            continue
        rows.append(FileRow(line, found))
        if len(rows) > MAX_ROWS:
            raise refused(
                f"行が多すぎます。{MAX_ROWS:,}行までです。ファイルを分けて取り込んでください。"
            )
        if progress is not None and len(rows) % 1000 == 0:
            progress(len(rows), None)
    if not rows:
        raise refused("見出しの下に行がありません。")
    return FileTable(tuple(rows), ignored)


def refused(reason: str) -> InvalidInputError:
    """A file that cannot be read at all."""
    return InvalidInputError({"file": reason})


def _headings(raw: Iterator[RawRow]) -> tuple[dict[int, Column], tuple[str, ...]]:
    known = {column.value: column for column in Column}
    for _ in range(_HEADING_WITHIN):
        row = next(raw, None)
        if row is None:
            break
        names = [cell.text for cell in row[1]]
        if not {*names} >= {*_NEEDED}:
            continue
        _check_headings(names)
        columns = {place: known[name] for place, name in enumerate(names) if name in known}
        return columns, tuple(name for name in names if name and name not in known)
    raise refused(
        f"見出しの行が見つかりません。{'、'.join(_NEEDED)}と、{Column.CODE}か{Column.NAME}の列が必要です。"
        "書き出したファイルの見出しに合わせてください。"
    )


def _check_headings(names: list[str]) -> None:
    if len(names) > MAX_COLUMNS:
        raise refused(f"列が多すぎます({len(names)}列)。{MAX_COLUMNS}列までです。")
    if not {Column.CODE, Column.NAME} & {*names}:
        raise refused(f"{Column.CODE}か{Column.NAME}の列が必要です。")
    twice = sorted({name for name in names if name in {*Column} and names.count(name) > 1})
    if twice:
        raise refused(f"同じ見出しの列が2つ以上あります: {'、'.join(twice)}")
