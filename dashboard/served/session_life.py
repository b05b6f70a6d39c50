"""``/session/…``: how long a sign-in still lasts, going on with it, by which browser it is known, and
which files are being made for it.

dashboard/assets/session.js and page.js ask. Nothing here is read by anybody without the browser's cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.access.account import browser_secret
from core.access.limit import KNOWN_FOR
from core.access.principal import PUBLIC
from core.commands.sessions import note_use, wake_session
from core.values.errors import DashboardError, SignInRefusedError
from core.views.session import SessionLife, session_life_view
from dashboard import context
from dashboard.kit import making
from dashboard.served.database_threads import ask
from dashboard.served.hosts import is_own_origin

_SECRET = 64  # hexadecimal digits of browser_secret


async def _life(request: Request) -> Response:
    """``GET /session/life``: asking is no use."""
    return await _answered(partial(_life_of, request))


async def _keep(request: Request) -> Response:
    """``POST /session/keep``: somebody is there."""
    if not _is_own(request):
        return Response(status_code=403)

    def kept() -> SessionLife:
        note_use(context.engine(), PUBLIC, token=_token(request), now=context.now())
        return _life_of(request)

    return await _answered(kept)


async def _wake(request: Request) -> Response:
    """``POST /session/wake``: go on with a session that sleeps, by the password."""
    if not _is_own(request):
        return Response(status_code=403)
    try:
        password = str((await request.json())["password"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Response(status_code=400)

    def woken() -> SessionLife:
        wake_session(
            context.engine(),
            PUBLIC,
            token=_token(request),
            password=password,
            address=request.client.host if request.client else "",
            browser=browser_of(request),
            now=context.now(),
        )
        return _life_of(request)

    return await _answered(woken)


async def _making(request: Request) -> Response:
    """``GET /session/making``: the files on their way, and what each is at."""
    holder = context.holder_of(_token(request))
    found = [
        {"number": each.number, "label": each.label, "step": each.step}
        for each in making.under_way(holder)
    ]
    return _json({"files": found}, 200)


async def _leave(request: Request) -> Response:
    """``POST /session/leave``: nobody waits for a file any more."""
    if not _is_own(request):
        return Response(status_code=403)
    try:
        number = int((await request.json())["number"])
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return Response(status_code=400)
    making.leave(context.holder_of(_token(request)), number)
    return Response(status_code=204)


def _is_own(request: Request) -> bool:
    return is_own_origin(request.headers.get("origin", ""), request.headers.get("host", ""))


async def _answered(question: Callable[[], SessionLife]) -> Response:
    try:
        found = await ask(question)
    except DashboardError as error:
        status = 403 if isinstance(error, SignInRefusedError) else 409
        return _json({"message": str(error)}, status)
    except SQLAlchemyError:
        return Response(status_code=503)
    said: dict[str, object] = {
        "state": found.state.value if found.state else None,
        "idle": found.idle_left.total_seconds(),
        "left": found.left.total_seconds(),
        "password": found.by_password,
    }
    return _json(said, 200)


def _json(said: dict[str, object], status: int) -> Response:
    return JSONResponse(said, status, headers={"Cache-Control": "no-store"})


def _life_of(request: Request) -> SessionLife:
    return session_life_view(context.engine(), PUBLIC, token=_token(request), now=context.now())


def _token(request: Request) -> str:
    return request.cookies.get(context.cookie_name(), "")


def browser_of(request: Request) -> str:
    """The secret by which this browser is known; empty for a new one."""
    return request.cookies.get(context.cookie_name(context.BROWSER_COOKIE), "")


def remember_browser(request: Request, response: Response, token: str) -> None:
    """Give a browser that signed in the secret by which it is known from then on.

    A browser that has one keeps it: people who share a machine are all known there.
    """
    secret = browser_of(request)
    response.set_cookie(
        context.cookie_name(context.BROWSER_COOKIE),
        secret if len(secret) == _SECRET else browser_secret(token),
        max_age=int(KNOWN_FOR.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=context.behind_tls(),
    )


ROUTES = (
    Route("/session/life", _life),
    Route("/session/keep", _keep, methods=["POST"]),
    Route("/session/wake", _wake, methods=["POST"]),
    Route("/session/making", _making),
    Route("/session/leave", _leave, methods=["POST"]),
)
