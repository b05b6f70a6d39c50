"""The ledger of joint procurements."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.procurement.coverage import CoverageKind, Edition
from core.procurement.event import EventKind
from core.store.tables.base import SERIAL, Base, choice
from core.values.fiscal import Precision


class LedgerEventRow(Base):
    """参加台帳: what was said of a participant and a programme; insert-only.

    ``corrects`` is unique: the database itself refuses to correct an event twice.
    """

    __tablename__ = "ledger_event"
    __table_args__ = (
        Index("ledger_event_cell", "programme", "participant"),
        CheckConstraint(
            "kind <> 'correction' OR corrects IS NOT NULL", name="correction_names_an_event"
        ),
        CheckConstraint(
            "(target IS NULL) = (target_precision IS NULL)", name="target_has_its_precision"
        ),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    participant: Mapped[str]
    programme: Mapped[str]
    lot: Mapped[str | None]
    kind: Mapped[EventKind] = mapped_column(choice(EventKind))
    effective: Mapped[date]
    precision: Mapped[Precision] = mapped_column(choice(Precision))
    target: Mapped[date | None]
    target_precision: Mapped[Precision | None] = mapped_column(
        choice(Precision, "target_precision")
    )
    source: Mapped[str]
    note: Mapped[str]
    corrects: Mapped[int | None] = mapped_column(SERIAL, ForeignKey("ledger_event.id"), unique=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class CoverageEventRow(Base):
    """台帳の網羅: what the secretariat said of a system and edition; insert-only."""

    __tablename__ = "coverage_event"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    programme: Mapped[str]
    edition: Mapped[Edition] = mapped_column(choice(Edition))
    kind: Mapped[CoverageKind] = mapped_column(choice(CoverageKind))
    effective: Mapped[date]
    source: Mapped[str]
    note: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
