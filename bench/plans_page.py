"""What one click on プラン選択・費用試算 costs, beside two references measured in the same run.

``make bench``. Three pages are measured in turn, round after round, so that a busy moment of the
machine touches all of them:

A   ``/plans`` with seven plans chosen. Every rerun changes the start month or the visits, never
    back to a combination asked before, so no answer comes from the cache. A' is the same page
    with nothing changed: the answers are cached, the page is drawn all the same.
B   a page that writes one line, on the same server: menu, sign-in check, our settings. What A
    costs above B is the page itself.
C   the same one line on Streamlit as it comes: default settings, an empty folder, no uvloop.
    What our settings save is the distance between B and C.

How to read it: *CPU* is user and system time of the server's process, divided by the reruns; it
says how many readers one core serves. *Rerun* is what one reader waits, from sending the click to
the end of the script; the browser's own drawing is not in it. *First load* opens a new session:
websocket and first run, without the static files. *Received* is the size of the messages to the
browser, before any compression. Each figure is the median of the rounds, with the least and the
most in brackets; p50 and p95 are taken within a round. A machine that is busy with something else
moves all figures; trust the ratios. Aims are printed as met or not met and fail nothing.

Everything stays on 127.0.0.1 in a fresh SQLite database. The same figures are written as JSON to
bench/results/.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from statistics import median, quantiles
from types import FrameType

import psutil
import streamlit
from servers import BENCH, Server, move_to, noriai_server, pinned_apart, stock_server
from session_client import Run, Session, SessionError

QUERY = "fy=2023&plans=1:12,2:12,3:11,4:12,5:12,6:12,7:12"
PLANS_TEXT, ONE_LINE_TEXT = "一般財源", "One line."
ROUNDS, FIRST_LOADS, WARM_UP, RERUNS = 5, 3, 30, 100
AIM_AGAINST_ONE_LINE, AIM_AGAINST_STOCK = 2.5, 1.0
Change = Callable[[Session], None]


@dataclass
class Figures:
    """One figure a round; times in milliseconds, sizes in bytes."""

    cpu: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    first_load: list[float] = field(default_factory=list)
    received: list[float] = field(default_factory=list)


def different_inputs() -> Iterator[Change]:
    """One change of one widget after another, as a reader clicks; no combination comes twice."""
    months = [f"{(3 + i) % 12 + 1}月" for i in range(12)]
    # Start month and visits in turn: 12 and 11 share no factor, so 264 steps never repeat.
    for year in ("令和5年度(2023年度)", "令和6年度(2024年度)", "令和7年度(2025年度)"):
        for years in ("単年度", "2年間"):
            yield lambda session, year=year: session.change("年度", year)
            yield lambda session, years=years: session.change("継続年数", years)
            for i in range(12 * 11):
                yield lambda session, i=i: session.change("開始月", months[i % 12])
                yield lambda session, i=i: session.change("年間回数(全プラン)", i % 11 + 1)


def opened(server: Server, page: str, query: str, text: str) -> tuple[Session, float]:
    """A new session after its first run, and how many milliseconds that took."""
    began = time.perf_counter()
    session = Session(server.port, page, query)
    checked(session.rerun(), text)
    return session, (time.perf_counter() - began) * 1000


def checked(run: Run, text: str) -> Run:
    """The run, when it drew what the page is for."""
    if not run.shows(text):
        raise SessionError(f"the page does not show {text}")
    return run


def measure(
    server: Server, session: Session, text: str, figures: Figures, change: Change | None = None
) -> None:
    """Warm up, then one round of reruns."""
    pass
