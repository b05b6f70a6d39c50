"""Accounts and their sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.access.principal import Role
from core.store.tables.base import Base, choice


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
    role: Mapped[Role] = mapped_column(choice(Role))
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
