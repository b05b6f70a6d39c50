"""アカウント, their sign-ins, and who asks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.access.account import Account
from core.access.principal import PUBLIC, Principal, Role
from core.store.columns import choice
from core.store.table import Base, columns_of
from core.store.written import Proof

_COUNTS = {"unproven": "moves with every wrong password; grants nothing"}


class AccountRow(Base):
    """アカウント: credentials and what ends their sessions."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "(role = 'officer') = (lg_code IS NOT NULL)", name="officer_has_municipality"
        ),
        {"info": {"proof": Proof.LASTING, "rights": "SELECT, INSERT, UPDATE"}},
    )

    username: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    role: Mapped[Role] = mapped_column(choice(Role))
    lg_code: Mapped[str | None]
    password_hash: Mapped[str]
    active: Mapped[bool]
    must_change_password: Mapped[bool]
    session_version: Mapped[int]
    failed_attempts: Mapped[int] = mapped_column(info=_COUNTS)
    locked_until: Mapped[datetime | None] = mapped_column(info=_COUNTS)
    created_at: Mapped[datetime]


class SessionRow(Base):
    """サインイン中のセッション: the token itself is never kept, only its hash."""

    __tablename__ = "session"
    __table_args__ = ({"info": {"proof": Proof.PASSING}},)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("account.username"), index=True)
    session_version: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


def principal_of_session(session: Session, token_hash: str, now: datetime) -> Principal:
    """The account behind a token as it is now; PUBLIC unless everything still holds.

    Checked: the session exists, is neither expired nor revoked, the account is active and its
    session version unchanged.
    """
    found = session.execute(
        select(*columns_of(Principal, AccountRow))
        .join(SessionRow, SessionRow.username == AccountRow.username)
        .where(
            SessionRow.token_hash == token_hash,
            SessionRow.revoked_at.is_(None),
            SessionRow.expires_at > now,
            SessionRow.session_version == AccountRow.session_version,
            AccountRow.active.is_(True),
        )
    ).one_or_none()
    return PUBLIC if found is None else Principal(*found)


def all_accounts(session: Session) -> list[Account]:
    """Every account, by name."""
    query = select(*columns_of(Account, AccountRow)).order_by(AccountRow.username)
    return [Account(*row) for row in session.execute(query)]
