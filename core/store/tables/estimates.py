"""Kept estimates."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import SERIAL, Base, choice


class KeptState(StrEnum):
    """Whether a kept estimate is still wanted (保存した試算の状態)."""

    KEPT = "kept"
    DISCARDED = "discarded"


class KeptEstimateRow(Base):
    """保存した試算: every save, renaming and discarding is a row; the last one counts."""

    __tablename__ = "kept_estimate"
    __table_args__ = (Index("kept_estimate_lg_code", "lg_code", "estimate_id"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    estimate_id: Mapped[str]
    lg_code: Mapped[str]
    name: Mapped[str]
    request: Mapped[str]
    gross: Mapped[int] = mapped_column(BigInteger)
    subsidy: Mapped[int] = mapped_column(BigInteger)
    net: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[KeptState] = mapped_column(choice(KeptState))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
