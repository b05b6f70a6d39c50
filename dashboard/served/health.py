"""``/healthz``: 200 while the database answers and the walls are told the truth, 503 otherwise."""

from __future__ import annotations

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.store.engine import data_revision
from core.values.errors import DatabaseTroubleError
from dashboard import context
from dashboard.served.live import FEED

_LONGEST_SECONDS = 5.0
"""A database that has not answered by then does not work, whatever it may still say."""


async def _health(_request: Request) -> Response:
    try:
        with anyio.fail_after(_LONGEST_SECONDS):
            revision = await to_thread.run_sync(
                lambda: data_revision(context.engine()), abandon_on_cancel=True
            )
    except (DatabaseTroubleError, TimeoutError):
        return JSONResponse({"status": "database unreachable"}, status_code=503)
    if not FEED.works:
        return JSONResponse({"status": "walls are not told of changes"}, status_code=503)
    return JSONResponse({"status": "ok", "revision": revision})


ROUTES = (Route("/healthz", _health),)
