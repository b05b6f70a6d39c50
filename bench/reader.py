"""What a reader's browser waits for and what it costs it: every page, beside references.

``make bench``. Chromium opens each page as somebody who was never there (cold: nothing kept) and as
somebody who was (warm: files kept by the browser, the page asked for anew). Measured in turn, round
after round, in the same run:

stock     one line on Streamlit as it comes: default settings, an empty folder
menu      the same with a menu of seven pages: what a menu costs, whoever draws it
one line  the same line on our server: menu, sign-in check, frame
pages     every public page, and the cards of 事務局KPI as a viewer
Dash      the same nine cards over the same view in Dash

How to read it. *Drawn* is the last change of the document before half a second without one, from the
beginning of the navigation; what a page changes later by itself is not in it. *Bytes* are those on
the wire, messages of the WebSocket included; *main thread* is the time the page's thread was busy;
*shift* the sum of all layout shifts nobody asked for. *Line* repeats cold and warm over a line of
10 Mbit/s with 40 ms (Chromium slows answers, not the WebSocket). *Filter* is from a click on another
area until the cards have last changed. *At once* is a hundred readers who ask for プラン選択 in the
same moment: page file, WebSocket, first run; no browser. A busy machine moves all seconds: trust
ratios, bytes and requests. Aims are printed as met or not met and fail nothing. JSON goes to
bench/results/.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.crowd import Figures as Crowd
from bench.crowd import _visit
from bench.servers import BENCH, Process, free_port, move_to, pinned_apart, stock_server
from bench.session_client import HOST
from bench.wall import signed_in

ROUNDS, QUIET_MS, PATIENCE_MS, PEOPLE = 5, 500, 60_000, 100
LINE = {"latency": 40, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}
WIDTH, HEIGHT = 1366, 1800
COOKIE = "noriai_session"
PAGES = {
    "home": "", "plans": "plans", "procurement": "procurement", "trainings": "trainings", "about": "about",
}  # fmt: skip
KPI = "kpi?tab=一覧"
RESULTS = BENCH / "results"
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
_WATCH = """
window.noriaiBench = { last: 0, shift: 0 }
new MutationObserver(() => { noriaiBench.last = performance.now() }).observe(document, {
  childList: true, subtree: true, attributes: true, characterData: true,
})
new PerformanceObserver(list => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) noriaiBench.shift += each.value
}).observe({ type: "layout-shift", buffered: true })
"""
_DRAWN = """({ quiet, text }) => {
  const script = document.querySelector("[data-test-script-state]")
  if (!script && !text) return false // Streamlit has not begun
  const running = script && script.getAttribute("data-test-script-state") !== "notRunning"
  return !running && document.body?.innerText.includes(text)
    && performance.now() - noriaiBench.last > quiet && noriaiBench.last
}"""


@dataclass
class Figures:
    """A page's figures, one a round; seconds, bytes on the wire.

    Attributes:
        line_cold: As ``cold`` over the slow line; likewise ``line_warm``.
        shift: The larger of cold and warm.
    """

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    line_cold: list[float] = field(default_factory=list)
    line_warm: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    warm_bytes: list[int] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    shift: list[float] = field(default_factory=list)
    filter: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    """A page under measurement.

    Attributes:
        text: Stands on it once it is drawn.
        token: Of the sign-in that opens it; empty for none.
        choose: Label of the filter, and two options to choose in turn; empty for none.
    """

    address: str
    text: str
    token: str = ""
    choose: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Visit:
    """One opening of a page."""

    drawn: float
    bytes: int
    requests: int
    busy: float
    shift: float


def chromium() -> dict[str, Any]:
    """How Chromium is started."""
    return {
        "executable_path": next(filter(None, map(shutil.which, _CHROMIUM)), None),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


def visit(context: BrowserContext, target: Target, *, line: bool = False) -> Visit:
    """Open a page in a new tab and wait until it is drawn."""
    page = context.new_page()
    page.add_init_script(_WATCH)
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Performance.enable")
    if line:
        network.send("Network.emulateNetworkConditions", {"offline": False, **LINE})
    counted = {"bytes": 0, "requests": 0}

    def came(event: dict) -> None:
        counted["bytes"] += int(event["encodedDataLength"])

    def asked(_event: dict) -> None:
        counted["requests"] += 1

    def message(event: dict) -> None:
        said = event["response"]
        size = len(said["payloadData"])
        counted["bytes"] += size if said["opcode"] == 1 else size * 3 // 4  # told as base64

    network.on("Network.loadingFinished", came)
    network.on("Network.requestWillBeSent", asked)
    network.on("Network.webSocketFrameReceived", message)
    page.goto(target.address, wait_until="commit")
    page.wait_for_function(
        _DRAWN, arg={"quiet": QUIET_MS, "text": target.text}, polling=50, timeout=PATIENCE_MS
    )
    seen = page.evaluate("noriaiBench")
    busy = {
        each["name"]: each["value"] for each in network.send("Performance.getMetrics")["metrics"]
    }
    page.close()
    return Visit(
        seen["last"] / 1000,
        counted["bytes"],
        counted["requests"],
        busy["TaskDuration"],
        seen["shift"],
    )


def measure(browser: Browser, target: Target, figures: Figures) -> None:
    """One round."""
    with _window(browser, target) as window:
        cold, warm = visit(window, target), visit(window, target)
        if target.choose:
            figures.filter.append(filtered(window, target))
    figures.cold.append(cold.drawn)
    figures.warm.append(warm.drawn)
    figures.bytes.append(cold.bytes)
    figures.warm_bytes.append(warm.bytes)
    figures.requests.append(cold.requests)
    figures.busy.append(warm.busy)
    figures.shift.append(max(cold.shift, warm.shift))
    with _window(browser, target) as window:
        figures.line_cold.append(visit(window, target, line=True).drawn)
        figures.line_warm.append(visit(window, target, line=True).drawn)


def filtered(context: BrowserContext, target: Target) -> float:
    """Seconds from choosing another area to the last change of the cards; the median of four."""
    label, *options = target.choose or ("", "", "")
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.goto(target.address, wait_until="commit")
    drawn = {"quiet": QUIET_MS, "text": target.text}
    page.wait_for_function(_DRAWN, arg=drawn, polling=50, timeout=PATIENCE_MS)
    found = []
    for option in (*options, *options):
        if label:
            page.get_by_role("combobox", name=label).click()
        else:
            page.locator("#area").click()
        choice = page.get_by_role("option", name=option, exact=True).or_(
            page.locator(".dash-dropdown-option", has_text=option)
        )
        place = choice.first.bounding_box()
        if place is None:
            raise LookupError(f"no option {option} on {target.address}")
        page.mouse.move(place["x"] + 5, place["y"] + 5)
        page.wait_for_timeout(QUIET_MS)
        began = page.evaluate("performance.now()")
        page.mouse.down()
        page.mouse.up()
        page.wait_for_function(_DRAWN, arg=drawn, polling=50, timeout=PATIENCE_MS)
        found.append((page.evaluate("noriaiBench.last") - began) / 1000)
    page.close()
    return median(found)


@contextmanager
def _window(browser: Browser, target: Target) -> Iterator[BrowserContext]:
    """A browser without anything kept, signed in where the page needs it."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="ja-JP", timezone_id="Asia/Tokyo"
    )
    if target.token:
        context.add_cookies([{"name": COOKIE, "value": target.token, "domain": HOST, "path": "/"}])
    try:
        yield context
    finally:
        context.close()


