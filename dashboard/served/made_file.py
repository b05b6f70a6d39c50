"""``/media/…``: a file a button made, for the sign-in it was made for and as long as that lasts.

Streamlit gives a file to whoever knows its address. :func:`dashboard.kit.submit.download` notes in
the kind of the file whose it is, and the note is taken off here, after asking who asks.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.access.principal import Role
from dashboard import context
from dashboard.kit.submit import whose
from dashboard.served.database_threads import ask
from dashboard.served.refusals import refused

PATH = "/media/"


class MadeFiles:
    """ASGI middleware: 404 for everybody else's files, and for those nobody's name is on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self._app(scope, receive, send)
            return
        refusing = False

        async def asked(message: Message) -> None:
            nonlocal refusing
            if message["type"] == "http.response.start" and message["status"] < 300:
                headers = MutableHeaders(scope=message)
                kind, holder = whose(headers.get("content-type", ""))
                refusing = not await _is(scope, holder)
                headers["content-type"] = kind
                headers["cache-control"] = "private, no-store"
                if refusing:
                    await refused(scope, 404)(scope, receive, send)
            if not refusing:
                await send(message)

        await self._app(scope, receive, asked)


async def _is(scope: Scope, holder: str | None) -> bool:
    """Whether a file is for whoever asks: one made without a sign-in is for its address alone."""
    if not holder:
        return holder is not None
    token = HTTPConnection(scope).cookies.get(context.cookie_name(), "")
    if context.holder_of(token) != holder:
        return False
    principal = await ask(context.who_holds, token)
    return principal.role is not Role.PUBLIC
