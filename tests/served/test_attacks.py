"""Attacks on the real server; while each runs, whoever asks whether it lives is answered."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from core.access.principal import Role
from dashboard.context import COOKIE
from dashboard.served import connections, refusals
from tests.support.running import Account, RunningServer, running_server
from tests.support.waiting import PATIENCE_SECONDS, wait_until

MEGABYTE = 1024 * 1024
FOUND = 300
"""Connections a fresh server and this test need beside those of an attack."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("server")
    with running_server(folder, date(2026, 11, 24), {"NORIAI_METRICS_ADDRESS": ""}) as running:
        yield running


@pytest.fixture(scope="module")
def officer(server: RunningServer) -> Account:
    return server.add_account("sakai", Role.OFFICER, "271403")


class Lives:
    """Asks /healthz again and again, each time on a new connection, as a watchdog does."""

    def __init__(self, server: RunningServer) -> None:
        self._address, self._over = f"{server.address}/healthz", threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.answered, self.failures = 0, list[str]()

    def _ask(self) -> None:
        while not self._over.is_set():
            try:
                with urlopen(self._address, timeout=PATIENCE_SECONDS) as answer:
                    assert answer.status == 200
            except (OSError, AssertionError) as error:
                self.failures.append(repr(error))
                return
            self.answered += 1

    def __enter__(self) -> Lives:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def answers_meanwhile(self) -> None:
        """While an attack is at its height: another two answers, so that one of them is whole."""
        before = self.answered
        wait_until(lambda: self.failures or self.answered >= before + 2, "/healthz answers")
        assert self.failures == []


def opened(server: RunningServer) -> socket.socket:
    parts = urlsplit(server.address)
    return socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_SECONDS)


def head(server: RunningServer, first: str, **named: str) -> bytes:
    lines = [first, f"Host: {urlsplit(server.address).netloc}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in named.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def answer_of(line: socket.socket) -> tuple[int, str]:
    answer = http.client.HTTPResponse(line)
    answer.begin()
    return answer.status, answer.read().decode().strip()


def refused(status: int) -> tuple[int, str]:
    return status, refusals.words_of(status)


class Page:
    """An open page of the real server, as a browser holds it."""

    def __init__(self, server: RunningServer, name: str, token: str = "") -> None:
        with urlopen(f"{server.address}/_stcore/health", timeout=PATIENCE_SECONDS) as answer:
            self.xsrf = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
        self.cookies = f"_streamlit_xsrf={self.xsrf}; {COOKIE}={token}"
        self._open = ExitStack()
        self._socket = self._open.enter_context(
            connect(
                f"ws{server.address.removeprefix('http')}/_stcore/stream",
                origin=Origin(server.address),
                subprotocols=[Subprotocol("streamlit"), Subprotocol(self.xsrf)],
                additional_headers={"Cookie": self.cookies},
                max_size=None,
                proxy=None,
            )
        )
        asked = BackMsg()
        asked.rerun_script.page_name = name
        self._socket.send(asked.SerializeToString())
        self.session = ""
        while not self._is_last(self._socket.recv(PATIENCE_SECONDS)):
            pass

    def _is_last(self, message: str | bytes) -> bool:
        assert isinstance(message, bytes)
        said = ForwardMsg.FromString(message)
        if said.HasField("new_session"):
            self.session = said.new_session.initialize.session_id
        return bool(said.HasField("script_finished"))

    def close(self) -> None:
        self._open.close()


@contextmanager
def page(server: RunningServer, name: str, token: str = "") -> Iterator[Page]:
    with closing(Page(server, name, token)) as found:
        yield found


def sent(server: RunningServer, page: Page, number: int, content: bytes, **named: str) -> int:
    """What comes back for a file that a page sends."""
    edge = "----noriai"
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'.encode()
        + content
        + f"\r\n--{edge}--\r\n".encode()
    )
    address = f"{server.address}/_stcore/upload_file/{page.session}/{number}"
    headers = {
        "Cookie": page.cookies,
        "X-Xsrftoken": page.xsrf,
        "Content-Type": f"multipart/form-data; boundary={edge}",
    } | named
    try:
        with urlopen(Request(address, body, headers, method="PUT"), timeout=PATIENCE_SECONDS) as a:
            return int(a.status)
    except OSError as error:
        return int(getattr(error, "code", 0)) or -1


