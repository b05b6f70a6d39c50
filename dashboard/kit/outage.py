"""データベースの障害 on a screen: what is wrong is said, the run waits, and goes on by itself.

A run that waits is not over: until it is, Streamlit takes nothing off the screen and forgets no
widget, so what was typed is still there afterwards, on both sides. A newer click, another page and
a reader who leaves all end the waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from time import monotonic, sleep
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.incidents import INCIDENTS, Incident
from core.store.engine import data_revision
from core.values.errors import DatabaseTroubleError
from dashboard import context
from dashboard.kit import turns
from dashboard.kit.notice import show_again
from dashboard.kit.typed import escaped

KEY = "outage"
_WHOLE, _TURN, _FAILED = "outage.whole", "outage.turn", "outage.failed"
_OVER = "outage.over"
_LOOK_SECONDS = 1.0
_BREATH_SECONDS = 0.2
_AGAIN_SECONDS = 3.0
_LONGEST_SECONDS = 15.0


def place() -> DeltaGenerator:
    """Where a page speaks of an outage: above everything, and in sight wherever it is scrolled.

    Once, too, of its end.
    """
    where = st.container(key=KEY)
    if over := st.session_state.pop(_OVER, ""):
        where.success(escaped(over), icon=":material/check_circle:")
    return where


@contextmanager
def waited_out(where: DeltaGenerator, page: str) -> Iterator[None]:
    """Wait while the database cannot be read, then run the page again.

    Args:
        page: Which it is; what was typed is promised only on one that was drawn whole before.
    """
    try:
        yield
    except DatabaseTroubleError as error:
        kept = st.session_state.get(_WHOLE) == page
        _wait(error, where, kept=kept)
    st.session_state[_WHOLE] = page
    st.session_state.pop(_FAILED, None)


def _wait(error: DatabaseTroubleError, where: DeltaGenerator, *, kept: bool) -> NoReturn:
    turns.leave()
    incident = INCIDENTS.met(error, context.now())
    show_again()
    with where:
        _say(error, incident, "直りしだい、この画面は自動で続きます。", kept=kept)
    failed = st.session_state[_FAILED] = st.session_state.get(_FAILED, 0) + 1
    _breathe(min(_LOOK_SECONDS * 2 ** (failed - 1), _LONGEST_SECONDS))
    while not _WATCH.answers():
        _breathe(_LOOK_SECONDS)
    INCIDENTS.over(error.trouble)
    if kept:
        began, ended = _clock(incident.began), _clock(context.now())
        st.session_state[_OVER] = (
            f"{began}から{ended}まで使えなかったデータベースが、使えるようになりました。"
            "その間に押したボタンの操作は、行われていないことがあります。画面で確かめて、"
            "まだのものはもう一度押してください(二重には記録されません)。"
        )
    st.rerun()


@contextmanager
def said_here() -> Iterator[None]:
    """Where a form writes by itself: what is wrong stands beneath it, and it stays as it is."""
    try:
        yield
    except DatabaseTroubleError as error:
        say_here(error)


def say_here(error: DatabaseTroubleError) -> None:
    """Say that something could not be done and, unlike :func:`hold`, is not tried again."""
    incident = INCIDENTS.met(error, context.now())
    st.error(
        escaped(f"{error}入力した内容はこの画面に残っています。受付番号 {incident.number}"),
        icon=":material/database_off:",
    )


def hold(error: DatabaseTroubleError, where: DeltaGenerator) -> None:
    """Say that something was not recorded, and wait before it is tried again."""
    incident = INCIDENTS.met(error, context.now())
    with where.container():
        _say(
            error,
            incident,
            "この操作はまだ記録していません。この画面を開いたままにすると、自動で記録し直します。",
            kept=True,
        )
    _breathe(_AGAIN_SECONDS)


def _say(error: DatabaseTroubleError, incident: Incident, goes_on: str, *, kept: bool) -> None:
    st.error(
        f"**{escaped(error.trouble.label)}**({escaped(_clock(incident.began))}から)。"
        f"{escaped(error.trouble.effect)}自動で確かめ続けています。{escaped(goes_on)}"
        + ("入力した内容はこの画面に残っています。" if kept else "")
        + f"受付番号 {escaped(incident.number)}",
        icon=":material/database_off:",
    )


def _breathe(seconds: float) -> None:
    """Wait, but no longer than the reader does: a newer run, or leaving, ends this one."""
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        st.session_state[_TURN] = left  # whatever Streamlit is asked of is where it interrupts
        sleep(min(_BREATH_SECONDS, left))


def _clock(moment: datetime) -> str:
    return f"{moment.hour}時{moment.minute:02}分"


class _Watch:
    """Asks for all who wait, one at a time and once a second."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = 0.0
        self._answered = False

    def answers(self) -> bool:
        """Whether the database answered just now."""
        if not self._lock.acquire(blocking=False):
            return False  # somebody is asking; a database that is gone lets them wait
        try:
            if monotonic() - self._asked >= _LOOK_SECONDS:
                self._answered = False
                try:
                    data_revision(context.engine())
                    self._answered = True
                except DatabaseTroubleError:
                    pass
                self._asked = monotonic()
            return self._answered
        finally:
            self._lock.release()


_WATCH = _Watch()
