"""画面の題名: what the browser's tab, its history and a bookmark call what is shown."""

from __future__ import annotations

import streamlit as st

PRODUCT = "乗合 Noriai"
_PAGE, _SHOWN = "titles.page", "titles.shown"


def enter(page: str) -> None:
    """Name the page of this run; called once a run, before it is drawn."""
    st.session_state[_PAGE] = page
    _show(page)


def title(opened: str) -> None:
    """Name what is opened on the page: one training, one consultation, one municipality."""
    _show(" - ".join(filter(None, (opened[:80], st.session_state.get(_PAGE, "")))))


def problem() -> None:
    """Say in the title, too, that a form was refused: it is what a screen reader reads first."""
    _show(f"エラー: {st.session_state.get(_SHOWN, '')}")


def _show(words: str) -> None:
    st.session_state[_SHOWN] = words
    st.set_page_config(page_title=f"{words} - {PRODUCT}")
