"""What tells open walls that the data moved: one query a second for all, none for nobody."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import URL, Engine, create_engine, event
from starlette.applications import Starlette
from starlette.types import Message

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.accounts import add_account, change_password, set_account_active
from core.commands.parameters import record_parameter
from core.commands.sessions import sign_in
from core.params import Basis
from core.store.engine import data_revision, open_engine
from core.store.trouble import name_troubles
from core.values.errors import DatabaseTroubleError, Trouble
from dashboard import asgi, context
from dashboard.served import health as health_room
from dashboard.served import live
from dashboard.served.live import ALIVE_SECONDS, Feed
from tests.support.waiting import PATIENCE_SECONDS

PASSWORD = "ふたりでのる電車2026"
PERIOD_SECONDS = 0.2


@pytest.fixture(autouse=True)
def _quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here depends on how long a period is."""
    assert live.GAP_SECONDS < live.PERIOD_SECONDS <= 1  # a meeting is told within the second
    monkeypatch.setattr(live, "PERIOD_SECONDS", PERIOD_SECONDS)
    monkeypatch.setattr(live, "GAP_SECONDS", PERIOD_SECONDS / 4)


GONE = DatabaseTroubleError(Trouble.AWAY)


class Counter:
    """A database that is asked, and says what it is told to say."""

    def __init__(self, revision: int = 7) -> None:
        self.revision, self.asked = revision, 0
        self.trouble: Exception | None = None

    def __call__(self) -> int:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return self.revision


