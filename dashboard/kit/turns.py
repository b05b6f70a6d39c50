"""First runs go one after the other: of many who open a page at once, most see it sooner.

Runs at the same time share the core evenly and all end last together, and whatever the server has to
send waits behind all of them. In turn, half of a hundred have their page before half of the time is
over, and the last is no later. Only a session's first run waits, in the order of asking, and nobody
waits long behind one: who takes longer than a page takes goes on, and so does the next. A run that
waits for the database gives up its turn.

The turn is passed on by the server's own event loop, once it has sent what lies ready: scripts that
follow one another without a pause leave it no time, and every page would arrive after the last run.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, local
from time import monotonic

import streamlit as st

_DRAWN = "turns.drawn"
_LONGEST_SECONDS = 0.25
_ROUNDS = 4
"""Of the event loop: a run's last message is handed over, gathered, taken by its sender, sent."""
_OF_THIS_RUN = local()


class Turns:
    """Who may begin, one at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Event] = deque()
        self._holder: Event | None = None
        self._since = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None

    def pass_on_by(self, loop: asyncio.AbstractEventLoop) -> None:
        """The loop that sends what the runs draw."""
        self._loop = loop

    @property
    def held(self) -> bool:
        """Whether somebody has the turn."""
        return self._holder is not None

    def take(self) -> Event:
        """Wait for the turn.

        Returns:
            What :meth:`give_back` takes.
        """
        turn = Event()
        with self._lock:
            self._waiting.append(turn)
            if self._holder is None:
                self._next()
        while not turn.wait(self._since + _LONGEST_SECONDS - monotonic()):
            with self._lock:
                if monotonic() - self._since >= _LONGEST_SECONDS:
                    self._next()
        return turn

    def give_back(self, turn: Event) -> None:
        """Let the next begin, unless it has begun already."""
        if self._loop is None or self._loop.is_closed():
            self._pass_on(turn)
        else:
            self._loop.call_soon_threadsafe(self._pass_on, turn, _ROUNDS)

    def _pass_on(self, turn: Event, rounds: int = 0) -> None:
        if rounds and self._loop is not None:
            self._loop.call_soon(self._pass_on, turn, rounds - 1)
            return
        with self._lock:
            if self._holder is turn:
                self._next()

    def _next(self) -> None:
        self._holder = self._waiting.popleft() if self._waiting else None
        self._since = monotonic()
        if self._holder is not None:
            self._holder.set()


TURNS = Turns()


@contextmanager
def in_turn() -> Iterator[None]:
    """Run the script, in its turn if it is a session's first run."""
    if _DRAWN in st.session_state:
        yield
        return
    st.session_state[_DRAWN] = True
    _OF_THIS_RUN.turn = TURNS.take()
    try:
        yield
    finally:
        leave()


def leave() -> None:
    """This run is going to wait, or has ended: let the next one begin."""
    turn = getattr(_OF_THIS_RUN, "turn", None)
    if turn is not None:
        _OF_THIS_RUN.turn = None
        TURNS.give_back(turn)
