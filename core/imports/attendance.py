"""Attendance lists (.xlsx, CSV) that came back with marks, read row by row."""

from __future__ import annotations

from core.imports.ledger.table import csv_rows, workbook_rows
from core.training.roll import RollColumn, RollRow
from core.values.errors import InvalidInputError

MAX_BYTES = 5_000_000
MAX_ROWS = 10_000
_HEADING_WITHIN = 20


def read_attendance_file(content: bytes) -> tuple[RollRow, ...]:
    """Read a list; what it is, is told by its content, not by its name.

    The headings may stand in one of the first twenty rows and in any order.

    Raises:
        InvalidInputError: Field ``file``: too large, unreadable, no headings, a cell that cannot
            be used.
    """
    if len(content) > MAX_BYTES:
        raise _refused(
            f"ファイルが大きすぎます({len(content):,}バイト)。{MAX_BYTES:,}バイトまでです。"
        )
    if not content.strip():
        raise _refused("ファイルが空です。")
    raw = workbook_rows(content) if content[:4] == b"PK\x03\x04" else csv_rows(content)
    places: dict[int, RollColumn] = {}
    rows: list[RollRow] = []
    for position, (line, cells) in enumerate(raw, start=1):
        if not places:
            places = _headings([cell.text for cell in cells])
            if not places and position > _HEADING_WITHIN:
                break
            continue
        found = {}
        for place, column in places.items():
            cell = cells[place] if place < len(cells) else None
            if cell is None or cell.is_empty:
                continue
            if cell.problem:
                raise _refused(f"{line}行目の「{column}」: {cell.problem}")
            found[column] = cell.text
        if found:
            rows.append(RollRow(line, found))
        if len(rows) > MAX_ROWS:
            raise _refused(f"行が多すぎます。{MAX_ROWS:,}行までです。")
    if not places:
        raise _refused(
            "見出しの行が見つかりません。「出席」と、「申込番号」か「氏名」「メールアドレス」の列が必要です。"
            "名簿を書き出し、その見出しのまま使ってください。"
        )
    if not rows:
        raise _refused("見出しの下に行がありません。")
    return tuple(rows)


def _headings(names: list[str]) -> dict[int, RollColumn]:
    known = {column.value: column for column in RollColumn}
    places = {place: known[name] for place, name in enumerate(names) if name in known}
    columns = set(places.values())
    named = RollColumn.NUMBER in columns or {RollColumn.NAME, RollColumn.MAIL} <= columns
    return places if RollColumn.MARK in columns and named else {}


def _refused(reason: str) -> InvalidInputError:
    return InvalidInputError({"file": reason})
