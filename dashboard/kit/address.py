"""The address of a page: what is asked and what is opened stands in it.

Reload, Back and a copied link then show the same. A page asks :func:`arrived` first, and says at
:func:`keep` what is asked now; a detail (one training, one consultation) is a parameter that is
read from the address alone (:func:`opened`), so that leaving the address leaves the detail.

A link or menu entry that leads to the page one is on changes the script's parameters but not the
browser's address (streamlit issues 9050, 8115): the next click would bring back the old ones, and
what was typed meanwhile would be lost. Whatever newly arrives is therefore said to the browser
before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

_PAGE, _STAYED = "address.page", "address.stayed"


def enter(page: str) -> None:
    """Note which page this run shows; called once a run, before the page."""
    st.session_state[_STAYED] = st.session_state.get(_PAGE) == page
    st.session_state[_PAGE] = page


def arrived(part: str, keys: Collection[str] | None = None) -> dict[str, str] | None:
    """What a link, Back or a reload newly asks.

    Args:
        part: Name of the page, or of the part of one that keeps parameters of its own.
        keys: The parameters of this part; None for all.

    Returns:
        The parameters that arrived; None while the reader goes on where they were, and when they
        come back by the menu: what was asked then still holds. An empty address on the page one
        is on asks for the usual.
    """
    asked = _own(keys)
    kept = st.session_state.get(_kept(part))
    stayed = st.session_state.get(_STAYED, False)
    if kept is not None and (asked == kept or not (asked or stayed)):
        return None
    if stayed:
        st.query_params.from_dict(st.query_params.to_dict())
    return asked


def keep(part: str, query: Mapping[str, str], keys: Collection[str] | None = None) -> None:
    """Keep the address in step with what is asked, so that it can be copied at any time.

    Args:
        part: As :func:`arrived` takes it.
        query: What is asked now; what is usual is left out.
        keys: As :func:`arrived` takes it; parameters of other parts stay.
    """
    st.session_state[_kept(part)] = dict(query)
    now = st.query_params.to_dict()
    others = {} if keys is None else {k: v for k, v in now.items() if k not in keys}
    if now != (whole := others | dict(query)):
        st.query_params.from_dict(whole)


def opened(detail: str) -> str:
    """Which one is open, as the address says it; empty for none."""
    return st.query_params.get(detail, "")[:_LONGEST]


_LONGEST = 64


def open_detail(detail: str, which: str) -> None:
    """Open one, or close it with an empty text; Back undoes it. Also a widget's callback."""
    if which:
        st.query_params[detail] = which
    else:
        st.query_params.pop(detail, None)


def _own(keys: Collection[str] | None) -> dict[str, str]:
    return {k: v for k, v in st.query_params.to_dict().items() if keys is None or k in keys}


def _kept(part: str) -> str:
    return f"address.{part}"
