"""What every address that is no page has in common: an id for the log, failures in words."""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import log
from core.incidents import INCIDENTS
from core.values.errors import DatabaseTroubleError
from dashboard import context
from dashboard.served.served_file import refusal

_RETRY_SECONDS = 10


class Answers:
    """ASGI middleware: numbers each request for the log; what fails is said, not shown raw."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = secrets.token_hex(8)
        log.about(request=request, page=scope["path"].split("/")[1])  # what follows may be a secret
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message)["X-Request-ID"] = request
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            incident = INCIDENTS.met(error, context.now())
            if begun:
                raise
            if isinstance(error, DatabaseTroubleError):
                answer = refusal(503, f"{error}\n受付番号 {incident.number}\n")
                answer.headers["Retry-After"] = str(_RETRY_SECONDS)
            else:
                answer = refusal(500, _UNEXPECTED.format(number=incident.number))
            await answer(scope, receive, sending)


_UNEXPECTED = (
    "予期しないエラーが起きました。受付番号 {number} を事務局に伝えてください。"
    "しばらく待ってから、もう一度お試しください。\n"
)
