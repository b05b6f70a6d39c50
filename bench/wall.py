"""From a committed wish to the wall, with fifty walls and forty-three officers; idle walls' CPU.

``make bench``. One server with a fresh SQLite database; every wall holds a websocket and an event
stream, every officer a websocket, all of them spoken to as the browser does. Printed:

steady  the officers state a wish one after the other, two a second
burst   all of them press the button in the same moment
idle    what one hundred walls cost while nothing is written, in percent of one core, beside the
        same server without any wall

A time runs from the moment another connection can read the commit to the moment the new figures
have arrived at one wall, for each wish and each wall; drawing in the browser is not in it. Aims
are printed as met or not met and fail nothing. The same figures are written to bench/results/.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from statistics import quantiles
from time import perf_counter

import psutil
from sqlalchemy import make_url

from bench.servers import BENCH, Server, move_to, noriai_server, pinned_apart
from bench.session_client import SessionError
from bench.wall_client import Page, Wall
from core.access.account import token_hash
from core.access.principal import Role
from core.cli.context import pack
from core.store.accounts import AccountRow, SessionRow
from core.store.engine import open_engine, writing

WALLS, IDLE_WALLS = 50, 100
STEADY_SECONDS, IDLE_SECONDS, SETTLING_SECONDS = 0.5, 30, 4
AIM_P95_SECONDS, AIM_IDLE_PERCENT = 1.0, 1.0
BUTTON = "1プランを「希望」として提出"
YEAR = 2027
RESULTS = BENCH / "results"


def signed_in(database: str) -> tuple[str, dict[str, str]]:
    """A viewer's token, and the token of an officer of each municipality."""
    engine = open_engine(make_url(database))
    now = datetime.now(UTC)  # noqa: TID251  sessions expire by the real hour
    people = {"wall": (Role.VIEWER, None)}
    people |= {m.lg_code: (Role.OFFICER, m.lg_code) for m in pack().municipalities}
    tokens = {name: token_urlsafe() for name in people}
    with writing(engine) as session:
        for name, (role, lg_code) in people.items():
            session.add(
                AccountRow(
                    username=name,
                    display_name=name,
                    role=role,
                    lg_code=lg_code,
                    password_hash="",
                    active=True,
                    must_change_password=False,
                    password_set_at=now,
                    session_version=1,
                    failed_attempts=0,
                    failed_at=None,
                    signed_in_at=now,
                    created_at=now,
                )
            )
        session.flush()
        for name, token in tokens.items():
            session.add(
                SessionRow(
                    token_hash=token_hash(token),
                    username=name,
                    session_version=1,
                    created_at=now,
                    expires_at=now + timedelta(hours=1),
                    revoked_at=None,
                    last_seen_at=now,
                    address="",
                    browser_hash="",
                    failures=0,
                    failed_at=None,
                    previous_at=None,
                )
            )
    engine.dispose()
    return tokens.pop("wall"), tokens


@dataclass
class Watch:
    """When each revision could first be read by another connection."""

    path: str
    committed: dict[int, float] = field(default_factory=dict)

    async def run(self) -> None:
        """Look every few milliseconds."""
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        last = 0
        while True:
            (value,) = connection.execute("SELECT value FROM revision").fetchone()
            for revision in range(last + 1, value + 1):
                self.committed[revision] = perf_counter()
            last = value
            await asyncio.sleep(0.004)


async def officers(server: Server, tokens: dict[str, str], plan: int) -> list[Page]:
    """Every officer with one plan chosen, about to press the button."""
    pages = []
    for token in tokens.values():
        page = Page(server.port, "plans", f"fy={YEAR}&plans={plan}:12", token)
        await page.open()
        pages.append(page)
    return pages


async def propagation(
    pages: list[Page], walls: list[Wall], watch: Watch, pause: float
) -> list[float]:
    """Seconds from commit to wall, for each wish and each wall."""
    before = max(watch.committed)
    pressed = []
    for page in pages:
        pressed.append(asyncio.create_task(page.press(BUTTON)))
        await asyncio.sleep(pause)
    await asyncio.gather(*pressed)
    await asyncio.sleep(SETTLING_SECONDS)
    revisions = [r for r in watch.committed if r > before]
    if len(revisions) != len(pages):
        raise SessionError(f"{len(pages)} officers pressed, {len(revisions)} wishes were recorded")
    times = []
    for wall in walls:
        for revision in revisions:
            shown = next((at for at, seen in wall.seen if seen >= revision), None)
            if shown is None:
                raise SessionError(f"revision {revision} never reached a wall")
            times.append(max(0.0, shown - watch.committed[revision]))
    return times


