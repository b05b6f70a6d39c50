"""Rows of ``calendar_token`` ↔ personal calendar addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.principal import Role
from core.store.tables import AccountRow, CalendarTokenRow


@dataclass(frozen=True)
class CalendarToken:
    """A personal calendar address (カレンダー用アドレス), without its secret.

    Attributes:
        token_id: What revoking refers to.
        username: Account that made it.
        lg_code: Whose enrolments it shows.
        label: What its maker calls it.
        created_at: When it was made.
        revoked_at: When it was revoked; None while it works.
    """

    token_id: str
    username: str
    lg_code: str
    label: str
    created_at: datetime
    revoked_at: datetime | None


def calendar_tokens(session: Session, lg_code: str) -> list[CalendarToken]:
    """Every address of a municipality, oldest first, revoked ones included."""
    rows = session.scalars(
        select(CalendarTokenRow)
        .where(CalendarTokenRow.lg_code == lg_code)
        .order_by(CalendarTokenRow.created_at, CalendarTokenRow.token_id)
    )
    return [_token(row) for row in rows]


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


def _token(row: CalendarTokenRow) -> CalendarToken:
    return CalendarToken(
        token_id=row.token_id,
        username=row.username,
        lg_code=row.lg_code,
        label=row.label,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
