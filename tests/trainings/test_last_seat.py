"""Several servers at once: the last seat is given once, the next is first in the queue."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import URL, Engine, make_url

from core.access.principal import Principal, Role
from core.commands.enrolments import cancel_enrolment, enrol
from core.store.engine import data_revision, open_engine
from core.values.errors import DashboardError
from core.values.fiscal import JAPAN
from core.views.administration import audit_check_view
from core.views.enrolments import own_enrolments_view, training_desk_view
from tests.support.reference import REFERENCE
from tests.support.trainings import an_applicant
from tests.support.waiting import PATIENCE_SECONDS

NOW = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
CODES = [municipality.lg_code for municipality in REFERENCE.municipalities]
ROUNDS, WORKERS = 5, 8


def _officer(lg_code: str) -> Principal:
    return Principal(f"tanto-{lg_code}", "担当", Role.OFFICER, lg_code)


def _in_a_server(address: str, meet: Any, act: Callable[[Engine], str]) -> str:
    """Open the database as a server of its own would, wait for the others, act."""
    engine = open_engine(make_url(address))
    try:
        if meet is not None:
            meet.wait(60)
        return act(engine)
    except DashboardError as error:
        return type(error).__name__
    finally:
        engine.dispose()


def enrol_in(
    address: str, meet: Any, session_id: str, lg_code: str, number: int, request_id: str
) -> str:
    def act(engine: Engine) -> str:
        (enrolled,) = enrol(
            engine, _officer(lg_code), lg_code=lg_code, session_id=session_id,
            applicants=[an_applicant(number)], reference=REFERENCE, request_id=request_id, now=NOW,
        )  # fmt: skip
        return enrolled.place.label

    return _in_a_server(address, meet, act)


def cancel_in(address: str, meet: Any, lg_code: str, enrolment_id: str, seen_event: int) -> str:
    def act(engine: Engine) -> str:
        cancel_enrolment(
            engine, _officer(lg_code), lg_code=lg_code, enrolment_id=enrolment_id,
            seen_event=seen_event, request_id=f"cancel{enrolment_id}", now=NOW,
        )  # fmt: skip
        return "取り消した"

    return _in_a_server(address, meet, act)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[ProcessPoolExecutor, Any]]:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, ProcessPoolExecutor(WORKERS, mp_context=spawn) as pool:
        yield pool, manager


@pytest.fixture
def at_once(
    servers: tuple[ProcessPoolExecutor, Any], database_url: URL
) -> Callable[..., list[str]]:
    """Run several calls in processes of their own at the same moment."""
    pool, manager = servers
    address = database_url.render_as_string(hide_password=False)

    def run(*calls: tuple[Callable[..., str], tuple[Any, ...]]) -> list[str]:
        meet = manager.Barrier(len(calls))
        pending = [pool.submit(function, address, meet, *given) for function, given in calls]
        return [answer.result(timeout=PATIENCE_SECONDS) for answer in pending]

    return run


def test_two_who_take_the_last_seat_get_one_seat_and_the_first_place_in_the_queue(
    engine: Engine, publish: Callable, at_once: Callable
) -> None:
    for number in range(ROUNDS):
        _, (session_id,) = publish(capacity=1)
        answers = at_once(
            (enrol_in, (session_id, CODES[0], 1, f"a{number}")),
            (enrol_in, (session_id, CODES[1], 2, f"b{number}")),
        )
        assert sorted(answers) == ["キャンセル待ち1番", "参加確定"]
    assert audit_check_view(engine, Principal("j", "j", Role.SECRETARIAT)).findings == []


def test_eight_who_come_at_once_fill_three_seats_and_queue_one_behind_the_other(
    publish: Callable, at_once: Callable
) -> None:
    _, (session_id,) = publish(capacity=3)
    answers = at_once(
        *((enrol_in, (session_id, code, n, f"r{n}")) for n, code in enumerate(CODES[:WORKERS]))
    )
    assert Counter(answers) == {"参加確定": 3} | {f"キャンセル待ち{n}番": 1 for n in range(1, 6)}


def test_one_municipality_never_gets_more_than_its_seats(
    publish: Callable, at_once: Callable
) -> None:
    _, (session_id,) = publish(capacity=9, seats_per_municipality=2)
    answers = at_once(*((enrol_in, (session_id, CODES[0], n, f"r{n}")) for n in range(4)))
    assert Counter(answers) == {"参加確定": 2, "キャンセル待ち1番": 1, "キャンセル待ち2番": 1}


def test_a_seat_that_is_given_back_while_others_come_is_taken_or_held_once(
    engine: Engine, publish: Callable, at_once: Callable, secretariat: Principal
) -> None:
    for number in range(ROUNDS):
        training_id, (session_id,) = publish(capacity=1)
        (first,) = enrol(
            engine, _officer(CODES[0]), lg_code=CODES[0], session_id=session_id,
            applicants=[an_applicant(0)], reference=REFERENCE, request_id=f"f{number}", now=NOW,
        )  # fmt: skip
        own = own_enrolments_view(engine, _officer(CODES[0]), lg_code=CODES[0])
        seen = next(
            each.line.enrolment.last_event
            for each in own
            if each.line.enrolment.enrolment_id == first.enrolment_id
        )
        at_once(
            (cancel_in, (CODES[0], first.enrolment_id, seen)),
            (enrol_in, (session_id, CODES[1], 1, f"a{number}")),
            (enrol_in, (session_id, CODES[2], 2, f"b{number}")),
        )
        (session,) = training_desk_view(
            engine, secretariat, REFERENCE, training_id=training_id, now=NOW
        ).sessions
        assert session.seats.seated + session.seats.held == 1
        labels = sorted(line.place.label for line in session.lines)
        queue = ["キャンセル待ち1番", "参加確定" if session.seats.seated else "キャンセル待ち2番"]
        assert labels == sorted([*queue, "取消し"])


def test_a_double_click_on_two_servers_enrols_once(
    engine: Engine, publish: Callable, at_once: Callable
) -> None:
    _, (session_id,) = publish()
    revision = data_revision(engine)
    click = (enrol_in, (session_id, CODES[0], 1, "click"))
    assert at_once(click, click) == ["参加確定"] * 2
    assert data_revision(engine) == revision + 1


def test_two_colleagues_who_enrol_the_same_person_enrol_one(
    publish: Callable, at_once: Callable
) -> None:
    _, (session_id,) = publish()
    answers = at_once(
        (enrol_in, (session_id, CODES[0], 1, "a")), (enrol_in, (session_id, CODES[0], 1, "b"))
    )
    assert sorted(answers) == ["InvalidInputError", "参加確定"]
