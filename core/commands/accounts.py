"""Accounts: add, change, disable, enable, unlock, reset, and change one's own password.

Passwords are hashed before the transaction begins: that takes a fifth of a second, and writers
queue. They are handed over once and kept nowhere, so no request of them is answered twice.
"""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Annotated

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from core.access.account import (
    DISPLAY_NAME,
    FirstAccount,
    NewAccount,
    account_name,
    check_account,
)
from core.access.password import LETTERS, check_password, hash_password, matches, new_password
from core.access.permission import requires
from core.access.principal import Principal, Role
from core.store.accounts import AccountRow, new_account
from core.store.engine import reading
from core.store.sign_in_limits import forgive
from core.store.support import vendors
from core.store.work import Work, command
from core.values.errors import ConflictError, InvalidInputError
from core.values.free_text import read_form

_PROVIDERS = (
    "組織アカウントのパスワードは乗合にはありません。組織のアカウントの管理者に依頼してください。"
)

_PROVIDERS_WORD = (
    "組織アカウントの表示名・権限・団体は、サインインのたびに組織の認証サーバーの内容になります。"
    "組織のアカウントの管理者に依頼してください。"
)


@requires("account:manage")
def add_account(
    engine: Engine,
    principal: Principal,
    *,
    username: str,
    display_name: Annotated[str, DISPLAY_NAME],
    role: Role,
    lg_code: str | None,
    vendor: str = "",
    known_codes: frozenset[str],
    now: datetime,
) -> str:
    """Create an account with a random password that must be changed at first sign-in.

    Args:
        vendor: Name of the 事業者 an adviser works for; empty of all others.

    Returns:
        The password, to be handed over once; it is kept nowhere.

    Raises:
        InvalidInputError: All problems of the form at once.
        ConflictError: The user name is taken.
    """
    password = new_password()
    _add(
        engine,
        principal,
        username=account_name(username),
        display_name=display_name,
        role=role,
        officer_of=lg_code,
        vendor=vendor,
        known_codes=known_codes,
        password_hash=hash_password(password),
        now=now,
    )
    return password


@command("account:add", "アカウントの追加", "account:manage")
def _add(
    work: Work,
    *,
    username: str,
    display_name: Annotated[str, DISPLAY_NAME],
    role: Role,
    officer_of: str | None,
    vendor: str,
    known_codes: frozenset[str],
    password_hash: str,
    now: datetime,
) -> None:
    by_name = _vendors(work.session)
    check_account(username, role, officer_of, known_codes, vendor, by_name)
    if work.session.get(AccountRow, username) is not None:
        raise ConflictError(
            f"ユーザー名「{username}」は既に使われています。別の名前にしてください。"
        )
    work.session.add(
        new_account(
            work.now,
            username,
            display_name,
            role,
            officer_of,
            password_hash,
            vendor_id=by_name.get(vendor),
        )
    )
    _audit_right(work, username, role, officer_of, vendor, display_name)


@requires("account:manage")
def add_accounts(
    engine: Engine,
    principal: Principal,
    *,
    wanted: tuple[NewAccount, ...],
    known_codes: frozenset[str],
    now: datetime,
) -> tuple[FirstAccount, ...]:
    """Create several accounts, all or none, each with a random password as :func:`add_account`.

    Returns:
        The passwords in the order asked for, to be handed over once; they are kept nowhere.

    Raises:
        InvalidInputError: There is none, or one cannot be; all problems of the first that cannot.
        ConflictError: A user name is taken, or stands twice.
    """
    made = tuple(FirstAccount(account_name(each.username), new_password()) for each in wanted)
    with ThreadPoolExecutor() as several:  # as many at once as there are processors
        hashes = tuple(several.map(hash_password, (each.password for each in made)))
    _add_many(engine, principal, wanted=wanted, hashes=hashes, known_codes=known_codes, now=now)
    return made


