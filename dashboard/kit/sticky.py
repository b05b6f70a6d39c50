"""結果の帯: what a screen comes to, in sight at its foot wherever the reader is."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def result_bar(key: str) -> DeltaGenerator:
    """A container that stays in view at the foot of the screen at every size.

    Draw it last, outside columns and tabs: it stays within what it was drawn in. One to a page.
    """
    return st.container(key=f"noriai-bar-{key}", gap="xsmall")
