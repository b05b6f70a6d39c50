"""The tables. A class ends in ``Row``; enums carry CHECK constraints; yen are integers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.params import Basis
from core.principal import Role
from core.wish import WishState


class Instant(TypeDecorator[datetime]):
    """A moment with time zone; kept in UTC, refused without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC)


def _enum(kind: type[StrEnum]) -> Enum:
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class KeptState(StrEnum):
    """Whether a kept estimate is still wanted (保存した試算の状態)."""

    KEPT = "kept"
    DISCARDED = "discarded"


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        datetime: Instant(),
        Role: _enum(Role),
        Basis: _enum(Basis),
        WishState: _enum(WishState),
        KeptState: _enum(KeptState),
    }


_Serial = BigInteger().with_variant(Integer(), "sqlite")


class RevisionRow(Base):
    """データ改訂番号: one row, raised by every write; what caches depend on."""

    __tablename__ = "revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(BigInteger)


class AuditRow(Base):
    """監査記録: who did what when; each entry carries the hash of the one before."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    role: Mapped[Role]
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


class AccountRow(Base):
    """アカウント: credentials and what ends their sessions."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "(role = 'officer') = (lg_code IS NOT NULL)", name="officer_has_municipality"
        ),
    )

    username: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    role: Mapped[Role]
    lg_code: Mapped[str | None]
    password_hash: Mapped[str]
    active: Mapped[bool]
    must_change_password: Mapped[bool]
    session_version: Mapped[int]
    failed_attempts: Mapped[int]
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SessionRow(Base):
    """サインイン中のセッション: the token itself is never kept, only its hash."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("account.username"), index=True)
    session_version: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ParameterRow(Base):
    """制度値: dated, sourced, insert-only."""

    __tablename__ = "parameter"
    __table_args__ = (Index("parameter_name", "name", "valid_from"),)

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
    name: Mapped[str]
    value: Mapped[str]
    valid_from: Mapped[date]
    basis: Mapped[Basis]
    source: Mapped[str]
    note: Mapped[str]
    recorded_at: Mapped[datetime | None]
    recorded_by: Mapped[str]


class KeptEstimateRow(Base):
    """保存した試算: every save, renaming and discarding is a row; the last one counts."""

    __tablename__ = "kept_estimate"
    __table_args__ = (Index("kept_estimate_lg_code", "lg_code", "estimate_id"),)

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
    estimate_id: Mapped[str]
    lg_code: Mapped[str]
    name: Mapped[str]
    request: Mapped[str]
    gross: Mapped[int] = mapped_column(BigInteger)
    subsidy: Mapped[int] = mapped_column(BigInteger)
    net: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[KeptState]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class WishRow(Base):
    """参加希望: what a municipality said about a plan; insert-only."""

    __tablename__ = "wish"
    __table_args__ = (
        Index("wish_key", "lg_code", "fiscal_year", "plan"),
        CheckConstraint("gross = subsidy + net", name="adds_up"),
    )

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
    lg_code: Mapped[str]
    fiscal_year: Mapped[int]
    plan: Mapped[int]
    state: Mapped[WishState]
    visits: Mapped[int]
    gross: Mapped[int] = mapped_column(BigInteger)
    subsidy: Mapped[int] = mapped_column(BigInteger)
    net: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


INSERT_ONLY = ("audit", "parameter", "kept_estimate", "wish")
"""Tables whose rows the database itself refuses to change or delete."""
