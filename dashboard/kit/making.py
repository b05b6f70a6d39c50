"""What is being made for a sign-in right now: how far it is, and that nobody waits for it any more.

A file is made in a thread of its own, with no screen to speak through. It says here what it is at;
the page asks (:mod:`dashboard.served.session_life`) and says so, on whatever screen its reader is by
then. In this process only, as the file itself: whoever made it gives it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from threading import Lock

from core.values.errors import DashboardError


class NoLongerWantedError(DashboardError):
    """Its reader has said that nobody waits for it."""

    def __init__(self) -> None:
        super().__init__("ファイルの作成をやめました。")


@dataclass
class Making:
    """One file on its way."""

    number: int
    holder: str  # whose sign-in it is for (context.holder)
    label: str  # of the button
    step: str = ""  # what it is at; empty when it says nothing
    wanted: bool = True


_LOCK = Lock()
_NUMBERS = count(1)
_UNDER_WAY: dict[int, Making] = {}
_MINE: ContextVar[Making | None] = ContextVar("the file that this thread makes", default=None)


@contextmanager
def making(holder: str, label: str) -> Iterator[None]:
    """A file is made within; one that nobody waits for any more does not come out.

    Raises:
        NoLongerWantedError: Its reader has left it.
    """
    with _LOCK:
        mine = Making(next(_NUMBERS), holder, label)
        _UNDER_WAY[mine.number] = mine
    token = _MINE.set(mine)
    try:
        yield
        step("")
    finally:
        _MINE.reset(token)
        with _LOCK:
            del _UNDER_WAY[mine.number]


def step(words: str) -> None:
    """Say what is being done; does nothing where no file is made.

    Raises:
        NoLongerWantedError: Its reader has left it.
    """
    mine = _MINE.get()
    if mine is None:
        return
    mine.step = words
    if not mine.wanted:
        raise NoLongerWantedError


def under_way(holder: str) -> list[Making]:
    """What is made for a sign-in and waited for, the oldest first; nothing without one."""
    with _LOCK:
        found = list(_UNDER_WAY.values())
    return [each for each in found if holder and each.holder == holder and each.wanted]


def leave(holder: str, number: int) -> None:
    """Nobody waits for a file of this sign-in any more; of another's it says nothing."""
    for each in under_way(holder):
        if each.number == number:
            each.wanted = False