class Wall:
    """One listener that keeps what it was told."""

    def __init__(self, feed: Feed) -> None:
        self.heard: list[str] = []
        self._stream: AsyncIterator[str] = feed.listen()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for message in self._stream:
            self.heard.append(" ".join(message.split()))

    async def leave(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._stream.aclose()  # type: ignore[attr-defined]


def running(scenario: Callable[[Feed], object], ask: Callable[[], int]) -> None:
    async def run() -> None:
        feed = Feed(ask)
        task = asyncio.create_task(feed.run())
        try:
            await scenario(feed)  # type: ignore[misc]
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(run())


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():
            await asyncio.sleep(0.01)


def test_a_hundred_walls_cost_one_query_a_second_and_none_costs_none() -> None:
    database = Counter()

    async def scenario(feed: Feed) -> None:
        time = asyncio.get_running_loop().time
        await asyncio.sleep(2 * PERIOD_SECONDS)
        assert database.asked == 0
        walls = [Wall(feed) for _ in range(100)]
        await until(lambda: all(wall.heard for wall in walls))
        begun, before = time(), database.asked
        await until(lambda: database.asked >= before + 3)
        assert time() - begun > 1.9 * PERIOD_SECONDS  # three looks, two periods between them
        for wall in walls:
            await wall.leave()
        await until(lambda: feed._began is None)
        after = database.asked
        await asyncio.sleep(2 * PERIOD_SECONDS)
        assert database.asked == after
        assert {tuple(wall.heard) for wall in walls} == {("event: revision data: 7",)}

    running(scenario, database)


def test_every_wall_hears_a_new_revision_once() -> None:
    database = Counter()

    async def scenario(feed: Feed) -> None:
        walls = [Wall(feed) for _ in range(5)]
        await until(lambda: all(wall.heard for wall in walls))
        database.revision = 8
        await until(lambda: all(len(wall.heard) == 2 for wall in walls))
        late = Wall(feed)
        await until(lambda: bool(late.heard))
        await asyncio.sleep(PERIOD_SECONDS + 0.2)
        assert {tuple(wall.heard) for wall in walls} == {
            ("event: revision data: 7", "event: revision data: 8")
        }
        assert late.heard == ["event: revision data: 8"]
        for wall in (*walls, late):
            await wall.leave()

    running(scenario, database)


@pytest.mark.parametrize("trouble", [GONE, RuntimeError("can't start new thread")], ids=repr)
def test_a_database_that_is_gone_is_said_once_and_so_is_its_return(trouble: Exception) -> None:
    """Whatever went wrong: the watch goes on."""
    database = Counter()

    async def scenario(feed: Feed) -> None:
        walls = [Wall(feed) for _ in range(50)]
        await until(lambda: all(wall.heard for wall in walls))
        database.trouble = trouble
        await until(lambda: all(len(wall.heard) == 2 for wall in walls))
        await asyncio.sleep(PERIOD_SECONDS + 0.2)
        database.trouble = None
        await until(lambda: all(len(wall.heard) == 3 for wall in walls))
        told = ("event: revision data: 7", "event: unreachable data:", "event: revision data: 7")
        assert {tuple(wall.heard) for wall in walls} == {told}
        for wall in walls:
            await wall.leave()

    running(scenario, database)


def test_a_look_that_hangs_is_told_before_it_fails_and_so_is_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert live.HANG_SECONDS + ALIVE_SECONDS < 5  # what a room is told within
    monkeypatch.setattr(live, "ALIVE_SECONDS", PERIOD_SECONDS / 4)
    monkeypatch.setattr(live, "HANG_SECONDS", PERIOD_SECONDS)
    database, gate = Counter(), Event()
    gate.set()

    def ask() -> int:
        gate.wait(PATIENCE_SECONDS)
        return database()

    async def scenario(feed: Feed) -> None:
        wall = Wall(feed)
        await until(lambda: "event: revision data: 7" in wall.heard)
        gate.clear()
        await until(lambda: "event: unreachable data:" in wall.heard)
        before = len(wall.heard)
        gate.set()
        await until(lambda: "event: revision data: 7" in wall.heard[before:])
        await wall.leave()

    try:
        running(scenario, ask)
    finally:
        gate.set()


async def asked(path: str) -> int:
    """Status of ``/healthz`` or ``/readyz``, asked as an HTTP client does; a stranger is told in
    words alone."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    await Starlette(routes=[*health_room.ROUTES])(scope, receive, send)
    words = b"".join(each.get("body", b"") for each in said).decode()
    assert words.strip() in {"動いています", "動いていません", "使えます", "いまは使えません"}
    return int(said[0]["status"])


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is warm and looks anew whenever it is asked."""
    monkeypatch.setattr(health_room, "FRESH_SECONDS", 0.0)
    warm = Event()
    warm.set()
    monkeypatch.setattr(health_room, "WARM", warm)


def test_a_server_is_not_ready_as_long_as_walls_are_not_told_but_it_runs(
    here: Engine, monkeypatch: pytest.MonkeyPatch, at_once: None
) -> None:
    """Here the database answers whoever asks it for its health."""
    database = Counter()

    async def scenario(feed: Feed) -> None:
        monkeypatch.setattr(health_room, "FEED", feed)
        assert await asked("/healthz") == 503  # has not begun
        await until(lambda: feed.works)
        assert (await asked("/healthz"), await asked("/readyz")) == (200, 200)
        wall = Wall(feed)
        await until(lambda: bool(wall.heard))
        assert await asked("/readyz") == 200
        database.trouble = GONE
        await until(lambda: wall.heard[-1].startswith("event: unreachable"))
        assert (await asked("/healthz"), await asked("/readyz")) == (200, 503)
        database.trouble = None
        await until(lambda: wall.heard[-1].startswith("event: revision"))
        assert await asked("/readyz") == 200
        await wall.leave()

    running(scenario, database)


def test_a_server_is_not_ready_while_a_look_hangs_and_does_not_run_after_the_watch_ended(
    here: Engine, monkeypatch: pytest.MonkeyPatch, at_once: None
) -> None:
    answers, longest = Event(), live.LONGEST_LOOK_SECONDS
    monkeypatch.setattr(live, "LONGEST_LOOK_SECONDS", 0.05)

    def hanging() -> int:
        answers.wait(PATIENCE_SECONDS)
        return 7

    async def scenario(feed: Feed) -> None:
        monkeypatch.setattr(health_room, "FEED", feed)
        wall = Wall(feed)
        await until(lambda: feed._began is not None)
        await until(lambda: not feed.works)
        assert (await asked("/healthz"), await asked("/readyz")) == (200, 503)
        monkeypatch.setattr(live, "LONGEST_LOOK_SECONDS", longest)
        answers.set()
        await until(lambda: bool(wall.heard))
        assert await asked("/readyz") == 200
        await wall.leave()

    feeds: list[Feed] = []

    async def kept(feed: Feed) -> None:
        feeds.append(feed)
        await scenario(feed)

    running(kept, hanging)
    monkeypatch.setattr(health_room, "FEED", feeds[0])
    assert asyncio.run(asked("/healthz")) == 503


@pytest.mark.parametrize("missing", ["table", "file", "write", "warmth"])
def test_a_server_runs_but_is_not_ready_without(
    here: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str, at_once: None
) -> None:
    if missing == "warmth":
        health_room.WARM.clear()
    elif missing == "write":

        @event.listens_for(here, "before_cursor_execute")
        def _refuse(*given: object) -> None:
            if str(given[2]).startswith("UPDATE"):
                raise DatabaseTroubleError(Trouble.READ_ONLY)

    else:
        file = tmp_path / "none.db"
        nothing = open_engine(URL.create("sqlite", database=str(file)))
        if missing == "file":
            file.unlink()
        monkeypatch.setattr(context, "engine", lambda: nothing)

    async def scenario(feed: Feed) -> None:
        monkeypatch.setattr(health_room, "FEED", feed)
        await until(lambda: feed.works)
        assert (await asked("/healthz"), await asked("/readyz")) == (200, 503)

    running(scenario, Counter())
    context.engine().dispose()


def test_a_job_of_the_server_begins_again_whatever_it_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(asgi, "_AGAIN_SECONDS", 0.0)

    async def job() -> None:
        begun.append(1)
        if len(begun) < 3:
            raise KeyError("nobody thought of this")
        await asyncio.sleep(60)

    async def scenario(_feed: Feed) -> None:
        task = asyncio.create_task(asgi._lasting(job))
        await until(lambda: len(begun) == 3)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    running(scenario, Counter())


def test_a_silent_stream_says_that_it_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "ALIVE_SECONDS", 0.05)
    script = Path(live.__file__).parents[1] / "assets" / "wall" / "live.js"
    [silence] = re.findall(r"SILENCE = (\d+)", script.read_text("utf-8"))
    # a beat may be lost, and a room still knows within five seconds
    assert ALIVE_SECONDS * 2 < int(silence) / 1000 < 5

    async def scenario(feed: Feed) -> None:
        wall = Wall(feed)
        await until(lambda: "event: alive data:" in wall.heard)
        await wall.leave()

    running(scenario, Counter())


