"""Sign in with a 組織アカウント: what the provider says becomes an account and a session of ours."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from sqlalchemy import select

from core.access.limit import site_of
from core.access.principal import Role
from core.access.provider import (
    NOT_CONFIRMED,
    ClaimRules,
    Claims,
    Person,
    Right,
    person_of,
    right_of,
)
from core.commands.sessions import NO_PASSWORD
from core.store.accounts import AccountRow, SessionRow, begin_session, new_account
from core.store.support import vendors
from core.store.work import Work, command
from core.values.errors import SignInRefusedError

_STOPPED = "このアカウントは乗合で停止されています。使う必要がある場合は事務局に連絡してください。"


@command(
    "session:start", "サインイン", refused=("session:refused", "サインインの失敗"), changes=False
)
def sign_in_by_provider(
    work: Work,
    *,
    claims: Claims,
    rules: ClaimRules,
    known_codes: frozenset[str],
    moment: datetime,
    address: str = "",
    browser: str = "",
    now: datetime,
) -> str:
    """Begin a session of whoever the provider confirmed, with the right it says and no other.

    The account is the one of this issuer and subject, made at the first sign-in. What the provider
    says now replaces what it said before, which ends the sessions of the former right; without a
    usable one the account keeps none. An answer begins one session.

    Args:
        claims: Of the ID token, checked.
        moment: The real one, for the age of the answer.
        address, browser: Where it comes from, as :func:`core.commands.sessions.sign_in` takes it.

    Returns:
        The session token, for this browser only.

    Raises:
        SignInRefusedError: Not confirmed, without a usable right, or stopped here.
    """
    try:
        person = person_of(claims, rules, moment)
    except SignInRefusedError as error:
        _refuse(work, error, address)
    by_name = {each.name: each.vendor_id for each in vendors(work.session).values()}
    query = select(AccountRow).where(AccountRow.provider_subject == person.subject)
    account = work.session.scalar(query)
    username = account.username if account else person.username
    if _was_taken(work, person.answer):
        _refuse(work, SignInRefusedError(NOT_CONFIRMED), address, username)
    try:
        right = right_of(claims, rules, known_codes, by_name)
    except SignInRefusedError as error:
        if account is not None:
            _give(account, Right(Role.PUBLIC), None)
        _refuse(work, error, address, username)
    vendor_id = by_name[right.vendor] if right.vendor else None
    if account is None:
        account = _first_sign_in(work, person, right, vendor_id)
    _give(account, right, vendor_id)
    if not account.active:
        _refuse(work, SignInRefusedError(_STOPPED), address, username)
    account.display_name = person.display_name
    work.known_as(account)
    site = site_of(address)
    token = begin_session(
        work.session,
        account,
        work.now,
        person.answer,
        address=site,
        browser=browser,
    )
    work.audit(
        username,
        address=site,
        by_provider=True,
        role=right.role,
        lg_code=right.lg_code,
        **({"vendor": right.vendor} if right.vendor else {}),
    )
    return token


def _refuse(work: Work, error: SignInRefusedError, address: str, username: str = "") -> NoReturn:
    work.refuse(error, username, address=site_of(address), by_provider=True, reason=str(error))


def _give(account: AccountRow, right: Right, vendor_id: int | None) -> None:
    given = (right.role, right.lg_code, vendor_id)
    if (account.role, account.lg_code, account.vendor_id) != given:
        account.role, account.lg_code, account.vendor_id = given
        account.session_version += 1


def _was_taken(work: Work, answer: str) -> bool:
    query = select(SessionRow.token_hash).where(SessionRow.provider_answer == answer)
    return work.session.scalar(query) is not None


def _first_sign_in(work: Work, person: Person, right: Right, vendor_id: int | None) -> AccountRow:
    account = new_account(
        work.now,
        person.username,
        person.display_name,
        right.role,
        right.lg_code,
        NO_PASSWORD,
        vendor_id=vendor_id,
        provider_subject=person.subject,
    )
    work.session.add(account)
    work.session.flush()  # the session refers to it
    return account
