"""First runs go one after the other; nobody waits for long, and nobody for one that waits itself."""

from __future__ import annotations

import pytest
import streamlit as st

from dashboard.kit import turns


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Each thread that runs has a session of its own; this one's may be drawn already."""
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_a_first_run_has_its_turn_and_gives_it_back(
    session: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_LONGEST_SECONDS", 0.05)
    with turns.in_turn():
        assert turns._TURN.locked()
        turns.leave()  # waits for the database
        assert not turns._TURN.locked()
    assert not turns._TURN.locked()
    with turns.in_turn():  # a later run of the session
        assert not turns._TURN.locked()


def test_a_run_that_fails_gives_its_turn_back(session: dict[str, object]) -> None:
    with pytest.raises(KeyboardInterrupt), turns.in_turn():
        raise KeyboardInterrupt  # as Streamlit ends a run: no Exception
    assert not turns._TURN.locked()


def test_behind_one_that_takes_its_time_others_go_on(
    session: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_LONGEST_SECONDS", 0.05)
    with turns._TURN, turns.in_turn():
        turns.leave()  # has none to give: the other keeps its own
        assert turns._TURN.locked()
