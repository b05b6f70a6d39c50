"""The ledger's file as rows of cells under its headings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from core.imports.table import Cell, cell_of, refused, rows_below
from core.procurement.layout import SHEET, Column

MAX_BYTES = 50_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 100
_NEEDED = (Column.PROGRAMME, Column.KIND, Column.EFFECTIVE)
_COLUMNS = {column.value: column for column in Column}

Progress = Callable[[int, int | None], None]
"""Told how many rows are done, of how many when that is known."""

FileRow = tuple[int, dict[Column, Cell]]
"""Line and cells by column."""


def table_rows(content: bytes, ignored: list[str]) -> Iterator[FileRow]:
    """Rows of a file in its order.

    Args:
        ignored: Gets the headings that mean nothing here, before the first row.

    Raises:
        InvalidInputError: As :func:`core.imports.table.rows_below`; or headings that cannot be used.
    """

    def headings(names: list[str]) -> dict[int, Column]:
        if not {*names} >= {*_NEEDED}:
            return {}
        _check_headings(names)
        ignored.extend(name for name in names if name and name not in _COLUMNS)
        return {place: _COLUMNS[name] for place, name in enumerate(names) if name in _COLUMNS}

    return rows_below(
        content,
        headings,
        sheet=SHEET,
        missing=f"見出しの行が見つかりません。{'、'.join(_NEEDED)}と、{Column.CODE}か{Column.NAME}の列が必要です。"
        "書き出したファイルの見出しに合わせてください。",
        max_bytes=MAX_BYTES,
        max_rows=MAX_ROWS,
        advice="ファイルを分けて取り込んでください。",
    )


def _check_headings(names: list[str]) -> None:
    if len(names) > MAX_COLUMNS:
        raise refused(f"列が多すぎます({len(names)}列)。{MAX_COLUMNS}列までです。")
    if not {Column.CODE, Column.NAME} & {*names}:
        raise refused(f"{Column.CODE}か{Column.NAME}の列が必要です。")
    twice = sorted({name for name in names if name in {*Column} and names.count(name) > 1})
    if twice:
        raise refused(f"同じ見出しの列が2つ以上あります: {'、'.join(twice)}")


# ── between the process that reads and the one that asks ──────────────────────────────────────


def plain_table(contents: Sequence[bytes], _options: Any) -> Iterator[Any]:
    """What the reading process answers: the rows, then the headings that mean nothing here."""
    ignored: list[str] = []
    for line, cells in table_rows(contents[0], ignored):
        yield line, {column: cell.plain() for column, cell in cells.items()}
    yield ignored


def table_of(
    answer: Iterator[Any], progress: Progress | None = None
) -> tuple[list[FileRow], tuple[str, ...]]:
    """Rows and headings of what :func:`plain_table` answered.

    Args:
        progress: Told every thousand rows.
    """
    rows: list[FileRow] = []
    ignored: tuple[str, ...] = ()
    for part in answer:
        match part:
            case [int(line), dict(cells)]:
                rows.append((line, {Column(name): cell_of(cells[name]) for name in cells}))
                if progress is not None and len(rows) % 1000 == 0:
                    progress(len(rows), None)
            case headings:
                ignored = tuple(map(str, headings))
    return rows, ignored
