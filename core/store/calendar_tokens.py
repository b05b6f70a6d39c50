"""カレンダー用アドレス: calendar addresses of a municipality or a 事業者; no table holds the secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.access.principal import Role
from core.store.accounts import AccountRow
from core.store.columns import SERIAL
from core.store.table import Base, columns_of
from core.store.written import Proof


class CalendarTokenRow(Base):
    """カレンダー用アドレス: the token itself is never kept, only its hash."""

    __tablename__ = "calendar_token"
    __table_args__ = (
        CheckConstraint("(lg_code IS NULL) = (vendor_id IS NOT NULL)", name="one_whose"),
        {"info": {"proof": Proof.LASTING, "rights": "SELECT, INSERT, UPDATE"}},
    )

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    token_id: Mapped[str] = mapped_column(unique=True)
    username: Mapped[str]
    lg_code: Mapped[str | None] = mapped_column(index=True)
    vendor_id: Mapped[int | None] = mapped_column(SERIAL, ForeignKey("vendor.id"))
    label: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True)
class CalendarToken:
    """A personal calendar address (カレンダー用アドレス), without its secret."""

    token_id: str  # what revoking refers to
    username: str
    lg_code: str | None  # whose enrolments it shows; None: it shows the visits of a 事業者
    label: str
    created_at: datetime
    revoked_at: datetime | None  # when it was revoked; None while it works


def calendar_tokens(session: Session, lg_code: str) -> list[CalendarToken]:
    """Every address of a municipality, oldest first, revoked ones included."""
    rows = session.execute(
        select(*columns_of(CalendarToken, CalendarTokenRow))
        .where(CalendarTokenRow.lg_code == lg_code)
        .order_by(CalendarTokenRow.created_at, CalendarTokenRow.token_id)
    )
    return [CalendarToken(*row) for row in rows]


def vendor_calendar_tokens(session: Session, vendor_id: int) -> list[CalendarToken]:
    """Every address of a 事業者, oldest first, revoked ones included."""
    rows = session.execute(
        select(*columns_of(CalendarToken, CalendarTokenRow))
        .where(CalendarTokenRow.vendor_id == vendor_id)
        .order_by(CalendarTokenRow.created_at, CalendarTokenRow.token_id)
    )
    return [CalendarToken(*row) for row in rows]


def vendor_of_token(session: Session, token_hash: str) -> int | None:
    """The 事業者 whose visits an address shows; None unless everything still holds.

    Checked: the address exists and is not revoked, its account is active and still an adviser of
    that 事業者.
    """
    return session.scalar(
        select(CalendarTokenRow.vendor_id)
        .join(AccountRow, AccountRow.username == CalendarTokenRow.username)
        .where(
            CalendarTokenRow.token_hash == token_hash,
            CalendarTokenRow.revoked_at.is_(None),
            AccountRow.active.is_(True),
            AccountRow.role == Role.ADVISER,
            AccountRow.vendor_id == CalendarTokenRow.vendor_id,
        )
    )


def municipality_of_token(session: Session, token_hash: str) -> str | None:
    """The municipality an address shows; None unless everything still holds.

    Checked: the address exists and is not revoked, its account is active and still an officer of
    that municipality.
    """
    return session.scalar(
        select(CalendarTokenRow.lg_code)
        .join(AccountRow, AccountRow.username == CalendarTokenRow.username)
        .where(
            CalendarTokenRow.token_hash == token_hash,
            CalendarTokenRow.revoked_at.is_(None),
            AccountRow.active.is_(True),
            AccountRow.role == Role.OFFICER,
            AccountRow.lg_code == CalendarTokenRow.lg_code,
        )
    )
