"""受付番号 under several servers at once: gapless, unique, one click one number."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest
from sqlalchemy import URL, Engine, make_url

from core.access.principal import CONSOLE
from core.commands.consultations import record_step, request_consultation
from core.consultation.event import ConsultationState, Step
from core.store.engine import open_engine, reading
from core.store.verification import verify
from core.values.errors import DashboardError
from tests.support.consultations import FORM, NOW, advance, again, ask, every, officer_of
from tests.support.reference import REFERENCE
from tests.support.waiting import PATIENCE_SECONDS

CODES = [municipality.lg_code for municipality in REFERENCE.municipalities]
WORKERS = 4


def _asking(address: str, meet: Any, lg_code: str, request_id: str) -> str:
    """In a process of its own: what a server does with one form."""
    engine = open_engine(make_url(address))
    try:
        if meet is not None:
            meet.wait(60)
        return request_consultation(
            engine,
            officer_of(lg_code),
            lg_code=lg_code,
            form=FORM,
            files=[],
            reference=REFERENCE,
            request_id=request_id,
            now=NOW,
        )
    finally:
        engine.dispose()


def _stepping(address: str, meet: Any, consultation_id: int, seen: int, request_id: str) -> str:
    engine = open_engine(make_url(address))
    try:
        meet.wait(60)
        record_step(
            engine,
            CONSOLE,
            lg_code=CODES[0],
            consultation_id=consultation_id,
            step=Step(ConsultationState.COORDINATING),
            seen_event=seen,
            request_id=request_id,
            now=NOW,
        )
    except DashboardError as error:
        return type(error).__name__
    else:
        return "done"
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[ProcessPoolExecutor, Any]]:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, ProcessPoolExecutor(WORKERS, mp_context=spawn) as pool:
        yield pool, manager


@pytest.fixture
def address(database_url: URL) -> str:
    return database_url.render_as_string(hide_password=False)


def test_forty_three_at_once_get_forty_three_numbers_without_a_gap(
    servers: tuple[ProcessPoolExecutor, Any], address: str, engine: Engine
) -> None:
    pool, _ = servers
    pending = [pool.submit(_asking, address, None, code, f"r{code}") for code in CODES]
    given = [answer.result(timeout=PATIENCE_SECONDS) for answer in pending]
    assert sorted(given) == [f"R5-{n:03d}" for n in range(1, 44)]
    by_number = {c.number.label: c.lg_code for c in every(engine)}
    assert by_number == dict(zip(given, CODES, strict=True))
    with reading(engine) as session:
        assert verify(session).findings == []


def test_one_click_that_reaches_two_servers_is_one_number(
    servers: tuple[ProcessPoolExecutor, Any], address: str, engine: Engine
) -> None:
    pool, manager = servers
    for number in range(1, 5):
        meet = manager.Barrier(2)
        pending = [pool.submit(_asking, address, meet, CODES[0], f"c{number}") for _ in range(2)]
        assert [p.result(timeout=PATIENCE_SECONDS) for p in pending] == [f"R5-{number:03d}"] * 2
    assert len(every(engine)) == 4


def test_of_two_who_record_a_step_at_once_one_is_told(
    servers: tuple[ProcessPoolExecutor, Any], address: str, engine: Engine
) -> None:
    pool, manager = servers
    for number in range(4):
        asked = ask(engine, CODES[0], request_id=str(number))
        meet = manager.Barrier(2)
        given = (asked.consultation_id, asked.last.event_id)
        pending = [pool.submit(_stepping, address, meet, *given, f"{number}{x}") for x in "ab"]
        assert sorted(p.result(timeout=PATIENCE_SECONDS) for p in pending) == [
            "ConflictError",
            "done",
        ]
        assert len(again(engine, asked).events) == 2
    assert advance(engine, asked, ConsultationState.WITHDRAWN).state == "withdrawn"