def test_a_stream_ends_after_its_time_and_when_the_server_stops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def closing(feed: Feed) -> None:
        wall = Wall(feed)
        await until(lambda: bool(wall.heard))
        feed.close()
        await asyncio.wait_for(wall._task, PATIENCE_SECONDS)

    running(closing, Counter())
    monkeypatch.setattr(live, "LONGEST_SECONDS", 0.2)

    async def timing_out(feed: Feed) -> None:
        await asyncio.wait_for(Wall(feed)._task, PATIENCE_SECONDS)

    running(timing_out, Counter())


def recorded(engine: Engine, number: int, now: datetime) -> None:
    record_parameter(
        engine,
        CONSOLE,
        name="talent.unit_price",
        text=str(100_000 + number),
        valid_from=now.date(),
        basis=Basis.OFFICIAL,
        source="府通知",
        note="",
        request_id=f"price-{number}",
        now=now,
    )


@pytest.mark.parametrize("elsewhere", [False, True], ids=["this process", "another server"])
def test_a_committed_write_is_heard(
    engine: Engine, now: datetime, elsewhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of this process without waiting for the next look, of another by it."""
    writer = open_engine(engine.url) if elsewhere else engine
    if not elsewhere:
        monkeypatch.setattr(live, "PERIOD_SECONDS", 3600.0)

    async def scenario(feed: Feed) -> None:
        feed.watch_writes(engine)
        wall = Wall(feed)
        await until(lambda: bool(wall.heard))
        await asyncio.to_thread(recorded, writer, 1, now)
        await until(lambda: len(wall.heard) == 2)
        assert wall.heard[-1] == f"event: revision data: {data_revision(engine)}"
        await wall.leave()

    try:
        running(scenario, lambda: data_revision(engine))
    finally:
        if elsewhere:
            writer.dispose()


READERS = {
    "viewer": (Role.VIEWER, None),
    "officer": (Role.OFFICER, "271403"),
    "secretariat": (Role.SECRETARIAT, None),
    "newcomer": (Role.VIEWER, None),  # must change the password first
}


def token_of(engine: Engine, reader: str, now: datetime) -> str:
    """An account of that kind, signed in."""
    role, lg_code = READERS[reader]
    password = add_account(
        engine,
        CONSOLE,
        username=reader,
        display_name=reader,
        role=role,
        lg_code=lg_code,
        known_codes=frozenset({"271403"}),
        now=now,
    )
    if reader != "newcomer":
        change_password(
            engine,
            Principal(reader, reader, role, lg_code, must_change_password=True),
            current=password,
            new=PASSWORD,
            repeated=PASSWORD,
            now=now,
        )
        password = PASSWORD
    return sign_in(engine, PUBLIC, username=reader, password=password, now=now)


def status_of(engine: Engine, token: str | None) -> tuple[int, str]:
    """The answer to one request, which leaves as soon as it has heard something."""
    messages: list[Message] = []
    heard = asyncio.Event()
    cookie = [] if token is None else [(b"cookie", f"{context.COOKIE}={token}".encode())]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "method": "GET",
        "path": "/live",
        "raw_path": b"/live",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8501"), *cookie],
        "scheme": "http",
        "server": ("127.0.0.1", 8501),
        "root_path": "",
    }

    async def receive() -> Message:
        await heard.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)
        if message.get("body") or message.get("more_body") is False:
            heard.set()

    async def run(feed: Feed) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(live, "FEED", feed)
            app = Starlette(routes=[*live.ROUTES])
            await asyncio.wait_for(app(scope, receive, send), PATIENCE_SECONDS)

    running(run, lambda: data_revision(engine))
    start = next(m for m in messages if m["type"] == "http.response.start")
    return start["status"], b"".join(m.get("body", b"") for m in messages).decode()


@pytest.fixture
def here(engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(context, "engine", lambda: engine)
    monkeypatch.setattr(context, "now", lambda: now)
    return engine


@pytest.mark.parametrize("reader", ["viewer", "secretariat"])
def test_whoever_may_open_the_wall_is_told(here: Engine, now: datetime, reader: str) -> None:
    status, body = status_of(here, token_of(here, reader, now))
    assert status == 200
    assert body == f"event: revision\ndata: {data_revision(here)}\n\n"


@pytest.mark.parametrize("token", [None, "", "made-up"])
def test_the_public_is_not_told(here: Engine, token: str | None) -> None:
    assert status_of(here, token) == (403, "")


@pytest.mark.parametrize("reader", ["officer", "newcomer"])
def test_who_may_not_open_the_wall_is_not_told(here: Engine, now: datetime, reader: str) -> None:
    assert status_of(here, token_of(here, reader, now)) == (403, "")


def test_an_account_that_was_disabled_is_not_told_any_more(here: Engine, now: datetime) -> None:
    token = token_of(here, "viewer", now)
    set_account_active(here, CONSOLE, username="viewer", active=False, now=now)
    assert status_of(here, token) == (403, "")


def test_without_a_database_the_stream_does_not_begin(
    monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    nothing = create_engine("sqlite:////nowhere/at/all.db")
    name_troubles(nothing)
    monkeypatch.setattr(context, "engine", lambda: nothing)
    monkeypatch.setattr(context, "now", lambda: now)
    assert status_of(nothing, "token")[0] == 503
    nothing.dispose()
