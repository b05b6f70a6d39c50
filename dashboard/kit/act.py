"""An act on one thing: a button that runs a command."""

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
