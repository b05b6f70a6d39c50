"""First runs go one after the other: of many who open a page at once, most see it sooner.

Runs at the same time share the core evenly and all end last together. In turn, half of a hundred
have their page before half of the time is over, and the last is no later. Only a session's first run
waits, and only for a moment: behind one that takes long nobody stands, and one that waits for the
database has left its turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import streamlit as st

_DRAWN = "turns.drawn"
_LONGEST_SECONDS = 0.5
_TURN = Lock()


@contextmanager
def in_turn() -> Iterator[None]:
    """Draw a page, alone if it is a session's first one."""
    first = _DRAWN not in st.session_state
    st.session_state[_DRAWN] = True
    mine = first and _TURN.acquire(timeout=_LONGEST_SECONDS)
    try:
        yield
    finally:
        if mine:
            _TURN.release()
