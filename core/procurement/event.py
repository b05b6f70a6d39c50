"""参加台帳の記録: what was said of one participant and one programme, once; never edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.fiscal import PartialDate

PREFECTURE = "270008"
"""大阪府 itself: takes part, is never counted among the municipalities."""


class EventKind(StrEnum):
    """記録の種類."""

    INTEREST = "interest"
    PLANNED = "planned"
    MANDATE = "mandate"
    JOINED = "joined"
    JOINED_LATE = "joined_late"
    FREE_EDITION = "free_edition"
    LIVE = "live"
    LEFT = "left"
    WITHDRAWN = "withdrawn"
    CORRECTION = "correction"

    @property
    def label(self) -> str:
        """関心, 予定, 委任状, 当初参加, 後乗り, 無償版, 運用開始, 離脱, 取下げ, 訂正."""
        return _LABELS[self]


_LABELS = {
    EventKind.INTEREST: "関心",
    EventKind.PLANNED: "予定",
    EventKind.MANDATE: "委任状",
    EventKind.JOINED: "当初参加",
    EventKind.JOINED_LATE: "後乗り",
    EventKind.FREE_EDITION: "無償版",
    EventKind.LIVE: "運用開始",
    EventKind.LEFT: "離脱",
    EventKind.WITHDRAWN: "取下げ",
    EventKind.CORRECTION: "訂正",
}


@dataclass(frozen=True)
class LedgerEvent:
    """One record of the ledger.

    Attributes:
        event_id: Order of recording; 0 before it is recorded.
        participant: ``lg_code`` of a municipality, or :data:`PREFECTURE`.
        programme: Key of the joint procurement.
        lot: 区分; None where the programme has none or it is not known.
        kind: What is said.
        effective: From when it holds, as exactly as known.
        target: For 予定: when participation is meant to begin; None when not said.
        source: Key in data/sources.yaml or the recorder's words; required.
        note: What must be known beside it.
        corrects: For 訂正: number of the event that no longer counts.
        recorded_at: When it was recorded; what ``known_at`` looks at.
        recorded_by: Account name.
    """

    event_id: int
    participant: str
    programme: str
    lot: str | None
    kind: EventKind
    effective: PartialDate
    target: PartialDate | None
    source: str
    note: str
    corrects: int | None
    recorded_at: datetime
    recorded_by: str


def in_order(events: Iterable[LedgerEvent]) -> list[LedgerEvent]:
    """Events that count, in the order they took effect: corrected ones and 訂正 are left out.

    Order: first possible day, then order of recording.
    """
    everything = list(events)
    void = {event.corrects for event in everything if event.kind is EventKind.CORRECTION}
    counting = [
        event
        for event in everything
        if event.kind is not EventKind.CORRECTION and event.event_id not in void
    ]
    return sorted(counting, key=lambda event: (event.effective.first, event.event_id))


def known_at(events: Iterable[LedgerEvent], moment: datetime) -> list[LedgerEvent]:
    """What was recorded by a moment: what we knew then, corrections since left out."""
    return [event for event in events if event.recorded_at <= moment]
