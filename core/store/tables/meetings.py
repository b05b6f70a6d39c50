"""What a meeting shows: chosen scenes, and moments that were frozen."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import SERIAL, Base, choice
from core.store.tables.estimates import KeptState


class MeetingSetRow(Base):
    """会議の場面構成: every save and discarding is a row; the last one of a set counts."""

    __tablename__ = "meeting_set"
    __table_args__ = (
        Index("meeting_set_key", "set_id"),
        CheckConstraint("seconds >= 0", name="seconds_not_negative"),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    set_id: Mapped[str]
    name: Mapped[str]
    scenes: Mapped[str]
    seconds: Mapped[int]
    state: Mapped[KeptState] = mapped_column(choice(KeptState))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class MeetingFreezeRow(Base):
    """固定: what all scenes said at one moment, as values; insert-only."""

    __tablename__ = "meeting_freeze"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    name: Mapped[str]
    as_of: Mapped[date]
    revision: Mapped[int] = mapped_column(BigInteger)
    scenes: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
