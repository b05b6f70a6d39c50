"""Wishes for support plans."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import SERIAL, Base, choice
from core.support.wish import WishState


class WishRow(Base):
    """参加希望: what a municipality said about a plan; insert-only."""

    __tablename__ = "wish"
    __table_args__ = (
        Index("wish_key", "lg_code", "fiscal_year", "plan"),
        CheckConstraint("gross = subsidy + net", name="adds_up"),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    lg_code: Mapped[str]
    fiscal_year: Mapped[int]
    plan: Mapped[int]
    state: Mapped[WishState] = mapped_column(choice(WishState))
    visits: Mapped[int]
    gross: Mapped[int] = mapped_column(BigInteger)
    subsidy: Mapped[int] = mapped_column(BigInteger)
    net: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
