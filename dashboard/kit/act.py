"""An act on one thing: a button that runs a command, behind a box that asks first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from dashboard.kit.answer import answer
from dashboard.kit.submit import submit

R = TypeVar("R")


def act(
    words: str,
    form: str,
    command: Callable[..., R],
    done: str | Callable[[R], str],
    *,
    primary: bool = True,
    answered: bool = True,
) -> None:
    """A button that has a command run, as :func:`dashboard.kit.submit.submit` does.

    Args:
        answered: Whether the answer stands beneath it. A box that closes over its button would
            take it along: whoever draws the box draws the answer beneath the box.
    """
    if st.button(words, type="primary" if primary else "secondary", key=form):
        submit(form, command, done)
    if answered:
        answer(form)


def ask(
    label: str,
    icon: str,
    form: str,
    seen: object,
    question: str,
    command: Callable[..., R],
    done: str | Callable[[R], str],
    *,
    go: str = "",
) -> None:
    """A box that says what becomes of one thing, and the button that does it.

    Args:
        label: What opens the box.
        form: The act and the thing; a click from a screen that is old by now still arrives.
        seen: What is on record of the thing (its last event). The box belongs to that: it
            neither stays for what takes the thing's place on screen nor open after the act, so
            that a second click on the spot does nothing.
        question: What the act means and to what; Markdown.
        go: What the button says; empty: as the box.
    """
    with st.popover(label, icon=f":material/{icon}:", key=f"{form}.{seen}.box"):
        st.markdown(question)
        act(go or label, form, command, done, answered=False)
    answer(form)
