"""Boarding late: windows, and the steps a municipality records itself."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.boarding.steps import BoardingStep
from core.boarding.window import WindowChange
from core.store.tables.base import SERIAL, Base, choice


class BoardingStepRow(Base):
    """後乗りの手順の記録: 予算要求 and 議決 of a municipality, or that one is taken back; insert-only."""

    __tablename__ = "boarding_step"
    __table_args__ = (Index("boarding_step_lg_code", "lg_code", "programme"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    lg_code: Mapped[str]
    programme: Mapped[str]
    step: Mapped[BoardingStep] = mapped_column(choice(BoardingStep))
    done_on: Mapped[date]
    taken_back: Mapped[bool]
    note: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class BoardingWindowRow(Base):
    """後乗り募集: every opening and closing is a row; insert-only."""

    __tablename__ = "boarding_window"
    __table_args__ = (
        CheckConstraint("(change = 'closed') = (opening IS NOT NULL)", name="closes_an_opening"),
        CheckConstraint("change = 'closed' OR first_day <= last_day", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    programme: Mapped[str]
    fiscal_year: Mapped[int]
    change: Mapped[WindowChange] = mapped_column(choice(WindowChange))
    opening: Mapped[int | None] = mapped_column(
        SERIAL, ForeignKey("boarding_window.id"), unique=True
    )
    first_day: Mapped[date]
    last_day: Mapped[date]
    source: Mapped[str]
    note: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
