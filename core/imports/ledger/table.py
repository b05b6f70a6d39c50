"""The ledger's file as rows of cells under its headings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.imports.table import Cell, FoundRow, Headings, Told, cell_of, rows_below
from core.procurement.layout import OTHER_NAMES, SHEET, Column

MAX_BYTES = 50_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 100
_ONLY_WRITTEN = (Column.RECORDED_AT, Column.RECORDED_BY)
"""For whoever reads an export; given anew when a file is imported, and never in its way."""

Progress = Callable[[int, int | None], None]
"""Told how many rows are done, of how many when that is known."""


class FileRow(NamedTuple):
    """A row; see :class:`core.imports.table.FoundRow`."""

    line: int
    cells: Mapping[Column, Cell]
    problems: Sequence[str] = ()


@dataclass(frozen=True)
class FileTold:
    """What is told of a file besides its rows; see :class:`core.imports.table.Told`."""

    sheet: str = ""
    columns: tuple[Column, ...] = tuple(Column)
    unread: tuple[str, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    other_sheets: tuple[str, ...] = ()


def _enough(columns: Collection[Column]) -> bool:
    return (
        Column.KIND in columns
        and Column.EFFECTIVE in columns
        and (Column.PROGRAMME in columns or Column.PROGRAMME_KEY in columns)
        and (Column.NAME in columns or Column.CODE in columns)
    )


_HEADINGS = Headings[Column]([*Column], OTHER_NAMES, _enough, MAX_COLUMNS, Column.NUMBER)


def table_rows(content: bytes, told: Told) -> Iterator[FoundRow[Column]]:
    """Rows of a file in its order.

    Args:
        told: Gets the sheet and the headings that mean nothing here before the first row.

    Raises:
        InvalidInputError: As :func:`core.imports.table.rows_below`; or headings that cannot be used.
    """
    for row in rows_below(
        content,
        _HEADINGS,
        told,
        sheet=SHEET,
        missing=f"見出しの行が見つかりません。{Column.PROGRAMME}、{Column.KIND}、{Column.EFFECTIVE}と、"
        f"{Column.CODE}か{Column.NAME}の列が必要です。様式をダウンロードして使うか、"
        "書き出したファイルの見出しに合わせてください。",
        max_bytes=MAX_BYTES,
        max_rows=MAX_ROWS,
        advice="ファイルを分けて取り込んでください。",
    ):
        for column in _ONLY_WRITTEN:
            row.cells.pop(column, None)
        yield row


# ── between the process that reads and the one that asks ──────────────────────────────────────


def plain_table(contents: Sequence[bytes], _options: Any) -> Iterator[Any]:
    """What the reading process answers: the rows, then what is told besides."""
    told = Told()
    places = {column: number for number, column in enumerate(Column)}
    for line, cells, problems in table_rows(contents[0], told):
        yield [line, [[places[c], cell.plain()] for c, cell in cells.items()], problems]
    yield {
        "sheet": told.sheet,
        "columns": told.columns,
        "unread": told.unread,
        "left_out": told.left_out,
        "other_sheets": told.other_sheets,
    }


def table_of(
    answer: Iterator[Any], progress: Progress | None = None
) -> tuple[list[FileRow], FileTold]:
    """Rows and the rest of what :func:`plain_table` answered.

    Args:
        progress: Told every thousand rows.
    """
    columns = [*Column]
    rows: list[FileRow] = []
    told = FileTold()
    for part in answer:
        if isinstance(part, dict):
            told = FileTold(
                str(part["sheet"]),
                tuple(map(Column, part["columns"])),
                tuple(map(str, part["unread"])),
                tuple((int(line), str(words)) for line, words in part["left_out"]),
                tuple(map(str, part["other_sheets"])),
            )
            continue
        line, cells, problems = part
        rows.append(
            FileRow(int(line), {columns[n]: cell_of(plain) for n, plain in cells}, problems)
        )
        if progress is not None and len(rows) % 1000 == 0:
            progress(len(rows), None)
    return rows, told
