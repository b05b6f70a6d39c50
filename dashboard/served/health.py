"""``/healthz``: the server runs; ``/readyz``: it can do its work. In words, of which a stranger learns
nothing; what exactly is wrong stands in the log and in the operator's figures.

``/healthz`` asks nothing but the event loop that answers it and the watch that tells the walls: a
server that fails it is to be started anew. ``/readyz`` is for who sends readers here: 503 while the
database does not read and write, its disk is full or its file another one, and before the server
is warm.
"""

from __future__ import annotations

import asyncio
import logging
from threading import Event
from time import monotonic

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit import runtime

from core.store.engine import check_ready
from dashboard import context
from dashboard.served.live import FEED

WARM = Event()
"""Set once what the first reader would wait for is there; the server is not ready before."""
LONGEST_SECONDS = 5.0
"""A database that has not answered by then does not work, whatever it may still say."""
FRESH_SECONDS = 5.0
"""An answer of /readyz stands for this long, however many ask."""
_RUNS, _RUNS_NOT = "動いています\n", "動いていません\n"
_READY, _NOT_READY = "使えます\n", "いまは使えません\n"
_LOG = logging.getLogger("noriai")


class _Readiness:
    """One look at the database at a time, for however many ask."""

    def __init__(self) -> None:
        self._until = 0.0
        self._trouble = ""
        self._one = asyncio.Lock()

    async def trouble(self) -> str:
        """What keeps the server from its work now; empty when nothing does."""
        if not WARM.is_set():
            return "準備をしています"
        async with self._one:
            if monotonic() >= self._until:
                before, self._trouble = self._trouble, await self._look()
                if not self._trouble and not FEED.works:
                    self._trouble = "会議の画面に変更が伝わりません"
                self._until = monotonic() + FRESH_SECONDS
                if self._trouble != before:
                    _LOG.warning("readyz: %s", self._trouble or "使えるようになりました")
        return self._trouble

    async def _look(self) -> str:
        try:
            with anyio.fail_after(LONGEST_SECONDS):
                return await to_thread.run_sync(
                    check_ready, context.engine(), abandon_on_cancel=True, limiter=_LOOKS
                )
        except TimeoutError:
            return f"データベースが{LONGEST_SECONDS:.0f}秒以内に答えません"


_LOOKS = anyio.CapacityLimiter(2)
"""Threads of its own: those of readers may all be waiting for the same database."""
_READINESS = _Readiness()


async def _health(_request: Request) -> Response:
    runs = FEED.runs and (not runtime.exists() or await _takes_readers())
    return _said(_RUNS) if runs else _said(_RUNS_NOT, 503)


async def _takes_readers() -> bool:
    ready, _ = await runtime.get_instance().is_ready_for_browser_connection
    return ready


async def _ready(_request: Request) -> Response:
    return _said(_NOT_READY, 503) if await _READINESS.trouble() else _said(_READY)


def _said(words: str, status: int = 200) -> Response:
    return PlainTextResponse(words, status, {"Cache-Control": "no-store"})


ROUTES = (Route("/healthz", _health), Route("/readyz", _ready))
