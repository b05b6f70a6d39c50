"""A server that has just started: closed until it is warm, and what the service manager is told."""

from __future__ import annotations

import asyncio
import socket
import sys
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message

from core.store.engine import reading
from core.store.ledger_index import ledger_index
from core.values.errors import DatabaseTroubleError, Trouble
from dashboard import context
from dashboard.served import release, service, warm
from tests.served.test_server import ask
from tests.support.reference import REFERENCE


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> Event:
    cold = Event()
    for module in (warm, service):
        monkeypatch.setattr(module, "WARM", cold)
    return cold


@pytest.fixture
def app() -> Starlette:
    async def page(_request: object) -> PlainTextResponse:
        return PlainTextResponse("page")

    async def stream(socket: object) -> None:
        raise AssertionError("nobody is let in")

    routes = [Route("/", page), Route("/healthz", page), WebSocketRoute("/stream", stream)]
    return Starlette(routes=routes, middleware=[Middleware(warm.OnlyWhenWarm)])


def test_a_cold_server_asks_to_wait_and_a_warm_one_answers(app: Starlette, state: Event) -> None:
    cold = ask(app, "/")
    assert (cold.status, cold.header("retry-after")) == (503, "5")
    assert "準備中です" in cold.body.decode()
    assert cold.header("cache-control") == "no-store"
    assert ask(app, "/healthz").status == 200  # it runs: the service manager need not end it
    state.set()
    assert ask(app, "/").body == b"page"


@pytest.mark.parametrize("extensions", [{}, {"websocket.http.response": {}}])
def test_no_page_is_opened_on_a_cold_server(
    app: Starlette, state: Event, extensions: dict[str, object]
) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/stream", "headers": [], "extensions": extensions}
    asyncio.run(app(scope, receive, send))
    if extensions:  # with a status, by which a proxy asks the next server
        assert (sent[0]["type"], sent[0]["status"]) == ("websocket.http.response.start", 503)
    else:
        assert [message["type"] for message in sent] == ["websocket.close"]


def test_the_start_waits_for_the_database_and_makes_what_the_first_visitor_needs(
    state: Event, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "engine", lambda: engine)
    monkeypatch.setattr(context, "today", lambda: date(2023, 10, 2))
    monkeypatch.setattr(context, "reference", lambda: REFERENCE)
    monkeypatch.setattr(warm, "_AGAIN_SECONDS", 0.0)
    compute, tries = warm._compute, iter(range(3))

    def away_at_first() -> None:
        if next(tries) < 2:
            raise DatabaseTroubleError(Trouble.BUSY, "away")
        compute()

    monkeypatch.setattr(warm, "_compute", away_at_first)
    asyncio.run(warm.warm_up())
    assert state.is_set()
    assert next(tries, None) is None
    with reading(engine) as session:
        first = ledger_index(session, REFERENCE.succession)
        assert ledger_index(session, REFERENCE.succession) is first


def test_a_figure_that_cannot_be_computed_keeps_no_server_closed(
    state: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise LookupError("a bug")

    monkeypatch.setattr(warm, "_compute", broken)
    asyncio.run(warm.warm_up())
    assert state.is_set()


@pytest.mark.skipif(sys.platform == "win32", reason="systemd")
def test_the_service_manager_hears_ready_only_when_warm_and_then_that_it_lives(
    state: Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_LOOK_SECONDS", 0.001)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", "30000")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)

        async def scenario() -> list[bytes]:
            loop = asyncio.get_running_loop()
            telling = asyncio.create_task(service.keep_telling())
            await asyncio.sleep(0.05)
            with pytest.raises(BlockingIOError):
                manager.recv(1000)  # nothing is said yet
            state.set()
            heard = [await loop.sock_recv(manager, 1000) for _ in range(3)]
            telling.cancel()
            return heard

        heard = asyncio.run(scenario())
    assert heard[0].startswith(b"READY=1")
    assert heard[1:] == [b"WATCHDOG=1"] * 2


def test_nothing_is_said_where_no_service_manager_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    service.tell("READY=1")


def test_another_file_of_the_program_is_another_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "PROJECT", tmp_path)
    (tmp_path / "core").mkdir()
    file = tmp_path / "core" / "a.py"
    found = set()
    for text in ("one", "two", "one"):
        file.write_text(text)
        release.release.cache_clear()
        found.add(release.release())
    release.release.cache_clear()
    assert len(found) == 2
