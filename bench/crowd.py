"""A crowd on one server and on two behind nginx: what one of them waits, what it costs.

``make bench``. Every reader opens プラン選択・費用試算 (a websocket as the browser holds it, the page
file and the anti-forgery cookie before it) within a minute, then changes the number of visits again
and again with five seconds of thought between (exponential), never twice the same in a row.

one      200 readers, one server, SQLite
two      400 readers, nginx with the files of deploy/ (TLS, cookie), two servers, PostgreSQL

Reference, in the same run, for each: one reader alone on the same servers before the crowd comes.
*First page* is from asking for the page file to the end of the first run; *rerun* from sending the
change to the end of the run; the browser's drawing is in neither. CPU is of the servers' processes
while all click, in percent of one core; memory is what they hold at the end (RSS). The program that
plays the readers runs on the same machine and takes its share, which is printed. Written as JSON to
bench/results/.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import ssl
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

import psutil
from sqlalchemy import make_url
from streamlit.proto.Element_pb2 import Element
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

from bench.servers import BENCH, free_port, serving
from bench.session_client import HOST, SessionError
from bench.wall_client import Page
from tests.support.databases import a_postgres_server
from tests.support.site import running_site

PAGE, QUERY, VISITS = "plans", "fy=2023&plans=6:12,4:12", "年間回数(全プラン)"
ONE, TWO = 200, 400
RAMP_SECONDS, THOUGHT_SECONDS, CLICK_SECONDS, ALONE = 60.0, 5.0, 60.0, 10
RESULTS = BENCH / "results"
_UNCHECKED = ssl.create_default_context()
_UNCHECKED.check_hostname, _UNCHECKED.verify_mode = False, ssl.CERT_NONE  # the bench's certificate


@dataclass
class Figures:
    """What a crowd waited for, in seconds, and what it cost.

    Attributes:
        alone: Reruns of one reader before the crowd came.
        cpu: Of the servers while all click, in percent of one core.
        own: The same of the program that plays the readers.
        memory: Of the servers at the end, in MB.
    """

    readers: int
    alone_first: float = 0.0
    alone: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    reruns: list[float] = field(default_factory=list)
    failed: int = 0
    cpu: float = 0.0
    own: float = 0.0
    memory: list[float] = field(default_factory=list)


class Visitor(Page):
    """A reader without an account, at any address: cookies are kept as a browser keeps them."""

    def __init__(self, address: str) -> None:
        super().__init__(0, PAGE, QUERY, "")
        self._address = address
        self._visits = ""
        self._chance = random.Random()  # noqa: S311
        self._last = 12

    async def open(self) -> None:
        """The page file, the websocket, the first run; health is asked for meanwhile."""
        cookies = await asyncio.to_thread(_cookies, self._address, f"/{PAGE}?{QUERY}")
        self._asking = asyncio.create_task(
            asyncio.to_thread(_cookies, self._address, "/_stcore/health", dict(cookies))
        )
        secure = self._address.startswith("https")
        self._socket = await connect(
            f"{self._address.replace('http', 'ws', 1)}/_stcore/stream",
            origin=Origin(self._address),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(cookies["_streamlit_xsrf"])],
            additional_headers={"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())},
            ssl=_UNCHECKED if secure else None,
            max_size=None,
            open_timeout=120,
            ping_interval=None,
            compression=None,
            proxy=None,
        )
        await self._run({}, "")
        if not self._visits:
            raise SessionError(f"the page has no field {VISITS}")

    async def close(self) -> None:
        """Leave."""
        await self._asking
        await super().close()

    async def click(self) -> None:
        """Another number of visits."""
        self._last = self._chance.choice([n for n in range(1, 13) if n != self._last])
        self._values[self._visits] = ("string_value", str(self._last))
        await self._run({}, "")

    def _take(self, element: Element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "text_input" and element.text_input.label == VISITS:
            self._visits = element.text_input.id
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            raise SessionError(f"the page shows an error: {element.alert.body}")
        super()._take(element, fragment)


def _cookies(address: str, path: str, known: dict[str, str] | None = None) -> dict[str, str]:
    """Cookies after an answer, as a browser keeps them."""
    parts = urlsplit(address)
    host, port = str(parts.hostname), parts.port
    if parts.scheme == "https":
        connection: HTTPConnection = HTTPSConnection(host, port, timeout=300, context=_UNCHECKED)
    else:
        connection = HTTPConnection(host, port, timeout=300)
    found = known or {}
    headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in found.items())} if found else {}
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise SessionError(f"{path} answers {response.status}")
        for line in response.headers.get_all("Set-Cookie", []):
            found |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
    finally:
        connection.close()
    return found


async def _visit(address: str, wait: float, figures: Figures) -> Visitor | None:
    await asyncio.sleep(wait)
    visitor = Visitor(address)
    began = time.perf_counter()
    try:
        await visitor.open()
    except (OSError, SessionError, WebSocketException, TimeoutError) as error:
        print(f"a reader did not get in: {error!r}", file=sys.stderr)
        figures.failed += 1
        return None
    figures.first.append(time.perf_counter() - began)
    return visitor


async def _clicking(visitor: Visitor, end: float, figures: Figures) -> None:
    chance = random.Random()  # noqa: S311
    while True:
        await asyncio.sleep(chance.expovariate(1 / THOUGHT_SECONDS))
        began = time.perf_counter()
        if began >= end:
            return
        try:
            await visitor.click()
        except (OSError, SessionError, WebSocketException, TimeoutError) as error:
            print(f"a click was not answered: {error!r}", file=sys.stderr)
            figures.failed += 1
            return
        figures.reruns.append(time.perf_counter() - began)


async def crowd(
    address: str,
    processes: Sequence[psutil.Process],
    readers: int,
    ramp: float = RAMP_SECONDS,
    seconds: float = CLICK_SECONDS,
) -> Figures:
    """One reader alone, then all of them."""
    figures = Figures(readers)
    began = time.perf_counter()
    alone = Visitor(address)
    await alone.open()
    figures.alone_first = time.perf_counter() - began
    for _ in range(ALONE):
        began = time.perf_counter()
        await alone.click()
        figures.alone.append(time.perf_counter() - began)
    await alone.close()
    coming = (_visit(address, number * ramp / readers, figures) for number in range(readers))
    visitors = [each for each in await asyncio.gather(*coming) if each is not None]
    before, own, began = _cpu(processes), _own_cpu(), time.perf_counter()
    await asyncio.gather(*(_clicking(each, began + seconds, figures) for each in visitors))
    took = time.perf_counter() - began
    figures.cpu = (_cpu(processes) - before) / took * 100
    figures.own = (_own_cpu() - own) / took * 100
    figures.memory = [process.memory_info().rss / 1e6 for process in processes]
    await asyncio.gather(*(each.close() for each in visitors))
    return figures


def _cpu(processes: Sequence[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def report(name: str, figures: Figures) -> list[str]:
    """The figures as lines."""

    def waits(seconds: list[float]) -> str:
        cuts = quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else seconds * 20
        return f"p50 {cuts[9] * 1000:6.0f} ms  p95 {cuts[18] * 1000:6.0f} ms  ({len(seconds)})"

    memory = " + ".join(f"{each:.0f}" for each in figures.memory)
    alone = median(figures.alone) * 1000
    return [
        f"{name}: {figures.readers} readers, {figures.failed} failed",
        f"  reference, one reader alone: first page {figures.alone_first * 1000:.0f} ms, "
        f"rerun p50 {alone:.0f} ms",
        f"  first page {waits(figures.first)}",
        f"  rerun      {waits(figures.reruns)}",
        f"  servers {figures.cpu:.0f} % of a core, {memory} MB; readers played with {figures.own:.0f} %",
    ]


def one_server(readers: int, ramp: float = RAMP_SECONDS, seconds: float = CLICK_SECONDS) -> Figures:
    """On one server, as ``noriai serve`` starts it."""
    with tempfile.TemporaryDirectory(prefix="noriai-bench-") as name:
        settings = {"NORIAI_DATABASE_URL": f"sqlite:///{name}/noriai.db"}
        server = serving(free_port(), Path(name) / "server", settings)
        try:
            server.wait_until_ready()
            address = f"http://{HOST}:{server.port}"
            return asyncio.run(crowd(address, [psutil.Process(server.pid)], readers, ramp, seconds))
        finally:
            server.stop()


def two_servers(
    readers: int, ramp: float = RAMP_SECONDS, seconds: float = CLICK_SECONDS
) -> Figures:
    """On two behind nginx."""
    with tempfile.TemporaryDirectory(prefix="noriai-bench-") as name, a_postgres_server() as server:
        database = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        with running_site(Path(name), None, {}, database) as site:
            processes = [psutil.Process(each.pid) for each in site.processes.values()]
            return asyncio.run(crowd(site.server.address, processes, readers, ramp, seconds))


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--one", type=int, default=ONE)
    parser.add_argument("--two", type=int, default=TWO)
    options = parser.parse_args()
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    about = [
        time.strftime("Noriai crowd benchmark, %Y-%m-%d %H:%M %z"),
        f"{psutil.cpu_count()} CPUs, all on them{load}; {THOUGHT_SECONDS:.0f} s of thought between clicks",
    ]
    print(*about, "", sep="\n", flush=True)
    found = {}
    for name, measured in (
        ("one server", lambda: one_server(options.one)),
        ("two behind nginx", lambda: two_servers(options.two)),
    ):
        found[name] = measured()
        print(*report(name, found[name]), "", sep="\n", flush=True)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / time.strftime("crowd_%Y%m%dT%H%M%S.json")
    record = {"about": about} | {name: asdict(figures) for name, figures in found.items()}
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"written to {path.relative_to(BENCH.parent)}")


if __name__ == "__main__":
    try:
        main()
    except SessionError as error:
        sys.exit(f"bench stopped: {error}")
    except KeyboardInterrupt:
        sys.exit("bench stopped by the keyboard; the servers are down")
