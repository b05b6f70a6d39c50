"""Rows of ``coverage_event`` ↔ what was said of 台帳の網羅."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.procurement.coverage import CoverageEvent
from core.store.tables import CoverageEventRow


def coverage_events(
    session: Session, *, known_at: datetime | None = None
) -> tuple[CoverageEvent, ...]:
    """Everything said, oldest first.

    Args:
        session: The transaction.
        known_at: Only what was recorded by then.
    """
    query = select(CoverageEventRow).order_by(CoverageEventRow.id)
    if known_at is not None:
        query = query.where(CoverageEventRow.recorded_at <= known_at)
    return tuple(
        CoverageEvent(
            row.id,
            row.programme,
            row.edition,
            row.kind,
            row.effective,
            row.source,
            row.note,
            row.recorded_at,
            row.recorded_by,
        )
        for row in session.scalars(query)
    )


def add_coverage(session: Session, event: CoverageEvent) -> CoverageEvent:
    """Insert one; returns it with its number. Check it first: core.procurement.coverage."""
    values = asdict(event)
    del values["event_id"]
    row = CoverageEventRow(**values)
    session.add(row)
    session.flush()
    return replace(event, event_id=row.id)
