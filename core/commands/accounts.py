"""Accounts: add, disable, enable, reset, and change one's own password."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from core.access.account import check_account
from core.access.password import check_password, hash_password, matches, new_password
from core.access.permission import requires
from core.access.principal import Principal, Role
from core.store.accounts import AccountRow
from core.store.audit import record_audit
from core.store.engine import reading, writing
from core.values.errors import ConflictError, InvalidInputError


@requires("account:manage")
def add_account(
    engine: Engine,
    principal: Principal,
    *,
    username: str,
    display_name: str,
    role: Role,
    lg_code: str | None,
    known_codes: frozenset[str],
    now: datetime,
) -> str:
    """Create an account with a random password that must be changed at first sign-in.

    Args:
        known_codes: Every municipality code there is.

    Returns:
        The password, to be handed over once; it is kept nowhere.

    Raises:
        InvalidInputError: All problems of the form at once.
        ConflictError: The user name is taken.
    """
    name = _normalised(username)
    check_account(name, display_name, role, lg_code, known_codes)
    password = new_password()
    password_hash = hash_password(password)
    with writing(engine) as session:
        if session.get(AccountRow, name) is not None:
            raise ConflictError(
                f"ユーザー名「{name}」は既に使われています。別の名前にしてください。"
            )
        session.add(
            AccountRow(
                username=name,
                display_name=display_name.strip(),
                role=role,
                lg_code=lg_code,
                password_hash=password_hash,
                active=True,
                must_change_password=True,
                session_version=1,
                failed_attempts=0,
                locked_until=None,
                created_at=now,
            )
        )
        detail = {"role": role, "lg_code": lg_code, "display_name": display_name.strip()}
        record_audit(session, principal, now, "account:add", name, detail)
    return password


@requires("account:manage")
def add_first_account(engine: Engine, principal: Principal, *, now: datetime) -> str | None:
    """Create the account ``jimukyoku`` (secretariat) when there is none at all.

    Returns:
        Its password, to be shown once; None when any account exists.
    """
    with reading(engine) as session:
        if session.scalar(select(func.count()).select_from(AccountRow)):
            return None
    try:
        return add_account(
            engine,
            principal,
            username="jimukyoku",
            display_name="事務局",
            role=Role.SECRETARIAT,
            lg_code=None,
            known_codes=frozenset(),
            now=now,
        )
    except ConflictError:  # another server was faster
        return None


@requires("account:manage")
def set_account_active(
    engine: Engine, principal: Principal, *, username: str, active: bool, now: datetime
) -> None:
    """Disable an account, which ends its sessions at their next click, or enable it again.

    Raises:
        InvalidInputError: No such account.
        ConflictError: It is so already, or would leave no active secretariat account.
    """
    with writing(engine) as session:
        account = _account(session, username)
        if account.active == active:
            state = "有効" if active else "無効"
            raise ConflictError(
                f"「{account.username}」は既に{state}です。画面を更新してください。"
            )
        if not active and account.role is Role.SECRETARIAT and _active_secretariat(session) == 1:
            raise ConflictError(
                "最後の事務局アカウントは無効にできません。先に別の事務局アカウントを作ってください。"
            )
        account.active = active
        account.session_version += 1
        action = "account:enable" if active else "account:disable"
        record_audit(session, principal, now, action, account.username, {})


@requires("account:manage")
def reset_password(engine: Engine, principal: Principal, *, username: str, now: datetime) -> str:
    """Give an account a random password, end its sessions and its lockout.

    Returns:
        The password, to be handed over once.

    Raises:
        InvalidInputError: No such account.
    """
    password = new_password()
    password_hash = hash_password(password)
    with writing(engine) as session:
        account = _account(session, username)
        _replace_password(account, password_hash, must_change=True)
        record_audit(session, principal, now, "account:reset", account.username, {})
    return password


@requires("password:change")
def change_password(
    engine: Engine,
    principal: Principal,
    *,
    current: str,
    new: str,
    repeated: str,
    now: datetime,
) -> None:
    """Change one's own password; ends every session of one's own.

    Raises:
        InvalidInputError: Fields ``current``, ``password``, ``repeated``; all at once.
    """
    with reading(engine) as session:
        password_hash = _account(session, principal.username).password_hash
    problems = {}
    if not matches(current, password_hash):
        problems["current"] = "現在のパスワードが違います。"
    if new == current:
        problems["password"] = "現在と同じパスワードは使えません。"  # noqa: S105
    else:
        try:
            check_password(principal.username, new)
        except InvalidInputError as error:
            problems.update(error.problems)
    if new != repeated:
        problems["repeated"] = "確認用のパスワードが一致しません。もう一度入力してください。"
    if problems:
        raise InvalidInputError(problems)
    new_hash = hash_password(new)
    with writing(engine) as session:
        account = _account(session, principal.username)
        if account.password_hash != password_hash:
            raise ConflictError("その間にパスワードが変更されました。サインインし直してください。")
        _replace_password(account, new_hash, must_change=False)
        record_audit(session, principal, now, "password:change", account.username, {})


def _replace_password(account: AccountRow, password_hash: str, *, must_change: bool) -> None:
    account.password_hash = password_hash
    account.must_change_password = must_change
    account.session_version += 1
    account.failed_attempts = 0
    account.locked_until = None


def _account(session: Session, username: str) -> AccountRow:
    account = session.get(AccountRow, _normalised(username))
    if account is None:
        raise InvalidInputError({"username": f"アカウントがありません: {username[:40]}"})
    return account


def _active_secretariat(session: Session) -> int:
    query = select(func.count()).where(
        AccountRow.active.is_(True), AccountRow.role == Role.SECRETARIAT
    )
    return session.scalar(query) or 0


def _normalised(username: str) -> str:
    return unicodedata.normalize("NFKC", username).strip().lower()
