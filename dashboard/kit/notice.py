"""What was just recorded, said on the run after."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.kit.typed import escaped

_LATER, _SHOWN = "notice", "notice.shown"


def notice_later(text: str) -> None:
    """A message for the next run, beneath those that wait there already."""
    st.session_state[_LATER] = [*st.session_state.get(_LATER, ()), text]


def show_notice() -> DeltaGenerator:
    """The messages of the run before, once, and the place they stand in.

    Their place is there without them too: what follows would move up when they go, and the browser
    would fold up whatever its reader had opened.
    """
    shown = st.session_state[_SHOWN] = st.session_state.pop(_LATER, ())
    place = st.container()
    with place:
        for text in shown:
            st.success(escaped(str(text)), icon=":material/check_circle:")
    return place


def show_again() -> None:
    """This run will not come to its end: what it showed is shown by the next one, too."""
    st.session_state[_LATER] = [
        *st.session_state.pop(_SHOWN, ()),
        *st.session_state.get(_LATER, ()),
    ]
