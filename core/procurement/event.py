"""参加台帳の記録: what was said of one participant and one programme, once; never edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.values.fiscal import PartialDate
from core.values.label import Labelled

PROVISIONAL = 2**62
"""Numbers from here on are not given by the database: events that are only being tried."""


class EventKind(Labelled):
    """記録の種類."""

    INTEREST = "interest", "関心"
    PLANNED = "planned", "予定"
    MANDATE = "mandate", "委任状"
    JOINED = "joined", "当初参加"
    JOINED_LATE = "joined_late", "後乗り"
    FREE_EDITION = "free_edition", "無償版"
    LIVE = "live", "運用開始"
    LOT_CHANGED = "lot_changed", "区分変更"
    LEFT = "left", "離脱"
    WITHDRAWN = "withdrawn", "取下げ"
    CORRECTION = "correction", "訂正"


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """One record of the ledger."""

    event_id: int  # order of recording; 0 before it is recorded
    participant: str  # ``lg_code`` of a municipality, or the prefecture's own code
    programme: str
    lot: str | None  # 区分; None where the programme has none or it is not known
    kind: EventKind
    effective: PartialDate  # from when it holds, as exactly as known
    # for 予定 and 委任状: when participation is meant to begin; None when not said
    target: PartialDate | None
    source: str  # key in data/sources.yaml or the recorder's words; required
    note: str
    # number of the earlier event that no longer counts: of any kind where this event takes its
    # place, of kind 訂正 where nothing does
    corrects: int | None
    recorded_at: datetime  # what a question about 記録の時点 looks at
    recorded_by: str


def corrected(events: Iterable[LedgerEvent]) -> dict[int, int]:
    """Number of each corrected event → number of the event that corrected it.

    A corrected event never counts again, also when what corrected it is corrected in turn.
    """
    return {event.corrects: event.event_id for event in events if event.corrects is not None}


def in_order(events: Iterable[LedgerEvent]) -> list[LedgerEvent]:
    """Events that count, in the order they took effect: corrected ones and 訂正 are left out.

    Order: first possible day, then order of recording.
    """
    everything = list(events)
    void = corrected(everything)
    counting = [
        event
        for event in everything
        if event.kind is not EventKind.CORRECTION and event.event_id not in void
    ]
    return sorted(counting, key=lambda event: (event.effective.first, event.event_id))
