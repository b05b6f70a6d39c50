"""What the page 参加台帳 shows: rows, one participant in one system, counts, 網羅, files in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.imports.ledger.names import Known
from core.imports.ledger.plan import Preview, cells_of, plan, read_file
from core.imports.ledger.table import Progress
from core.procurement.counting import CountBasis
from core.procurement.coverage import BASIS_OF, CoverageEvent, Edition, covered_from, editions
from core.procurement.event import EventKind, LedgerEvent, corrected
from core.procurement.headline import Headline, headline
from core.procurement.index import LedgerIndex
from core.procurement.standing import FOLLOWS, NO_RECORD, Standing, State, is_overdue, steps
from core.reference.pack import Reference
from core.reference.procurements import Procurement
from core.store.engine import reading
from core.store.ledger import (
    LedgerFilter,
    corrections_of,
    events_of,
    events_of_cells,
    last_event_id,
    ledger_events,
    ledger_page,
)
from core.store.ledger_index import ledger_index
from core.values.fiscal import PartialDate


@dataclass(frozen=True)
class LedgerLine:
    """One row."""

    event: LedgerEvent
    participant: str  # 団体名; the code when it is none of ours
    programme: str  # 共同調達の名称; the key when it is none of ours
    corrected_by: int | None  # 記録番号 of the record that took it out; None while it counts


@dataclass(frozen=True)
class LedgerAnswer:
    """A page of the ledger."""

    lines: tuple[LedgerLine, ...]  # newest first
    total: int  # how many rows the filter leaves
    page: int  # this page, from 1
    pages: int  # how many there are, at least 1
    last_event: int  # number of the newest record of all


@requires("ledger:read")
def ledger_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    filters: LedgerFilter,
    page: int = 1,
    page_size: int = 50,
) -> LedgerAnswer:
    """The rows a filter leaves, a page at a time.

    Args:
        page: From 1; beyond the last one the last is shown.
        page_size: Rows a page, 1 or more.
    """
    with reading(engine) as session:
        events, total, shown = ledger_page(session, filters, page, page_size)
        void = corrections_of(session, [event.event_id for event in events])
        last = last_event_id(session)
    systems = reference.procurements.systems
    return LedgerAnswer(
        lines=tuple(
            LedgerLine(
                event,
                reference.named.get(event.participant, event.participant),
                systems[event.programme].label if event.programme in systems else event.programme,
                void.get(event.event_id),
            )
            for event in events
        ),
        total=total,
        page=shown,
        pages=max(1, -(-total // page_size)),
        last_event=last,
    )


@dataclass(frozen=True)
class CellAnswer:
    """One participant in one system, for the form that records or corrects."""

    events: tuple[LedgerEvent, ...]  # everything recorded, oldest first
    corrected_by: Mapping[int, int]  # 記録番号 → number of the record that took it out
    latest: State  # where it stands after the last record
    possible: tuple[EventKind, ...]  # what may be recorded after that; more at an earlier date
    seen_event: int  # what the form hands back: number of the last record, 0 for none


@requires("ledger:read")
def ledger_cell_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    participant: str,
    programme: str,
) -> CellAnswer:
    """Everything recorded of one participant in one system."""
    with reading(engine) as session:
        events = events_of(session, participant, programme)
    path = steps(events)
    latest = path[-1].state if path else NO_RECORD
    return CellAnswer(
        events=tuple(events),
        corrected_by=MappingProxyType(corrected(events)),
        latest=latest,
        possible=tuple(kind for kind, after in FOLLOWS.items() if latest.standing in after),
        seen_event=events[-1].event_id if events else 0,
    )


@requires("ledger:read")
def ledger_export_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    known_at: datetime | None = None,
) -> tuple[LedgerEvent, ...]:
    """Everything recorded, oldest first."""
    with reading(engine) as session:
        return tuple(ledger_events(session, known_at=known_at))


@requires("procurement:read")
def counts_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    as_of: date,
    basis: CountBasis,
    today: date | None = None,
) -> tuple[Headline, ...]:
    """Every programme's count on one basis, published values beside it.

    Args:
        today: Nothing of a later day has happened; None for a 基準日 not after it.
    """
    with reading(engine) as session:
        index = ledger_index(session, reference.succession)
    return tuple(
        headline(
            each.key,
            basis,
            as_of,
            index=index,
            totals=reference.totals_of(each.key),
            free_edition=each.free_edition,
            today=today,
        )
        for each in reference.procurements.programmes
    )


@dataclass(frozen=True)
class CoverageLine:
    """What was said of one system and edition."""

    programme: str
    label: str
    edition: Edition
    headline: Headline  # today's, on the basis the edition is compared on
    # days from which the ledger names everyone (True) or not (False), ascending
    covered: tuple[tuple[date, bool], ...]
    events: tuple[CoverageEvent, ...]  # everything said, newest first
    seen_event: int  # what the form hands back: number of the last word, 0 for none
    without_record: int  # municipalities nothing is recorded of today: 不明, or under 網羅 不参加


@requires("ledger:read")
def coverage_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    today: date,
) -> tuple[CoverageLine, ...]:
    """台帳の網羅 of every system and edition, in file order."""
    with reading(engine) as session:
        index = ledger_index(session, reference.succession)
    return tuple(
        _coverage_line(reference, index, system, edition, today)
        for system in reference.procurements.programmes
        for edition in editions(free_edition=system.free_edition)
    )


def _coverage_line(
    reference: Reference, index: LedgerIndex, system: Procurement, edition: Edition, today: date
) -> CoverageLine:
    own = [e for e in index.coverage if (e.programme, e.edition) == (system.key, edition)]
    programme = index.programme(system.key)
    states = (programme.state(each.lg_code, today) for each in reference.municipalities)
    return CoverageLine(
        programme=system.key,
        label=system.label,
        edition=edition,
        headline=headline(
            system.key,
            BASIS_OF[edition],
            today,
            index=index,
            totals=reference.totals_of(system.key),
            free_edition=system.free_edition,
        ),
        covered=covered_from(own, system.key, edition),
        events=tuple(reversed(own)),
        seen_event=own[-1].event_id if own else 0,
        without_record=sum(state.standing is Standing.NONE for state in states),
    )


@dataclass(frozen=True)
class OverduePlan:
    """A plan whose month has come, and of which nobody said that participation began."""

    participant: str
    name: str
    programme: str
    label: str  # of the joint procurement
    state: State
    foreseen: PartialDate  # when participation was meant to begin
    seen_event: int  # what the form hands back: number of the last record


@requires("ledger:read")
def overdue_plans_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    today: date,
) -> tuple[OverduePlan, ...]:
    """Every plan that waits for a word: by joint procurement, then the one that waits longest."""
    with reading(engine) as session:
        index = ledger_index(session, reference.succession)
        waiting = [
            (system, participant, state)
            for system in reference.procurements.programmes
            for participant in reference.participants
            if is_overdue(state := index.programme(system.key).state(participant, today), today)
        ]
        events = events_of_cells(session, {(system.key, who) for system, who, _ in waiting})
    found = [
        OverduePlan(
            who,
            reference.participants[who],
            system.key,
            system.label,
            state,
            state.target,
            events[system.key, who][-1].event_id if (system.key, who) in events else 0,
        )
        for system, who, state in waiting
        if state.target is not None
    ]
    order = [system.key for system in reference.procurements.programmes]
    return tuple(sorted(found, key=lambda each: (order.index(each.programme), each.foreseen.first)))


@requires("ledger:record")
def ledger_import_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    content: bytes,
    accept_names: bool,
    now: datetime,
    progress: Progress | None = None,
) -> Preview:
    """Every row of a file with what would become of it; nothing is written.

    Args:
        accept_names: Whether names that are not quite right may be read as offered.
        progress: Told how many rows are done, and of how many once that is known: first while
            reading, then while comparing.

    Raises:
        InvalidInputError: Field ``file``: it cannot be read at all.
    """
    known = Known.of(reference)
    rows, told = read_file(content, known, progress)
    with reading(engine) as session:
        existing = events_of_cells(session, cells_of(rows, reference.succession))
        last = last_event_id(session)
    return plan(
        rows,
        told,
        existing,
        known,
        last_event=last,
        accept_names=accept_names,
        recorded_at=now,
        recorded_by=principal.username,
        progress=progress,
    )
