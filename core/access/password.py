"""The password rule (パスワードの条件) and what is stored of a password."""

from __future__ import annotations

import secrets
import unicodedata

import bcrypt

from core.access.guessing import weakness
from core.values.errors import InvalidInputError

MIN_LENGTH = 12
"""Shortest password, characters."""
MAX_BYTES = 72
"""bcrypt reads no further."""
COST = 12
"""A hash is 2 to the power of this many rounds: a quarter of a second where it is guessed."""


def check_password(username: str, password: str) -> None:
    """Refuse a password that is short, long, like the user name, or easy to guess.

    Raises:
        InvalidInputError: Field ``password``; every reason in one sentence.
    """
    reasons = []
    if len(password) < MIN_LENGTH:
        reasons.append(f"{MIN_LENGTH}文字以上にする(現在{len(password)}文字)")
    too_long = len(password.encode("utf-8", "replace")) > MAX_BYTES
    if too_long:
        reasons.append(f"半角で{MAX_BYTES}文字(全角で24文字)以内にする")
    plain = unicodedata.normalize("NFKC", password).casefold()
    if username and username.casefold() in plain:
        reasons.append("ユーザー名を含めない")
    if not too_long and (weak := weakness(password)):
        reasons.append(f"推測されやすい部分({weak})に頼らず、意味のつながらない語を足す")
    if reasons:
        raise InvalidInputError(
            {
                "password": f"このパスワードは使えません。次を満たしてください: {'、'.join(reasons)}。"
            }
        )


def new_password() -> str:
    """A random password that passes the rule, for handing over once."""
    return secrets.token_urlsafe(15)


def hash_password(password: str) -> str:
    """bcrypt hash for the credentials table."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(COST)).decode()


def matches(password: str, password_hash: str) -> bool:
    """Whether a password belongs to a hash; takes the same time for every hash."""
    return bcrypt.checkpw(password.encode()[:MAX_BYTES], password_hash.encode())
