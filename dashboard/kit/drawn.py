"""HTML with buttons in it, drawn as one element: the component behind cards, tables and the map.

The browser is given the whole HTML and changes only what differs, so that the focus and whatever
stands open stay through a rerun (dashboard/assets/cards.js). Whatever carries ``data-press`` can be
pressed, and the word in it comes back. It may not stand in a form: it would do nothing there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.kit.assets import asset

_SCRIPT = r"""
const loading = new Map()

export default function (component) {
  const [script, html] = new TextDecoder().decode(component.data).split("\0")
  const address = new URL(script, document.baseURI).href
  if (!loading.has(address)) loading.set(address, import(address))
  loading.get(address).then(cards => cards.draw(component, html))
}
"""


def drawn(html: str, key: str, on_press: Callable[[str], object]) -> str:
    """Draw it.

    Args:
        html: Escaped throughout.
        key: Of the element.
        on_press: Called with the word of what was pressed, before the script runs, as the callback of
            a button is.

    Returns:
        The word of what was pressed; empty when nothing was.
    """
    draw = st.components.v2.component("noriai_drawn", js=_SCRIPT, isolate_styles=False)
    found = draw(
        key=key,
        data=f"{asset('cards.js')}\0{html}".encode(),  # as JSON each 漢字 would be six bytes
        on_press_change=partial(_call, key, on_press),
    )
    return str(found.press or "")


def _call(key: str, on_press: Callable[[str], object]) -> None:
    on_press(str(st.session_state[key].press or ""))
