"""The ledger's index of this process, kept up with the database by the numbers of the last events."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from core.procurement.event import LedgerEvent
from core.procurement.index import LedgerIndex
from core.store.coverage import COVERAGE, coverage_events
from core.store.ledger import LEDGER, ledger_events
from core.values.succession import Succession

_Kept = tuple[Succession, LedgerIndex]
_indexes: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_refreshing = Lock()


def ledger_index(session: Session, succession: Succession) -> LedgerIndex:
    """The index of everything recorded so far.

    Writers queue and numbers rise with them, so the events behind the last known number are all
    there is to read; only the cells they belong to are folded anew.

    Args:
        succession: All municipalities; another one than before builds the index anew.
    """
    engine = session.get_bind().engine
    last, said = _last_numbers(session)
    index = _kept(engine, succession)
    if index is not None and (index.last_event, index.last_coverage) == (last, said):
        return index
    with _refreshing:
        index = _kept(engine, succession)
        if index is None or index.last_event > last:
            index = LedgerIndex(succession)
        if index.last_event < last:
            index = _caught_up(session, index, last)
        if index.last_coverage != said:
            known = (event for event in coverage_events(session) if event.event_id <= said)
            index = replace(index, coverage=tuple(known))
        _indexes[engine] = succession, index
    return index


def _last_numbers(session: Session) -> tuple[int, int]:
    """Of the newest event and the newest word on coverage, 0 for none, from one statement."""
    event = select(func.max(LEDGER.c.id)).scalar_subquery()
    coverage = select(func.max(COVERAGE.c.id)).scalar_subquery()
    last, said = session.execute(select(event, coverage)).one()
    return last or 0, said or 0


def _kept(engine: Engine, succession: Succession) -> LedgerIndex | None:
    kept = _indexes.get(engine)
    return kept[1] if kept is not None and kept[0] is succession else None


def _caught_up(session: Session, index: LedgerIndex, last: int) -> LedgerIndex:
    changed: dict[str, set[str]] = {}
    query = select(LEDGER.c.programme, LEDGER.c.participant).distinct()
    behind = query.where(LEDGER.c.id > index.last_event, LEDGER.c.id <= last)
    for programme, participant in session.execute(behind):
        changed.setdefault(programme, set()).add(participant)
    for programme, participants in changed.items():
        only = next(iter(participants)) if len(participants) == 1 else None
        cells: dict[str, list[LedgerEvent]] = {}
        for event in ledger_events(session, programme=programme, participant=only):
            if event.participant in participants and event.event_id <= last:
                cells.setdefault(event.participant, []).append(event)
        index = index.with_cells({programme: cells}, last)
    return index
