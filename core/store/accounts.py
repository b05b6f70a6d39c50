"""アカウント, their sign-ins, and who asks."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, and_, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.access.account import (
    IDLE_MINUTES,
    SESSION_LASTS,
    Account,
    SessionState,
    SignIn,
    browser_secret,
    token_hash,
)
from core.access.limit import KNOWN_FOR, Origin
from core.access.principal import Principal, Role
from core.params import Parameter, in_force, standing
from core.store.columns import SERIAL, choice
from core.store.parameters import how_many
from core.store.support import municipalities_served
from core.store.table import Base, columns_of
from core.store.written import Proof

_COUNTS = {"unproven": "moves with every wrong password; grants nothing"}
_USE = {"unproven": "moves with every minute of use, without an entry"}


class AccountRow(Base):
    """アカウント: credentials and what ends their sessions.

    ``provider_subject`` is whose 組織アカウント it is; such a one has no password.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "(role = 'officer') = (lg_code IS NOT NULL)", name="officer_has_municipality"
        ),
        CheckConstraint("(role = 'adviser') = (vendor_id IS NOT NULL)", name="adviser_has_vendor"),
        {"info": {"proof": Proof.LASTING, "rights": "SELECT, INSERT, UPDATE"}},
    )

    username: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    role: Mapped[Role] = mapped_column(choice(Role))
    lg_code: Mapped[str | None]
    vendor_id: Mapped[int | None] = mapped_column(SERIAL, ForeignKey("vendor.id"))
    password_hash: Mapped[str]
    active: Mapped[bool]
    must_change_password: Mapped[bool]
    password_set_at: Mapped[datetime]
    session_version: Mapped[int]
    failed_attempts: Mapped[int] = mapped_column(info=_COUNTS)
    failed_at: Mapped[datetime | None] = mapped_column(info=_COUNTS)
    signed_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    provider_subject: Mapped[str | None] = mapped_column(unique=True)


def new_account(
    now: datetime,
    username: str,
    display_name: str,
    role: Role,
    lg_code: str | None,
    password_hash: str,
    *,
    vendor_id: int | None = None,
    provider_subject: str | None = None,
) -> AccountRow:
    """An account nobody signed in with yet; without a provider its first password must be changed."""
    return AccountRow(
        username=username,
        display_name=display_name,
        role=role,
        lg_code=lg_code,
        vendor_id=vendor_id,
        password_hash=password_hash,
        active=True,
        must_change_password=provider_subject is None,
        password_set_at=now,
        session_version=1,
        failed_attempts=0,
        failed_at=None,
        signed_in_at=None,
        created_at=now,
        provider_subject=provider_subject,
    )


