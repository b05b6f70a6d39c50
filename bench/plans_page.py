"""What one click on プラン選択・費用試算 costs, beside two references measured in the same run.

``make bench``. Three pages are measured in turn, round after round, so that a busy moment of the
machine touches all of them:

A   ``/plans`` with seven plans chosen. Every rerun changes the start month or the visits, never
    back to a combination asked before, so the estimate never comes from the cache. A' is the
    same page with nothing changed: the answers are cached, the page is drawn all the same.
B   a page that writes one line, on the same server: menu, sign-in check, our settings. What A
    costs above B is the page itself.
C   the same one line on Streamlit as it comes: default settings, an empty folder, no uvloop.
    What our settings save is the distance between B and C.

How to read it: *CPU* is user and system time of the server's process, divided by the reruns; it
says how many readers one core serves. *Rerun* is what one reader waits, from sending the click to
the end of the script; the browser's own drawing is not in it. *First load* is a new session: websocket
and first run, without the static files; the very first one after the start of the server is
printed on its own. *Received* is the size of the messages to the
browser, before any compression. Each figure is the median of the rounds, with the least and the
most in brackets; p50 and p95 are taken within a round. A machine that is busy with something else
moves all figures; trust the ratios. Aims are printed as met or not met and fail nothing.

Everything stays on 127.0.0.1 in a fresh SQLite database. The same figures are written as JSON to
bench/results/.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from statistics import median, quantiles

import psutil
import streamlit

from bench.servers import BENCH, Server, move_to, noriai_server, pinned_apart, stock_server
from bench.session_client import Run, Session, SessionError
from core.estimate.request import ExpenditureKind
from core.estimate.terms import expenditure_section
from core.values.fiscal import FISCAL_MONTHS, FiscalYear

PLANS = "plans"
QUERY = "fy=2023&plans=1:12,2:12,3:11,4:12,5:12,6:12,7:12"
PLANS_TEXT, ONE_LINE_TEXT = "一般財源", "One line."
ROUNDS, FIRST_LOADS, RERUNS = 5, 3, 90
FASTER = 3  # times as many reruns of B: CPU time comes in steps of 10 ms
WARM_UP, SETTLING = 30, 5  # once for each page, then in each round
AIM_AGAINST_ONE_LINE, AIM_AGAINST_STOCK = 2.5, 1.0
RESULTS = BENCH / "results"


@dataclass
class Figures:
    """A page's figures, one a round; times in milliseconds, sizes in bytes.

    Attributes:
        cpu: User and system time of the server for a rerun.
        p50: Half the reruns took at most this.
        p95: 95 in 100 took at most this.
        received: Size of the messages of a rerun, the median of the round.
        first_load: New sessions; several a round, none for the page with the same input.
        very_first_load: The first session after the server's start.
    """

    cpu: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    received: list[float] = field(default_factory=list)
    first_load: list[float] = field(default_factory=list)
    very_first_load: float | None = None


def different_inputs() -> Iterator[Mapping[str, object]]:
    """What a reader changes next: start month and visits in turn; no combination twice.

    Both go up together at a distance that differs from one pass to the next, so that a pass meets
    24 new combinations and six passes all 144; then the 節 and after it the year is another.
    """
    months = [f"{month}月" for month in FISCAL_MONTHS]
    for year in (FiscalYear(2023), FiscalYear(2024)):
        for kind in ExpenditureKind:
            frame = {
                "年度": year.full_label,
                "歳出の節": "{}節 {}".format(*expenditure_section(kind, year)),
            }
            for distance in range(0, 12, 2):
                for i in range(12):
                    yield {"年間回数(全プラン)": str((i + distance) % 12 + 1)} | frame
                    yield {"開始月": months[(i + 1) % 12]}


class Page:
    """One page under measurement: a session that stays open, and its figures."""

    def __init__(
        self, server: Server, path: str, query: str, text: str, reruns: int = RERUNS
    ) -> None:
        self._server, self._address, self._text = server, (path, query), text
        self._reruns = reruns
        self._inputs = iter(different_inputs()) if path == PLANS else None
        self.figures, self.same_input = Figures(), Figures()
        self._session, self.figures.very_first_load = self._opened()

    def close(self) -> None:
        """End the session."""
        self._session.close()

    def warm_up(self, reruns: int) -> None:
        """Reruns that do not count."""
        for _ in range(reruns):
            self._click()

    def measure(self) -> None:
        """One round."""
        for _ in range(FIRST_LOADS):
            session, milliseconds = self._opened()
            session.close()
            self.figures.first_load.append(milliseconds)
        self.warm_up(SETTLING)
        self._rerun(self.figures)
        if self._inputs is not None:
            self._inputs, inputs = None, self._inputs
            self.warm_up(SETTLING)
            self._rerun(self.same_input)
            self._inputs = inputs

    def _opened(self) -> tuple[Session, float]:
        began = time.perf_counter()
        session = Session(self._server.port, *self._address)
        self._checked(session.rerun())
        return session, (time.perf_counter() - began) * 1000

    def _click(self) -> Run:
        if self._inputs is not None:
            for label, value in next(self._inputs).items():
                self._session.change(label, value)
        return self._checked(self._session.rerun())

    def _checked(self, run: Run) -> Run:
        if not run.shows(self._text):
            raise SessionError(f"the page does not show {self._text}")
        return run

    def _rerun(self, figures: Figures) -> None:
        before = self._server.cpu_seconds()
        runs = [self._click() for _ in range(self._reruns)]
        figures.cpu.append((self._server.cpu_seconds() - before) / self._reruns * 1000)
        waits = quantiles([run.seconds * 1000 for run in runs], n=20, method="inclusive")
        figures.p50.append(waits[9])
        figures.p95.append(waits[18])
        figures.received.append(median(run.size for run in runs))


def machine(cpus: tuple[int, int] | None, hidden: bool | None) -> list[str]:
    """What was measured, when and on what."""
    pinned = (
        f"server on CPU {cpus[0]}, client on CPU {cpus[1]}"
        if cpus
        else "NOT PINNED: server and client share the CPUs, figures are less certain"
    )
    loop = {True: "without uvloop", False: "WITH uvloop", None: "uvloop hidden, not verified"}
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return [
        time.strftime("Noriai benchmark, %Y-%m-%d %H:%M %z"),
        f"Python {platform.python_version()}, Streamlit {streamlit.__version__}, "
        f"{platform.system()} {platform.machine()}, {psutil.cpu_count()} CPUs ({pinned}{load})",
        f"{ROUNDS} rounds of {RERUNS} reruns (B: {RERUNS * FASTER}) after {WARM_UP} to warm up; "
        "median of the rounds (least-most)",
        f"C runs the stock settings {loop[hidden]}",
    ]


def table(rows: Mapping[str, Figures]) -> list[str]:
    """The figures of each page, aligned."""
    heads = ("CPU/rerun ms", "rerun p50 ms", "rerun p95 ms", "first load ms", "received bytes")
    lines = [f"{'':46}" + "".join(f"{head:>22}" for head in heads)]
    for label, figures in rows.items():
        cells = [_cell(figures.cpu, 2), _cell(figures.p50, 1), _cell(figures.p95, 1)]
        cells += [_cell(figures.first_load, 0), _cell(figures.received, 0)]
        lines.append(f"{label:46}" + "".join(f"{cell:>22}" for cell in cells))
    return lines


def _cell(values: list[float], digits: int) -> str:
    if not values:
        return "-"
    middle, least, most = (f"{v:.{digits}f}" for v in (median(values), min(values), max(values)))
    return f"{middle} ({least}-{most})"


def ratios(a: Figures, b: Figures, c: Figures) -> dict[str, dict[str, object]]:
    """A against its references, each with its aim and whether it is met."""
    found: dict[str, dict[str, object]] = {}
    for name, figure in (("CPU", "cpu"), ("p50", "p50")):
        own = median(getattr(a, figure))
        against_one_line = own / median(getattr(b, figure))
        against_stock = own / median(getattr(c, figure))
        found[f"A/B {name}"] = {
            "ratio": against_one_line,
            "aim": f"at most {AIM_AGAINST_ONE_LINE}",
            "met": against_one_line <= AIM_AGAINST_ONE_LINE,
        }
        found[f"A/C {name}"] = {
            "ratio": against_stock,
            "aim": f"below {AIM_AGAINST_STOCK}",
            "met": against_stock < AIM_AGAINST_STOCK,
        }
    return dict(sorted(found.items()))


def run() -> None:
    """Measure, print, write."""
    cpus = pinned_apart()
    if cpus:
        move_to(cpus[0])  # the servers inherit it
    with ExitStack() as stack:
        noriai, stock = stack.enter_context(noriai_server()), stack.enter_context(stock_server())
        if cpus:
            move_to(cpus[1])
        loop = stock.uses_uvloop()
        about = machine(cpus, None if loop is None else not loop)
        print(*about, "", sep="\n", flush=True)
        pages = [
            Page(noriai, PLANS, QUERY, PLANS_TEXT),
            Page(noriai, "one_line", "", ONE_LINE_TEXT, RERUNS * FASTER),
            Page(stock, "", "", ONE_LINE_TEXT),
        ]
        for page in pages:
            stack.callback(page.close)
            page.warm_up(WARM_UP)
        for _ in range(ROUNDS):
            for page in pages:
                page.measure()
    a, b, c = (page.figures for page in pages)
    rows = {
        "A  plans, seven chosen, another input each time": a,
        "A' plans, the same input again": pages[0].same_input,
        "B  one line, same server": b,
        "C  one line, Streamlit as it comes": c,
    }
    print(*table(rows), "", sep="\n")
    print(
        "very first load after the server's start, ms:",
        f"A {a.very_first_load:.0f}, C {c.very_first_load:.0f}\n",
    )
    compared = ratios(a, b, c)
    for name, one in compared.items():
        print(
            f"{name} {one['ratio']:.2f}  aim: {one['aim']:12} {'met' if one['met'] else 'NOT MET'}"
        )
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / time.strftime("plans_page_%Y%m%dT%H%M%S.json")
    record = {"about": about, "pages": {k: asdict(v) for k, v in rows.items()}, "ratios": compared}
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {path.relative_to(BENCH.parent)}")


def _stop(signal_number: int, _frame: object) -> None:
    sys.exit(128 + signal_number)  # leaves the with blocks, which stop the servers


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        run()
    except SessionError as error:
        sys.exit(f"bench stopped: {error}")
    except KeyboardInterrupt:
        sys.exit("bench stopped by the keyboard; the servers are down")
