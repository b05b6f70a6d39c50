"""Sign in and out; a session is a random token whose hash is a row."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.account import SESSION_LASTS, lock_after, token_hash
from core.access.password import hash_password, matches
from core.access.permission import requires
from core.access.principal import Principal
from core.store.accounts import AccountRow, SessionRow
from core.store.audit import record_audit
from core.store.engine import reading, writing
from core.values.errors import SignInRefusedError

_NOBODY = hash_password(secrets.token_urlsafe(16))
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
    name = unicodedata.normalize("NFKC", username).strip().lower()[:64].replace("\x00", "\ufffd")
    with reading(engine) as session:
        account = session.get(AccountRow, name)
        known_hash = account.password_hash if account else _NOBODY
    right = matches(password, known_hash)
    token = secrets.token_urlsafe(32)
    with writing(engine) as session:
        account = session.get(AccountRow, name)
        if account is None or not _admitted(account, known_hash, right=right, now=now):
            _count_failure(session, account, now)
            record_audit(session, principal, now, "session:refused", name, {}, data_changed=False)
            refused = True
        else:
            refused = False
            account.failed_attempts = 0
            account.locked_until = None
            session.add(
                SessionRow(
                    token_hash=token_hash(token),
                    username=name,
                    session_version=account.session_version,
                    created_at=now,
                    expires_at=now + SESSION_LASTS,
                    revoked_at=None,
                )
            )
            record_audit(session, principal, now, "session:start", name, {}, data_changed=False)
    if refused:
        raise SignInRefusedError(_REFUSED)
    return token


def _admitted(account: AccountRow, checked_hash: str, *, right: bool, now: datetime) -> bool:
    locked = account.locked_until is not None and account.locked_until > now
    return right and account.active and not locked and account.password_hash == checked_hash


def _count_failure(session: Session, account: AccountRow | None, now: datetime) -> None:
    if account is None or (account.locked_until is not None and account.locked_until > now):
        return
    account.failed_attempts += 1
    lock = lock_after(account.failed_attempts)
    account.locked_until = now + lock if lock else None
    session.flush()


@requires("session:end")
def sign_out(engine: Engine, principal: Principal, *, now: datetime) -> None:
    """End every session of the principal, in every browser."""
    with writing(engine) as session:
        account = session.get(AccountRow, principal.username)
        if account is not None:
            account.session_version += 1
        record_audit(
            session, principal, now, "session:end", principal.username, {}, data_changed=False
        )
