"""Sign in, stay signed in, and out; a session is a random token whose hash is a row."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from core.access.account import (
    FIRST_PASSWORD_DAYS,
    SEEN_EVERY,
    account_name,
    token_hash,
)
from core.access.limit import Bucket, LimitKind, buckets, site_of, stand_in
from core.access.password import hash_password, matches
from core.access.permission import requires
from core.access.principal import Principal
from core.store.accounts import (
    AccountRow,
    SessionRow,
    begin_session,
    count_in_force,
    idle_time,
    origin_of,
    sign_ins,
)
from core.store.engine import reading, writing
from core.store.parameters import all_parameters, recorded_parameters
from core.store.sign_in_limits import count_failure, forgive, opens_at
from core.store.work import Work, command
from core.values.errors import ConflictError, SignInRefusedError
from core.values.fiscal import day_in_japan

NO_PASSWORD = hash_password(secrets.token_urlsafe(16))
"""Belongs to no password anybody knows."""
_REFUSED = (
    "サインインできませんでした。ユーザー名とパスワードを確認してください。"
    "続けて失敗すると、次に試すまで1分ほど待つことになります。"
)
_EXPIRED = (
    "最初のパスワードの期限(発行から{days}日)が過ぎています。"
    "事務局に、パスワードの再発行を依頼してください。"
)
_GONE = "このサインインは既に終わっています。画面を更新してください。"


@requires("session:start")
def sign_in(
    engine: Engine,
    principal: Principal,
    *,
    username: str,
    password: str,
    address: str = "",
    browser: str = "",
    now: datetime,
) -> str:
    """Check the credentials and begin a session.

    A wrong password, an unknown name and a disabled account get the same answer after the same
    work. Whoever has to wait (:mod:`core.access.limit`) is told how long, before any work and
    whether or not there is such an account; nothing is written then.

    Args:
        address: Where the try comes from; empty when it is not known.
        browser: The secret this browser keeps (:func:`core.access.account.browser_secret`).

    Returns:
        The session token, for this browser only.

    Raises:
        SignInRefusedError: Not signed in.
    """
    name = account_name(username)[:64].replace("\x00", "\ufffd")
    with reading(engine) as session:
        account = session.get(AccountRow, name)
        known_hash = account.password_hash if account else NO_PASSWORD
        counted = _counted(session, account, name, address, browser, now)
        _refuse_early(session, counted, now)
    return _start(
        engine,
        principal,
        name=name,
        known_hash=known_hash,
        right=matches(password, known_hash),
        address=address,
        browser=browser,
        now=now,
    )


@command(
    "session:start", "サインイン", refused=("session:refused", "サインインの失敗"), changes=False
)
def _start(
    work: Work,
    *,
    name: str,
    known_hash: str,
    right: bool,
    address: str,
    browser: str,
    now: datetime,
) -> str:
    account = work.session.get(AccountRow, name)
    counted = _counted(work.session, account, name, address, browser, work.now)
    _refuse_early(work.session, counted, work.now)
    if account is None:  # the name is not kept: it may be a password in the wrong field
        count_failure(work.session, counted, work.now)
        work.refuse(SignInRefusedError(_REFUSED), "", address=site_of(address))
    _check_password(work, account, counted, known_hash, right=right, address=address)
    work.known_as(account)
    token = begin_session(
        work.session, account, work.now, address=site_of(address), browser=browser
    )
    work.audit(name, address=site_of(address))
    return token


def _counted(
    session: Session,
    account: AccountRow | None,
    name: str,
    address: str,
    browser: str,
    now: datetime,
) -> list[Bucket]:
    """What a try is counted in: of a name that does not exist as of one that does."""
    digest = token_hash(browser) if browser else ""
    origin = origin_of(session, account.username if account else "", site_of(address), digest, now)
    return buckets(account.username if account else stand_in(name), origin)


def _refuse_early(session: Session, counted: list[Bucket], now: datetime) -> None:
    """Refuse a try that has to wait; it is not looked at, and nothing is written.

    Raises:
        SignInRefusedError: Says how long.
    """
    wait = opens_at(session, counted, now) - now
    if wait > timedelta():
        seconds = -(-wait // timedelta(seconds=1))
        raise SignInRefusedError(
            f"サインインの失敗が続いたため、あと{seconds}秒は試せません。"
            "待ってから、ユーザー名とパスワードを確かめて入力してください。"
        )


def _check_password(
    work: Work,
    account: AccountRow,
    counted: list[Bucket],
    known_hash: str,
    *,
    right: bool,
    address: str,
) -> None:
    """Refuse unless the password just compared is that of an account that may be used.

    Raises:
        SignInRefusedError: And counts it, unless all that is wrong is the age of a first password.
    """
    site = site_of(address)
    if not (right and account.active and account.password_hash == known_hash):
        count_failure(work.session, counted, work.now)
        account.failed_attempts += 1
        account.failed_at = work.now
        work.refuse(SignInRefusedError(_REFUSED), account.username, address=site)
    days = count_in_force(all_parameters(work.session), FIRST_PASSWORD_DAYS, work.today)
    if account.must_change_password and work.now >= account.password_set_at + timedelta(days=days):
        work.refuse(
            SignInRefusedError(_EXPIRED.format(days=days)),
            account.username,
            address=site,
            reason="最初のパスワードの期限切れ",
        )
    for bucket in counted:
        if bucket.kind in (LimitKind.PAIR, LimitKind.BROWSER):
            forgive(work.session, bucket.account, bucket.kind, origin=bucket.origin)


@requires("session:read")
def note_use(engine: Engine, principal: Principal, *, token: str, now: datetime) -> None:
    """Note that a session is used, a minute after the last note at the soonest.

    A session that has ended or sleeps stays so. No answer depends on it and nobody asks for it
    later, so there is neither an audit entry nor a new data revision.
    """
    with reading(engine) as session:  # most of the time there is nothing to write
        seen = SessionRow.last_seen_at
        last = session.scalar(select(seen).where(SessionRow.token_hash == token_hash(token)))
    if last is None or last > now - SEEN_EVERY:
        return
    idle = idle_time(recorded_parameters(engine), day_in_japan(now))
    with writing(engine) as session:
        session.execute(
            update(SessionRow)
            .where(
                SessionRow.token_hash == token_hash(token),
                SessionRow.revoked_at.is_(None),
                SessionRow.expires_at > now,
                SessionRow.last_seen_at > now - idle,
                SessionRow.last_seen_at <= now - SEEN_EVERY,
            )
            .values(last_seen_at=now)
        )


@requires("session:start")
def wake_session(
    engine: Engine,
    principal: Principal,
    *,
    token: str,
    password: str,
    address: str = "",
    browser: str = "",
    now: datetime,
) -> None:
    """Go on with a session that was not used for too long, by its account's password.

    The page it belongs to is as it was left, with all that was typed. Tries are limited and
    counted as those to sign in.

    Raises:
        SignInRefusedError: The password is wrong, or has to wait.
        ConflictError: The session has ended.
    """
    with reading(engine) as session:
        account = _account_of(session, token, now)
        known_hash = account.password_hash
        counted = _counted(session, account, account.username, address, browser, now)
        _refuse_early(session, counted, now)
    _wake(
        engine,
        principal,
        token=token,
        known_hash=known_hash,
        right=matches(password, known_hash),
        address=address,
        browser=browser,
        now=now,
    )


@command(
    "session:wake",
    "サインインの再開",
    "session:start",
    refused=("session:refused", "サインインの失敗"),
    changes=False,
)
def _wake(
    work: Work,
    *,
    token: str,
    known_hash: str,
    right: bool,
    address: str,
    browser: str,
    now: datetime,
) -> None:
    account = _account_of(work.session, token, work.now)
    counted = _counted(work.session, account, account.username, address, browser, work.now)
    _refuse_early(work.session, counted, work.now)
    _check_password(work, account, counted, known_hash, right=right, address=address)
    session = work.session.get_one(SessionRow, token_hash(token))
    session.last_seen_at = work.now
    work.known_as(account)
    work.audit(account.username, address=site_of(address))


def _account_of(session: Session, token: str, now: datetime) -> AccountRow:
    """Whose session it is, asleep or not.

    Raises:
        ConflictError: It has ended.
    """
    mine = SessionRow.token_hash == token_hash(token)
    found = sign_ins(session, now, timedelta(), mine)
    if not found:
        raise ConflictError("サインインが終わっています。サインインし直してください。")
    return session.get_one(AccountRow, found[0].username)


@command("session:acknowledge", "サインインの失敗の確認", "session:end", changes=False)
def acknowledge_failures(work: Work, *, session_id: str, now: datetime) -> None:
    """The principal has read what :func:`core.views.session.this_sign_in_view` told of failures."""
    session = work.session.get(SessionRow, session_id)
    if session is None or session.username != work.by:
        raise ConflictError(_GONE)
    failures, session.failures = session.failures, 0
    work.audit(work.by, failures=failures)


@command("session:end", "サインアウト", changes=False)
def sign_out(work: Work, *, now: datetime) -> None:
    """End every session of the principal, in every browser."""
    account = work.session.get(AccountRow, work.by)
    if account is not None:
        account.session_version += 1
    work.audit(work.by)


@command("session:end_one", "ひとつのサインインの終了", "session:end", changes=False)
def end_own_session(work: Work, *, session_id: str, now: datetime) -> None:
    """End one of the principal's own sessions, which its screen notices at the next click.

    Raises:
        ConflictError: None of theirs, or it has ended.
    """
    _end(work, session_id, work.by)


@command("session:end_other", "事務局によるサインインの終了", "account:manage", changes=False)
def end_session_of(work: Work, *, username: str, session_id: str, now: datetime) -> None:
    """The same of another account, by the secretariat.

    Raises:
        ConflictError: None of that account, or it has ended.
    """
    _end(work, session_id, account_name(username))


def _end(work: Work, session_id: str, username: str) -> None:
    mine = (SessionRow.token_hash == session_id, SessionRow.username == username)
    found = sign_ins(work.session, work.now, timedelta(), *mine)
    if not found:
        raise ConflictError(_GONE)
    work.session.get_one(SessionRow, session_id).revoked_at = work.now
    work.audit(username, begun_at=found[0].begun_at, address=found[0].address)
