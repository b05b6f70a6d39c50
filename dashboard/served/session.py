"""``/session``: the browser's cookie follows a sign-in that was just begun or ended."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.access.account import SESSION_LASTS
from core.access.principal import Role
from dashboard import context
from dashboard.kit.ticket import TICKETS
from dashboard.served.database_threads import ask
from dashboard.served.hosts import is_own_origin
from dashboard.served.session_life import remember_browser


async def _session(request: Request) -> Response:
    """Set the cookie of a session that holds, or take it away."""
    if not is_own_origin(request.headers.get("origin", ""), request.headers.get("host", "")):
        return Response(status_code=403)
    try:
        ticket = str((await request.json())["ticket"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Response(status_code=400)
    response = Response(status_code=204)
    if not ticket:
        response.delete_cookie(
            context.cookie_name(),
            path="/",
            httponly=True,
            samesite="strict",
            secure=context.behind_tls(),  # a browser leaves a __Host- cookie alone otherwise
        )
        return response
    token = TICKETS.redeem(ticket)
    principal = await ask(context.who_holds, token)
    if principal.role is Role.PUBLIC:
        return Response(status_code=403)
    remember_browser(request, response, token)
    response.set_cookie(
        context.cookie_name(),
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=context.behind_tls(),
    )
    return response


ROUTES = (Route("/session", _session, methods=["POST"]),)
