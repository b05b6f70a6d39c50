"""確認: what cannot be taken back is asked about in a dialog that names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from dashboard.kit.answer import ASKED, answer
from dashboard.kit.submit import submit
from dashboard.kit.typed import escaped

R = TypeVar("R")


def confirm(
    label: str,
    question: str,
    command: Callable[..., R],
    *,
    key: object,
    form: str,
    done: str | Callable[[R], str],
    danger: bool = True,
    go: str = "",
    icon: str = "",
    next_step: tuple[Any, ...] | None = None,
    ready: bool = True,
    opens: Callable[[], bool] | None = None,
    fields: Callable[[], object] | None = None,
    **more: Any,
) -> None:
    """A button that opens a dialog about one thing; its answer stands beneath the button.

    Args:
        label: What the button says, and the dialog's title.
        question: What the act means and to what, by name; Markdown.
        key: What is on record of the thing (its last event). The dialog belongs to it: what takes
            the thing's place on screen never inherits it.
        form: The act and the thing, as :func:`dashboard.kit.submit.submit` takes it.
        danger: It takes something away; the button that does it is red.
        go: What the button in the dialog says; left out: as the label.
        icon: Material name.
        ready: Whether the button can be pressed.
        opens: Called when the button is pressed; False keeps the dialog closed, with what stands
            against the act said where it stands.
        fields: Draws what the act asks for in the dialog; may say the places beneath its fields.
        more: As ``st.button`` takes it.
    """
    name = f"{form}.{key}"
    symbol = f":material/{icon}:" if icon else None
    pressed = st.button(label, key=f"{name}.open", icon=symbol, disabled=not ready, **more)
    if pressed and (opens is None or opens()):
        ask(form, key)
    answer(form)
    if st.session_state.get(ASKED) != name:
        return

    def draw() -> None:
        st.markdown(question)
        found = fields() if fields is not None else None
        places = found if isinstance(found, Mapping) else None
        with st.container(key=f"noriai-{'danger' if danger else 'act'}-{name}", horizontal=True):
            agreed = st.button(go or label, type="primary", key=form)
            kept = st.button("やめる", key=f"{name}.keep")
        if kept:
            _close()
            st.rerun()
        if agreed:
            said = partial(_done, done)
            submit(form, command, said, places, next_step=next_step)

    st.dialog(escaped(label), on_dismiss=_close, icon=symbol)(draw)()


def ask(form: str, key: object) -> None:
    """Have the dialog of a button open on this run, or on the next where the button was drawn."""
    st.session_state[ASKED] = f"{form}.{key}"


def _done(done: str | Callable[[R], str], result: R) -> str:
    _close()
    return done if isinstance(done, str) else done(result)


def _close() -> None:
    st.session_state.pop(ASKED, None)
