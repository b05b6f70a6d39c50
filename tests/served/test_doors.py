"""What is refused before it is read, and what every answer tells the browser."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from http import HTTPStatus

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.settings import Settings, load_settings
from core.values.errors import SettingsError
from dashboard import context
from dashboard.served import doors, headers, metrics, refusals
from dashboard.served.client_address import client_address
from dashboard.served.doors import Doors
from dashboard.served.headers import Guarding
from dashboard.served.hosts import is_own_host, is_own_origin
from dashboard.served.refusals import InJapanese

OWN = "https://noriai.example.lg.jp"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Behind a proxy of its own name, with TLS."""
    given = Settings(base_url=OWN, trusted_proxies="10.0.0.1, 192.168.7.0/24")
    monkeypatch.setattr(context, "settings", lambda: given)
    return given


async def _echo(request: Request) -> Response:
    body = await request.body()
    return PlainTextResponse(f"{len(body)} {request.client.host if request.client else ''}")


async def _fails(_request: Request) -> Response:
    return PlainTextResponse("Not Found", 404)


async def _open(socket: WebSocket) -> None:
    await socket.accept()
    with suppress(WebSocketDisconnect):
        while True:
            await socket.send_text(f"{len(await socket.receive_bytes())} {socket.headers['host']}")


@pytest.fixture
def app() -> ASGIApp:
    """As dashboard/asgi.py puts them together, around something small."""
    return Starlette(
        routes=[
            Route("/session", _echo, methods=["POST"]),
            Route("/_stcore/gone", _fails),
            Route("/{path:path}", lambda _: HTMLResponse("<html>")),
            WebSocketRoute("/_stcore/stream", _open),
        ],
        middleware=[Middleware(Guarding), Middleware(Doors), Middleware(InJapanese)],
    )


class Answer:
    """Status, headers and body of one request."""

    def __init__(self, messages: list[Message]) -> None:
        start = next(m for m in messages if m["type"].endswith("response.start"))
        self.status = start["status"]
        self.headers = {k.decode(): v.decode() for k, v in start["headers"]}
        self.body = b"".join(m.get("body", b"") for m in messages)


class Sender:
    """A client that has so many pieces of a body to send.

    Attributes:
        taken: How many were asked for.
        before_answer: How many of them before the answer began.
    """

    def __init__(self, pieces: list[bytes], *, ends: bool = True) -> None:
        self._pieces, self._ends, self.taken, self.before_answer = pieces, ends, 0, 0

    async def receive(self) -> Message:
        if self.taken == len(self._pieces) and not self._ends:
            await asyncio.sleep(3600)
        self.taken += 1
        rest = self._pieces[self.taken - 1 :]
        more = len(rest) > 1 or not self._ends
        return {"type": "http.request", "body": rest[0] if rest else b"", "more_body": more}


def scope_of(path: str, method: str = "GET", /, **named: str) -> dict[str, object]:
    given = {"host": "noriai.example.lg.jp", **named}
    return {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(),
        "query_string": b"", "scheme": "http", "server": ("127.0.0.1", 8501), "root_path": "",
        "client": ("10.0.0.1", 5000),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items() if v],
    }  # fmt: skip


def ask(
    app: ASGIApp, path: str, method: str = "GET", /, sender: Sender | None = None, **named: str
) -> Answer:
    messages: list[Message] = []
    sender = sender or Sender([b""])

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            sender.before_answer = sender.taken
        messages.append(message)

    scope = scope_of(path, method, **named)
    asyncio.run(app(scope, sender.receive, send))  # type: ignore[arg-type]
    return Answer(messages)


