"""Rows of ``ledger_event`` ↔ events of the ledger (参加台帳)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from core.fiscal import PartialDate
from core.procurement.event import LedgerEvent
from core.store.tables import LedgerEventRow

_COLUMNS = (
    LedgerEventRow.id,
    LedgerEventRow.participant,
    LedgerEventRow.programme,
    LedgerEventRow.lot,
    LedgerEventRow.kind,
    LedgerEventRow.effective,
    LedgerEventRow.precision,
    LedgerEventRow.target,
    LedgerEventRow.target_precision,
    LedgerEventRow.source,
    LedgerEventRow.note,
    LedgerEventRow.corrects,
    LedgerEventRow.recorded_at,
    LedgerEventRow.recorded_by,
)
_AT_ONCE = 1000
"""Rows of one INSERT."""


def ledger_events(
    session: Session,
    *,
    participant: str | None = None,
    programme: str | None = None,
    after: int = 0,
    known_at: datetime | None = None,
) -> Iterator[LedgerEvent]:
    """Everything recorded, in the order of recording; each condition narrows it.

    Args:
        session: The transaction.
        participant: Of this participant only.
        programme: Of this programme only.
        after: Only numbers above this one.
        known_at: Only what was recorded by then.
    """
    query = select(*_COLUMNS).order_by(LedgerEventRow.id)
    if participant is not None:
        query = query.where(LedgerEventRow.participant == participant)
    if programme is not None:
        query = query.where(LedgerEventRow.programme == programme)
    if after:
        query = query.where(LedgerEventRow.id > after)
    if known_at is not None:
        query = query.where(LedgerEventRow.recorded_at <= known_at)
    for row in session.execute(query.execution_options(yield_per=5000)):
        yield _event(row)


def events_of(session: Session, participant: str, programme: str) -> list[LedgerEvent]:
    """All events of one participant in one programme, oldest first, corrected ones included."""
    return list(ledger_events(session, participant=participant, programme=programme))


def event_numbered(session: Session, number: int) -> LedgerEvent | None:
    """The event of a number; None when there is none."""
    row = session.execute(select(*_COLUMNS).where(LedgerEventRow.id == number)).one_or_none()
    return None if row is None else _event(row)


def last_event_id(session: Session) -> int:
    """Number of the newest event; 0 for an empty ledger."""
    return session.scalar(select(func.max(LedgerEventRow.id))) or 0


def add_event(session: Session, event: LedgerEvent) -> LedgerEvent:
    """Insert one; returns it with its number. Check it first: core.procurement.recording."""
    row = LedgerEventRow(**_values(event))
    session.add(row)
    session.flush()
    return _event(row)


def add_events(session: Session, events: Iterable[LedgerEvent]) -> None:
    """Insert many, numbered in their order; an event with a number keeps it."""
    pending = iter(events)
    while some := list(islice(pending, _AT_ONCE)):
        session.execute(
            insert(LedgerEventRow),
            [_values(e) | ({"id": e.event_id} if e.event_id else {}) for e in some],
        )


def fill_ledger(session: Session, events: Sequence[LedgerEvent]) -> int:
    """Fill an empty ledger from data/; one with rows is the secretariat's and stays.

    Returns:
        How many events were inserted.
    """
    if last_event_id(session):
        return 0
    add_events(session, events)
    return len(events)


def _values(event: LedgerEvent) -> dict[str, Any]:
    return {
        "participant": event.participant,
        "programme": event.programme,
        "lot": event.lot,
        "kind": event.kind,
        "effective": event.effective.first,
        "precision": event.effective.precision,
        "target": event.target and event.target.first,
        "target_precision": event.target and event.target.precision,
        "source": event.source,
        "note": event.note,
        "corrects": event.corrects,
        "recorded_at": event.recorded_at,
        "recorded_by": event.recorded_by,
    }


def _event(row: Any) -> LedgerEvent:
    target = None
    if row.target is not None and row.target_precision is not None:
        target = PartialDate(row.target, row.target_precision)
    return LedgerEvent(
        event_id=row.id,
        participant=row.participant,
        programme=row.programme,
        lot=row.lot,
        kind=row.kind,
        effective=PartialDate(row.effective, row.precision),
        target=target,
        source=row.source,
        note=row.note,
        corrects=row.corrects,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )
