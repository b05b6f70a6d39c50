"""Connections that say nothing whole, and readers who do not read: ended, and never many.

What has no complete head never reaches an application, so this is done where uvicorn reads. A
connection is *waiting* from its opening, or from the first byte of its next request, until the head
is whole. Of those the oldest goes when there are too many: a browser sends its head at once and is
never the oldest, whoever opens thousands.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from dashboard.served.client_address import is_trusted
from dashboard.served.refusals import words_of

HEAD_SECONDS = 10.0
"""From the first byte of a request until its head is whole."""
READING_SECONDS = 30.0
"""How long a reader may take nothing of an answer that is there."""
MOST_WAITING = 500
MOST, MOST_OF_ONE = 3_000, 2_000
"""Connections in all, and of one address that is no trusted proxy."""
HEAD_BYTES = 32 * 1024


class _Open:
    """The open connections of this process."""

    def __init__(self) -> None:
        self.of_one: Counter[str] = Counter()
        self.waiting: dict[BoundedHttp, None] = {}  # oldest first

    def enter(self, address: str) -> bool:
        """Count one more; False when there are too many."""
        full = self.of_one.total() >= MOST
        crowded = self.of_one[address] >= MOST_OF_ONE and not is_trusted(address)
        self.of_one[address] += 1
        return not (full or crowded)

    def leave(self, address: str) -> None:
        self.of_one[address] -= 1
        if not self.of_one[address]:
            del self.of_one[address]


OPEN = _Open()


class BoundedHttp(H11Protocol):
    """uvicorn's HTTP/1.1 with these bounds."""

    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _address = ""
    _entered = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self._entered = True
        if not OPEN.enter(self._address):
            transport.abort()
            return
        self._wait()
        if len(OPEN.waiting) > MOST_WAITING:
            oldest = next(iter(OPEN.waiting))
            oldest._go_on()
            oldest.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._left()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._left()  # BoundedSocket enters anew
        super().handle_websocket_upgrade(event)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._entered and self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._wait()
        elif self.conn.their_state is not h11.IDLE:
            self._go_on()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.their_state is not h11.IDLE:
            self._go_on()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(READING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()

    def send_400_response(self, msg: str) -> None:
        """In Japanese; ``msg`` is uvicorn's English."""
        del msg
        self._refuse(400)

    def _wait(self) -> None:
        if self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_slow)
            OPEN.waiting[self] = None

    def _go_on(self) -> None:
        OPEN.waiting.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._go_on()
        if not self.transport.is_closing():
            self._refuse(408)

    def _refuse(self, status: int) -> None:
        body = f"{words_of(status)}\n".encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        reason = HTTPStatus(status).phrase.encode()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            for event in (
                h11.Response(status_code=status, headers=headers, reason=reason),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _left(self) -> None:
        self._go_on()
        if self._unread is not None:
            self._unread.cancel()
        if self._entered:
            self._entered = False
            OPEN.leave(self._address)


class BoundedSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket with these bounds."""

    _unread: asyncio.TimerHandle | None = None
    _address = ""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        OPEN.enter(self._address)  # counted among all, admitted by dashboard.served.doors

    def connection_lost(self, exc: Exception | None) -> None:
        if self._unread is not None:
            self._unread.cancel()
        OPEN.leave(self._address)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(READING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()


def raise_file_limit() -> None:
    """Let this process open as many files as its connections and its work need."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST if hard == resource.RLIM_INFINITY else min(2 * MOST, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
