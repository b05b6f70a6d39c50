"""Several servers at once: nothing lost, nothing doubled, one of two conflicting answers refused."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import URL, Engine, make_url

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.estimates import keep_estimate
from core.commands.sessions import sign_in
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.store.audit import AuditFilter
from core.store.engine import data_revision, open_engine, reading
from core.store.wishes import wish_events
from core.support.wish import WishState, current_wishes
from core.values.errors import DashboardError
from core.values.fiscal import JAPAN
from core.views.administration import (
    accounts_view,
    audit_check_view,
    audit_view,
)
from tests.support.reference import REFERENCE
from tests.support.waiting import PATIENCE_SECONDS

CODES = [municipality.lg_code for municipality in REFERENCE.municipalities]
NOW = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
ROUNDS = 6
WORKERS = 8


def _officer(lg_code: str) -> Principal:
    return Principal(f"tanto-{lg_code}", "担当", Role.OFFICER, lg_code)


def _in_a_server(address: str, meet: Any, act: Callable[[Engine], object]) -> tuple[str, str]:
    """Open the database as a server of its own would, wait for the others, act."""
    engine = open_engine(make_url(address))
    try:
        if meet is not None:
            meet.wait(60)
        return "done", str(act(engine))
    except DashboardError as error:
        return type(error).__name__, str(error)
    finally:
        engine.dispose()


def hand_in_for(
    address: str, meet: Any, lg_code: str, visits: int, request_id: str, seen: dict[int, int]
) -> tuple[str, str]:
    def act(engine: Engine) -> None:
        hand_in_wishes(
            engine,
            _officer(lg_code),
            lg_code=lg_code,
            request=EstimateRequest(2024, (PlanChoice(2, visits), PlanChoice(6, 12))),
            state=WishState.WISHED,
            reference=REFERENCE,
            seen=seen,
            request_id=request_id,
            now=NOW,
        )

    return _in_a_server(address, meet, act)


def keep_for(address: str, meet: Any, name: str, request_id: str) -> tuple[str, str]:
    def act(engine: Engine) -> str:
        return keep_estimate(
            engine,
            _officer(CODES[0]),
            lg_code=CODES[0],
            name=name,
            request=EstimateRequest(2024, (PlanChoice(6, 12),)),
            reference=REFERENCE,
            request_id=request_id,
            now=NOW,
        )

    return _in_a_server(address, meet, act)


def fail_to_sign_in(address: str, meet: Any, username: str) -> tuple[str, str]:
    return _in_a_server(
        address,
        meet,
        lambda engine: sign_in(engine, PUBLIC, username=username, password="ちがう", now=NOW),
    )


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[ProcessPoolExecutor, Any]]:
    spawn = multiprocessing.get_context("spawn")
    with (
        spawn.Manager() as manager,
        ProcessPoolExecutor(WORKERS, mp_context=spawn) as pool,
    ):
        yield pool, manager


@pytest.fixture
def address(database_url: URL) -> str:
    return database_url.render_as_string(hide_password=False)


@pytest.fixture
def pair(servers: tuple[ProcessPoolExecutor, Any], address: str) -> Callable:
    """Run a function in two processes at the same moment; returns both answers."""
    pool, manager = servers

    def run(function: Callable, first: tuple, second: tuple) -> list[tuple[str, str]]:
        meet = manager.Barrier(2)
        answers = [pool.submit(function, address, meet, *given) for given in (first, second)]
        return [answer.result(timeout=PATIENCE_SECONDS) for answer in answers]

    return run


def test_forty_three_officers_at_once_lose_and_double_nothing(
    servers: tuple[ProcessPoolExecutor, Any], address: str, engine: Engine
) -> None:
    pool, _ = servers
    before = data_revision(engine)
    pending = [
        pool.submit(hand_in_for, address, None, code, 1 + index % 12, f"r{code}", {})
        for index, code in enumerate(CODES)
    ]
    assert [answer.result(timeout=PATIENCE_SECONDS) for answer in pending] == [
        ("done", "None")
    ] * 43
    with reading(engine) as session:
        events = wish_events(session)
    assert Counter((event.lg_code, event.plan) for event in events) == {
        (code, plan): 1 for code in CODES for plan in (2, 6)
    }
    wishes = current_wishes(events)
    for index, code in enumerate(CODES):
        assert wishes[code, 2024, 2].visits == 1 + index % 12
        assert wishes[code, 2024, 2].recorded_by == f"tanto-{code}"
    assert sum(event.gross for event in events) == sum(event.subsidy * 2 for event in events)
    assert data_revision(engine) == before + 43
    trail = audit_view(engine, CONSOLE, wanted=AuditFilter(action="wish:record")).entries
    subjects = (entry.subject for entry in trail)
    assert Counter(subjects) == dict.fromkeys(CODES, 1)
    assert audit_check_view(engine, CONSOLE).findings == []


def test_the_same_request_on_two_servers_is_one_answer(pair: Callable, engine: Engine) -> None:
    for number in range(ROUNDS):
        code = CODES[number]
        given = (code, 12, "double click", {})
        assert pair(hand_in_for, given, given) == [("done", "None")] * 2
        with reading(engine) as session:
            assert len(wish_events(session, code)) == 2
    assert data_revision(engine) == ROUNDS
    assert audit_check_view(engine, CONSOLE).findings == []


def test_the_same_estimate_kept_on_two_servers_has_one_id(pair: Callable, engine: Engine) -> None:
    for number in range(ROUNDS):
        given = (f"案{number}", f"click {number}")
        (one, first), (other, second) = pair(keep_for, given, given)
        assert (one, other) == ("done", "done")
        assert first == second
    assert data_revision(engine) == ROUNDS


def test_one_name_on_two_servers_is_given_once(pair: Callable, engine: Engine) -> None:
    for number in range(ROUNDS):
        answers = pair(keep_for, (f"案{number}", f"a{number}"), (f"案{number}", f"b{number}"))
        assert sorted(kind for kind, _ in answers) == ["ConflictError", "done"]
    assert data_revision(engine) == ROUNDS


def test_of_two_that_saw_the_same_one_is_told_what_changed(pair: Callable, engine: Engine) -> None:
    for number in range(ROUNDS):
        code = CODES[number]
        hand_in_wishes(
            engine,
            _officer(code),
            lg_code=code,
            request=EstimateRequest(2024, (PlanChoice(2, 1), PlanChoice(6, 12))),
            state=WishState.WISHED,
            reference=REFERENCE,
            seen={},
            request_id="first",
            now=NOW - timedelta(days=1),
        )
        with reading(engine) as session:
            seen = {event.plan: event.event_id for event in wish_events(session, code)}
        answers = pair(hand_in_for, (code, 3, "a", seen), (code, 5, "b", seen))
        assert sorted(kind for kind, _ in answers) == ["ConflictError", "done"]
        refused = next(words for kind, words in answers if kind == "ConflictError")
        with reading(engine) as session:
            events = wish_events(session, code)
        won = current_wishes(events)[code, 2024, 2].visits
        assert won in (3, 5)
        assert len(events) == 4
        assert f"「希望」({won}回)と記録しています" in refused
    assert audit_check_view(engine, CONSOLE).findings == []


def test_failures_on_several_servers_are_all_counted(
    servers: tuple[ProcessPoolExecutor, Any], address: str, engine: Engine
) -> None:
    from core.commands.accounts import add_account

    add_account(
        engine,
        CONSOLE,
        username="tanto",
        display_name="担当",
        role=Role.OFFICER,
        lg_code=CODES[0],
        known_codes=frozenset(CODES),
        now=NOW,
    )
    pool, manager = servers
    meet = manager.Barrier(5)
    pending = [pool.submit(fail_to_sign_in, address, meet, "tanto") for _ in range(5)]
    assert {answer.result(timeout=PATIENCE_SECONDS)[0] for answer in pending} == {
        "SignInRefusedError"
    }
    answer = accounts_view(engine, CONSOLE, now=NOW)
    assert [account.failed_attempts for account in answer.accounts] == [5]
    assert answer.waits == {"tanto": NOW + timedelta(minutes=1)}
    assert audit_check_view(engine, CONSOLE).findings == []
