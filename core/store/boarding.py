"""後乗り: windows, and the steps a municipality records itself (予算要求, 議決)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Session

from core.boarding.steps import StepRecord
from core.boarding.window import WindowEvent
from core.store.columns import SERIAL
from core.store.table import Stored

STEPS = Stored(
    "boarding_step",
    StepRecord,
    Index("boarding_step_lg_code", "lg_code", "programme"),
    key="record_id",
)
WINDOWS = Stored(
    "boarding_window",
    WindowEvent,
    ForeignKeyConstraint(["opening"], ["boarding_window.id"]),
    UniqueConstraint("opening"),
    CheckConstraint("(change = 'closed') = (opening IS NOT NULL)", name="closes_an_opening"),
    CheckConstraint("change = 'closed' OR first_day <= last_day", name="ends_after_it_begins"),
    columns={"opening": SERIAL},
)


def window_events(session: Session) -> list[WindowEvent]:
    """Everything recorded about windows, oldest first."""
    return WINDOWS.all(session)


def step_records(
    session: Session, lg_code: str | None = None, programme: str | None = None
) -> list[StepRecord]:
    """What municipalities recorded of their own steps, oldest first; each condition narrows it."""
    return STEPS.all(session, lg_code=lg_code, programme=programme)
