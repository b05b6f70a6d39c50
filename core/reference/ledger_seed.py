"""What an empty ledger begins with: the named participations of data/participation.csv."""

from __future__ import annotations

from datetime import datetime

from core.access.principal import INITIAL_DATA
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.recording import Entry, event_of
from core.reference.pack import Reference
from core.reference.participations import PublishedParticipation


def seed_events(reference: Reference, now: datetime) -> tuple[LedgerEvent, ...]:
    """One event for each named participation, in file order, without numbers.

    予定 takes effect when it was said and aims at the published month; it stays planned until
    somebody records otherwise. Everything else takes effect when it was published to.
    """
    return tuple(event_of(_entry(each), now, INITIAL_DATA) for each in reference.participations)


def _entry(published: PublishedParticipation) -> Entry:
    kind = EventKind(published.event)
    planned = kind is EventKind.PLANNED
    return Entry(
        participant=published.lg_code,
        programme=published.programme,
        kind=kind,
        effective=published.as_of if planned else published.effective,
        target=published.effective if planned else None,
        source=published.source,
    )
