"""The server: the Streamlit script, and around it what a script cannot do.

``python -m dashboard`` runs it. Prepares the database at start, answers the addresses that are no
page (dashboard/served), makes the page Japanese before it reaches the browser, and keeps out what
is none of its business (dashboard/served/doors.py).
"""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType

import anyio
import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from core.incidents import INCIDENTS
from core.start import start
from dashboard import context
from dashboard.frame import failures, provider
from dashboard.frame.page_html import JapanesePage
from dashboard.kit.turns import TURNS
from dashboard.served import (
    attachments,
    bundle,
    calendar_feed,
    health,
    icons,
    inquiry_documents,
    live,
    map_file,
    metrics,
    open_data,
    packed,
    release,
    service,
    session,
    session_life,
    short_address,
    warm,
)
from dashboard.served.answers import Answers
from dashboard.served.doors import Doors
from dashboard.served.headers import Guarding
from dashboard.served.live import FEED
from dashboard.served.made_file import MadeFiles
from dashboard.served.refusals import InJapanese

_HERE = Path(__file__).resolve().parent
_COLLECT_SECONDS = 60
_AGAIN_SECONDS = 1.0


@asynccontextmanager
async def _lifespan(_app: object) -> AsyncIterator[None]:
    failures.log_in_json()
    await to_thread.run_sync(lambda: start(context.engine(), context.pack(), context.now()))
    TURNS.pass_on_by(asyncio.get_running_loop())
    FEED.watch_writes(context.engine())
    _end_streams_when_stopped()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_lasting, FEED.run)
        tasks.start_soon(_lasting, _collect_garbage)
        tasks.start_soon(_lasting, metrics.watch_lag)
        tasks.start_soon(_lasting, service.keep_telling)
        tasks.start_soon(_lasting, packed.squeeze)
        tasks.start_soon(_ready)
        yield
        service.tell("STOPPING=1")
        tasks.cancel_scope.cancel()


async def _lasting(job: Callable[[], Awaitable[None]]) -> None:
    """Begin a job of the server's life again after whatever it raised; uncaught, it would end it."""
    while True:
        try:
            await job()
        except Exception as error:  # noqa: BLE001  nothing a job comes to may end the server
            INCIDENTS.met(error, context.now())
        await anyio.sleep(_AGAIN_SECONDS)


async def _ready() -> None:
    """What the first visitor would wait for; the icons take two seconds after an upgrade."""
    await _if_possible(icons.prepare)
    await warm.warm_up()


async def _if_possible(job: Callable[[], Awaitable[None]]) -> None:
    """Do what the server lives without."""
    try:
        await job()
    except Exception as error:  # noqa: BLE001  uncaught, it would end the server
        INCIDENTS.met(error, context.now())


def _end_streams_when_stopped() -> None:
    """The server waits for open answers before it stops, and a wall's never ends by itself."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _ending_streams(signal.getsignal(number)))


def _ending_streams(server_stops: object) -> Callable[[int, FrameType | None], None]:
    def handler(number: int, frame: FrameType | None) -> None:
        FEED.close()
        if callable(server_stops):
            server_stops(number, frame)

    return handler


async def _collect_garbage() -> None:
    """In place of Streamlit's collection after every run, which costs 40 ms a click."""
    while True:
        await anyio.sleep(_COLLECT_SECONDS)
        await to_thread.run_sync(gc.collect)


def _on_script_error(error: BaseException) -> bool:
    metrics.ERRORS.inc()
    return failures.on_script_error(error)


app = st.App(
    _HERE / "app.py",
    routes=[
        Route("/home", RedirectResponse("./")),  # Streamlit gives its first page no other address
        *attachments.ROUTES,
        *bundle.ROUTES,
        *calendar_feed.ROUTES,
        *health.ROUTES,
        *inquiry_documents.ROUTES,
        *live.ROUTES,
        *map_file.ROUTES,
        *open_data.ROUTES,
        *release.ROUTES,
        *session.ROUTES,
        *session_life.ROUTES,
        *short_address.ROUTES,
        Mount("/assets", StaticFiles(directory=_HERE / "assets")),
    ],
    middleware=[
        Middleware(Guarding),
        Middleware(Answers),
        Middleware(Doors),
        Middleware(warm.OnlyWhenWarm),
        Middleware(packed.PackedFiles),
        Middleware(InJapanese),
        Middleware(MadeFiles),
        Middleware(JapanesePage),
        Middleware(provider.ProviderAnswers),
    ],
    secrets=provider.secrets(),
    lifespan=_lifespan,
    on_script_error=_on_script_error,
)
