"""Nobody is asked in before what every visitor needs has been computed once.

The ledger's index of a million events takes most of a minute. Whoever came first after a start
would wait that long before an empty page, so the process makes it by itself and answers 503
「準備中」 until then, also at ``/readyz``; only ``/healthz`` answers: a proxy asks another server meanwhile
(``proxy_next_upstream http_503``), a browser asks again by itself.
"""

from __future__ import annotations

import logging
from importlib import import_module
from pkgutil import walk_packages

from anyio import sleep, to_thread
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

import core.commands
import core.exports
import core.views
import dashboard
from core.access.principal import PUBLIC
from core.store.engine import reading
from core.store.ledger_index import ledger_index
from core.values.errors import DatabaseTroubleError
from core.values.fiscal import budget_request_year
from core.views.home import home_view
from dashboard import context
from dashboard.served.health import WARM

_LOG = logging.getLogger("noriai")
_AGAIN_SECONDS = 1.0
_ALWAYS = ("/healthz", "/readyz")
_PAGE = (
    '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8">'
    '<meta http-equiv="refresh" content="5"><title>準備中 | 乗合 Noriai</title></head>'
    "<body><h1>準備中です</h1>"
    "<p>サーバーを起動しています。5秒ごとに自動で確かめ、準備ができると画面が開きます。</p>"
    "</body></html>"
)


async def warm_up() -> None:
    """Compute what the first visitor would wait for, however often the database has to be asked."""
    while not WARM.is_set():
        try:
            await to_thread.run_sync(_compute, abandon_on_cancel=True)
        except DatabaseTroubleError as error:
            _LOG.warning("the start waits for the database: %s", error)
            await sleep(_AGAIN_SECONDS)
        except Exception:  # noqa: BLE001  the screen itself says what stands against it
            _LOG.exception("the figures of the first screen cannot be computed")
            WARM.set()
        else:
            WARM.set()


def _import_screens() -> None:
    """Import what screens import, by one thread: of two that import what imports each other, one can
    meet half of it, and the first two visitors of a server are such a pair.
    """
    for package in (core.commands, core.exports, core.views, dashboard):
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            if found.name not in _SCRIPTS:
                import_module(found.name)


_SCRIPTS = ("dashboard.__main__", "dashboard.app")
"""Do something when they are imported."""


def _compute() -> None:
    _import_screens()
    reference, today = context.reference(), context.today()
    with reading(context.engine()) as session:
        ledger_index(session, reference.succession)
    year = budget_request_year(today)
    context.answer(home_view, PUBLIC, as_of=today, fiscal_year=year)


class OnlyWhenWarm:
    """ASGI middleware: 503 until warm, to browsers as a page that asks again."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] in ("http", "websocket")
        if WARM.is_set() or not asked or scope["path"] in _ALWAYS:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket" and "websocket.http.response" not in scope.get(
            "extensions", {}
        ):
            await send({"type": "websocket.close"})
            return
        await _not_yet()(scope, receive, send)


def _not_yet() -> Response:
    return HTMLResponse(_PAGE, 503, {"Retry-After": "5", "Cache-Control": "no-store"})