def test_files_are_taken_from_a_sign_in_and_for_a_page_with_a_field_alone(
    server: RunningServer, officer: Account
) -> None:
    """A stranger's and a wrong page's file is refused by its first lines, with none of it sent."""
    token = server.session_of(officer)
    others = server.session_of(server.add_account("sakai-2", Role.OFFICER, "271403"))
    with (
        Lives(server) as health,
        page(server, "home") as stranger,
        page(server, "about", token) as reading,
        page(server, "consultations", token) as taking,
    ):
        cases = (
            (stranger, stranger.cookies),
            (reading, reading.cookies),
            (taking, stranger.cookies),
            (taking, taking.cookies.replace(token, others)),
        )
        for whose, cookies in cases:
            with opened(server) as line:
                line.sendall(
                    head(
                        server,
                        f"PUT /_stcore/upload_file/{whose.session}/1 HTTP/1.1",
                        Cookie=cookies,
                        X_Xsrftoken=whose.xsrf,
                        Content_Length=str(20 * MEGABYTE),
                        Content_Type="multipart/form-data; boundary=x",
                    )
                )
                assert answer_of(line) == refused(403)
        assert sent(server, taking, 1, b"x" * 1000) == 204
        most = [sent(server, taking, n, b"x" * 19 * MEGABYTE) for n in range(2, 10)]
        assert set(most) == {204, 429}
        assert most.count(204) == 6  # 114 of 120 MB
        health.answers_meanwhile()


def test_150_megabytes_for_the_cookie_are_not_read(server: RunningServer) -> None:
    with Lives(server) as health:
        with opened(server) as line:
            size = str(150 * MEGABYTE)
            line.sendall(head(server, "POST /session HTTP/1.1", Content_Length=size))
            assert answer_of(line) == refused(413)
        for named in ({}, {"Origin": server.address}):  # refused at once; and read
            with opened(server) as line:
                named = {"Transfer_Encoding": "chunked", **named}
                line.sendall(head(server, "POST /session HTTP/1.1", **named))
                taken = 0
                with suppress(ConnectionError):
                    while taken < 150 * MEGABYTE:
                        line.sendall(b"10000\r\n" + b"[" * 65536 + b"\r\n")
                        taken += 65536
                assert taken < 20 * MEGABYTE  # what the two systems keep of a line nobody reads
        health.answers_meanwhile()


def test_half_sent_requests_are_ended(server: RunningServer) -> None:
    """By how long they take from their first byte, however often they send another one."""
    with Lives(server) as health, ExitStack() as lines:
        headless, bodiless, trickling = (lines.enter_context(opened(server)) for _ in range(3))
        headless.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        own = {"Origin": server.address, "Content_Length": "100"}
        bodiless.sendall(head(server, "POST /session HTTP/1.1", **own) + b"{")
        over = threading.Event()

        def trickle() -> None:
            with suppress(OSError):
                trickling.sendall(b"GET / HTTP/1.1\r\n")
                while not over.wait(0.2):
                    trickling.sendall(b"X: 1\r\n")

        sending = threading.Thread(target=trickle)
        sending.start()
        health.answers_meanwhile()
        assert answer_of(headless) == refused(408)
        assert answer_of(bodiless) == refused(408)
        over.set()
        sending.join()
        assert answer_of(trickling) == refused(408)


def test_thousands_of_silent_connections_displace_each_other_and_nobody_else(
    server: RunningServer,
) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    many = 3_000
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, many + FOUND), hard))
    lines: list[socket.socket] = []
    try:
        with Lives(server) as health:
            for _ in range(many):
                lines.append(opened(server))
                lines[-1].setblocking(False)
            health.answers_meanwhile()
            wait_until(lambda: open_of(lines) <= connections.MOST_WAITING, "the oldest are ended")
            health.answers_meanwhile()
    finally:
        for line in lines:
            line.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def open_of(lines: list[socket.socket]) -> int:
    """How many the server has not ended."""
    found = 0
    for line in lines:
        try:
            line.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            found += 1
        except OSError:
            pass
    return found


def test_the_server_does_not_say_what_it_is(server: RunningServer) -> None:
    with urlopen(f"{server.address}/", timeout=PATIENCE_SECONDS) as answer:
        assert "server" not in answer.headers
        body = answer.read().decode()
    assert "<script>" not in body
    with opened(server) as line:
        line.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert answer_of(line) == refused(400)
    log = Path(server.log).read_text(encoding="utf-8")
    assert "Traceback" not in log


def test_the_operator_reads_figures_at_an_address_of_their_own(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        own = f"127.0.0.1:{probe.getsockname()[1]}"
    day = date(2026, 11, 24)
    with (
        running_server(tmp_path, day, {"NORIAI_METRICS_ADDRESS": own}) as server,
        page(server, "home"),
        urlopen(f"http://{own}/metrics", timeout=PATIENCE_SECONDS) as answer,
    ):
        said = answer.read().decode()
    figures = dict(
        line.rpartition(" ")[::2] for line in said.splitlines() if not line.startswith("#")
    )
    assert float(figures["noriai_sessions"]) == 1
    assert float(figures["noriai_rerun_seconds_count"]) == 1
    assert float(figures["noriai_database_up"]) == 1
    assert float(figures["noriai_audit_head"]) >= 1
    assert float(figures["noriai_listeners"]) == 0
    assert float(figures['noriai_requests_total{kind="readyz",status="200"}']) >= 1
    assert json.dumps(figures).count("noriai_event_loop_lag_seconds_bucket") > 3
