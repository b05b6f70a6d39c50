"""What became of a click, said at the button: what was recorded, number, time, next step.

The answer waits under the name of its form for the run after, and stands where that run draws
:func:`answer`, until the next form is submitted or the page is left. One that nobody places is said
once, above the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import context
from dashboard.kit.sight import answer_mark, number
from dashboard.kit.typed import escaped

_KEPT, _PAGE = "answer", "answer.page"
ASKED = "confirm.open"
"""Which question of :mod:`dashboard.kit.confirm` stands open."""
_PAGES = Path(__file__).resolve().parents[2] / "pages"


class NextStep(NamedTuple):
    """What comes after, and where: a label, a screen's name, what it is asked."""

    label: str
    page: str
    query: Mapping[str, str] = {}


def keep_answer(form: str, text: str, next_step: tuple[str, ...] | NextStep | None = None) -> None:
    """Have the next run say that a form was accepted; whatever was answered before is over."""
    now = context.now()
    st.session_state[_KEPT] = {
        "form": form,
        "text": text,
        "at": f"{now.hour}時{now.minute:02}分",
        "next": None if next_step is None else tuple(next_step),
        "number": number(),
        "placed": False,
    }


def enter(page: str) -> None:
    """Say which page this run draws, before it is drawn.

    An answer that was read stays behind, and so does a question Back led away from.
    """
    left = st.session_state.get(_PAGE, page) != page
    st.session_state[_PAGE] = page
    if left:
        st.session_state.pop(ASKED, None)
    if left and (kept := st.session_state.get(_KEPT)) and kept["placed"]:
        del st.session_state[_KEPT]


def answered(form: str) -> bool:
    """Whether the answer to a form stands: its button then says so, or is off."""
    kept = st.session_state.get(_KEPT)
    return kept is not None and kept["form"] == form


def answer(form: str) -> None:
    """Say here, right beneath the button, what became of its last click; nothing without one."""
    if answered(form):
        kept = st.session_state[_KEPT]
        _draw(kept)
        st.session_state[_KEPT] = {**kept, "placed": True}


def say_unplaced(above: DeltaGenerator) -> None:
    """What no button of the page answered, above it, once; called after the page is drawn."""
    kept = st.session_state.get(_KEPT)
    if kept is not None and not kept["placed"]:
        with above:
            _draw(kept)
        del st.session_state[_KEPT]


def forget(form: str) -> None:
    """Take the answer to a form away: what it told of has changed since."""
    if answered(form):
        del st.session_state[_KEPT]


def _draw(kept: Mapping[str, object]) -> None:
    with answer_mark(int(str(kept["number"]))):
        st.success(escaped(str(kept["text"])), icon=":material/check_circle:")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{escaped(str(kept['at']))}に記録", width="content")
            if isinstance(following := kept["next"], tuple):
                step = NextStep(*following)
                st.page_link(
                    _PAGES / f"{step.page}.py",
                    label=escaped(step.label),
                    icon=":material/arrow_forward:",
                    query_params=dict(step.query) or None,
                )