@pytest.mark.parametrize(
    ("path", "method", "named", "status"),
    [
        ("/", "GET", {"host": ""}, 400),
        ("/", "GET", {"host": "a b"}, 400),
        ("/", "GET", {"host": "noriai.example.lg.jp@evil.example"}, 400),
        ("/", "GET", {"host": "evil.example"}, 421),
        ("/", "GET", {"host": "noriai.example.lg.jp.evil.example"}, 421),
        ("/healthz", "GET", {"host": "evil.example"}, 421),
        ("http://evil.example/", "GET", {}, 400),
        ("/", "POST", {}, 405),
        ("/plans", "DELETE", {}, 405),
        ("/", "TRACE", {}, 405),
        ("/session", "GET", {}, 405),
        ("/_stcore/upload_file/a/b", "POST", {}, 405),
        ("/", "GET", {"content_length": "1"}, 413),
        ("/plans", "GET", {"transfer_encoding": "chunked"}, 413),
        ("/session", "POST", {"content_length": "157286400"}, 413),
        ("/session", "POST", {"content_length": "-1"}, 400),
        ("/_stcore/upload_file/a/b", "PUT", {"transfer_encoding": "chunked"}, 413),
        ("/_stcore/upload_file/a/b", "PUT", {"content_length": "99999999"}, 413),
        ("/_stcore/upload_file/a/b", "PUT", {"content_length": "10"}, 403),
        ("/_stcore/upload_file/a/b", "DELETE", {"cookie": "__Host-noriai_session=x"}, 403),
        ("/_stcore/agent/openapi.json", "GET", {}, 404),
        ("/_stcore/metrics", "GET", {}, 404),
        ("/_stcore/gone", "GET", {}, 404),
        ("/metrics", "GET", {}, 404),
        ("/livez", "GET", {}, 404),
        ("/plans/deeper", "GET", {}, 404),
        ("/.git/config", "GET", {}, 404),
        ("/core/settings.py", "GET", {}, 404),
    ],
)
def test_what_is_refused_is_refused_unread_in_one_sentence_with_a_way_home(
    app: ASGIApp, path: str, method: str, named: dict[str, str], status: int
) -> None:
    sender = Sender([b"x" * 10])
    answer = ask(app, path, method, sender, **named)
    assert (answer.status, sender.before_answer) == (status, 0)
    assert answer.body.decode().strip() == refusals.words_of(status)
    assert answer.headers["cache-control"] == "no-store"
    seen = ask(app, path, method, accept="text/html", **named)
    assert (seen.status, seen.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f"<h1>{refusals.words_of(status)}</h1>" in seen.body.decode()
    assert '<a href="/">' in seen.body.decode()


def test_pages_and_this_machines_own_checks_are_let_in(app: ASGIApp) -> None:
    for path in ("/", "/plans", "/plans/", "/about", "/open-data/"):
        assert ask(app, path).status == HTTPStatus.OK
    for host in ("127.0.0.1:8501", "localhost", "[::1]:8501", "NORIAI.example.lg.jp:443"):
        assert is_own_host(host)
        assert ask(app, "/", host=host).status == HTTPStatus.OK


def test_a_body_is_read_no_further_than_its_door_takes(
    app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = ask(app, "/session", "POST", Sender([b"x" * 1000] * 4), transfer_encoding="chunked")
    assert (small.status, small.body) == (200, b"4000 10.0.0.1")
    endless = Sender([b"x" * 1000] * 100_000)
    assert ask(app, "/session", "POST", endless, transfer_encoding="chunked").status == 413
    assert (endless.before_answer, endless.taken < 80) == (5, True)
    quick = [door if door.path != "/session" else doors.Door("/session", ("POST",), 4096, 0.05)
             for door in doors.DOORS]  # fmt: skip
    monkeypatch.setattr(doors, "DOORS", quick)
    half_sent = Sender([b"x"], ends=False)
    assert ask(app, "/session", "POST", half_sent, content_length="100").status == 408


def test_more_than_there_is_room_for_wait_and_are_then_told() -> None:
    async def scenario() -> list[int]:
        places, leave = doors._Places(3, 2), asyncio.Event()
        said: list[int] = []

        async def stay(address: str) -> None:
            async with places.place(address) as status:
                said.append(status)
                await leave.wait()

        async with asyncio.TaskGroup() as tasks:
            for address in ("a", "a", "a", "b", "b"):
                tasks.create_task(stay(address))
            while len(said) < 5:
                await asyncio.sleep(0)
            assert places.taken == 3
            patient = tasks.create_task(_waiting(places))
            while not places._interested["c"]:
                await asyncio.sleep(0)
            leave.set()
            said.append(await patient)
        assert (places.taken, places._of_one) == (0, {})
        return said

    async def _waiting(places: doors._Places) -> int:
        async with places.place("c", 60.0) as status:
            return status

    assert asyncio.run(scenario()) == [0, 0, 429, 0, 503, 0]


def shaken(app: ASGIApp, sent: list[bytes], **named: str) -> list[Message]:
    """What a page is told when it opens its socket and says something."""
    said: list[Message] = []
    coming = iter([
        {"type": "websocket.connect"},
        *({"type": "websocket.receive", "bytes": each} for each in sent),
        {"type": "websocket.disconnect", "code": 1001},
    ])  # fmt: skip

    async def receive() -> Message:
        return next(coming)

    async def send(message: Message) -> None:
        said.append(message)

    scope = scope_of("/_stcore/stream", **named) | {"type": "websocket", "subprotocols": []}
    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    return said


def test_another_sites_page_opens_no_socket(app: ASGIApp) -> None:
    for named, status in (
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://noriai.example.lg.jp"}, 403),  # not by this way
        ({"host": "127.0.0.1:8501", "origin": "http://127.0.0.1:9999"}, 403),
        ({"host": "evil.example", "origin": "https://evil.example"}, 421),
    ):
        said = shaken(app, [b"x"], **named)
        assert [each["type"] for each in said] == [
            "websocket.http.response.start",
            "websocket.http.response.body",
        ]
        assert (said[0]["status"], said[1]["body"].decode()) == (status, refusals.words_of(status))
    own = shaken(app, [b"x"], origin=OWN)
    assert own[1]["text"] == "1 noriai.example.lg.jp"
    # A proxy that does not pass the name on: Streamlit would compare it, and ask the internet.
    own = shaken(app, [b"x"], origin=OWN, host="127.0.0.1:8501")
    assert own[1]["text"] == "1 noriai.example.lg.jp"


def test_a_message_longer_than_a_page_writes_ends_the_page(app: ASGIApp) -> None:
    said = shaken(app, [b"x", b"x" * (doors.LONGEST_MESSAGE + 1), b"x"], origin=OWN)
    assert [each["type"] for each in said] == [
        "websocket.accept", "websocket.send", "websocket.close"
    ]  # fmt: skip
    assert said[2]["code"] == 1009


@pytest.mark.parametrize(
    ("peer", "forwarded", "asks"),
    [
        ("203.0.113.5", "1.1.1.1", "203.0.113.5"),  # nobody trusts a stranger's word
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.5", "203.0.113.5"),  # only its last word is the proxy's
        ("10.0.0.1", "203.0.113.5, 192.168.7.9", "203.0.113.5"),  # two proxies
        ("10.0.0.1", "203.0.113.5:4711", "203.0.113.5"),
        ("10.0.0.1", "[2001:db8::5]:4711", "2001:db8::5"),
        ("::ffff:10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "203.0.113.5, <script>", "10.0.0.1"),
    ],
)
def test_who_asks_is_whom_a_trusted_proxy_names(
    app: ASGIApp, peer: str, forwarded: str, asks: str
) -> None:
    scope = scope_of("/session", "POST", x_forwarded_for=forwarded) | {"client": (peer, 1)}
    assert client_address(scope) == asks
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    asyncio.run(app(scope, Sender([b""]).receive, send))  # type: ignore[arg-type]
    assert Answer(messages).body.decode() == f"0 {asks}"


def test_no_proxy_is_trusted_until_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "settings", lambda: Settings())
    scope = scope_of("/", x_forwarded_for="1.1.1.1") | {"client": ("127.0.0.1", 1)}
    assert client_address(scope) == "127.0.0.1"


ADDRESSES = ("/", "/open-data/", "/nowhere", "/media/x", "/attachments/271403/1", "/assets/x.js")


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_names_no_other_host_and_lets_nobody_frame_it(app: ASGIApp, path: str) -> None:
    answer = ask(app, path)
    policy = dict(each.split(" ", 1) if " " in each else (each, "") for each in
                  answer.headers["content-security-policy"].split("; "))  # fmt: skip
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == policy.get("object-src", "'none'") == "'none'"
    allowed = {word for words in policy.values() for word in words.split()}
    assert allowed <= {"'none'", "'self'", "'unsafe-inline'", "data:", "blob:"}
    assert "'unsafe-inline'" not in policy.get("script-src", "")
    assert policy.get("connect-src", "'none'") in ("'self'", "'none'")
    for name, value in (*headers._ALWAYS.items(), *headers._BEHIND_TLS.items()):
        assert answer.headers[name.lower()] == value
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cache-control"] != ""


def test_without_tls_no_browser_is_told_to_insist_on_it(
    app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (context.cookie_name(), context.behind_tls()) == ("__Host-noriai_session", True)
    monkeypatch.setattr(context, "settings", lambda: Settings())
    assert (context.cookie_name(), context.behind_tls()) == ("noriai_session", False)
    assert "strict-transport-security" not in ask(app, "/", host="localhost").headers


def test_an_origin_is_compared_whole() -> None:
    assert is_own_origin(OWN, "anything")
    assert is_own_origin(f"{OWN}:443", "anything")
    for other in (
        "",
        "null",
        f"{OWN}:8443",
        "https://noriai.example.lg.jp.evil.example",
        "http://[",
    ):
        assert not is_own_origin(other, "noriai.example.lg.jp")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trusted_proxies", "nginx"),
        ("trusted_proxies", "10.0.0.1/99"),
        ("metrics_address", "9464"),
        ("metrics_address", "127.0.0.1:port"),
        ("metrics_address", "127.0.0.1:99999"),
    ],
)
def test_a_setting_that_cannot_work_is_said(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"NORIAI_{name.upper()}", value)
    with pytest.raises(SettingsError, match=rf"NORIAI_{name.upper()} .*の形で.*{value}"):
        load_settings()


def test_an_address_for_the_figures_that_is_taken_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setattr(context, "settings", lambda: Settings(metrics_address=address))
        with pytest.raises(SettingsError, match=f"NORIAI_METRICS_ADDRESS .*{address}"):
            metrics.serve()
