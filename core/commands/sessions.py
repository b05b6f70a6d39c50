"""Sign in and out; a session is a random token whose hash is a row."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Engine

from core.access.account import account_name, lock_after
from core.access.password import hash_password, matches
from core.access.permission import requires
from core.access.principal import Principal
from core.store.accounts import AccountRow, begin_session
from core.store.engine import reading
from core.store.work import Work, command
from core.values.errors import SignInRefusedError

NO_PASSWORD = hash_password(secrets.token_urlsafe(16))
"""Belongs to no password anybody knows."""
_REFUSED = (
    "サインインできませんでした。ユーザー名とパスワードを確認してください。"
    "続けて5回失敗すると、しばらくサインインできなくなります。"
)


@requires("session:start")
def sign_in(
    engine: Engine, principal: Principal, *, username: str, password: str, now: datetime
) -> str:
    """Check the credentials and begin a session.

    A wrong password, an unknown name, a disabled and a locked account get the same answer after
    the same work.

    Returns:
        The session token, for this browser only.

    Raises:
        SignInRefusedError: Not signed in.
    """
    name = account_name(username)[:64].replace("\x00", "\ufffd")
    with reading(engine) as session:
        account = session.get(AccountRow, name)
        known_hash = account.password_hash if account else NO_PASSWORD
    right = matches(password, known_hash)
    return _start(engine, principal, name=name, known_hash=known_hash, right=right, now=now)


@command(
    "session:start", "サインイン", refused=("session:refused", "サインインの失敗"), changes=False
)
def _start(work: Work, *, name: str, known_hash: str, right: bool, now: datetime) -> str:
    account = work.session.get(AccountRow, name)
    if account is None:  # the name is not kept: it may be a password in the wrong field
        work.refuse(SignInRefusedError(_REFUSED), "")
    locked = account.locked_until is not None and account.locked_until > work.now
    if locked or not (right and account.active and account.password_hash == known_hash):
        if not locked:
            account.failed_attempts += 1
            lock = lock_after(account.failed_attempts)
            account.locked_until = work.now + lock if lock else None
        work.refuse(SignInRefusedError(_REFUSED), name)
    account.failed_attempts = 0
    account.locked_until = None
    token = begin_session(work.session, account, work.now)
    work.audit(name)
    return token


@command("session:end", "サインアウト", changes=False)
def sign_out(work: Work, *, now: datetime) -> None:
    """End every session of the principal, in every browser."""
    account = work.session.get(AccountRow, work.by)
    if account is not None:
        account.session_version += 1
    work.audit(work.by)
