"""Rows of ``hearing_event`` ↔ events."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.consultation.hearing import HearingEvent, HearingPlan
from core.store.tables import HearingEventRow
from core.values.fiscal import FiscalYear


def hearing_events(
    session: Session, fiscal_year: FiscalYear, lg_code: str | None = None
) -> list[HearingEvent]:
    """Everything said about a year's hearings, oldest first; of one municipality when named."""
    query = select(HearingEventRow).where(HearingEventRow.fiscal_year == int(fiscal_year))
    if lg_code is not None:
        query = query.where(HearingEventRow.lg_code == lg_code)
    return [
        HearingEvent(
            event_id=row.id,
            lg_code=row.lg_code,
            fiscal_year=FiscalYear(row.fiscal_year),
            state=row.state,
            plan=HearingPlan(row.day, row.start, row.meeting, row.note),
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in session.scalars(query.order_by(HearingEventRow.id))
    ]


def add_hearing(session: Session, event: HearingEvent) -> None:
    """Insert one."""
    session.add(
        HearingEventRow(
            lg_code=event.lg_code,
            fiscal_year=int(event.fiscal_year),
            state=event.state,
            day=event.plan.day,
            start=event.plan.start,
            meeting=event.plan.meeting,
            note=event.plan.note,
            recorded_at=event.recorded_at,
            recorded_by=event.recorded_by,
        )
    )
