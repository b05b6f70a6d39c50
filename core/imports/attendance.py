"""Attendance lists (.xlsx, CSV) that came back with marks, read row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.imports.table import refused, rows_below
from core.training.roll import RollColumn, RollRow

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
        missing="見出しの行が見つかりません。「出席」と、「申込番号」か「氏名」「メールアドレス」の列が必要です。"
        "名簿を書き出し、その見出しのまま使ってください。",
        max_bytes=MAX_BYTES,
        max_rows=MAX_ROWS,
    ):
        for column, cell in cells.items():
            if cell.problem:
                raise refused(f"{line}行目の「{column}」: {cell.problem}")
        yield RollRow(line, {column: cell.text for column, cell in cells.items()})


def _headings(names: list[str]) -> dict[int, RollColumn]:
    known = {column.value: column for column in RollColumn}
    places = {place: known[name] for place, name in enumerate(names) if name in known}
    columns = set(places.values())
    named = RollColumn.NUMBER in columns or {RollColumn.NAME, RollColumn.MAIL} <= columns
    return places if RollColumn.MARK in columns and named else {}


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
