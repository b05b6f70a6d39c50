"""組織アカウント: what an OpenID Connect provider says of a person, read strictly.

The provider says who somebody is and what they may do. Whoever it says nothing usable of is
refused, and nothing it does not say is granted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.access.account import DISPLAY_NAME
from core.access.principal import Role
from core.values.errors import SignInRefusedError

Claims = Mapping[str, object]
"""What an ID token says; its signature, issuer and nonce were checked by whoever fetched it."""

NOT_CONFIRMED = (
    "組織アカウントでのサインインを確かめられませんでした。"
    "もう一度「組織アカウントでサインイン」を押してください。続くときは事務局に連絡してください。"
)
_FRESH = timedelta(minutes=10)
"""An answer is taken right after it was given, or not at all."""
_ASK = "組織のアカウントの管理者に設定を依頼してください。"


@dataclass(frozen=True)
class ClaimRules:
    """How claims become a right here.

    Attributes:
        issuer: Who must have given an answer.
        client_id: Whom it must be for.
        strength: ``claim=value`` that must be said of how the person signed in, ``amr=mfa`` say;
            empty where any way will do.
        role_claim: Claim that holds one value, or a list of them.
        roles: Value → role; whoever has none of them, or those of two roles, is refused.
        municipality_claim: Claim that holds an officer's ``lg_code``.
        vendor_claim: Claim that holds the name of an adviser's 事業者.
    """

    issuer: str
    client_id: str
    strength: str
    role_claim: str
    roles: Mapping[str, Role]
    municipality_claim: str
    vendor_claim: str = "noriai_vendor"


@dataclass(frozen=True)
class Person:
    """Who was confirmed.

    Attributes:
        subject: Issuer and subject, divided by a blank: the one key of a person. Names and mail
            addresses change hands.
        answer: Digest of this one answer, which begins one session.
        display_name: 表示名; the subject's short name where the provider says none that fits.
    """

    subject: str
    answer: str
    display_name: str

    @property
    def username(self) -> str:
        """The account's name: no one else's, and nobody's personal data.

        Examples:
            >>> Person("https://idp.example 17", "", "").username
            'oidc-3bbfcaa3eba1'
        """
        return f"oidc-{_digest(self.subject)[:12]}"


def person_of(claims: Claims, rules: ClaimRules, moment: datetime) -> Person:
    """Who an answer is about.

    Args:
        moment: The real one: the provider's clock is not the demonstration's.

    Raises:
        SignInRefusedError: It is incomplete, for somebody else, or not from just now.
    """
    subject, issued = claims.get("sub"), claims.get("iat")
    if claims.get("iss") != rules.issuer or not (isinstance(subject, str) and subject):
        raise SignInRefusedError(NOT_CONFIRMED)
    if not isinstance(issued, int | float) or rules.client_id not in _texts(claims, "aud"):
        raise SignInRefusedError(NOT_CONFIRMED)
    if abs(moment.timestamp() - issued) > _FRESH.total_seconds():
        raise SignInRefusedError(NOT_CONFIRMED)
    whole = f"{rules.issuer} {subject}"
    answer = _digest(f"{whole} {claims.get('nonce')} {issued}")
    person = Person(whole, answer, "")
    try:
        return Person(whole, answer, DISPLAY_NAME.read(" ".join(_texts(claims, "name")[:1])))
    except ValueError:
        return Person(whole, answer, person.username)


@dataclass(frozen=True)
class Right:
    """What an answer allows: a role, an officer's municipality, an adviser's 事業者."""

    role: Role
    lg_code: str | None = None
    vendor: str | None = None


def right_of(
    claims: Claims,
    rules: ClaimRules,
    known_codes: frozenset[str],
    known_vendors: Collection[str] = (),
) -> Right:
    """What the answer allows.

    Raises:
        SignInRefusedError: It names no role known here, two, or no municipality or 事業者 known
            here; or the person signed in by a weaker way than is asked for.
    """
    claim, _, value = rules.strength.partition("=")
    if claim and value not in _texts(claims, claim):
        raise SignInRefusedError(
            "組織アカウントでのサインインが、求められる方法(多要素認証など)で行われていません。"
            f"その方法でサインインし直すか、{_ASK}"
        )
    values = _texts(claims, rules.role_claim)
    roles = {rules.roles[value] for value in values if value in rules.roles}
    if not values:
        raise SignInRefusedError(
            f"組織アカウントに乗合の権限(項目「{rules.role_claim}」)がありません。{_ASK}"
        )
    if not roles:
        raise SignInRefusedError(
            f"組織アカウントの権限「{_shown(values)}」は乗合では使えません。{_ASK}"
        )
    if len(roles) > 1:
        labels = "・".join(role.label for role in Role if role in roles)
        raise SignInRefusedError(
            f"組織アカウントに乗合の権限が2つ以上あります({labels})。1つにするよう、{_ASK}"
        )
    role = roles.pop()
    if role is Role.ADVISER:
        return Right(role, vendor=_vendor(claims, rules, known_vendors))
    if role is not Role.OFFICER:
        return Right(role)
    codes = _texts(claims, rules.municipality_claim)
    if not codes:
        raise SignInRefusedError(
            f"組織アカウントに市町村コード(項目「{rules.municipality_claim}」)がありません。{_ASK}"
        )
    if len(codes) > 1 or codes[0] not in known_codes:
        raise SignInRefusedError(
            f"組織アカウントの市町村コード「{_shown(codes)}」は、登録された市町村1つを表していません。{_ASK}"
        )
    return Right(role, codes[0])


def _vendor(claims: Claims, rules: ClaimRules, known_vendors: Collection[str]) -> str:
    names = _texts(claims, rules.vendor_claim)
    if not names:
        raise SignInRefusedError(
            f"組織アカウントに事業者の名前(項目「{rules.vendor_claim}」)がありません。{_ASK}"
        )
    if len(names) > 1 or names[0] not in known_vendors:
        raise SignInRefusedError(
            f"組織アカウントの事業者「{_shown(names)}」は、登録された事業者1つを表していません。{_ASK}"
        )
    return names[0]


def _texts(claims: Claims, name: str) -> list[str]:
    """The texts of a claim that holds one or a list; whatever else it holds says nothing."""
    held = claims.get(name)
    values = held if isinstance(held, list) else [held]
    return [value for value in values if isinstance(value, str) and value]


def _shown(values: list[str]) -> str:
    return "、".join(values)[:80]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