@contextmanager
def our_server(folder: Path) -> Iterator[tuple[str, str]]:
    """The production server over made-up data, with the page /one_line; its address and database."""
    database, port = f"sqlite:///{folder / 'noriai.db'}", free_port()
    settings = {
        "NORIAI_DATABASE_URL": database,
        "NORIAI_BASE_URL": f"http://{HOST}:{port}",
        "PYTHONPATH": str(BENCH.parent),
    }
    subprocess.run(
        [sys.executable, "-c", "from core.cli import main; main()", "init", "--demo"],
        env=os.environ | settings,
        cwd=BENCH.parent,
        check=True,
        capture_output=True,
    )
    with serving(port, folder, settings) as address:
        yield address, database


@contextmanager
def serving(port: int, folder: Path, settings: dict[str, str]) -> Iterator[str]:
    """The production server on a database that is ready; its address."""
    command = [str(BENCH / "server_with_one_line.py")]
    with _running(Process(port, folder, settings, command, BENCH.parent)):
        yield f"http://{HOST}:{port}"


@contextmanager
def dash_server(folder: Path, database: str) -> Iterator[str]:
    """The cards in Dash."""
    settings = {"NORIAI_DATABASE_URL": database, "PYTHONPATH": str(BENCH.parent)}
    command = ["-m", "bench.cards_in_dash"]
    port = free_port()
    with _running(Process(port, folder, settings, command, BENCH.parent, options="--"), ready="/"):
        yield f"http://{HOST}:{port}"


@contextmanager
def _running(process: Process, ready: str = "") -> Iterator[None]:
    process.begin()
    try:
        process.wait_until_ready(ready)
        yield
    finally:
        process.stop()


async def at_once(address: str, people: int) -> Crowd:
    """That many readers who ask for the page in the same moment."""
    figures = Crowd(people)
    visitors = await asyncio.gather(*(_visit(address, 0.0, figures) for _ in range(people)))
    await asyncio.gather(*(each.close() for each in visitors if each is not None))
    return figures


