"""Deny by default, below the screen, for every public command and view."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
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


def names(functions: Iterable[Callable]) -> list[str]:
    return [f"{function.__module__}.{function.__name__}" for function in functions]


FUNCTIONS = guarded_functions()
ABOUT_A_MUNICIPALITY = [f for f in FUNCTIONS if getattr(f, "municipality", None)]
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
    reference = [parameters.pop(0)] if parameters and parameters[0].name == "reference" else []
    arguments = {
        parameter.name: lg_code if parameter.name == function.municipality else Exploding()
        for parameter in parameters
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    assert len(arguments) == len(parameters), "other arguments after the principal are named"
    return function(Exploding(), principal, *(Exploding() for _ in reference), **arguments)


def refused(function: Callable, principal: Principal, lg_code: object = OURS) -> bool:
    """Whether the guard stood in front; otherwise the body was reached and touched something."""
    try:
        call(function, principal, lg_code)
    except PermissionDeniedError:
        return True
    except Exception:  # noqa: BLE001  whatever the body makes of exploding arguments
        return False
    return False


def test_commands_and_views_were_found() -> None:
    found = {function.__name__ for function in FUNCTIONS}
    assert {"hand_in_wishes", "sign_in", "add_account", "plans_view", "session_view"} <= found
    assert len(found) == len(FUNCTIONS)
    assert {f.__name__ for f in ABOUT_A_MUNICIPALITY} >= {
        "hand_in_wishes",
        "advance_wish",
        "keep_estimate",
        "rename_estimate",
        "discard_estimate",
        "own_plans_view",
        "our_municipality_view",
    }


def test_every_public_function_names_its_action() -> None:
    unknown = [f for f in FUNCTIONS if getattr(f, "action", None) not in POLICY]
    assert names(unknown) == []


def test_every_function_about_a_municipality_says_so() -> None:
    with_a_code = [f for f in FUNCTIONS if "lg_code" in inspect.signature(f).parameters]
    silent = [f for f in with_a_code if getattr(f, "municipality", None) != "lg_code"]
    assert [f.__name__ for f in silent] == ["add_account"]  # there it is the new account's


def test_an_empty_policy_refuses_everybody_before_anything_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(principal_module, "POLICY", MappingProxyType({}))
    assert names(f for f in FUNCTIONS for who in EVERY_ROLE if not refused(f, who)) == []


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
    "catalogue:manage": ({S}, set()),
    "catalogue:read": ({S}, set()),
    "consultation:consent": (set(), {O}),
    "consultation:manage": ({S}, set()),
    "consultation:read": ({S}, {O}),
    "consultation:record": ({S}, {O}),
    "contact:manage": ({S}, set()),
    "contact:read": ({S}, {O}),
    "contact:record": ({S}, {O}),
    "contract:record": ({S}, {O}),
    "demonstration:fill": ({S}, set()),
    "demonstration:read": ({P, V, O, S}, set()),
    "enrolment:change": ({S}, {O}),
    "enrolment:export": ({S}, set()),
    "enrolment:read": ({S}, {O}),
    "estimate:compute": ({P, V, O, S}, set()),
    "estimate:keep": (set(), {O}),
    "example:read": ({O, S}, set()),
    "home:read": ({P, V, O, S}, set()),
    "initial_data:fill": ({S}, set()),
    "inquiry:manage": ({S}, set()),
    "inquiry:read": ({S}, {O}),
    "kpi:manage": ({S}, set()),
    "kpi:read": ({V, S}, set()),
    "ledger:read": ({S}, set()),
    "ledger:record": ({S}, set()),
    "meeting:manage": ({S}, set()),
    "meeting:read": ({V, S}, set()),
    "municipality:read": ({S}, {O}),
    "news:read": ({O, S}, set()),
    "open_data:read": ({P, V, O, S}, set()),
    "our_municipality:read": (set(), {O}),
    "parameter:record": ({S}, set()),
    "password:change": ({V, O, S}, set()),
    "payment:record": ({S}, {O}),
    "personal_data:purge": ({S}, set()),
    "plans:read": ({P, V, O, S}, set()),
    "procurement:read": ({P, V, O, S}, set()),
    "receipt:read": ({S}, {O}),
    "request_form:keep": (set(), {O}),
    "response:read": (set(), {O}),
    "response:write": (set(), {O}),
    "session:end": ({V, O, S}, set()),
    "session:read": ({P, V, O, S}, set()),
    "session:start": ({P, V, O, S}, set()),
    "subsidy:apply": ({S}, {O}),
    "subsidy:decide": ({S}, set()),
    "subsidy:read": ({S}, {O}),
    "subsidy_template:manage": ({S}, set()),
    "support:manage": ({S}, set()),
    "support:read": ({S}, {O}),
    "training:manage": ({S}, set()),
    "training:reach": ({V, S}, set()),
    "training:read": ({P, V, O, S}, set()),
    "visit:plan": ({S}, {O}),
    "visit:rate": ({S}, {O}),
    "visit:record": ({S}, {O}),
    "wish:record": ({S}, {O}),
}


def test_the_expected_table_covers_the_policy() -> None:
    assert list(POLICY) == list(EXPECTED)


@pytest.mark.parametrize("principal", EVERY_ROLE, ids=lambda p: p.username or "public")
def test_who_may_do_what_to_whose_rows(principal: Principal) -> None:
    role = principal.role
    some = {action for action, (to_all, to_own) in EXPECTED.items() if role in to_all | to_own}
    all_ = {action for action, (to_all, _) in EXPECTED.items() if role in to_all}
    assert {action for action in POLICY if allows(principal, action)} == some
    assert {action for action in POLICY if allows(principal, action, OURS)} == some
    assert {action for action in POLICY if allows(principal, action, NEIGHBOUR)} == all_


@pytest.mark.parametrize("role", [V, O, S])
def test_before_the_first_password_change_only_the_publics_rights_remain(role: Role) -> None:
    new = Principal("shinki", "新規", role, OURS if role is O else None, must_change_password=True)
    public = {action for action, (to_all, _) in EXPECTED.items() if P in to_all}
    remaining = {action for action in POLICY if allows(new, action, OURS)}
    assert remaining == public | {"password:change", "session:end"}


@pytest.mark.parametrize("principal", EVERY_ROLE, ids=lambda p: p.username or "public")
def test_an_action_nobody_knows_is_allowed_to_nobody(principal: Principal) -> None:
    for action in ("", "wish", "wish:*", "*", "wish:delete", "WISH:RECORD"):
        assert not allows(principal, action), action
        assert not allows(principal, action, OURS), action


def test_the_policy_is_in_alphabetical_order() -> None:
    assert list(POLICY) == sorted(POLICY)


def test_no_line_of_the_policy_is_unused() -> None:
    used = {function.action for function in FUNCTIONS}
    pages = {"our_municipality:read", "plans:read"}  # navigation of dashboard/app.py
    assert set(POLICY) - used <= pages


def test_an_officer_reaches_the_own_municipality_and_no_neighbour() -> None:
    reach = [f for f in ABOUT_A_MUNICIPALITY if O in POLICY[f.action]]
    assert len(reach) > 10
    assert names(f for f in reach if refused(f, OFFICER, OURS)) == []
    for function in reach:
        with pytest.raises(PermissionDeniedError, match="他の団体の情報は扱えません"):
            call(function, OFFICER, NEIGHBOUR)


def test_a_refusal_is_logged_with_who_wanted_what(caplog: pytest.LogCaptureFixture) -> None:
    wish = next(f for f in FUNCTIONS if f.__name__ == "own_plans_view")
    stranger = Principal("tanto", "担当", Role.OFFICER, "271004")
    with caplog.at_level("WARNING", "noriai"), pytest.raises(PermissionDeniedError):
        wish(None, stranger, lg_code="271403")
    assert [record.getMessage() for record in caplog.records] == [
        f"refused: {wish.action} by 'tanto' to '271403'"
    ]


@pytest.mark.parametrize("lg_code", [None, "", " 271004", "271004 ", 271004], ids=repr)
def test_an_officer_reaches_nothing_when_no_municipality_is_named(lg_code: object) -> None:
    reached = [f for f in ABOUT_A_MUNICIPALITY if not refused(f, OFFICER, lg_code)]
    assert names(reached) == []


@pytest.mark.parametrize("principal", [PUBLIC, VIEWER], ids=["public", "viewer"])
def test_whoever_has_no_municipality_reaches_none(principal: Principal) -> None:
    for lg_code in (OURS, NEIGHBOUR, None):
        reached = [f for f in ABOUT_A_MUNICIPALITY if not refused(f, principal, lg_code)]
        assert names(reached) == []


@pytest.mark.parametrize("principal", EVERY_ROLE, ids=lambda p: p.username or "public")
def test_the_guard_lets_exactly_the_expected_roles_through(principal: Principal) -> None:
    passes = [f for f in FUNCTIONS if not refused(f, principal)]
    expected = [f for f in FUNCTIONS if principal.role in set.union(*EXPECTED[f.action])]
    assert names(passes) == names(expected)


@pytest.mark.parametrize(
    ("principal", "action", "lg_code", "words"),
    [
        (PUBLIC, "wish:record", OURS, "サインインが必要です"),
        (OFFICER, "wish:record", NEIGHBOUR, "他の団体の情報は扱えません"),
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
