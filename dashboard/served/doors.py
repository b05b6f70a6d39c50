"""What comes in is bounded before anything of it is read: from where, how much, how many, how long.

The outermost middleware. Nothing behind it sees a request for another host's name, a body where
none belongs, or more of one than its address takes; what is refused is refused in one sentence.
Connections that send nothing whole are ended one floor below (:mod:`dashboard.served.connections`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.served import metrics, needed, uploads
from dashboard.served.client_address import client_address
from dashboard.served.hosts import is_own_host, is_own_origin, is_readable_host, own_host
from dashboard.served.refusals import refused, words_of

CROWDS = {
    "requests": (400, 100),
    "files": (40, 20),  # on their way in
    "streams": (400, 200),  # open walls
    "pages": (1_000, 600),  # open ones: each is a session of Streamlit
}
"""Most at the same time in all, and of one address; an office is one address."""
QUEUE_SECONDS = 30.0
"""How long a request waits for its turn."""
_SPARE, _SPARE_SECONDS = 64 * 1024, 5.0
"""Bytes beyond what a door takes, and time, until a sender who goes on after the answer is left."""
LONGEST_MESSAGE = 256 * 1024
"""Bytes of one message of a page: everything typed on it."""
SHORT_MESSAGE, BYTES_A_SECOND = 16 * 1024, 128 * 1024
"""A page that sends longer ones is read no faster: Streamlit takes them apart in the event loop."""
_FORWARDED = (b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded")


@dataclass(frozen=True)
class Door:
    """What the addresses below a path take.

    Attributes:
        body: Most bytes; 0 takes none.
        seconds: Within which a body must have come.
        crowd: Of CROWDS, among which it has its place; empty for what must answer at any time.
    """

    path: str
    methods: tuple[str, ...] = ("GET", "HEAD")
    body: int = 0
    seconds: float = 10.0
    crowd: str = "requests"


DOORS = (
    Door("/healthz", crowd=""),
    Door("/readyz", crowd=""),
    Door("/live", crowd="streams"),
    Door("/session", ("POST",), body=4 * 1024),
    Door("/session/", ("GET", "HEAD", "POST"), body=4 * 1024),
    Door(uploads.PATH, ("PUT", "DELETE"), body=uploads.LONGEST, seconds=300.0, crowd="files"),
    Door("/"),
)
CLOSED = ("/_stcore/agent", "/_stcore/metrics", "/_stcore/script-health-check")
"""Of Streamlit: for machines, or the operator's alone."""


class _BodyRefusedError(Exception):
    """A body is longer, or comes more slowly, than its door takes."""

    def __init__(self, status: int) -> None:
        self.status = status


