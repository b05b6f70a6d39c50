"""画面の題名: what the browser's tab, its history and a bookmark call what is shown."""

from __future__ import annotations

import streamlit as st

PRODUCT = "乗合 Noriai"
_PAGE = "titles.page"


def enter(page: str) -> None:
    """Name the page of this run; called once a run, before it is drawn."""
    st.session_state[_PAGE] = page
    st.set_page_config(page_title=f"{page} - {PRODUCT}")


def title(opened: str) -> None:
    """Name what is opened on the page: one training, one consultation, one municipality."""
    page = st.session_state.get(_PAGE, "")
    st.set_page_config(page_title=" - ".join(filter(None, (opened[:80], page, PRODUCT))))
