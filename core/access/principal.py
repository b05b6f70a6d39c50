"""Who asks (principal) and who may do what (POLICY), checked below every screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.values.errors import PermissionDeniedError
from core.values.label import Labelled
from core.values.offer import OfferedPart


class Role(Labelled):
    """権限区分."""

    PUBLIC = "public", "一般公開"
    VIEWER = "viewer", "閲覧者"
    OFFICER = "officer", "市町村職員"
    SECRETARIAT = "secretariat", "事務局"


class Scope(StrEnum):
    """Whose rows a permission covers."""

    ALL = "all"
    OWN = "own"


@dataclass(frozen=True)
class Principal:
    """Who asks. Passed to every command and view; never taken from the surroundings.

    Attributes:
        username: Account name; empty for the public.
        lg_code: The officer's municipality; None for all other roles.
        must_change_password: A first sign-in: nothing but changing the password is allowed
            beyond what the public may do.
    """

    username: str
    display_name: str
    role: Role
    lg_code: str | None = None
    must_change_password: bool = False

    def __post_init__(self) -> None:
        if (self.role is Role.OFFICER) != (self.lg_code is not None):
            raise ValueError("an officer, and nobody else, belongs to one municipality")


PUBLIC = Principal(username="", display_name=Role.PUBLIC.label, role=Role.PUBLIC)
CONSOLE = Principal(username="console", display_name="コマンドライン", role=Role.SECRETARIAT)
"""Whoever runs ``noriai`` on the server: has the database file anyway."""
INITIAL_DATA = "data"
"""Stands where a person does in what came with the pack."""
_NOBODYS = {
    "": "(未サインイン)",
    CONSOLE.username: CONSOLE.display_name,
    INITIAL_DATA: "初期データ",
}


def shown_name(username: str) -> str:
    """Whoever did or recorded something, as a reader knows them; an account by its name.

    Examples:
        >>> shown_name("data"), shown_name("tanto")
        ('初期データ', 'tanto')
    """
    return _NOBODYS.get(username, username)


def name_meant(shown: str) -> str:
    """The other way round, as somebody types it to look for.

    Examples:
        >>> name_meant(" 初期データ"), name_meant("tanto")
        ('data', 'tanto')
    """
    asked = shown.strip()
    return next((name for name, words in _NOBODYS.items() if words == asked), asked)


_EVERYONE = dict.fromkeys(Role, Scope.ALL)
_SIGNED_IN: Mapping[Role, Scope] = {role: Scope.ALL for role in Role if role is not Role.PUBLIC}
_OFFICE = {Role.SECRETARIAT: Scope.ALL}
_MEETING = {Role.VIEWER: Scope.ALL, Role.SECRETARIAT: Scope.ALL}
_OWN_OR_OFFICE = {Role.OFFICER: Scope.OWN, Role.SECRETARIAT: Scope.ALL}

POLICY: Mapping[str, Mapping[Role, Scope]] = MappingProxyType(
    {
        "about:read": _EVERYONE,
        "account:manage": _OFFICE,
        "administration:read": _OFFICE,
        "attendance:confirm": _OWN_OR_OFFICE,
        "attendance:mark": _OFFICE,
        "audit:verify": _OFFICE,
        "backup:make": _OFFICE,
        "backup:restore": _OFFICE,
        "boarding:compute": _EVERYONE,
        "boarding:manage": _OFFICE,
        "boarding:read": _EVERYONE,
        "boarding:state": {Role.OFFICER: Scope.OWN},
        "calendar:read": _EVERYONE,
        "calendar_token:manage": {Role.OFFICER: Scope.OWN},
        "catalogue:manage": _OFFICE,
        "catalogue:read": _OFFICE,
        "consultation:consent": {Role.OFFICER: Scope.OWN},
        "consultation:manage": _OFFICE,
        "consultation:read": _OWN_OR_OFFICE,
        "consultation:record": _OWN_OR_OFFICE,
        "contact:manage": _OFFICE,
        "contact:read": _OWN_OR_OFFICE,
        "contact:record": _OWN_OR_OFFICE,
        "contract:record": _OWN_OR_OFFICE,
        "demonstration:fill": _OFFICE,
        "demonstration:read": _EVERYONE,
        "enrolment:change": _OWN_OR_OFFICE,
        "enrolment:export": _OFFICE,
        "enrolment:read": _OWN_OR_OFFICE,
        "estimate:compute": _EVERYONE,
        "estimate:keep": {Role.OFFICER: Scope.OWN},
        "example:read": {Role.OFFICER: Scope.ALL, Role.SECRETARIAT: Scope.ALL},
        "home:read": _EVERYONE,
        "initial_data:fill": _OFFICE,
        "inquiry:manage": _OFFICE,
        "inquiry:read": _OWN_OR_OFFICE,
        "kpi:manage": _OFFICE,
        "kpi:read": _MEETING,
        "ledger:read": _OFFICE,
        "ledger:record": _OFFICE,
        "meeting:manage": _OFFICE,
        "meeting:read": _MEETING,
        "municipality:read": _OWN_OR_OFFICE,
        "news:read": {Role.OFFICER: Scope.ALL, Role.SECRETARIAT: Scope.ALL},
        "open_data:read": _EVERYONE,
        "our_municipality:read": {Role.OFFICER: Scope.OWN},
        "parameter:record": _OFFICE,
        "password:change": _SIGNED_IN,
        "payment:record": _OWN_OR_OFFICE,
        "personal_data:purge": _OFFICE,
        "plans:read": _EVERYONE,
        "procurement:read": _EVERYONE,
        "receipt:read": _OWN_OR_OFFICE,
        "request_form:keep": {Role.OFFICER: Scope.OWN},
        "response:read": {Role.OFFICER: Scope.OWN},
        "response:write": {Role.OFFICER: Scope.OWN},
        "session:end": _SIGNED_IN,
        "session:read": _EVERYONE,
        "session:start": _EVERYONE,
        "subsidy:apply": _OWN_OR_OFFICE,
        "subsidy:decide": _OFFICE,
        "subsidy:read": _OWN_OR_OFFICE,
        "subsidy_template:manage": _OFFICE,
        "support:manage": _OFFICE,
        "support:read": _OWN_OR_OFFICE,
        "training:manage": _OFFICE,
        "training:reach": _MEETING,
        "training:read": _EVERYONE,
        "visit:plan": _OWN_OR_OFFICE,
        "visit:rate": _OWN_OR_OFFICE,
        "visit:record": _OWN_OR_OFFICE,
        "wish:record": _OWN_OR_OFFICE,
    }
)
"""``resource:action`` → role → scope. Whoever is not named may not. The only such table."""

_NEEDS: Mapping[str, OfferedPart] = MappingProxyType(
    {
        "attendance": OfferedPart.TRAININGS,
        "calendar": OfferedPart.TRAININGS,
        "calendar_token": OfferedPart.TRAININGS,
        "consultation": OfferedPart.ADVISORS,
        "contract": OfferedPart.TALENT,
        "enrolment": OfferedPart.TRAININGS,
        "estimate": OfferedPart.TALENT,
        "example": OfferedPart.ADVISORS,
        "payment": OfferedPart.TALENT,
        "plans": OfferedPart.TALENT,
        "support": OfferedPart.TALENT,
        "training": OfferedPart.TRAININGS,
        "visit": OfferedPart.TALENT,
        "wish": OfferedPart.TALENT,
    }
)
"""Resource of POLICY → the part of what a prefecture offers it belongs to. The only such table."""


def need_of(action: str) -> OfferedPart | None:
    """What must be offered for an action to mean anything; None: it always does."""
    return _NEEDS.get(action.partition(":")[0])


_BEFORE_PASSWORD_CHANGE = frozenset({"password:change", "session:end"})


def scope_of(principal: Principal, action: str) -> Scope | None:
    """How far the principal's permission for an action reaches; None when there is none.

    A principal who must change the password first keeps only what the public may do, and the
    way to change it and to sign out.
    """
    granted = POLICY.get(action, {})
    if principal.must_change_password and action not in _BEFORE_PASSWORD_CHANGE:
        return granted.get(Role.PUBLIC)
    return granted.get(principal.role)


def allows(principal: Principal, action: str, lg_code: str | None = None) -> bool:
    """Whether the principal may do this, to this municipality's rows when one is named."""
    scope = scope_of(principal, action)
    if scope is Scope.OWN:
        return lg_code is None or lg_code == principal.lg_code
    return scope is Scope.ALL


def check(principal: Principal, action: str, lg_code: str | None = None) -> None:
    """Refuse unless allowed.

    Raises:
        PermissionDeniedError: With one sentence on what to do.
    """
    if allows(principal, action, lg_code):
        return
    if principal.role is Role.PUBLIC:
        raise PermissionDeniedError(
            "この操作にはサインインが必要です。サインインしてからやり直してください。"
        )
    if principal.must_change_password:
        raise PermissionDeniedError("最初にパスワードを変更してください。変更後に操作できます。")
    if scope_of(principal, action) is Scope.OWN:
        raise PermissionDeniedError(
            "他の団体の情報は扱えません。自団体の画面からやり直してください。"
        )
    raise PermissionDeniedError(
        "この操作を行う権限がありません。必要な場合は事務局に権限の変更を依頼してください。"
    )