class SessionRow(Base):
    """サインイン中のセッション: the token itself is never kept, only its hash.

    ``failures``, ``failed_at`` and ``previous_at`` are what there was to tell when it began.
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
    last_seen_at: Mapped[datetime] = mapped_column(info=_USE)
    address: Mapped[str]
    browser_hash: Mapped[str]
    failures: Mapped[int]
    failed_at: Mapped[datetime | None]
    previous_at: Mapped[datetime | None]
    provider_answer: Mapped[str | None] = mapped_column(unique=True)


def begin_session(
    session: Session,
    account: AccountRow,
    now: datetime,
    provider_answer: str | None = None,
    *,
    address: str = "",
    browser: str = "",
) -> str:
    """A session of an account and its token, which is kept nowhere.

    What there is to tell its owner (wrong passwords, the sign-in before) moves to the session.

    Args:
        address: Where it begins, as :func:`core.access.limit.site_of` makes it.
        browser: The secret the browser keeps; empty for one that has none yet.
    """
    token = secrets.token_urlsafe(32)
    session.execute(delete(SessionRow).where(SessionRow.created_at < now - KNOWN_FOR))
    session.add(
        SessionRow(
            token_hash=token_hash(token),
            username=account.username,
            session_version=account.session_version,
            created_at=now,
            expires_at=now + SESSION_LASTS,
            revoked_at=None,
            last_seen_at=now,
            address=address,
            browser_hash=token_hash(browser or browser_secret(token)),
            failures=account.failed_attempts,
            failed_at=account.failed_at if account.failed_attempts else None,
            previous_at=account.signed_in_at,
            provider_answer=provider_answer,
        )
    )
    account.failed_attempts = 0
    account.signed_in_at = now
    return token


@dataclass(frozen=True)
class Holder:
    """Who holds a session that has not ended, in one query: it is asked on every run of a page.

    Of an adviser there is a second one, of the municipalities served.

    Attributes:
        last_seen_at: Its last use, to the minute.
        parameters: How many parameters were recorded; one of them says how long it may be unused.
    """

    principal: Principal
    last_seen_at: datetime
    parameters: int


def holder_of_session(session: Session, digest: str, now: datetime) -> Holder | None:
    """Who holds the session behind the hash of a token; None unless everything still holds.

    Checked: the session exists, is neither expired nor revoked, the account is active and its
    session version unchanged. Whether it was unused for too long is for the caller to ask.
    """
    found = session.execute(
        select(*_WHO, SessionRow.last_seen_at, how_many())
        .join(SessionRow, SessionRow.username == AccountRow.username)
        .where(SessionRow.token_hash == digest, *_goes_on(now))
    ).one_or_none()
    if found is None:
        return None
    *who, last_seen_at, parameters = found
    principal = Principal(*who)
    if principal.vendor_id is not None:
        served = municipalities_served(session, principal.vendor_id)
        principal = replace(principal, serves=served)
    return Holder(principal, last_seen_at, parameters)


_WHO: list[Any] = [
    getattr(AccountRow, each.name) for each in fields(Principal) if each.name != "serves"
]
"""Of an account, what :class:`Principal` says; whom an adviser serves is asked of the contracts."""


def sign_ins(
    session: Session, now: datetime, idle: timedelta, *conditions: ColumnElement[bool]
) -> list[SignIn]:
    """Sign-ins that have not ended, the newest first; those that meet every condition."""
    query = (
        select(SessionRow, AccountRow.provider_subject)
        .join(AccountRow, SessionRow.username == AccountRow.username)
        .where(*_goes_on(now), *conditions)
        .order_by(SessionRow.created_at.desc(), SessionRow.token_hash)
    )
    return [_sign_in(row, subject, now, idle) for row, subject in session.execute(query)]


def _goes_on(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SessionRow.revoked_at.is_(None),
        SessionRow.expires_at > now,
        SessionRow.session_version == AccountRow.session_version,
        AccountRow.active.is_(True),
    )


def _sign_in(row: SessionRow, subject: str | None, now: datetime, idle: timedelta) -> SignIn:
    return SignIn(
        session_id=row.token_hash,
        username=row.username,
        begun_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        address=row.address,
        state=SessionState.AWAKE if row.last_seen_at > now - idle else SessionState.ASLEEP,
        failures=row.failures,
        failed_at=row.failed_at,
        previous_at=row.previous_at,
        by_provider=subject is not None,
    )


def origin_of(
    session: Session, username: str, address: str, browser_hash: str, now: datetime
) -> Origin:
    """Where a try to sign in comes from, and whether its account was signed in from there before.

    Args:
        address: As :func:`core.access.limit.site_of` makes it; empty when it is not known.
        browser_hash: Digest of the browser's secret; empty without one.
    """
    known = session.execute(
        select(SessionRow.address, SessionRow.browser_hash)
        .where(
            SessionRow.username == username,
            SessionRow.created_at > now - KNOWN_FOR,
            or_(
                and_(SessionRow.address == address, SessionRow.address != ""),
                and_(SessionRow.browser_hash == browser_hash, SessionRow.browser_hash != ""),
            ),
        )
        .distinct()
    ).all()
    return Origin(
        address,
        browser_hash,
        known_browser=any(browser_hash and row.browser_hash == browser_hash for row in known),
        known_address=any(address and row.address == address for row in known),
    )


def all_accounts(session: Session) -> list[Account]:
    """Every account, by name."""
    query = select(*columns_of(Account, AccountRow)).order_by(AccountRow.username)
    return [Account(*row) for row in session.execute(query)]


def idle_time(parameters: Iterable[Parameter], day: date) -> timedelta:
    """After how long a sign-in that is not used ends."""
    return timedelta(minutes=count_in_force(parameters, IDLE_MINUTES, day))


def count_in_force(parameters: Iterable[Parameter], name: str, day: date) -> int:
    """A count that holds on any day: before the first value, the first one does."""
    recorded = tuple(parameters)
    value = in_force(recorded, name, max(day, min(standing(recorded, name)))).value
    if not isinstance(value, int):
        raise TypeError(f"not a count: {value!r}")
    return value
