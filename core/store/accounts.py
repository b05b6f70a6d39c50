"""Rows of ``account`` and ``session`` → who asks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.account import Account
from core.access.principal import PUBLIC, Principal
from core.store.tables import AccountRow, SessionRow


def principal_of_session(session: Session, token_hash: str, now: datetime) -> Principal:
    """The account behind a token as it is now; PUBLIC unless everything still holds.

    Checked: the session exists, is neither expired nor revoked, the account is active and its
    session version unchanged.
    """
    found = session.execute(
        select(
            AccountRow.username,
            AccountRow.display_name,
            AccountRow.role,
            AccountRow.lg_code,
            AccountRow.must_change_password,
        )
        .join(SessionRow, SessionRow.username == AccountRow.username)
        .where(
            SessionRow.token_hash == token_hash,
            SessionRow.revoked_at.is_(None),
            SessionRow.expires_at > now,
            SessionRow.session_version == AccountRow.session_version,
            AccountRow.active.is_(True),
        )
    ).one_or_none()
    if found is None:
        return PUBLIC
    return Principal(
        username=found.username,
        display_name=found.display_name,
        role=found.role,
        lg_code=found.lg_code,
        must_change_password=found.must_change_password,
    )


def all_accounts(session: Session) -> list[Account]:
    """Every account, by name."""
    rows = session.scalars(select(AccountRow).order_by(AccountRow.username))
    return [
        Account(
            username=row.username,
            display_name=row.display_name,
            role=row.role,
            lg_code=row.lg_code,
            active=row.active,
            must_change_password=row.must_change_password,
            locked_until=row.locked_until,
            created_at=row.created_at,
        )
        for row in rows
    ]
