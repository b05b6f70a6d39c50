"""Deny by default, below the screen, for every public command and view."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from types import MappingProxyType

import pytest

import core.commands
import core.views
from core.access import principal as principal_module
from core.access.principal import CONSOLE, POLICY, PUBLIC, Principal, Role, allows, check
from core.values.errors import PermissionDeniedError


def guarded_functions() -> list[Callable]:
    """Every public function that a module of core.commands or core.views defines."""
    found = []
    for package in (core.commands, core.views):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            found += [
                function
                for name, function in vars(module).items()
                if inspect.isfunction(function)
                and function.__module__ == module.__name__
                and not name.startswith("_")
            ]
    return sorted(found, key=lambda function: (function.__module__, function.__name__))


def name_of(function: Callable) -> str:
    return f"{function.__module__}.{function.__name__}"


FUNCTIONS = guarded_functions()
ABOUT_A_MUNICIPALITY = [f for f in FUNCTIONS if getattr(f, "municipality", None)]
WITHIN_AN_OFFICERS_REACH = [
    f for f in ABOUT_A_MUNICIPALITY if Role.OFFICER in POLICY.get(f.action, {})
]
OURS, NEIGHBOUR = "271004", "271403"
OFFICER = Principal("tanto", "担当", Role.OFFICER, OURS)
VIEWER = Principal("etsuran", "閲覧者", Role.VIEWER)
SECRETARIAT = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
EVERY_ROLE = (PUBLIC, VIEWER, OFFICER, SECRETARIAT, CONSOLE)


class TouchedError(AssertionError):
    """Something happened before the permission was checked."""


class Exploding:
    """An engine, or an argument, that must not be looked at."""

    def __getattribute__(self, name: str) -> object:
        if name in ("__class__", "__dict__"):
            return object.__getattribute__(self, name)
        raise TouchedError(name)

    def __eq__(self, other: object) -> bool:
        raise TouchedError("==")

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise TouchedError("bool")

    def __str__(self) -> str:
        raise TouchedError("str")

    def __len__(self) -> int:
        raise TouchedError("len")

    def __iter__(self) -> object:
        raise TouchedError("iter")


def call(function: Callable, principal: Principal, lg_code: object = OURS) -> object:
    """Call with an engine and arguments that explode when touched."""
    parameters = list(inspect.signature(function).parameters.values())[2:]
    arguments = {
        parameter.name: lg_code if parameter.name == function.municipality else Exploding()
        for parameter in parameters
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    assert len(arguments) == len(parameters), "arguments after the principal are named"
    return function(Exploding(), principal, **arguments)


def passes_the_guard(function: Callable, principal: Principal, lg_code: object = OURS) -> bool:
    """Whether the body of the function was reached (where it then touches something)."""
    try:
        call(function, principal, lg_code)
    except PermissionDeniedError:
        return False
    except Exception:  # noqa: BLE001  whatever the body makes of exploding arguments
        return True
    return True


def test_commands_and_views_were_found() -> None:
    names = {function.__name__ for function in FUNCTIONS}
    assert {"hand_in_wishes", "sign_in", "add_account", "plans_view", "session_view"} <= names
    assert len(names) == len(FUNCTIONS)
    assert {f.__name__ for f in ABOUT_A_MUNICIPALITY} >= {
        "hand_in_wishes",
        "advance_wish",
        "keep_estimate",
        "rename_estimate",
        "discard_estimate",
        "own_plans_view",
        "our_municipality_view",
    }


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_every_public_function_names_its_action(function: Callable) -> None:
    assert getattr(function, "action", None) in POLICY


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_every_function_about_a_municipality_says_so(function: Callable) -> None:
    takes_a_code = "lg_code" in inspect.signature(function).parameters
    if takes_a_code and function.__name__ != "add_account":  # there it is the new account's
        assert function.municipality == "lg_code"


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_an_empty_policy_refuses_everybody_before_anything_happens(
    function: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(principal_module, "POLICY", MappingProxyType({}))
    for principal in EVERY_ROLE:
        with pytest.raises(PermissionDeniedError):
            call(function, principal)


P, V, O, S = Role.PUBLIC, Role.VIEWER, Role.OFFICER, Role.SECRETARIAT  # noqa: E741
EXPECTED = {
    # action: roles for all rows, roles for own rows
    "about:read": ({P, V, O, S}, set()),
    "account:manage": ({S}, set()),
    "administration:read": ({S}, set()),
    "attendance:confirm": ({S}, {O}),
    "attendance:mark": ({S}, set()),
    "audit:verify": ({S}, set()),
    "backup:make": ({S}, set()),
    "backup:restore": ({S}, set()),
    "boarding:compute": ({P, V, O, S}, set()),
    "boarding:manage": ({S}, set()),
    "boarding:read": ({P, V, O, S}, set()),
    "boarding:state": (set(), {O}),
    "calendar:read": ({P, V, O, S}, set()),
    "calendar_token:manage": (set(), {O}),
    "consultation:consent": (set(), {O}),
    "consultation:manage": ({S}, set()),
    "consultation:read": ({S}, {O}),
    "consultation:record": ({S}, {O}),
    "demonstration:fill": ({S}, set()),
    "demonstration:read": ({P, V, O, S}, set()),
    "enrolment:change": ({S}, {O}),
    "enrolment:export": ({S}, set()),
    "enrolment:read": ({S}, {O}),
    "estimate:compute": ({P, V, O, S}, set()),
    "estimate:keep": (set(), {O}),
    "example:read": ({O, S}, set()),
    "home:read": ({P, V, O, S}, set()),
    "kpi:manage": ({S}, set()),
    "kpi:read": ({V, S}, set()),
    "ledger:read": ({S}, set()),
    "ledger:record": ({S}, set()),
    "meeting:manage": ({S}, set()),
    "meeting:read": ({V, S}, set()),
    "municipality:read": ({S}, {O}),
    "open_data:read": ({P, V, O, S}, set()),
    "our_municipality:read": (set(), {O}),
    "parameter:record": ({S}, set()),
    "password:change": ({V, O, S}, set()),
    "personal_data:purge": ({S}, set()),
    "plans:read": ({P, V, O, S}, set()),
    "procurement:read": ({P, V, O, S}, set()),
    "session:end": ({V, O, S}, set()),
    "session:read": ({P, V, O, S}, set()),
    "session:start": ({P, V, O, S}, set()),
    "training:manage": ({S}, set()),
    "training:reach": ({V, S}, set()),
    "training:read": ({P, V, O, S}, set()),
    "wish:record": ({S}, {O}),
}


def test_the_expected_table_covers_the_policy() -> None:
    assert list(POLICY) == list(EXPECTED)


@pytest.mark.parametrize("action", sorted(EXPECTED))
@pytest.mark.parametrize("principal", EVERY_ROLE, ids=lambda p: p.username or "public")
def test_who_may_do_what_to_whose_rows(principal: Principal, action: str) -> None:
    to_all, to_own = EXPECTED[action]
    role = principal.role
    assert allows(principal, action) == (role in to_all | to_own)
    assert allows(principal, action, OURS) == (role in to_all | to_own)
    assert allows(principal, action, NEIGHBOUR) == (role in to_all)


@pytest.mark.parametrize("action", sorted(EXPECTED))
@pytest.mark.parametrize("role", [V, O, S])
def test_before_the_first_password_change_only_the_publics_rights_remain(
    role: Role, action: str
) -> None:
    new = Principal("shinki", "新規", role, OURS if role is O else None, must_change_password=True)
    public = Role.PUBLIC in EXPECTED[action][0]
    assert allows(new, action, OURS) == (public or action in ("password:change", "session:end"))


@pytest.mark.parametrize("action", ["", "wish", "wish:*", "*", "wish:delete", "WISH:RECORD"])
@pytest.mark.parametrize("principal", EVERY_ROLE, ids=lambda p: p.username or "public")
def test_an_action_nobody_knows_is_allowed_to_nobody(principal: Principal, action: str) -> None:
    assert not allows(principal, action)
    assert not allows(principal, action, OURS)


def test_the_policy_is_in_alphabetical_order() -> None:
    assert list(POLICY) == sorted(POLICY)


def test_no_line_of_the_policy_is_unused() -> None:
    used = {function.action for function in FUNCTIONS}
    pages = {"our_municipality:read", "plans:read"}  # navigation of dashboard/app.py
    assert set(POLICY) - used <= pages


@pytest.mark.parametrize("function", WITHIN_AN_OFFICERS_REACH, ids=name_of)
def test_an_officer_reaches_the_own_municipality_and_no_neighbour(function: Callable) -> None:
    assert passes_the_guard(function, OFFICER, OURS)
    with pytest.raises(PermissionDeniedError, match="他の市町村の情報は扱えません"):
        call(function, OFFICER, NEIGHBOUR)


@pytest.mark.parametrize("function", ABOUT_A_MUNICIPALITY, ids=name_of)
@pytest.mark.parametrize("lg_code", [None, "", " 271004", "271004 ", 271004], ids=repr)
def test_an_officer_reaches_nothing_when_no_municipality_is_named(
    function: Callable, lg_code: object
) -> None:
    with pytest.raises(PermissionDeniedError):
        call(function, OFFICER, lg_code)


@pytest.mark.parametrize("function", ABOUT_A_MUNICIPALITY, ids=name_of)
@pytest.mark.parametrize("principal", [PUBLIC, VIEWER], ids=["public", "viewer"])
def test_whoever_has_no_municipality_reaches_none(function: Callable, principal: Principal) -> None:
    for lg_code in (OURS, NEIGHBOUR, None):
        assert not passes_the_guard(function, principal, lg_code)


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_the_guard_lets_exactly_the_expected_roles_through(function: Callable) -> None:
    to_all, to_own = EXPECTED[function.action]
    for principal in EVERY_ROLE:
        expected = principal.role in to_all | to_own
        assert passes_the_guard(function, principal) == expected, principal.username


@pytest.mark.parametrize(
    ("principal", "action", "lg_code", "words"),
    [
        (PUBLIC, "wish:record", OURS, "サインインが必要です"),
        (OFFICER, "wish:record", NEIGHBOUR, "他の市町村の情報は扱えません"),
        (OFFICER, "account:manage", None, "権限がありません"),
        (VIEWER, "wish:record", OURS, "権限がありません"),
        (
            Principal("a", "a", Role.SECRETARIAT, must_change_password=True),
            "account:manage",
            None,
            "最初にパスワードを変更してください",
        ),
    ],
)
def test_a_refusal_says_what_to_do(
    principal: Principal, action: str, lg_code: str | None, words: str
) -> None:
    with pytest.raises(PermissionDeniedError, match=words):
        check(principal, action, lg_code)


@pytest.mark.parametrize(
    ("role", "lg_code"),
    [(Role.OFFICER, None), (Role.VIEWER, OURS), (Role.SECRETARIAT, OURS), (Role.PUBLIC, OURS)],
)
def test_an_officer_and_nobody_else_has_a_municipality(role: Role, lg_code: str | None) -> None:
    with pytest.raises(ValueError, match="one municipality"):
        Principal("a", "a", role, lg_code)
