"""Cells → what a row wants recorded, or why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.imports.ledger.names import Found, Names, plain, says_nothing
from core.imports.ledger.table import FileRow
from core.imports.table import Cell
from core.procurement.event import EventKind
from core.procurement.layout import Column
from core.procurement.recording import Entry
from core.values.fiscal import PartialDate, Precision
from core.values.free_text import cleaned
from core.values.written_date import read_date

_EPOCHS = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)
"""Days that a bare number of five digits is taken for."""
_EMPTY = Cell("")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as read; what could not be read is None or empty.

    Attributes:
        number: Its 記録番号 in the file; None for none.
        entry: What it wants recorded; None when anything of it cannot be read.
        corrects: 記録番号 it corrects; None for none.
        correction: How a name is read that needs somebody's word (読み替え); empty for none.
        read_as: How cells were read where that is not how they are written.
        problems: Why it cannot be read, all of it at once.
    """

    line: int
    number: int | None
    entry: Entry | None
    corrects: int | None
    correction: str
    problems: tuple[str, ...]
    read_as: tuple[str, ...] = ()
    participant: str = ""
    programme: str = ""
    lot: str | None = None
    kind: EventKind | None = None
    effective: PartialDate | None = None
    target: PartialDate | None = None
    source: str = ""
    note: str = ""


def read_rows(rows: Iterable[FileRow], names: Names) -> Iterator[ReadRow]:
    """Read each row."""
    for row in rows:
        yield _Reader(row, names).read()


