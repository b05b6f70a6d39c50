"""First runs go one after the other; nobody waits for long, and nobody for one that waits itself."""

from __future__ import annotations

import asyncio
from threading import Event, Thread
from time import sleep

import pytest
import streamlit as st

from dashboard.kit import turns
from dashboard.kit.turns import Turns
from tests.support.waiting import PATIENCE_SECONDS


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """A session that has not drawn yet, and turns of this test alone."""
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(turns, "TURNS", Turns())
    return turns.TURNS


def test_a_first_run_has_its_turn_and_gives_it_back(session: Turns) -> None:
    with turns.in_turn():
        assert session.held
        turns.leave()  # waits for the database
        assert not session.held
    assert not session.held
    with turns.in_turn():  # a later run of the session
        assert not session.held


def test_a_run_that_fails_gives_its_turn_back(session: Turns) -> None:
    with pytest.raises(KeyboardInterrupt), turns.in_turn():
        raise KeyboardInterrupt  # as Streamlit ends a run: no Exception
    assert not session.held


def test_turns_come_in_the_order_of_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_LONGEST_SECONDS", PATIENCE_SECONDS)
    queue, came = Turns(), []
    first = queue.take()

    def run(name: int) -> None:
        turn = queue.take()
        came.append(name)
        queue.give_back(turn)

    threads = []
    for name in range(5):
        threads.append(Thread(target=run, args=(name,)))
        threads[-1].start()
        while len(queue._waiting) <= name:  # asked before the next one does
            sleep(0)
    assert came == []
    queue.give_back(first)
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert came == [0, 1, 2, 3, 4]
    assert not queue.held


def test_behind_one_that_takes_its_time_the_next_goes_on_and_keeps_its_turn(session: Turns) -> None:
    slow = session.take()
    with turns.in_turn():
        session.give_back(slow)  # comes late: it has none to give
        assert session.held
    assert not session.held


def test_the_turn_is_passed_on_after_what_the_loop_had_to_send(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "_LONGEST_SECONDS", PATIENCE_SECONDS)

    async def ran() -> list[str]:
        queue, said, begun = Turns(), [], Event()
        queue.pass_on_by(asyncio.get_running_loop())
        first = queue.take()

        def second() -> None:
            queue.take()
            said.append("second begins")
            begun.set()

        Thread(target=second).start()
        while not queue._waiting:
            await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(said.append, "first is sent")
        queue.give_back(first)
        while not begun.is_set():
            await asyncio.sleep(0)
        return said

    assert asyncio.run(ran()) == ["first is sent", "second begins"]