def run(rounds: int, people: int) -> None:
    """Measure, print, write."""
    cpus = pinned_apart()
    if cpus:
        move_to(cpus[0])  # the servers inherit it
    with ExitStack() as stack:
        folders = [
            Path(stack.enter_context(TemporaryDirectory(prefix="noriai-bench-"))) for _ in "12"
        ]
        ours, database = stack.enter_context(our_server(folders[0]))
        stock = stack.enter_context(stock_server())
        menu = stack.enter_context(stock_server("one_line_with_menu.py"))
        dash = stack.enter_context(dash_server(folders[1], database))
        if cpus:
            move_to(cpus[1])
        viewer, _ = signed_in(database)
        targets = {
            "stock: one line": Target(f"http://{HOST}:{stock.port}", "One line."),
            "stock: with a menu": Target(f"http://{HOST}:{menu.port}", "One line."),
            "one line": Target(f"{ours}/one_line", "One line."),
            **{name: Target(f"{ours}/{path}", "") for name, path in PAGES.items()},
            "KPI cards": Target(f"{ours}/{KPI}", "推移・内訳", viewer, ("地域", "泉北", "すべて")),
            "Dash cards": Target(dash, "推移・内訳", "", ("", "泉北", "すべて")),
        }
        figures = {name: Figures() for name in targets}
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(**chromium())
        about = [time.strftime("Noriai in a reader's browser, %Y-%m-%d %H:%M %z"), _load(cpus)]
        print(*about, sep="\n", flush=True)
        for target in targets.values():  # the server learns what they need, files are packed
            for _ in range(2):
                with _window(browser, target) as window:
                    visit(window, target)
        time.sleep(20)  # what was asked for is compressed small meanwhile
        for _ in range(rounds):
            for name, target in targets.items():
                measure(browser, target, figures[name])
        browser.close()  # and its event loop's thread is left: asyncio runs in one of its own
        with ThreadPoolExecutor(1) as aside:
            waves = [
                aside.submit(asyncio.run, at_once(ours, people)) for _ in range(3 if people else 0)
            ]
            crowds = [wave.result() for wave in waves]
    report(about, figures, crowds)


def _load(cpus: tuple[int, int] | None) -> str:
    pinned = f"servers on CPU {cpus[0]}, Chromium on CPU {cpus[1]}" if cpus else "NOT PINNED"
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return f"{pinned}{load}; medians of the rounds"


def report(about: list[str], figures: dict[str, Figures], crowds: list[Crowd]) -> None:
    """Print the table and the aims, and write both."""
    heads = (
        "cold s",
        "warm s",
        "line cold",
        "line warm",
        "first MB",
        "warm MB",
        "requests",
        "busy s",
        "shift",
        "filter s",
    )
    print(f"{'':18}" + "".join(f"{head:>11}" for head in heads))
    for name, each in figures.items():
        cells = [
            each.cold, each.warm, each.line_cold, each.line_warm, [b / 1e6 for b in each.bytes],
            [b / 1e6 for b in each.warm_bytes], each.requests, each.busy, each.shift, each.filter,
        ]  # fmt: skip
        shown = (f"{median(cell):11.2f}" if cell else f"{'':11}" for cell in cells)
        print(f"{name:18}" + "".join(shown))
    found = aims(figures, crowds)
    print()
    for line, value, limit in found:
        print(
            f"{line:58} {value:7.2f}  aim: {limit:5.2f}  {'met' if value <= limit else 'NOT MET'}"
        )
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / time.strftime("reader_%Y%m%dT%H%M%S.json")
    record = {
        "about": about,
        "pages": {name: asdict(each) for name, each in figures.items()},
        "at_once": [asdict(each) for each in crowds],
        "aims": found,
    }
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {path.relative_to(BENCH.parent)}")


def aims(figures: dict[str, Figures], crowds: list[Crowd]) -> list[tuple[str, float, float]]:
    """What was measured, and the most it should be."""
    line = median(figures["one line"].warm)
    own = [*PAGES, "KPI cards"]
    found = [
        (f"one line, warm, against {name}", line / median(figures[name].warm), 1.1)
        for name in ("stock: one line", "stock: with a menu")
    ]
    for name in own:
        each = figures[name]
        found += [
            (f"{name}, warm, against one line", median(each.warm) / line, 1.5),
            (f"{name}, first visit, MB", median(each.bytes) / 1e6, 0.8),
            (f"{name}, first visit on 10 Mbit/s with 40 ms, s", median(each.line_cold), 3.0),
            (f"{name}, layout shift", median(each.shift), 0.05),
        ]
    found.append(("KPI cards, filter change, s", median(figures["KPI cards"].filter), 0.15))
    found.append(
        ("KPI cards, warm, against the same in Dash",
         median(figures["KPI cards"].warm) / median(figures["Dash cards"].warm), 2.0)
    )  # fmt: skip
    if crowds:
        first = median(median(each.first) for each in crowds)
        found.append((f"{crowds[0].readers} at once, first page p50, s", first, 0.7))
    return found


if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="python -m bench.reader")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--people", type=int, default=PEOPLE)
    given = options.parse_args()
    run(given.rounds, given.people)
