"""What a reader's eye, ear and keyboard are led to after a click.

The page marks it, dashboard/assets/page.js does it once the run is over: the mark comes into view,
what it says is announced, and of a problem the field above it has the focus.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_COUNT, _OPENED = "sight.count", "sight.opened"


def answer_mark(number: int) -> DeltaGenerator:
    """A container for what was done, brought into view when its number is new to the page."""
    return st.container(key=f"noriai-answer-{number}", gap="xsmall")


def problem_mark(where: DeltaGenerator | None = None) -> DeltaGenerator:
    """A container for what stands against a field; the first of a run is brought into view.

    Args:
        where: The place beneath the field; left out: here, beneath the button.
    """
    return (where or st).container(key=f"noriai-problem-{number()}", gap=None)


def opened_mark(which: str) -> DeltaGenerator:
    """A container for what was opened, brought to the top of the view when it opens."""
    kept = st.session_state.get(_OPENED)
    if kept is None or kept[0] != which:
        st.session_state[_OPENED] = kept = (which, number())
    return st.container(key=f"noriai-opened-{kept[1]}")


def nothing_opened() -> None:
    """Say that what was opened is closed: opened once more, it comes into view once more."""
    st.session_state.pop(_OPENED, None)


def number() -> int:
    """One that the page has not seen."""
    count = int(st.session_state.get(_COUNT, 0)) + 1
    st.session_state[_COUNT] = count
    return count
