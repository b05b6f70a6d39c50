"""Trainings: every change is a version with all its sessions."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import SERIAL, Base, choice
from core.training.vocabulary import Audience, TrainingKind, TrainingState


class TrainingVersionRow(Base):
    """研修の版: insert-only; the last version of a training counts."""

    __tablename__ = "training_version"
    __table_args__ = (
        UniqueConstraint("training_id", "version", name="training_version_once"),
        CheckConstraint(
            "(COALESCE(audience, '') = 'named') = (named <> '')", name="named_when_named"
        ),
        CheckConstraint("deadline_time IS NULL OR deadline IS NOT NULL", name="deadline_has_day"),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    training_id: Mapped[str]
    version: Mapped[int]
    kind: Mapped[TrainingKind] = mapped_column(choice(TrainingKind))
    title: Mapped[str]
    purpose: Mapped[str]
    covered: Mapped[str]
    theme: Mapped[str]
    audience: Mapped[Audience | None] = mapped_column(choice(Audience))
    named: Mapped[str]
    host: Mapped[str]
    co_host: Mapped[str | None]
    speaker: Mapped[str | None]
    seats_per_municipality: Mapped[int | None]
    deadline: Mapped[date | None]
    deadline_time: Mapped[time | None]
    materials: Mapped[str]
    open_data: Mapped[bool]
    state: Mapped[TrainingState] = mapped_column(choice(TrainingState))
    reason: Mapped[str]
    number: Mapped[int | None]
    source: Mapped[str]
    search_text: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class TrainingSessionRow(Base):
    """日程 of one version; the same session_id in every version that has it."""

    __tablename__ = "training_session"
    __table_args__ = (
        Index("training_session_version", "version_id"),
        Index("training_session_day", "day"),
        Index("training_session_year", "fiscal_year", "day"),
        Index("training_session_id", "session_id", "version_id"),
        CheckConstraint(
            "(on_site IS NULL AND online IS NULL) OR (on_site IS NOT NULL AND online IS NOT NULL "
            "AND (on_site OR online))",
            name="formats_known_or_not",
        ),
        CheckConstraint(
            "end_time IS NULL OR (start_time IS NOT NULL AND end_time > start_time)",
            name="ends_after_start",
        ),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    version_id: Mapped[int] = mapped_column(SERIAL, ForeignKey("training_version.id"))
    session_id: Mapped[str]
    day: Mapped[date]
    fiscal_year: Mapped[int]
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    on_site: Mapped[bool | None]
    online: Mapped[bool | None]
    place: Mapped[str | None]
    joining_address: Mapped[str]
    capacity: Mapped[int | None]
    cancelled: Mapped[bool]
