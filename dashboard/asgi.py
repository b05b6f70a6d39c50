"""The server: the Streamlit script, and around it what a script cannot do.

``streamlit run dashboard/asgi.py``. Sets the sign-in cookie, answers ``/healthz``, serves calendars
and open data, makes the page Japanese before it reaches the browser, forbids every other host by Content-Security-Policy, and
prepares the database at start.
"""

from __future__ import annotations

import gc
import logging
import secrets
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType

import anyio
import streamlit as st
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from core.access.account import SESSION_LASTS
from core.access.principal import PUBLIC, Role
from core.start import start
from core.store.engine import data_revision
from core.views.session import session_view
from dashboard.frame.page_html import JapanesePage
from dashboard.served import calendar_feed, open_data
from dashboard.served.attachments import attachment_file
from dashboard.served.live import FEED, live
from dashboard.served.map_file import FOLDER, map_file
from dashboard.served.short_address import wish_path

_LOG = logging.getLogger("noriai")
_HERE = Path(__file__).resolve().parent
_COLLECT_SECONDS = 60


@asynccontextmanager
async def _lifespan(_app: object) -> AsyncIterator[None]:
    from dashboard import context  # its caches want a running server

    await to_thread.run_sync(lambda: start(context.engine(), context.now()))
    FEED.watch_writes(context.engine())
    _end_streams_when_stopped()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(FEED.run)
        tasks.start_soon(_collect_garbage)
        yield
        tasks.cancel_scope.cancel()


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


async def _healthz(_request: Request) -> Response:
    from dashboard import context

    try:
        revision = await to_thread.run_sync(lambda: data_revision(context.engine()))
    except SQLAlchemyError:
        return JSONResponse({"status": "database unreachable"}, status_code=503)
    return JSONResponse({"status": "ok", "revision": revision})


async def _session(request: Request) -> Response:
    """Set the cookie of a session that was just begun, or take it away."""
    from dashboard import context

    if not _same_site(request):
        return Response(status_code=403)
    try:
        token = str((await request.json())["token"])
    except (ValueError, KeyError, TypeError):
        return Response(status_code=400)
    response = Response(status_code=204)
    if not token:
        response.delete_cookie(context.COOKIE, path="/")
        return response
    principal = await to_thread.run_sync(
        lambda: session_view(context.engine(), PUBLIC, token=token, now=context.now())
    )
    if principal.role is Role.PUBLIC:
        return Response(status_code=403)
    response.set_cookie(
        context.COOKIE,
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


async def _short_address(_request: Request) -> Response:
    """What the wall's code leads to: the page where officers state their wish."""
    return RedirectResponse(wish_path(), headers={"Cache-Control": "no-store"})


def _same_site(request: Request) -> bool:
    origin = request.headers.get("origin", "")
    return origin.partition("://")[2] == request.headers.get("host")


def _on_script_error(error: BaseException) -> bool:
    """Log with a number and tell the reader that number, nothing else."""
    number = secrets.token_hex(4)
    _LOG.error("script error %s", number, exc_info=error)
    st.error(
        f"受付番号 {number} を事務局に伝えてください。入力中の内容は保存されていません。"
        "画面を再読み込みすると続けられます。",
        title="予期しないエラーが起きました",
    )
    return True


app = st.App(
    _HERE / "app.py",
    routes=[
        Route("/healthz", _healthz),
        Route("/home", RedirectResponse("./")),  # Streamlit gives its first page no other address
        Route("/live", live),
        Route("/session", _session, methods=["POST"]),
        Route("/w", _short_address),
        Route(f"{FOLDER}/{{name}}", map_file),
        *calendar_feed.ROUTES,
        *open_data.ROUTES,
        Route("/attachments/{lg_code:str}/{attachment_id:int}", attachment_file),
        Mount("/assets", StaticFiles(directory=_HERE / "assets")),
    ],
    middleware=[Middleware(JapanesePage)],
    lifespan=_lifespan,
    on_script_error=_on_script_error,
)
