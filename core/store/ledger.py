"""参加台帳: what was said of a participant and a programme."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from core.procurement.carried import paths_of
from core.procurement.event import EventKind, LedgerEvent
from core.store.columns import SERIAL
from core.store.table import Stored
from core.values.succession import Succession

LEDGER = Stored(
    "ledger_event",
    LedgerEvent,
    Index("ledger_event_cell", "programme", "participant"),
    CheckConstraint(
        "kind <> 'correction' OR corrects IS NOT NULL", name="correction_names_an_event"
    ),
    CheckConstraint(
        "(target IS NULL) = (target_precision IS NULL)", name="target_has_its_precision"
    ),
    ForeignKeyConstraint(["corrects"], ["ledger_event.id"]),
    UniqueConstraint("corrects"),  # the database itself refuses to correct an event twice
    names={"effective": "effective precision", "target": "target target_precision"},
    columns={"corrects": SERIAL},
)
_AT_ONCE = 1000
"""Rows of one INSERT."""


def ledger_events(
    session: Session,
    *,
    participant: str | None = None,
    participants: Collection[str] = (),
    programme: str | None = None,
    known_at: datetime | None = None,
) -> Iterator[LedgerEvent]:
    """Everything recorded, in the order of recording; each condition narrows it.

    Args:
        participants: Of these only; empty, or more than one statement takes, for all.
        known_at: Only what was recorded by then.
    """
    query = LEDGER.query.order_by(LEDGER.c.id)
    if participant is not None:
        query = query.where(LEDGER.c.participant == participant)
    if 0 < len(participants) <= _AT_ONCE:
        query = query.where(LEDGER.c.participant.in_(sorted(participants)))
    if programme is not None:
        query = query.where(LEDGER.c.programme == programme)
    if known_at is not None:
        query = query.where(LEDGER.c.recorded_at <= known_at)
    return LEDGER.values(session, query.execution_options(yield_per=5000))


def events_of(session: Session, participant: str, programme: str) -> list[LedgerEvent]:
    """All events of one participant in one programme, oldest first, corrected ones included."""
    return list(ledger_events(session, participant=participant, programme=programme))


def former_events(
    session: Session, succession: Succession, lg_code: str, programme: str
) -> dict[str, list[LedgerEvent]]:
    """Code → events in a programme, of whoever became part of a municipality."""
    former = succession.former(lg_code)
    cells = {(programme, code) for code in former}
    found = events_of_cells(session, cells) if cells else {}
    return {code: events for (_, code), events in found.items()}


def path_events(
    session: Session, succession: Succession, lg_code: str, day: date
) -> dict[str, Sequence[LedgerEvent]]:
    """Programme → the events that make a municipality's path as it is looked at on a day."""
    events = ledger_events(session, participants=[lg_code, *succession.former(lg_code)])
    return paths_of(succession, events, lg_code, day)


def event_numbered(session: Session, number: int) -> LedgerEvent | None:
    """The event of a number; None when there is none."""
    return LEDGER.first(session, LEDGER.query.where(LEDGER.c.id == number))


def last_event_id(session: Session) -> int:
    """Number of the newest event; 0 for an empty ledger."""
    return session.scalar(select(func.max(LEDGER.c.id))) or 0


@dataclass(frozen=True)
class LedgerFilter:
    """Which rows to show; None, no kinds and no words do not narrow."""

    participant: str | None = None
    programme: str | None = None
    kinds: tuple[EventKind, ...] = ()
    recorded_by: str | None = None
    words: str = ""  # anywhere in source or note
    event_id: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL."""
        row, words = LEDGER.c, self.words.strip()
        equal = (
            (row.id, self.event_id),
            (row.participant, self.participant),
            (row.programme, self.programme),
            (row.recorded_by, self.recorded_by),
        )
        found = [column == value for column, value in equal if value is not None]
        if self.kinds:
            found.append(row.kind.in_(self.kinds))
        if words:
            within = (row.source, row.note)
            found.append(or_(*(text.contains(words, autoescape=True) for text in within)))
        return found


def ledger_page(
    session: Session, filters: LedgerFilter, page: int, page_size: int
) -> tuple[list[LedgerEvent], int, int]:
    """One page of what a filter leaves, newest first.

    Returns:
        Its events, how many there are on all pages, and which page it is: the nearest there is.
    """
    conditions = filters.conditions()
    total = session.scalar(select(func.count()).select_from(LEDGER.table).where(*conditions)) or 0
    shown = min(max(page, 1), max(1, -(-total // page_size)))
    query = LEDGER.query.where(*conditions).order_by(LEDGER.c.id.desc())
    query = query.offset((shown - 1) * page_size).limit(page_size)
    return list(LEDGER.values(session, query)), total, shown


def corrections_of(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """Number of each corrected event among these → number of the event that corrected it."""
    query = select(LEDGER.c.corrects, LEDGER.c.id)
    found = session.execute(query.where(LEDGER.c.corrects.in_(numbers)))
    return {corrects: number for corrects, number in found if corrects is not None}


def add_event(session: Session, event: LedgerEvent) -> LedgerEvent:
    """Insert one; returns it with its number. Check it first: core.procurement.recording."""
    return replace(event, event_id=LEDGER.add(session, event))


def add_events(session: Session, events: Sequence[LedgerEvent]) -> list[int]:
    """Insert many; returns their numbers, which rise in the order given."""
    numbers: list[int] = []
    for start in range(0, len(events), _AT_ONCE):
        rows = [LEDGER.row(event) for event in events[start : start + _AT_ONCE]]
        numbers.extend(LEDGER.add_all(session, rows))
    return numbers


def events_of_cells(
    session: Session, cells: Collection[tuple[str, str]]
) -> dict[tuple[str, str], list[LedgerEvent]]:
    """(programme, participant) → all its events, oldest first; cells without any are left out."""
    found: dict[tuple[str, str], list[LedgerEvent]] = {}
    wanted: dict[str, set[str]] = {}
    for programme, participant in cells:
        wanted.setdefault(programme, set()).add(participant)
    for programme, participants in sorted(wanted.items()):
        for event in ledger_events(session, programme=programme, participants=participants):
            if event.participant in participants:
                found.setdefault((event.programme, event.participant), []).append(event)
    return found


def fill_ledger(session: Session, events: Sequence[LedgerEvent]) -> int:
    """Fill an empty ledger from data/; one with rows stays as it is. Returns how many."""
    if last_event_id(session):
        return 0
    add_events(session, events)
    return len(events)
