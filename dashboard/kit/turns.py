"""First runs go one after the other: of many who open a page at once, most see it sooner.

Runs at the same time share the core evenly and all end last together, and whatever the server has to
send waits behind all of them. In turn, half of a hundred have their page before half of the time is
over, and the last is no later. Only a session's first run waits, and not for long: who stands behind
one that takes its time goes on beside it, and one that waits for the database gives up its turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local

import streamlit as st

_DRAWN = "turns.drawn"
_LONGEST_SECONDS = 1.0
_TURN = Lock()
_OF_THIS_RUN = local()


@contextmanager
def in_turn() -> Iterator[None]:
    """Run the script, alone if it is a session's first run."""
    if _DRAWN in st.session_state:
        yield
        return
    st.session_state[_DRAWN] = True
    _OF_THIS_RUN.held = _TURN.acquire(timeout=_LONGEST_SECONDS)
    try:
        yield
    finally:
        leave()


def leave() -> None:
    """This run is going to wait: let the next one begin."""
    if getattr(_OF_THIS_RUN, "held", False):
        _OF_THIS_RUN.held = False
        _TURN.release()
