"""Revision, audit trail and accepted requests: what every write touches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.access.principal import Role
from core.store.tables.base import SERIAL, Base, choice


class RevisionRow(Base):
    """データ改訂番号: one row, raised by every write; what caches depend on."""

    __tablename__ = "revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(BigInteger)


class AuditRow(Base):
    """監査記録: who did what when; each entry carries the hash of the one before."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    role: Mapped[Role] = mapped_column(choice(Role))
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class RequestRow(Base):
    """受付済みの要求: a double click finds its first answer here."""

    __tablename__ = "request"

    actor: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]
    result: Mapped[str]
    at: Mapped[datetime]