@command("account:import", "アカウントの一括追加", "account:manage")
def _add_many(
    work: Work,
    *,
    wanted: tuple[NewAccount, ...],
    hashes: tuple[str, ...],
    known_codes: frozenset[str],
    now: datetime,
) -> None:
    if not wanted:
        raise InvalidInputError({"file": "追加するアカウントがありません。"})
    names = [account_name(each.username) for each in wanted]
    query = select(AccountRow.username).where(AccountRow.username.in_(names))
    taken = [*work.session.scalars(query), *(n for n in set(names) if names.count(n) > 1)]
    if taken:
        raise ConflictError(
            f"ユーザー名「{'」「'.join(taken[:5])}」は既に使われています。"
            "1件も追加していません。もう一度確かめてから追加してください。"
        )
    by_name = _vendors(work.session)
    for username, each, password_hash in zip(names, wanted, hashes, strict=True):
        problems: dict[str, str] = {}
        kept = read_form(each, problems)
        if problems:
            raise InvalidInputError(problems)
        check_account(username, kept.role, kept.lg_code, known_codes, kept.vendor, by_name)
        work.session.add(
            new_account(
                work.now,
                username,
                kept.display_name,
                kept.role,
                kept.lg_code,
                password_hash,
                vendor_id=by_name.get(kept.vendor),
            )
        )
    work.audit("アカウント", rows=len(wanted), name="、".join(names))


@requires("account:manage")
def add_first_account(
    engine: Engine, principal: Principal, *, now: datetime
) -> FirstAccount | None:
    """Create a secretariat account when there is none at all.

    Its name ends in letters of chance: a name everybody can read here would be tried everywhere.

    Returns:
        None when any account exists.
    """
    with reading(engine) as session:
        if _accounts(session):
            return None
    ending = "".join(secrets.choice(LETTERS) for _ in range(_ENDING))
    username, password = f"jimukyoku-{ending}", new_password()
    made = _add_first(
        engine, principal, username=username, password_hash=hash_password(password), now=now
    )
    return FirstAccount(username, password) if made else None


_ENDING = 4


@command("account:add", "アカウントの追加", "account:manage")
def _add_first(work: Work, *, username: str, password_hash: str, now: datetime) -> bool:
    if _accounts(work.session):  # another server was faster
        return False
    work.session.add(
        new_account(work.now, username, "事務局", Role.SECRETARIAT, None, password_hash)
    )
    work.audit(username, role=Role.SECRETARIAT, lg_code=None, display_name="事務局")
    return True


def _accounts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AccountRow)) or 0


@requires("account:manage")
def set_account_active(
    engine: Engine,
    principal: Principal,
    *,
    username: str,
    active: bool,
    request_id: str = "",
    now: datetime,
) -> None:
    """Disable an account, which ends its sessions at their next click, or enable it again.

    Raises:
        InvalidInputError: No such account.
        ConflictError: It is so already, or would leave no active secretariat account.
    """
    change = _enable if active else _disable
    change(engine, principal, username=username, request_id=request_id, now=now)


@command("account:enable", "アカウントの再開", "account:manage")
def _enable(work: Work, *, username: str, request_id: str, now: datetime) -> None:
    _set_active(work, username, active=True)


@command("account:disable", "アカウントの停止", "account:manage")
def _disable(work: Work, *, username: str, request_id: str, now: datetime) -> None:
    _set_active(work, username, active=False)


def _set_active(work: Work, username: str, *, active: bool) -> None:
    account = _account(work.session, username)
    if account.active == active:
        state = "有効" if active else "無効"
        raise ConflictError(f"「{account.username}」は既に{state}です。画面を更新してください。")
    if not active and account.role is Role.SECRETARIAT and _active_secretariat(work.session) == 1:
        raise ConflictError(
            "最後の事務局アカウントは無効にできません。先に別の事務局アカウントを作ってください。"
        )
    account.active = active
    account.session_version += 1
    work.audit(account.username)


@command("account:change", "アカウントの変更", "account:manage")
def change_account(
    work: Work,
    *,
    username: str,
    display_name: Annotated[str, DISPLAY_NAME],
    role: Role,
    officer_of: str | None,
    vendor: str = "",
    known_codes: frozenset[str],
    now: datetime,
) -> None:
    """Give an account another name to show, role, municipality or 事業者.

    It counts from the next click on. Where it changes what may be seen, the account's sign-ins
    end, and with them whatever its screens hold of before.

    Raises:
        InvalidInputError: No such account; fields ``display_name``, ``role``, ``lg_code``, ``vendor``.
        ConflictError: Nothing changes, no active secretariat account would be left, or it is a
            組織アカウント.
    """
    account = _account(work.session, username)
    if account.provider_subject is not None:
        raise ConflictError(_PROVIDERS_WORD)
    by_name = _vendors(work.session)
    check_account(account.username, role, officer_of, known_codes, vendor, by_name)
    right = (role, officer_of, by_name.get(vendor))
    before = (account.display_name, account.role, account.lg_code, account.vendor_id)
    if before == (display_name, *right):
        raise ConflictError("変更がありません。変える項目を入力してから押してください。")
    office = account.active and account.role is Role.SECRETARIAT
    if office and role is not Role.SECRETARIAT and _active_secretariat(work.session) == 1:
        raise ConflictError(
            "最後の事務局アカウントの権限は変えられません。先に別の事務局アカウントを作ってください。"
        )
    if before[1:] != right:
        account.session_version += 1
    account.display_name = display_name
    account.role, account.lg_code, account.vendor_id = right
    _audit_right(work, account.username, role, officer_of, vendor, display_name)


