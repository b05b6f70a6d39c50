"""Attendance lists (.xlsx, CSV) that came back with marks, read row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from core.imports.table import Headings, Told, rows_below
from core.training.roll import OTHER_NAMES, RollColumn, RollRow

MAX_BYTES = 5_000_000
MAX_ROWS = 10_000


def _enough(columns: Collection[RollColumn]) -> bool:
    return RollColumn.MARK in columns and (
        RollColumn.NUMBER in columns or RollColumn.NAME in columns
    )


_HEADINGS = Headings[RollColumn]([*RollColumn], OTHER_NAMES, _enough)


def attendance_rows(content: bytes) -> Iterator[RollRow]:
    """Read a list; its headings may stand in any order.

    Raises:
        InvalidInputError: Field ``file``: too large, unreadable, no headings.
    """
    for row in rows_below(
        content,
        _HEADINGS,
        Told(),
        sheet="名簿",
        missing="見出しの行が見つかりません。「出席」(出欠)と、「申込番号」か「氏名」の列が必要です。"
        "名簿を書き出し、その見出しのまま使うのが確実です。",
        max_bytes=MAX_BYTES,
        max_rows=MAX_ROWS,
    ):
        problems = [
            *row.problems,
            *(
                f"「{column}」が{cell.problem}"
                for column, cell in row.cells.items()
                if cell.problem
            ),
        ]
        cells = {column: cell.text for column, cell in row.cells.items()}
        yield RollRow(row.line, cells, " ".join(problems))


def plain_attendance(contents: Sequence[bytes], _options: Any) -> Iterator[Any]:
    """What the reading process answers."""
    for row in attendance_rows(contents[0]):
        yield row.line, row.cells, row.problem


def attendance_of(answer: Iterator[Any]) -> tuple[RollRow, ...]:
    """The rows of what :func:`plain_attendance` answered."""
    return tuple(
        RollRow(line, {RollColumn(name): str(text) for name, text in cells.items()}, str(problem))
        for line, cells, problem in answer
    )
