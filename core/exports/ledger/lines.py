"""Events as texts under the columns of the file."""

from __future__ import annotations

from collections.abc import Mapping

from core.procurement.event import LedgerEvent
from core.procurement.layout import Column, date_text
from core.values.fiscal import JAPAN


def line_of(event: LedgerEvent, participants: Mapping[str, str]) -> tuple[str, ...]:
    """The cells of one event, in the order of the columns."""
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
