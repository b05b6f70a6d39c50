"""What the page 参加台帳 shows: rows, one participant in one system, counts, everything to export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.procurement.counting import CountBasis
from core.procurement.event import EventKind, LedgerEvent, corrected
from core.procurement.standing import FOLLOWS, NO_RECORD, State, steps
from core.reference.catalogue import shipped
from core.reference.comparison import Comparison, compared
from core.store.engine import reading
from core.store.ledger import (
    LedgerFilter,
    corrections_of,
    events_of,
    last_event_id,
    ledger_events,
    ledger_page,
)
from core.store.ledger_index import ledger_index


@dataclass(frozen=True)
class LedgerLine:
    """One row.

    Attributes:
        event: The record.
        participant: 団体名; the code when it is none of ours.
        programme: 共同調達の名称; the key when it is none of ours.
        corrected_by: 記録番号 of the record that took it out; None while it counts.
    """

    event: LedgerEvent
    participant: str
    programme: str
    corrected_by: int | None


@dataclass(frozen=True)
class LedgerAnswer:
    """A page of the ledger.

    Attributes:
        lines: Newest first.
        total: How many rows the filter leaves.
        page: This page, from 1.
        pages: How many there are, at least 1.
        last_event: Number of the newest record of all.
    """

    lines: tuple[LedgerLine, ...]
    total: int
    page: int
    pages: int
    last_event: int


@requires("ledger:read")
def ledger_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
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
    reference = shipped()
    with reading(engine) as session:
        events, total, shown = ledger_page(session, filters, page, page_size)
        void = corrections_of(session, [event.event_id for event in events])
        last = last_event_id(session)
    systems = reference.procurements.systems
    return LedgerAnswer(
        lines=tuple(
            LedgerLine(
                event,
                reference.participants.get(event.participant, event.participant),
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
    """One participant in one system, for the form that records or corrects.

    Attributes:
        events: Everything recorded, oldest first.
        corrected_by: 記録番号 → number of the record that took it out.
        latest: Where it stands after the last record.
        possible: What may be recorded after that; more at an earlier date.
        seen_event: What the form hands back: number of the last record, 0 for none.
    """

    events: tuple[LedgerEvent, ...]
    corrected_by: Mapping[int, int]
    latest: State
    possible: tuple[EventKind, ...]
    seen_event: int


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


@dataclass(frozen=True)
class CountsLine:
    """One programme of ``noriai counts``.

    Attributes:
        programme: Key.
        label: 名称.
        comparison: The ledger's count beside the published ones.
    """

    programme: str
    label: str
    comparison: Comparison


@requires("procurement:read")
def counts_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    as_of: date,
    basis: CountBasis,
) -> tuple[CountsLine, ...]:
    """Every programme's count on one basis, published values beside it."""
    reference = shipped()
    with reading(engine) as session:
        index = ledger_index(session, reference.municipalities)
    return tuple(
        CountsLine(
            each.key,
            each.label,
            compared(
                reference.published_totals,
                each.key,
                basis,
                as_of,
                index.programme(each.key).counts(as_of),
            ),
        )
        for each in reference.procurements.programmes
    )
