"""The password rule (パスワードの条件) and what is stored of a password."""

from __future__ import annotations

import re
import secrets
import unicodedata

import bcrypt

from core.values.errors import InvalidInputError

MIN_LENGTH = 12
"""Shortest password, characters."""
MAX_BYTES = 72
"""bcrypt reads no further."""
COST = 12
"""A hash is 2 to the power of this many rounds: a quarter of a second where it is guessed."""
_MIN_DIFFERENT = 5
_LOOKALIKES = str.maketrans("0134$@5", "oieasas")
_COMMON_WORDS = """
password passwd passw0rd qwerty qwertyuiop asdfgh asdfghjkl zxcvbn letmein welcome iloveyou
admin administrator root secret changeme login master dragon monkey sunshine princess football
baseball superman trustno abc abcd abcdef abcdefg abcdefgh abcdefghijkl test guest user default
osaka osakafu osakashi govtech govtechosaka noriai noriaidashboard jimukyoku pasuwado himitsu
sakura yamato nihon nippon japan tokyo
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def check_password(username: str, password: str) -> None:
    """Refuse a password that is short, long, like the user name, or a common one.

    Raises:
        InvalidInputError: Field ``password``; every reason in one sentence.
    """
    reasons = []
    if len(password) < MIN_LENGTH:
        reasons.append(f"{MIN_LENGTH}文字以上にする(現在{len(password)}文字)")
    if len(password.encode()) > MAX_BYTES:
        reasons.append(f"半角で{MAX_BYTES}文字(全角で24文字)以内にする")
    plain = unicodedata.normalize("NFKC", password).casefold()
    if username and username.casefold() in plain:
        reasons.append("ユーザー名を含めない")
    if _is_common(plain):
        reasons.append("よく使われる語や並びを避ける")
    if reasons:
        raise InvalidInputError(
            {
                "password": f"このパスワードは使えません。次を満たしてください: {'、'.join(reasons)}。"
            }
        )


def _is_common(plain: str) -> bool:
    disguised = plain.translate(_LOOKALIKES)
    middle = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain).translate(_LOOKALIKES)
    bare, letters, core = (re.sub(r"[^a-z]", "", text) for text in (plain, disguised, middle))
    common = bool({bare, letters, core} & _COMMON)
    repeated = any(word and word[: len(word) // 2] * 2 == word for word in (bare, letters))
    few = len(set(plain)) < _MIN_DIFFERENT
    digits = re.sub(r"\D", "", plain)
    only_digits = len(digits) >= len(plain) - 2
    return common or repeated or few or only_digits


def new_password() -> str:
    """A random password that passes the rule, for handing over once."""
    return secrets.token_urlsafe(15)


def hash_password(password: str) -> str:
    """bcrypt hash for the credentials table."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(COST)).decode()


def matches(password: str, password_hash: str) -> bool:
    """Whether a password belongs to a hash; takes the same time for every hash."""
    return bcrypt.checkpw(password.encode()[:MAX_BYTES], password_hash.encode())
