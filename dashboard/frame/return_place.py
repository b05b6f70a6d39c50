"""戻る場所: the page, its tab and what was typed there, from which somebody went to sign in.

The place is what the address says, kept on each run of a page. What was typed is taken over at the
moment the page is no longer drawn: its reader went to sign in, or the sign-in had ended. It waits in
the memory of this one window, is given back on the same page, and to nobody but whose sign-in it was.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date, time
from threading import Lock
from time import monotonic
from typing import Any, NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.access.principal import Principal, Role
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import carried

_PLACE, _TYPED, _LAST = "return.place", "return.typed", "return.last"
_DUE, _ASKED = "return.due", "return.asked"
KEPT = (_PLACE, _TYPED, *carried.KEPT)
"""Entries of the session that outlive a sign-in which ended by itself."""
_ENTRANCES = (navigation.SIGN_IN.name, navigation.PASSWORD.name)
_FIELDS = {f"{kind}_value" for kind in ("string", "int", "double", "bool", "string_array")}
_PLAIN = (str, int, float, date, time, type(None))


_AWAY_SECONDS, _MOST_AWAY = 600.0, 4_000
_AWAY: OrderedDict[str, tuple[dict[str, Any], float]] = OrderedDict()
_LOCK = Lock()


def enter(page: str, principal: Principal) -> None:
    """Before a page is drawn: take over what was typed on one left to sign in, or give it back."""
    state = st.session_state
    if state.pop(_DUE, False) and not principal.must_change_password:
        go_back(principal)
    if state.pop(_ASKED, False):
        st.switch_page(navigation.page_file(navigation.SIGN_IN.name))
    before = state.get(_LAST)
    ended = principal.role is Role.PUBLIC and context.was_signed_in()
    if before and before["page"] not in _ENTRANCES:
        left = page in _ENTRANCES and principal.role is Role.PUBLIC
        if left or (ended and before["who"] and before["page"] == page):
            state[_TYPED] = {**before, "values": _typed()}
    typed = state.get(_TYPED)
    if typed and page == typed["page"] and not ended and principal.role is not Role.PUBLIC:
        if typed["who"] in ("", principal.username):
            for key, value in typed["values"].items():
                state.setdefault(key, value)
        del state[_TYPED]
    state[_LAST] = {"page": page, "who": "" if ended else principal.username}
    if ended and before and before["page"] == page:
        state[_LAST] = before
    _note(page)


def leave(page: str) -> None:
    """After a page is drawn: its address is what it shows now."""
    _note(page)


def here() -> str:
    """The name of the page that is drawn."""
    return str(st.session_state[_LAST]["page"])


def _note(page: str) -> None:
    if page not in _ENTRANCES:
        st.session_state[_PLACE] = {"page": page, "query": st.query_params.to_dict()}


def ask_next() -> None:
    """Have the next run ask to sign in again; for use in a button's callback."""
    st.session_state[_ASKED] = True


def go_back_next() -> None:
    """As :func:`go_back`, on the next run: this one's menu has one page."""
    st.session_state[_DUE] = True


def carry_away() -> None:
    """Before the browser leaves for 組織アカウント, and comes back to another session."""
    held = {key: st.session_state[key] for key in KEPT if key in st.session_state}
    with _LOCK:
        _AWAY[context.this_browser()] = (held, monotonic() + _AWAY_SECONDS)
        while len(_AWAY) > _MOST_AWAY:
            _AWAY.popitem(last=False)


def _bring_back() -> None:
    with _LOCK:
        held, end = _AWAY.pop(context.this_browser(), ({}, 0.0))
    if monotonic() < end:
        st.session_state.update(held)


def go_back(principal: Principal) -> NoReturn:
    """Where sign-in was asked from, or home where that is nothing for this reader."""
    _bring_back()
    place = st.session_state.get(_PLACE) or {"page": "home", "query": {}}
    if place["page"] not in [screen.name for screen in navigation.open_to(principal)]:
        place = {"page": "home", "query": {}}
    st.switch_page(navigation.page_file(place["page"]), query_params=place["query"])


def _typed() -> Mapping[str, Any]:
    """The values of the fields of the page before, by key; buttons and files hold nothing typed."""
    running = get_script_run_ctx()
    if running is None:
        return {}
    held = running.session_state._state  # Streamlit has no word for which keys are fields
    kinds = held._new_widget_state.widget_metadata
    return {
        key: st.session_state[key]
        for widget, key in held._key_id_mapper.id_key_mapping.items()
        if widget in kinds
        and kinds[widget].value_type in _FIELDS
        and key in st.session_state
        and _plain(st.session_state[key])
    }


def _plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_plain, value))
    return isinstance(value, _PLAIN)