class _Body:
    """What comes with one request, no longer and no slower than its door takes; and the answer.

    An answer may be given before everything has come. What still comes is then not kept, and only
    so much of it is waited for that an honest sender gets to read the answer; then the connection
    ends.
    """

    def __init__(self, scope: Scope, door: Door, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        self.answered = False
        self._scope, self._receive, self._send = scope, receive, send
        self._whole = (
            headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
        )
        self._left, self._end = door.body, anyio.current_time() + door.seconds

    async def receive(self) -> Message:
        """As the application reads it.

        Raises:
            _BodyRefusedError: It is too long, or too slow.
        """
        if self._whole:
            return await self._receive()
        with anyio.CancelScope(deadline=self._end):
            message = await self._next()
            if self._left < 0:
                raise _BodyRefusedError(413)
            return message
        raise _BodyRefusedError(408)

    async def send(self, message: Message) -> None:
        """As the application answers."""
        if message["type"] == "http.response.start":
            self.answered = True
            if not self._whole:
                message["headers"] = [*message["headers"], (b"connection", b"close")]
        elif not self._whole and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            with anyio.move_on_after(_SPARE_SECONDS):
                while not self._whole and self._left > -_SPARE:
                    await self._next()
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    async def refuse(self, status: int) -> None:
        """Answer without the application."""
        await refused(self._scope, status)(self._scope, self._receive, self.send)

    async def _next(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        return message


class _Places:
    """How many are in at once, in all and of one address."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._all = anyio.CapacityLimiter(most)
        self._most_of_one = most_of_one
        self._of_one: dict[str, anyio.CapacityLimiter] = {}
        self._interested: Counter[str] = Counter()

    @asynccontextmanager
    async def place(self, address: str, seconds: float = 0.0) -> AsyncIterator[int]:
        """Holds a place, waiting for it at most so long; gives the status that refuses, or 0."""
        own = self._of_one.setdefault(address, anyio.CapacityLimiter(self._most_of_one))
        self._interested[address] += 1
        who = object()
        status = 429
        try:
            if await _taken(own, who, seconds):
                status = 503
                if await _taken(self._all, who, seconds):
                    status = 0
            yield status
        finally:
            if status == 0:
                self._all.release_on_behalf_of(who)
            if status != 429:
                own.release_on_behalf_of(who)
            self._interested[address] -= 1
            if not self._interested[address]:
                del self._interested[address], self._of_one[address]

    @property
    def taken(self) -> int:
        return self._all.borrowed_tokens


async def _taken(limiter: anyio.CapacityLimiter, who: object, seconds: float) -> bool:
    try:
        limiter.acquire_on_behalf_of_nowait(who)
    except anyio.WouldBlock:
        if not seconds:
            return False
        with anyio.move_on_after(seconds) as waiting:
            await limiter.acquire_on_behalf_of(who)
        return not waiting.cancelled_caught
    return True


class Doors:
    """ASGI middleware, the outermost of all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._places = {name: _Places(*most) for name, most in CROWDS.items()}
        self._uploads = uploads.Uploads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(_named(scope), receive, send)
        elif scope["type"] == "websocket":
            await self._page(_named(scope), receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = next((each for each in DOORS if _leads(each.path, scope["path"])), DOORS[-1])
        body = _Body(scope, door, receive, metrics.counted(scope["path"], send))
        if status := _refusal(scope, door):
            await body.refuse(status)
            return
        if not door.crowd:
            await self._app(scope, body.receive, body.send)
            return
        wait = 0.0 if door.crowd == "streams" else QUEUE_SECONDS
        async with self._places[door.crowd].place(scope["client"][0], wait) as status:
            if status:
                await body.refuse(status)
            elif door.path == uploads.PATH:
                await self._upload(scope, body)
            else:
                await self._taken(scope, body)

    async def _upload(self, scope: Scope, body: _Body) -> None:
        asking = HTTPConnection(scope)
        size = int(asking.headers.get("content-length", "0"))
        status = await self._uploads.may_send(asking) or self._uploads.begin(asking, size)
        if status:
            await body.refuse(status)
            return
        try:
            await self._taken(scope, body)
        finally:
            self._uploads.end(asking, size)

    async def _taken(self, scope: Scope, body: _Body) -> None:
        try:
            await self._app(scope, body.receive, body.send)
        except _BodyRefusedError as error:
            if not body.answered:
                await body.refuse(error.status)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        status = 0
        if not is_own_host(headers.get("host", "")):
            status = 421
        elif "origin" in headers:
            if not is_own_origin(headers["origin"], headers["host"]):
                status = 403
            elif not headers["origin"].endswith(f"//{headers['host']}"):
                scope = {**scope, "headers": _with_own_host(scope["headers"])}
        if status:
            await _reject(status, receive, send)
            return
        pages = self._places["pages"]
        async with pages.place(scope["client"][0]) as status:
            if status:
                await _reject(status, receive, send)
                return
            metrics.SESSIONS.set(pages.taken)
            waited, drawn, pause = metrics.Waited(), needed.FirstRun(), 0.0

            async def bounded() -> Message:
                nonlocal pause
                await anyio.sleep(pause)
                message = await receive()
                size = len(message.get("bytes") or message.get("text") or b"")
                pause = max(size - SHORT_MESSAGE, 0) / BYTES_A_SECOND
                if size > LONGEST_MESSAGE:
                    await send({"type": "websocket.close", "code": 1009})
                    return {"type": "websocket.disconnect", "code": 1009}
                waited.came(message.get("bytes"))
                return message

            async def timed(message: Message) -> None:
                waited.went(message.get("bytes"))
                drawn.went(message.get("bytes"))
                await send(message)

            try:
                await self._app(scope, bounded, timed)
            finally:
                metrics.SESSIONS.set(pages.taken - 1)


def _named(scope: Scope) -> Scope:
    """The request as its proxy passed it on: who asks stands in ``client``, nowhere else."""
    headers = [each for each in scope["headers"] if each[0] not in _FORWARDED]
    return {**scope, "client": (client_address(scope), 0), "headers": headers}


def _leads(path: str, to: str) -> bool:
    return to.startswith(path) if path.endswith("/") else to == path


def _refusal(scope: Scope, door: Door) -> int:
    """The status that refuses a request by its first lines; 0 for none."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if not is_readable_host(host) or not scope["path"].startswith("/"):
        return 400
    if not is_own_host(host):
        return 421
    if scope["path"].startswith(CLOSED):
        return 404
    if scope["method"] not in door.methods:
        return 405
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        return 400
    chunked = "transfer-encoding" in headers
    if int(length) > door.body or (chunked and (not door.body or door.path == uploads.PATH)):
        return 413  # how much a file is must be known before it is taken
    return 0


def _with_own_host(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """As a browser sends it, where a proxy did not pass it on: Streamlit compares it to the origin."""
    return [(b"host", own_host().encode()), *(each for each in headers if each[0] != b"host")]


async def _reject(status: int, receive: Receive, send: Send) -> None:
    """Answer the handshake of a page that is not taken."""
    await receive()
    words = words_of(status).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": words})
