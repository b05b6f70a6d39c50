"""Things one below the other that hold fields or buttons: a line above each, no frame around it."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def row(key: str, **more: Any) -> DeltaGenerator:
    """One of them.

    Args:
        key: Of the thing, once on a page.
        more: As ``st.container`` takes it.
    """
    return st.container(key=f"noriai-row-{key}", **more)
