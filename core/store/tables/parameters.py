"""Dated parameters."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from core.params import Basis
from core.store.tables.base import SERIAL, Base, choice


class ParameterRow(Base):
    """制度値: dated, sourced, insert-only."""

    __tablename__ = "parameter"
    __table_args__ = (Index("parameter_name", "name", "valid_from"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    name: Mapped[str]
    value: Mapped[str]
    valid_from: Mapped[date]
    basis: Mapped[Basis] = mapped_column(choice(Basis))
    source: Mapped[str]
    note: Mapped[str]
    recorded_at: Mapped[datetime | None]
    recorded_by: Mapped[str]