class _Reader:
    """Reads one row and gathers what is wrong with it and what is to be told of it."""

    def __init__(self, row: FileRow, names: Names) -> None:
        self._line, self._cells, problems = row
        self._names = names
        self._problems = [*problems]
        self._told: list[str] = []
        for column, cell in self._cells.items():
            if cell.problem:
                self._problems.append(f"「{column}」が{cell.problem}")
            elif cell.told:
                self._told.append(cell.told)

    def read(self) -> ReadRow:
        number = self._whole(Column.NUMBER)
        corrects = self._whole(Column.CORRECTS)
        found = self._participant()
        programme, kind = self._programme(), self._kind()
        effective, target = self._day(Column.EFFECTIVE, needed=True), self._day(Column.TARGET)
        lot = self._lot(programme)
        source, note = self._source(), cleaned(self._text(Column.NOTE))
        if kind is EventKind.CORRECTION and corrects is None:
            self._problems.append(f"「訂正」には「{Column.CORRECTS}」が必要です。")
        entry = None
        if found and programme and kind and effective and not self._problems:
            entry = Entry(
                participant=found.key,
                programme=programme,
                kind=kind,
                effective=effective,
                source=source,
                lot=lot,
                target=target,
                note=note,
            )
        correction = found.correction if found else ""
        return ReadRow(
            line=self._line,
            number=number,
            entry=entry,
            corrects=corrects,
            correction=correction,
            problems=tuple(self._problems),
            read_as=tuple([correction, *self._told] if correction else self._told),
            participant=found.key if found else "",
            programme=programme or "",
            lot=lot,
            kind=kind,
            effective=effective,
            target=target,
            source=source,
            note=note,
        )

    def _cell(self, column: Column) -> Cell:
        return self._cells.get(column, _EMPTY)

    def _text(self, column: Column) -> str:
        return self._cell(column).text

    def _unusable(self, *columns: Column) -> bool:
        """Whether a cell that is needed was refused already, whatever it may say."""
        return any(self._cell(column).problem for column in columns)

    def _whole(self, column: Column) -> int | None:
        text = plain(self._text(column)).removesuffix(".0")
        if says_nothing(text) or self._unusable(column):
            return None
        if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
            self._problems.append(f"「{column}」は1以上の整数です: {text[:20]}")
            return None
        return int(text)

    def _participant(self) -> Found | None:
        if self._unusable(Column.CODE, Column.NAME):
            return None
        try:
            found = self._names.participant(self._text(Column.CODE), self._text(Column.NAME))
        except ValueError as error:
            self._problems.append(str(error))
            return None
        if found.read_as:
            self._told.append(found.read_as)
        return found

    def _programme(self) -> str | None:
        if self._unusable(Column.PROGRAMME, Column.PROGRAMME_KEY):
            return None
        text, key = self._text(Column.PROGRAMME), self._text(Column.PROGRAMME_KEY)
        found = self._names.programme(text) if text else None
        by_key = self._names.programme(key) if key else None
        for column, written, meant in (
            (Column.PROGRAMME, text, found),
            (Column.PROGRAMME_KEY, key, by_key),
        ):
            if written and meant is None:
                self._problems.append(
                    f"{column}「{written[:40]}」はありません。{self._names.programmes}のどれかです。"
                )
        if not text and not key:
            self._problems.append(f"{Column.PROGRAMME}が空です。")
        if found and by_key and found.key != by_key.key:
            self._problems.append(
                f"{Column.PROGRAMME}「{text[:40]}」と{Column.PROGRAMME_KEY}「{key[:20]}」が合いません。"
            )
        meant = found or by_key
        if meant is None:
            return None
        if meant.read_as:
            self._told.append(meant.read_as)
        return meant.key

    def _lot(self, programme: str | None) -> str | None:
        text = self._text(Column.LOT)
        if not programme or not text or self._unusable(Column.LOT):
            return None
        found = self._names.lot(text, programme)
        if found is None:
            self._problems.append(self._names.no_lot(text, programme))
            return None
        if found.read_as:
            self._told.append(found.read_as)
        return found.key or None

    def _kind(self) -> EventKind | None:
        if self._unusable(Column.KIND):
            return None
        text = self._text(Column.KIND)
        found = self._names.kind(text)
        if found is None:
            self._problems.append(
                f"種類「{text[:20]}」はありません。{'、'.join(k.label for k in EventKind)}のどれかです。"
                if text
                else "種類が空です。"
            )
            return None
        if found.read_as:
            self._told.append(found.read_as)
        return EventKind(found.key)

    def _source(self) -> str:
        text = cleaned(self._text(Column.SOURCE))
        key = plain(self._text(Column.SOURCE_KEY))
        if not key:
            return self._names.source(text)
        if not self._names.is_source(key):
            self._problems.append(f"{Column.SOURCE_KEY}「{key[:40]}」の出典は登録されていません。")
            return text
        return key if not text or self._names.source(text) == key else text

    def _day(self, column: Column, *, needed: bool = False) -> PartialDate | None:
        cell = self._cell(column)
        if cell.day is not None or cell.problem:
            return cell.day
        if not cell.text:
            if needed:
                self._problems.append(f"「{column}」が空です。")
            return None
        if not needed and says_nothing(cell.text):
            self._told.append(f"{column}「{cell.text}」→空欄")
            return None
        try:
            found = self._serial(cell) or read_date(_unbent(cell.text))
        except ValueError as error:
            self._problems.append(f"「{column}」: {error}")
            return None
        written = plain(cell.text)[:10]
        if found.first.isoformat() != written and _ISO.fullmatch(written):  # of another zone
            self._told.append(f"{cell.text[:40]}→{found.first.isoformat()}")
        return found

    def _serial(self, cell: Cell) -> PartialDate | None:
        """The day of a bare number as spreadsheets count days; None where it is none."""
        text = plain(cell.text).removesuffix(".0")
        if cell.epoch < 0 or not re.fullmatch(r"[0-9]{5}", text):
            return None
        begin = _EPOCHS[cell.epoch or 1900]
        day = begin + timedelta(days=int(text))
        if not _EARLIEST <= day <= _LATEST:
            return None
        year, month, its_day = int(text[0]), int(text[1:3]), int(text[3:])
        if 1 <= month <= 12 and 1 <= its_day <= 31:
            raise ValueError(
                f"{text}は日付の通し番号({day.isoformat()})か元号の年月日"
                f"({year}年{month}月{its_day}日)か決まりません。日付で入れ直してください。"
            )
        self._told.append(f"{text}→{day.isoformat()}")
        return PartialDate(day, Precision.DAY)


def _unbent(text: str) -> str:
    """A date as text, unless a spreadsheet may have made it of another one.

    Raises:
        ValueError: 2023.1 is what remains of 2023.10.
    """
    if re.fullmatch(r"[0-9]{4}\.1", plain(text)):
        year = plain(text)[:4]
        raise ValueError(
            f"{plain(text)}は{year}年1月か{year}年10月か決まりません。「{year}年1月」のように書いてください。"
        )
    return text
