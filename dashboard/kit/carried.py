"""What a page takes along when its server stops and another one goes on with it.

A session lives in one server. When that one ends, the browser reconnects, another server has never
heard of the session, and what the browser holds is all there is: the address, the sign-in cookie
and the values of the widgets. So the ids of the forms on screen, which name their requests and the
keys of their fields, are kept in a widget too, one that nobody sees: what was typed stays in its
field, and a click whose answer was lost is answered again, not carried out twice.

The widget stands in a fragment that is due again after a long time. A browser whose page has one
asks for a run as soon as it is connected again (Streamlit 1.67, ``autoRerunIntervals``), so the new
session is as the page shows it before its reader clicks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4, uuid5

import streamlit as st

_WIDGET, _PAGE, _ACCEPTED = "carried", "carried.page", "carried.accepted"
_LONGEST = 20_000
KEPT = (_PAGE, _ACCEPTED)
"""Entries of the session by which forms on screen stay the same ones."""


@st.fragment(run_every=timedelta(days=7))
def take_along() -> None:
    """Draw the widget, and go on from what a browser brings; called once a run, before the page."""
    state = st.session_state
    known = _PAGE in state
    if known:
        state[_WIDGET] = _text(state[_PAGE], state[_ACCEPTED])
    usual = "" if known else _text(uuid4().hex, {})
    with st.container(key="noriai_carried"):
        said = st.text_area("引き継ぎ", usual, key=_WIDGET, label_visibility="collapsed")
    if not known:
        state[_PAGE], state[_ACCEPTED] = _read(said)


def request_id(form: str) -> str:
    """The id of a form: of this page, of this form, of the times it was accepted."""
    state = st.session_state
    page, times = state[_PAGE], state[_ACCEPTED].get(form, 0)
    return uuid5(UUID(page), f"{form}#{times}").hex


def accepted(form: str) -> None:
    """The next request of this form is another one."""
    counts = st.session_state[_ACCEPTED]
    st.session_state[_ACCEPTED] = {**counts, form: counts.get(form, 0) + 1}


def _text(page: str, counts: Mapping[str, int]) -> str:
    return json.dumps([page, counts], ensure_ascii=False)


def _read(text: str) -> tuple[str, dict[str, int]]:
    """What a browser brought; a page of its own when that cannot be."""
    try:
        page, counts = json.loads(text[:_LONGEST])
        fine = re.fullmatch("[0-9a-f]{32}", page) and all(
            isinstance(form, str) and type(times) is int for form, times in counts.items()
        )
    except (ValueError, TypeError, AttributeError):
        fine = False
    return (page, counts) if fine else (uuid4().hex, {})
