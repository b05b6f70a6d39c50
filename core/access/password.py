"""The password rule (パスワードの条件) and what is stored of a password."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import unicodedata
from threading import BoundedSemaphore

import bcrypt

from core.access.guessing import weakness
from core.values.errors import InvalidInputError

MIN_LENGTH = 12
"""Shortest password, characters."""
MAX_LENGTH = 128
"""Longest password, characters."""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What random names and passwords are of: none reads as another."""
_LOOKED_AT = 72
"""Bytes from its beginning that are judged: more cost too much, and so many suffice."""
COST = 12
"""A hash is 2 to the power of this many rounds: a quarter of a second where it is guessed."""
_AT_ONCE = BoundedSemaphore(os.cpu_count() or 1)
"""Hashes of a crowd that signs in wait in line: more at once would only hold up whoever is at work."""


def check_password(username: str, password: str) -> None:
    """Refuse a password that is short, long, like the user name, or easy to guess.

    Raises:
        InvalidInputError: Field ``password``; every reason in one sentence.
    """
    reasons = []
    if len(password) < MIN_LENGTH:
        reasons.append(f"{MIN_LENGTH}文字以上にする(現在{len(password)}文字)")
    too_long = len(password) > MAX_LENGTH
    if too_long:
        reasons.append(f"{MAX_LENGTH}文字以内にする(現在{len(password):,}文字)")
    plain = unicodedata.normalize("NFKC", password).casefold()
    if username and username.casefold() in plain:
        reasons.append("ユーザー名を含めない")
    beginning = password.encode("utf-8", "replace")[:_LOOKED_AT].decode(errors="ignore")
    if not too_long and (weak := weakness(beginning)):
        reasons.append(f"推測されやすい部分({weak})に頼らず、意味のつながらない語を足す")
    if reasons:
        raise InvalidInputError(
            {
                "password": f"このパスワードは使えません。次を満たしてください: {'、'.join(reasons)}。"
            }
        )


def new_password() -> str:
    """A random password that passes the rule, for handing over once, on paper, too.

    99 bits, in groups and of letters none of which reads as another.
    """
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(5))
    return "-".join(groups)


def hash_password(password: str) -> str:
    """bcrypt hash for the credentials table."""
    with _AT_ONCE:
        return bcrypt.hashpw(_whole(password), bcrypt.gensalt(COST)).decode()


def matches(password: str, password_hash: str) -> bool:
    """Whether a password belongs to a hash; takes the same time for every hash."""
    with _AT_ONCE:
        return bcrypt.checkpw(_whole(password), password_hash.encode())


def _whole(password: str) -> bytes:
    """All of a password in 44 bytes: bcrypt itself reads 72, or 24 Japanese characters."""
    digest = hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()
    return base64.b64encode(digest)