async def cpu_percent(server: Server, seconds: float) -> float:
    """Of one core, over some seconds."""
    began, before = perf_counter(), server.cpu_seconds()
    await asyncio.sleep(seconds)
    return (server.cpu_seconds() - before) / (perf_counter() - began) * 100


async def measure(server: Server) -> dict[str, object]:
    """All figures."""
    viewer, tokens = signed_in(server.database)
    watch = Watch(str(make_url(server.database).database))
    watching = asyncio.create_task(watch.run())
    figures: dict[str, object] = {}
    walls = [Wall(server.port, viewer) for _ in range(WALLS)]
    for wall in walls:
        await wall.open()
    for name, plan, pause in (("steady", 1, STEADY_SECONDS), ("burst", 2, 0.0)):
        pages = await officers(server, tokens, plan)
        await asyncio.sleep(SETTLING_SECONDS)
        times = await propagation(pages, walls, watch, pause)
        cuts = quantiles(times, n=20, method="inclusive")
        figures[name] = {"p50": cuts[9], "p95": cuts[18], "most": max(times), "count": len(times)}
        for page in pages:
            await page.close()
    more = [Wall(server.port, viewer) for _ in range(IDLE_WALLS - WALLS)]
    for wall in more:
        await wall.open()
    watching.cancel()
    await asyncio.sleep(SETTLING_SECONDS)
    with_walls = await cpu_percent(server, IDLE_SECONDS)
    for wall in (*walls, *more):
        await wall.close()
    await asyncio.sleep(SETTLING_SECONDS)
    figures["idle"] = {"walls": with_walls, "nobody": await cpu_percent(server, IDLE_SECONDS)}
    return figures


def report(figures: dict[str, object]) -> list[str]:
    """The figures as lines, each with its aim."""
    lines = []
    for name in ("steady", "burst"):
        found = figures[name]
        met = "met" if found["p95"] < AIM_P95_SECONDS else "NOT MET"  # type: ignore[index]
        lines.append(
            "{name:7} p50 {p50:.3f} s  p95 {p95:.3f} s  most {most:.3f} s  ({count} times)  "
            "aim: p95 below {aim:.0f} s  {met}".format(
                name=name,
                aim=AIM_P95_SECONDS,
                met=met,
                **found,  # type: ignore[arg-type]
            )
        )
    idle = figures["idle"]
    own = idle["walls"] - idle["nobody"]  # type: ignore[index]
    met = "met" if own < AIM_IDLE_PERCENT else "NOT MET"
    lines.append(
        f"idle    {IDLE_WALLS} walls {idle['walls']:.2f} % of one core, "  # type: ignore[index]
        f"nobody {idle['nobody']:.2f} %: {own:.2f} % for the walls  "  # type: ignore[index]
        f"aim: below {AIM_IDLE_PERCENT:.0f} %  {met}"
    )
    return lines


def run() -> None:
    """Measure, print, write."""
    cpus = pinned_apart()
    if cpus:
        move_to(cpus[0])  # the server inherits it
    with noriai_server() as server:
        if cpus:
            move_to(cpus[1])
        load = f"load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
        about = [
            time.strftime("Noriai wall benchmark, %Y-%m-%d %H:%M %z"),
            f"{WALLS} walls, {len(pack().municipalities)} officers, SQLite, "
            f"{psutil.cpu_count()} CPUs {load}",
        ]
        print(*about, "", sep="\n", flush=True)
        figures = asyncio.run(measure(server))
    print(*report(figures), sep="\n")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / time.strftime("wall_%Y%m%dT%H%M%S.json")
    path.write_text(json.dumps({"about": about, **figures}, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {path.relative_to(BENCH.parent)}")


def _stop(signal_number: int, _frame: object) -> None:
    sys.exit(128 + signal_number)  # leaves the with block, which stops the server


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        run()
    except SessionError as error:
        sys.exit(f"bench stopped: {error}")
    except KeyboardInterrupt:
        sys.exit("bench stopped by the keyboard; the server is down")
