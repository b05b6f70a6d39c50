"""参加台帳をファイルに書く: the layout that ``core.imports.ledger`` reads back.

Numbers, kinds, dates and corrections come back as they were; 記録日時 and 記録者 are for the
reader and given anew when a file is imported elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from core.exports import book
from core.exports.file import csv_file
from core.procurement.event import LedgerEvent
from core.procurement.layout import SHEET, Column, date_text
from core.values.fiscal import JAPAN

_WIDTHS = {
    Column.NUMBER: 10,
    Column.CODE: 12,
    Column.NAME: 14,
    Column.PROGRAMME: 12,
    Column.LOT: 8,
    Column.KIND: 12,
    Column.EFFECTIVE: 16,
    Column.TARGET: 16,
    Column.SOURCE: 30,
    Column.NOTE: 40,
    Column.CORRECTS: 18,
    Column.RECORDED_AT: 20,
    Column.RECORDED_BY: 14,
}


def ledger_csv(
    events: Iterable[LedgerEvent], participants: Mapping[str, str], *, made_up: bool
) -> bytes:
    """Every event a row."""
    return csv_file(tuple(Column), (_cells(e, participants) for e in events), made_up=made_up)


def ledger_workbook(
    events: Iterable[LedgerEvent],
    participants: Mapping[str, str],
    made_on: date,
    *,
    made_up: bool,
) -> bytes:
    """Every event a row, every cell text, so that Excel rewrites no code and no date."""
    made = book.Book(SHEET, made_on, made_up=made_up)
    columns = [book.Column(column, _WIDTHS[column], "verbatim") for column in Column]
    rows = ([cell or None for cell in _cells(event, participants)] for event in events)
    made.table(SHEET, columns, rows)
    return made.finished()


def _cells(event: LedgerEvent, participants: Mapping[str, str]) -> tuple[str, ...]:
    texts = {
        Column.NUMBER: str(event.event_id),
        Column.CODE: event.participant,
        Column.NAME: participants.get(event.participant, ""),
        Column.PROGRAMME: event.programme,
        Column.LOT: event.lot or "",
        Column.KIND: event.kind.label,
        Column.EFFECTIVE: date_text(event.effective),
        Column.TARGET: date_text(event.target) if event.target else "",
        Column.SOURCE: event.source,
        Column.NOTE: event.note,
        Column.CORRECTS: "" if event.corrects is None else str(event.corrects),
        Column.RECORDED_AT: event.recorded_at.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M:%S"),
        Column.RECORDED_BY: event.recorded_by,
    }
    return tuple(texts[column] for column in Column)