def _audit_right(
    work: Work, username: str, role: Role, lg_code: str | None, vendor: str, display_name: str
) -> None:
    works_for = {"vendor": vendor} if vendor else {}
    work.audit(username, role=role, lg_code=lg_code, display_name=display_name, **works_for)


@command("account:unlock", "サインインの待ち時間の解除", "account:manage", changes=False)
def unlock_account(work: Work, *, username: str, now: datetime) -> bool:
    """Let the next try to sign in to an account be looked at at once, from wherever it comes.

    What is counted for an address is left: it protects every account.

    Returns:
        Whether anything had been counted.

    Raises:
        InvalidInputError: No such account.
    """
    account = _account(work.session, username)
    counted = forgive(work.session, account.username)
    work.audit(account.username)
    return counted > 0


@requires("account:manage")
def reset_password(engine: Engine, principal: Principal, *, username: str, now: datetime) -> str:
    """Give an account a random password, end its sessions, and let it be tried at once.

    Returns:
        The password, to be handed over once.

    Raises:
        InvalidInputError: No such account.
        ConflictError: It is a 組織アカウント.
    """
    password = new_password()
    _reset(engine, principal, username=username, password_hash=hash_password(password), now=now)
    return password


@command("account:reset", "パスワードの再発行", "account:manage")
def _reset(work: Work, *, username: str, password_hash: str, now: datetime) -> None:
    account = _account(work.session, username)
    if account.provider_subject is not None:
        raise ConflictError(_PROVIDERS)
    _replace_password(account, password_hash, work.now, must_change=True)
    forgive(work.session, account.username)
    work.audit(account.username)


@requires("password:change")
def change_password(
    engine: Engine, principal: Principal, *, current: str, new: str, repeated: str, now: datetime
) -> None:
    """Change one's own password; ends every session of one's own.

    Raises:
        InvalidInputError: Fields ``current``, ``password``, ``repeated``; all at once.
        ConflictError: It was changed meanwhile, or is none of ours (組織アカウント).
    """
    with reading(engine) as session:
        account = _account(session, principal.username)
    if account.provider_subject is not None:
        raise ConflictError(_PROVIDERS)
    known_hash = account.password_hash
    problems = {}
    if not matches(current, known_hash):
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
    _change(engine, principal, known_hash=known_hash, new_hash=new_hash, now=now)


@command("password:change", "パスワードの変更")
def _change(work: Work, *, known_hash: str, new_hash: str, now: datetime) -> None:
    account = _account(work.session, work.by)
    if account.password_hash != known_hash:
        raise ConflictError("その間にパスワードが変更されました。サインインし直してください。")
    _replace_password(account, new_hash, work.now, must_change=False)
    work.audit(account.username)


def _replace_password(
    account: AccountRow, password_hash: str, now: datetime, *, must_change: bool
) -> None:
    account.password_hash = password_hash
    account.password_set_at = now
    account.must_change_password = must_change
    account.session_version += 1


def _vendors(session: Session) -> dict[str, int]:
    return {each.name: each.vendor_id for each in vendors(session).values()}


def _account(session: Session, username: str) -> AccountRow:
    account = session.get(AccountRow, account_name(username))
    if account is None:
        raise InvalidInputError({"username": f"アカウントがありません: {username[:40]}"})
    return account


def _active_secretariat(session: Session) -> int:
    query = select(func.count()).where(
        AccountRow.active.is_(True), AccountRow.role == Role.SECRETARIAT
    )
    return session.scalar(query) or 0
