"""Cells → what a row wants recorded, or why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.imports.ledger.names import Found, Names, plain
from core.imports.ledger.table import FileRow
from core.imports.table import Cell
from core.procurement.event import EventKind
from core.procurement.layout import Column, read_date
from core.procurement.recording import Entry
from core.values.fiscal import PartialDate, Precision
from core.values.free_text import cleaned

_KINDS = {kind.value: kind for kind in EventKind} | {kind.label: kind for kind in EventKind}
_FIRST_SERIAL, _LAST_SERIAL = 32516, 73050
"""Excel's day numbers from 1989-01-08 to 2099-12-31; smaller whole numbers are fiscal years."""
_EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as read."""

    line: int
    number: int | None  # its 記録番号 in the file; None for none
    entry: Entry | None  # what it wants recorded; None when it cannot be read
    corrects: int | None  # 記録番号 it corrects; None for none
    correction: str  # how a name was read that is not quite right; empty for none
    problems: tuple[str, ...]  # why it cannot be read, all of it at once


def read_rows(rows: Iterable[FileRow], names: Names) -> Iterator[ReadRow]:
    """Read each row."""
    for row in rows:
        yield _Reader(row, names).read()


class _Reader:
    """Reads one row and gathers what is wrong with it."""

    def __init__(self, row: FileRow, names: Names) -> None:
        self._line, self._cells = row
        self._names = names
        self._problems = [
            f"「{column}」が{cell.problem}" for column, cell in self._cells.items() if cell.problem
        ]

    def read(self) -> ReadRow:
        number = self._whole(Column.NUMBER)
        corrects = self._whole(Column.CORRECTS)
        found = self._participant()
        programme, kind = self._programme(), self._kind()
        effective, target = self._day(Column.EFFECTIVE, needed=True), self._day(Column.TARGET)
        if kind is EventKind.CORRECTION and corrects is None:
            self._problems.append(f"「訂正」には「{Column.CORRECTS}」が必要です。")
        entry = None
        if found and programme and kind and effective and not self._problems:
            entry = Entry(
                participant=found.code,
                programme=programme,
                kind=kind,
                effective=effective,
                source=cleaned(self._text(Column.SOURCE)),
                lot=plain(self._text(Column.LOT)) or None,
                target=target,
                note=cleaned(self._text(Column.NOTE)),
            )
        return ReadRow(
            self._line,
            number,
            entry,
            corrects,
            found.correction if found else "",
            tuple(self._problems),
        )

    def _cell(self, column: Column) -> Cell:
        return self._cells.get(column, _EMPTY)

    def _text(self, column: Column) -> str:
        return self._cell(column).text

    def _whole(self, column: Column) -> int | None:
        text = plain(self._text(column))
        if not text:
            return None
        if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
            self._problems.append(f"「{column}」は1以上の整数です: {text[:20]}")
            return None
        return int(text)

    def _participant(self) -> Found | None:
        try:
            return self._names.participant(self._text(Column.CODE), self._text(Column.NAME))
        except ValueError as error:
            self._problems.append(str(error))
            return None

    def _programme(self) -> str | None:
        text = self._text(Column.PROGRAMME)
        found = self._names.programme(text)
        if found is None:
            self._problems.append(
                f"共同調達「{text[:40]}」はありません。" if text else "共同調達が空です。"
            )
        return found

    def _kind(self) -> EventKind | None:
        text = self._text(Column.KIND)
        found = _KINDS.get(plain(text))
        if found is None:
            self._problems.append(
                f"種類「{text[:20]}」はありません。{'、'.join(k.label for k in EventKind)}のどれかです。"
                if text
                else "種類が空です。"
            )
        return found

    def _day(self, column: Column, *, needed: bool = False) -> PartialDate | None:
        cell = self._cell(column)
        if cell.day is not None:
            return cell.day
        if not cell.text:
            if needed:
                self._problems.append(f"「{column}」が空です。")
            return None
        try:
            return _serial(cell.text) or read_date(cell.text)
        except ValueError as error:
            self._problems.append(f"「{column}」: {error}")
            return None


def _serial(text: str) -> PartialDate | None:
    if not re.fullmatch(r"[0-9]{5}", text) or not _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return None
    return PartialDate(date(1899, 12, 30) + timedelta(days=int(text)), Precision.DAY)
