"""The benchmark's own client and servers still work with what is installed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import islice
from urllib.request import urlopen

import pytest
from sqlalchemy import make_url

from bench import crowd, reader
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
from bench.session_client import HOST, Session, SessionError
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
    assert [len(run.screen) for run in runs] == [2, 2, 2]  # the line, and what the frame carries
    assert all(run.shows(ONE_LINE_TEXT) and run.size > 0 for run in runs)


def test_the_yardstick_is_opened_as_every_page_is(server: Server) -> None:
    with urlopen(f"http://{HOST}:{server.port}/one_line") as answer:
        page = answer.read().decode()
    assert "/assets/noriai.js?" in page
    assert '<html lang="ja">' in page


def test_an_aim_is_compared_with_the_median_of_the_rounds() -> None:
    slow = reader.Figures(
        cold=[9.0], warm=[1.0, 3.0, 9.0], line_cold=[3.5], line_warm=[2.0], bytes=[700_000],
        warm_bytes=[1], requests=[9], busy=[1.0], shift=[0.01], filter=[0.2],
    )  # fmt: skip
    quick = reader.Figures(warm=[2.0])
    names = [
        "stock: one line",
        "stock: with a menu",
        "one line",
        *reader.PAGES,
        "KPI cards",
        "Dash cards",
    ]
    found = {name: quick if "line" in name else slow for name in names}
    told = {line: value <= most for line, value, most in reader.aims(found, [])}
    assert told["home, warm, against one line"]  # 3.0 to 2.0
    assert not told["plans, first visit on 10 Mbit/s with 40 ms, s"]
    assert told["about, first visit, MB"]
    assert not told["KPI cards, filter change, s"]


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
