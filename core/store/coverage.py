"""台帳の網羅: what the secretariat said of a system and edition."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.procurement.coverage import CoverageEvent
from core.store.table import Stored

COVERAGE = Stored("coverage_event", CoverageEvent)


def coverage_events(
    session: Session, *, known_at: datetime | None = None
) -> tuple[CoverageEvent, ...]:
    """Everything said by ``known_at``, or at all when it is None; oldest first."""
    known = [] if known_at is None else [COVERAGE.c.recorded_at <= known_at]
    return tuple(COVERAGE.all(session, *known))


def add_coverage(session: Session, event: CoverageEvent) -> CoverageEvent:
    """Insert one; returns it with its number. Check it first: core.procurement.coverage."""
    return replace(event, event_id=COVERAGE.add(session, event))
