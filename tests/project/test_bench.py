"""The benchmark's own client and servers still work with what is installed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import islice

import pytest
from sqlalchemy import make_url

from bench import crowd
from bench.plans_page import (
    ONE_LINE_TEXT,
    PLANS,
    PLANS_TEXT,
    QUERY,
    RERUNS,
    ROUNDS,
    SETTLING,
    WARM_UP,
    different_inputs,
)
from bench.servers import Server, noriai_server
from bench.session_client import Session, SessionError
from bench.wall import Watch, officers, propagation, signed_in
from bench.wall_client import Wall


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with noriai_server() as running:
        yield running


def test_another_input_draws_another_estimate(server: Server) -> None:
    with Session(server.port, PLANS, QUERY) as session:
        runs = [session.rerun()]
        for change in islice(different_inputs(), 3):
            for label, value in change.items():
                session.change(label, value)
            runs.append(session.rerun())
    assert all(run.shows(PLANS_TEXT) for run in runs)
    assert len({run.screen for run in runs}) == 4


def test_the_yardstick_is_one_line_behind_the_same_menu(server: Server) -> None:
    with Session(server.port, "one_line") as session:
        runs = [session.rerun() for _ in range(3)]
    assert [len(run.screen) for run in runs] == [1, 1, 1]
    assert all(run.shows(ONE_LINE_TEXT) and run.size > 0 for run in runs)


def test_a_page_that_does_not_exist_is_not_measured(server: Server) -> None:
    with Session(server.port, "no_such_page") as session, pytest.raises(SessionError):
        session.rerun()


def test_no_combination_of_inputs_is_asked_twice() -> None:
    asked: dict[str, object] = {"開始月": "4月"}
    combinations = []
    for change in different_inputs():
        asked |= change
        combinations.append(tuple(sorted(asked.items())))
    assert len(set(combinations)) == len(combinations)
    assert len(combinations) >= WARM_UP + ROUNDS * (SETTLING + RERUNS)


def test_a_wall_hears_of_what_an_officer_states(server: Server) -> None:
    async def scenario() -> list[float]:
        viewer, tokens = signed_in(server.database)
        watch = Watch(str(make_url(server.database).database))
        watching = asyncio.create_task(watch.run())
        wall = Wall(server.port, viewer)
        await wall.open()
        pages = await officers(server, dict(list(tokens.items())[:1]), plan=3)
        times = await propagation(pages, [wall], watch, 0.0)
        watching.cancel()
        await wall.close()
        await pages[0].close()
        return times

    [seconds] = asyncio.run(scenario())
    assert seconds >= 0


def test_a_crowd_comes_in_and_clicks(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "THOUGHT_SECONDS", 0.05)
    address = f"http://127.0.0.1:{server.port}"
    figures = asyncio.run(crowd.crowd(address, [server.process], 3, ramp=0.1, seconds=2.0))
    assert (figures.failed, len(figures.first)) == (0, 3)
    assert len(figures.alone) == crowd.ALONE
    assert figures.reruns
    assert figures.memory[0] > 0
    assert "3 readers, 0 failed" in crowd.report("one", figures)[0]
