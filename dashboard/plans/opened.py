"""A button of the result's bar that opens a dialog; it closes once what it asks for was accepted."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.kit.typed import escaped

_OPEN = "plans.opened"


def opens(label: str, icon: str, draw: Callable[[], None], *, name: str, ready: bool) -> None:
    """The button and, once pressed, its dialog.

    Args:
        draw: What stands in the dialog; calls :func:`close` when it is over.
        name: The act.
    """
    symbol = f":material/{icon}:"
    if st.button(
        escaped(label), key=f"{name}.open", icon=symbol, disabled=not ready, width="stretch"
    ):
        st.session_state[_OPEN] = name
    if ready and st.session_state.get(_OPEN) == name:
        st.dialog(escaped(label), on_dismiss=close, icon=symbol)(draw)()


def close() -> None:
    """Close the dialog."""
    st.session_state.pop(_OPEN, None)
