"""Rows of ``boarding_window`` and ``boarding_step`` ↔ values."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.boarding.steps import StepRecord
from core.boarding.window import WindowEvent
from core.store.tables import BoardingStepRow, BoardingWindowRow
from core.values.fiscal import FiscalYear


def window_events(session: Session) -> list[WindowEvent]:
    """Everything recorded about windows, oldest first."""
    rows = session.scalars(select(BoardingWindowRow).order_by(BoardingWindowRow.id))
    return [
        WindowEvent(
            event_id=row.id,
            programme=row.programme,
            fiscal_year=FiscalYear(row.fiscal_year),
            change=row.change,
            opening=row.opening,
            first_day=row.first_day,
            last_day=row.last_day,
            source=row.source,
            note=row.note,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in rows
    ]


def add_window_event(session: Session, event: WindowEvent) -> int:
    """Insert one; returns its number."""
    row = BoardingWindowRow(
        programme=event.programme,
        fiscal_year=int(event.fiscal_year),
        change=event.change,
        opening=event.opening,
        first_day=event.first_day,
        last_day=event.last_day,
        source=event.source,
        note=event.note,
        recorded_at=event.recorded_at,
        recorded_by=event.recorded_by,
    )
    session.add(row)
    session.flush()
    return row.id


def step_records(
    session: Session, lg_code: str | None = None, programme: str | None = None
) -> list[StepRecord]:
    """What municipalities recorded of their own steps, oldest first; each condition narrows it."""
    query = select(BoardingStepRow)
    if lg_code is not None:
        query = query.where(BoardingStepRow.lg_code == lg_code)
    if programme is not None:
        query = query.where(BoardingStepRow.programme == programme)
    return [
        StepRecord(
            record_id=row.id,
            lg_code=row.lg_code,
            programme=row.programme,
            step=row.step,
            done_on=row.done_on,
            taken_back=row.taken_back,
            note=row.note,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in session.scalars(query.order_by(BoardingStepRow.id))
    ]


def add_step_record(session: Session, record: StepRecord) -> None:
    """Insert one."""
    session.add(
        BoardingStepRow(
            lg_code=record.lg_code,
            programme=record.programme,
            step=record.step,
            done_on=record.done_on,
            taken_back=record.taken_back,
            note=record.note,
            recorded_at=record.recorded_at,
            recorded_by=record.recorded_by,
        )
    )
