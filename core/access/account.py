"""アカウント: rules on names, roles, lockout and how long a sign-in lasts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.access.principal import Role
from core.values.errors import InvalidInputError
from core.values.free_text import Text, cleaned

SESSION_LASTS = timedelta(hours=12)
"""A sign-in ends after this long, whatever is done."""
FREE_ATTEMPTS = 5
"""Wrong passwords in a row before the account is locked for a while."""
_FIRST_LOCK = timedelta(minutes=1)
_LONGEST_LOCK = timedelta(hours=1)
DISPLAY_NAME = Text("表示名", 60, example="例: 堺市 DX推進課")


@dataclass(frozen=True)
class Account:
    """An account as the administration page shows it; never its password.

    Attributes:
        username: サインイン名, lower case.
        lg_code: The officer's municipality.
        must_change_password: The next sign-in asks for a new one.
        locked_until: End of a lockout; None or past when there is none.
    """

    username: str
    display_name: str
    role: Role
    lg_code: str | None
    active: bool
    must_change_password: bool
    locked_until: datetime | None
    created_at: datetime


def account_name(text: str) -> str:
    """A user name as it is kept and looked up: half width, lower case, nothing unseen.

    Examples:
        >>> account_name(" ＴＡＮＴＯ\\u200b ")
        'tanto'
    """
    return unicodedata.normalize("NFKC", cleaned(text)).strip().lower()


def lock_after(failures: int) -> timedelta | None:
    """How long an account is locked after so many wrong passwords in a row.

    Examples:
        >>> lock_after(4), lock_after(5), lock_after(7)
        (None, datetime.timedelta(seconds=60), datetime.timedelta(seconds=240))
    """
    if failures < FREE_ATTEMPTS:
        return None
    doublings: int = min(failures - FREE_ATTEMPTS, 10)
    return min(_FIRST_LOCK * (1 << doublings), _LONGEST_LOCK)


def check_account(
    username: str, role: Role, lg_code: str | None, known_codes: frozenset[str]
) -> None:
    """Refuse an account that cannot be, all problems at once.

    Raises:
        InvalidInputError: Fields ``username``, ``role``, ``lg_code``.
    """
    problems = {}
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,39}", username):
        problems["username"] = (
            "ユーザー名は半角の英小文字・数字・「.」「_」「-」の3から40文字で、"
            f"英数字から始めてください: {username[:40]}"
        )
    if role is Role.PUBLIC:
        problems["role"] = "権限は閲覧者、市町村職員、事務局のいずれかを選んでください。"
    if role is Role.OFFICER and lg_code is None:
        problems["lg_code"] = "市町村職員には市町村を1つ選んでください。"
    elif role is not Role.OFFICER and lg_code is not None:
        problems["lg_code"] = "市町村を持つのは市町村職員だけです。市町村の指定を外してください。"
    elif lg_code is not None and lg_code not in known_codes:
        problems["lg_code"] = f"登録のない市町村コードです: {lg_code}"
    if problems:
        raise InvalidInputError(problems)


def token_hash(token: str) -> str:
    """What is kept of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()
