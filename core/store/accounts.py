"""アカウント, their sign-ins, and who asks."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.access.account import SESSION_LASTS, Account, token_hash
from core.access.principal import PUBLIC, Principal, Role
from core.store.columns import choice
from core.store.table import Base, columns_of
from core.store.written import Proof

_COUNTS = {"unproven": "moves with every wrong password; grants nothing"}


class AccountRow(Base):
    """アカウント: credentials and what ends their sessions.

    ``provider_subject`` is whose 組織アカウント it is; such a one has no password.
    """

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
    provider_subject: Mapped[str | None] = mapped_column(unique=True)


class SessionRow(Base):
    """サインイン中のセッション: the token itself is never kept, only its hash.

    ``provider_answer`` is the digest of the provider's answer that began it, which begins no other.
    """

    __tablename__ = "session"
    __table_args__ = ({"info": {"proof": Proof.PASSING}},)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("account.username"), index=True)
    session_version: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    provider_answer: Mapped[str | None] = mapped_column(unique=True)


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


def begin_session(
    session: Session, account: AccountRow, now: datetime, provider_answer: str | None = None
) -> str:
    """A session of an account, and its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(
        SessionRow(
            token_hash=token_hash(token),
            username=account.username,
            session_version=account.session_version,
            created_at=now,
            expires_at=now + SESSION_LASTS,
            revoked_at=None,
            provider_answer=provider_answer,
        )
    )
    return token


def all_accounts(session: Session) -> list[Account]:
    """Every account, by name."""
    query = select(*columns_of(Account, AccountRow)).order_by(AccountRow.username)
    return [Account(*row) for row in session.execute(query)]
