"""Tells open walls that the data revision moved, as server-sent events.

One task a process asks the database once a second while a wall is open, and never otherwise; a
write of this very process is looked at at once. However many walls there are, they wait for the
same piece of news. ``GET /live`` sends three kinds of events:

``revision``     the data revision, first and whenever it moved
``unreachable``  the database does not answer; ``revision`` follows when it does again
``alive``        nothing new; without it for a while the listener knows the line is dead
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from time import monotonic

from anyio import to_thread
from sqlalchemy import Connection, Engine, event
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from core.access.principal import allows
from core.incidents import INCIDENTS
from core.store.engine import data_revision
from core.values.errors import DatabaseTroubleError, Trouble
from dashboard import context
from dashboard.served.database_threads import ask

PERIOD_SECONDS = 1.0
"""How often the database is asked while a wall is open."""
GAP_SECONDS = 0.25
"""Least time between two looks, so that a burst of writes redraws the walls four times a second."""
ALIVE_SECONDS = 1.5
"""Longest silence on a stream; dashboard/assets/wall/live.js takes a line that is silent for four
seconds for dead, so that a room never reads old numbers as those of now for longer."""
HANG_SECONDS = 3.0
"""A look that takes longer is told as a database that does not answer, before it fails."""
LONGEST_SECONDS = 1800.0
"""A stream ends after this and the wall asks again, so that a sign-in that ended is noticed."""
LONGEST_LOOK_SECONDS = 10.0
"""A look that takes longer hangs: the watch does not work, and ``/readyz`` says so."""
_COMMITTED = "noriai.committed"


class Feed:
    """The data revision of one database, for any number of listeners in one event loop.

    Args:
        ask: Asks the database for its revision; runs in a thread.
    """

    def __init__(self, ask: Callable[[], int]) -> None:
        self._ask = ask
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners = 0
        self._opened = asyncio.Event()
        self._written = asyncio.Event()
        self._news = asyncio.Event()
        self._revision: int | None = None
        self._known = False
        self._closing = False
        self._running = False
        self._began: float | None = None
        self._trouble: Trouble | None = None

    async def run(self) -> None:
        """Watch until cancelled, whatever a look comes to."""
        self._loop = asyncio.get_running_loop()
        self._running = True
        try:
            while True:
                await self._opened.wait()
                await self._look()
                await asyncio.sleep(GAP_SECONDS)
                with suppress(TimeoutError):
                    async with asyncio.timeout(PERIOD_SECONDS - GAP_SECONDS):
                        await self._written.wait()
        finally:
            self._running = False

    @property
    def runs(self) -> bool:
        """Whether the watch is there at all, whatever the database says."""
        return self._running

    @property
    def listeners(self) -> int:
        """How many walls are told."""
        return self._listeners

    @property
    def works(self) -> bool:
        """Whether walls are told the truth: the watch runs, its last look was answered in time."""
        if not self._running or (self._known and self._revision is None):
            return False
        return self._waited < LONGEST_LOOK_SECONDS

    @property
    def _waited(self) -> float:
        """Seconds that the look under way has taken; 0 between two."""
        return monotonic() - self._began if self._began is not None else 0.0

    def watch_writes(self, engine: Engine) -> None:
        """Look at once when this process has written, without asking the database for it.

        The commit is marked when it begins and told when the connection comes back, which is
        after it is done.
        """

        @event.listens_for(engine, "commit")
        def _mark(connection: Connection) -> None:
            connection.info[_COMMITTED] = True

        @event.listens_for(engine, "checkin")
        def _tell(_dbapi_connection: object, record: object) -> None:
            if getattr(record, "info", {}).pop(_COMMITTED, False) and self._loop is not None:
                with suppress(RuntimeError):  # the loop has ended: nobody listens any more
                    self._loop.call_soon_threadsafe(self._written.set)

    def close(self) -> None:
        """End every stream: a server that stops waits for them. For use in a signal handler."""
        self._closing = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._news.set)

    async def listen(self) -> AsyncIterator[str]:
        """The events for one wall, as text of the stream, until it leaves or the time is up."""
        self._enter()
        try:
            loop = asyncio.get_running_loop()
            end, sent = loop.time() + LONGEST_SECONDS, ""
            while (left := end - loop.time()) > 0 and not self._closing:
                news, message = self._news, self._message()
                if message != sent:
                    yield message
                    sent = message
                    continue
                try:
                    async with asyncio.timeout(min(ALIVE_SECONDS, left)):
                        await news.wait()
                except TimeoutError:
                    if self._message() == sent:
                        yield "event: alive\ndata:\n\n"
        finally:
            self._leave()

    def _message(self) -> str:
        if self._waited > HANG_SECONDS:
            return "event: unreachable\ndata:\n\n"
        if not self._known:
            return ""
        if self._revision is None:
            return "event: unreachable\ndata:\n\n"
        return f"event: revision\ndata: {self._revision}\n\n"

    async def _look(self) -> None:
        self._written.clear()
        revision: int | None = None
        self._began = monotonic()
        try:
            revision = await to_thread.run_sync(self._ask)
        except Exception as error:  # noqa: BLE001  what nobody thought of ends no watch and no server
            self._trouble = getattr(error, "trouble", None)
            if self._revision is not None or not self._known:
                INCIDENTS.met(error, context.now())
        else:
            if self._trouble is not None:
                INCIDENTS.over(self._trouble)
                self._trouble = None
        finally:
            self._began = None
        if not self._listeners or (self._known and revision == self._revision):
            return
        self._known, self._revision = True, revision
        told, self._news = self._news, asyncio.Event()
        told.set()

    def _enter(self) -> None:
        self._listeners += 1
        self._opened.set()

    def _leave(self) -> None:
        self._listeners -= 1
        if not self._listeners:
            self._opened.clear()
            self._known = False  # the next wall is told what is true then, not now


FEED = Feed(lambda: data_revision(context.engine()))
"""Of this process; dashboard/asgi.py runs it."""


async def _live(request: Request) -> Response:
    """``GET /live`` for whoever may open the wall; 403 for everybody else."""
    try:
        principal = await ask(context.who_holds, request.cookies.get(context.cookie_name(), ""))
    except DatabaseTroubleError:
        return Response(status_code=503)
    if not allows(principal, "meeting:read"):
        return Response(status_code=403)
    return StreamingResponse(
        FEED.listen(),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


ROUTES = (Route("/live", _live),)
