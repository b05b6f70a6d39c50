"""アカウント: rules on names and roles, and how long a sign-in lasts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from core.access.principal import Role, shown_name
from core.values.errors import InvalidInputError
from core.values.free_text import Text, cleaned
from core.values.label import Labelled

SESSION_LASTS = timedelta(hours=12)
"""A sign-in ends after this long, whatever is done."""
SEEN_EVERY = timedelta(minutes=1)
"""Use of a sign-in is noted this often at most, so that looking at a page seldom writes."""
WARNED_BEFORE = timedelta(minutes=5)
"""The browser says so this long before a sign-in ends."""
IDLE_MINUTES, FIRST_PASSWORD_DAYS = "session.idle_minutes", "account.first_password_days"
"""Parameters: a sign-in that is not used ends after so many minutes, a first password after so many days."""
DISPLAY_NAME = Text("表示名", 60, example="例: 〇〇市 DX推進課")


@dataclass(frozen=True)
class Account:
    """An account as the administration page shows it; never its password.

    Attributes:
        username: サインイン名, lower case.
        lg_code: The officer's municipality.
        vendor_id: The adviser's 事業者.
        must_change_password: The next sign-in asks for a new one.
        password_set_at: When the password was issued or chosen.
        failed_attempts: Wrong passwords since the last sign-in.
        signed_in_at: The last sign-in; None before the first.
    """

    username: str
    display_name: str
    role: Role
    lg_code: str | None
    vendor_id: int | None
    active: bool
    must_change_password: bool
    password_set_at: datetime
    failed_attempts: int
    failed_at: datetime | None
    signed_in_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class NewAccount:
    """An account that is to be made; of an officer with the municipality, of an adviser with the 事業者."""

    username: str
    display_name: Annotated[str, DISPLAY_NAME]
    role: Role
    lg_code: str | None
    vendor: str = ""


@dataclass(frozen=True)
class FirstAccount:
    """Whoever signs in first; the password is to be shown once."""

    username: str
    password: str = field(repr=False)


class SessionState(Labelled):
    """Whether a sign-in can be used (サインインの状態)."""

    AWAKE = "awake", "使用中"
    ASLEEP = "asleep", "休止中"


@dataclass(frozen=True)
class SignIn:
    """A sign-in that has not ended.

    Attributes:
        session_id: Names it; opens nothing.
        begun_at: When.
        last_seen_at: Its last use, to the minute.
        expires_at: When it ends, whatever is done.
        address: Where it began; empty when that is not known.
        state: ``ASLEEP`` was not used for too long: the password wakes it.
        failures: Wrong passwords between the sign-in before it and this one.
        failed_at: The last of them.
        previous_at: The sign-in before it; None for the first.
        by_provider: Of a 組織アカウント, which has no password to wake it with.
    """

    session_id: str
    username: str
    begun_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    state: SessionState
    failures: int
    failed_at: datetime | None
    previous_at: datetime | None
    by_provider: bool


def account_name(text: str) -> str:
    """A user name as it is kept and looked up: half width, lower case, nothing unseen.

    Examples:
        >>> account_name(" ＴＡＮＴＯ\\u200b ")
        'tanto'
    """
    return unicodedata.normalize("NFKC", cleaned(text)).strip().lower()


def check_account(
    username: str,
    role: Role,
    lg_code: str | None,
    known_codes: frozenset[str],
    vendor: str = "",
    known_vendors: Collection[str] = (),
) -> None:
    """Refuse an account that cannot be, all problems at once.

    Args:
        vendor: Name of the adviser's 事業者; empty for none.

    Raises:
        InvalidInputError: Fields ``username``, ``role``, ``lg_code``, ``vendor``.
    """
    problems = {}
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,39}", username):
        problems["username"] = (
            "ユーザー名は半角の英小文字・数字・「.」「_」「-」の3から40文字で、"
            f"英数字から始めてください: {username[:40]}"
        )
    elif shown_name(username) != username:
        problems["username"] = f"「{username}」は画面が使う名前です。別の名前を入力してください。"
    if role is Role.PUBLIC:
        problems["role"] = (
            "権限は閲覧者、市町村職員、アドバイザー、事務局のいずれかを選んでください。"
        )
    if role is Role.OFFICER and lg_code is None:
        problems["lg_code"] = "市町村職員には市町村を1つ選んでください。"
    elif role is not Role.OFFICER and lg_code is not None:
        problems["lg_code"] = "市町村を持つのは市町村職員だけです。市町村の指定を外してください。"
    elif lg_code is not None and lg_code not in known_codes:
        problems["lg_code"] = f"登録のない市町村コードです: {lg_code}"
    if role is Role.ADVISER and not vendor:
        problems["vendor"] = "アドバイザーには事業者を1つ選んでください。"
    elif role is not Role.ADVISER and vendor:
        problems["vendor"] = "事業者を持つのはアドバイザーだけです。事業者の指定を外してください。"
    elif vendor and vendor not in known_vendors:
        problems["vendor"] = (
            f"登録のない事業者です: {vendor[:40]}。契約か、人材プールの専門人材を記録すると選べます。"
        )
    if problems:
        raise InvalidInputError(problems)


def token_hash(token: str) -> str:
    """What is kept of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def browser_secret(token: str) -> str:
    """What a browser keeps after the sign-in is over, and by which it is known again."""
    return token_hash(f"browser of {token}")
