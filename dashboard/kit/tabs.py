"""Tabs that ask and draw only what is in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st


def draw_tabs(key: str, drawn: Mapping[str, Callable[[], object]], **more: Any) -> None:
    """Tabs by title, the open one drawn.

    Args:
        key: Where the session holds the title of the open one.
        drawn: What draws each.
        more: As ``st.tabs`` takes it.
    """
    tabs = st.tabs(list(drawn), on_change="rerun", key=key, **more)
    for tab, draw in zip(tabs, drawn.values(), strict=True):
        if tab.open:
            with tab:
                draw()
