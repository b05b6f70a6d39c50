"""What the secretariat sets for indicators: targets, and what it wants to be told of."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.figures.alert import AlertKind
from core.store.tables.base import SERIAL, Base, choice


class AlertRuleRow(Base):
    """アラートの設定: every setting and stopping is a row; the last one of a kind counts."""

    __tablename__ = "alert_rule"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    kind: Mapped[AlertKind] = mapped_column(choice(AlertKind))
    threshold: Mapped[int | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class KpiTargetRow(Base):
    """目標: every setting and taking back is a row; the last one of an indicator and day counts."""

    __tablename__ = "kpi_target"
    __table_args__ = (Index("kpi_target_key", "indicator", "day"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    indicator: Mapped[str]
    day: Mapped[date]
    value: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
