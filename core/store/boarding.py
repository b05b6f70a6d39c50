"""後乗り: windows, and the steps a municipality records itself (予算要求, 議決)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint

from core.boarding.steps import StepRecord
from core.boarding.window import WindowEvent
from core.store.columns import SERIAL
from core.store.table import Stored

STEPS = Stored(
    "boarding_step",
    StepRecord,
    Index("boarding_step_lg_code", "lg_code", "programme"),
    key="record_id",
    columns={"after_event": SERIAL},
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
