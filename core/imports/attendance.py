"""Attendance lists (.xlsx, CSV) that came back with marks, read row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.imports.table import refused, rows_below
from core.training.roll import RollColumn, RollRow, roll_column

MAX_BYTES = 5_000_000
MAX_ROWS = 10_000


def attendance_rows(content: bytes) -> Iterator[RollRow]:
    """Read a list; its headings may stand in any order.

    Raises:
        InvalidInputError: Field ``file``: too large, unreadable, no headings, a cell that cannot
            be used.
    """
    for line, cells in rows_below(
        content,
        _headings,
        sheet="",
        missing="見出しの行が見つかりません。「出席」(または「出欠」)と、「申込番号」か「氏名」の列が必要です。"
        "同じ意味の列は1つにしてください。名簿(Excel)を書き出して使うこともできます。",
        max_bytes=MAX_BYTES,
        max_rows=MAX_ROWS,
    ):
        for column, cell in cells.items():
            if cell.problem:
                raise refused(f"{line}行目の「{column}」: {cell.problem}")
        yield RollRow(line, {column: cell.text for column, cell in cells.items()})


def _headings(names: list[str]) -> dict[int, RollColumn]:
    read = {place: roll_column(name) for place, name in enumerate(names)}
    places = {place: column for place, column in read.items() if column is not None}
    columns = list(places.values())
    named = RollColumn.NUMBER in columns or RollColumn.NAME in columns
    once = len(set(columns)) == len(columns)
    return places if RollColumn.MARK in columns and named and once else {}


def plain_attendance(contents: Sequence[bytes], _options: Any) -> Iterator[Any]:
    """What the reading process answers."""
    for row in attendance_rows(contents[0]):
        yield row.line, row.cells


def attendance_of(answer: Iterator[Any]) -> tuple[RollRow, ...]:
    """The rows of what :func:`plain_attendance` answered."""
    return tuple(
        RollRow(line, {RollColumn(name): str(text) for name, text in cells.items()})
        for line, cells in answer
    )
