"""Attendance lists (.xlsx, CSV) that came back with marks, read row by row."""

from __future__ import annotations

from core.imports.ledger.table import refused, rows_below
from core.training.roll import RollColumn, RollRow

MAX_BYTES = 5_000_000
MAX_ROWS = 10_000


def read_attendance_file(content: bytes) -> tuple[RollRow, ...]:
    """Read a list; its headings may stand in any order.

    Raises:
        InvalidInputError: Field ``file``: too large, unreadable, no headings, a cell that cannot
            be used.
    """
    rows: list[RollRow] = []
    for line, cells in rows_below(
        content,
        _headings,
        missing="見出しの行が見つかりません。「出席」と、「申込番号」か「氏名」「メールアドレス」の列が必要です。"
        "名簿を書き出し、その見出しのまま使ってください。",
        max_bytes=MAX_BYTES,
        max_rows=MAX_ROWS,
    ):
        for column, cell in cells.items():
            if cell.problem:
                raise refused(f"{line}行目の「{column}」: {cell.problem}")
        rows.append(RollRow(line, {column: cell.text for column, cell in cells.items()}))
    return tuple(rows)


def _headings(names: list[str]) -> dict[int, RollColumn]:
    known = {column.value: column for column in RollColumn}
    places = {place: known[name] for place, name in enumerate(names) if name in known}
    columns = set(places.values())
    named = RollColumn.NUMBER in columns or {RollColumn.NAME, RollColumn.MAIL} <= columns
    return places if RollColumn.MARK in columns and named else {}
