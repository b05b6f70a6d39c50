"""PostgreSQL stops and starts under open walls; every one of them comes back by itself.

    python -m bench.faults.walls [--walls 50] [--stops 5] [--away 10]

One PostgreSQL, one server of the program, walls that each hold a websocket and an event stream as
the browser does. PostgreSQL is stopped for some seconds, sessions and streams left as they are, and
started again; then an officer's wish is recorded. Printed, of each stop:

told       walls that were told that the database is away
back       walls that showed the wish without anybody touching them
slowest    seconds from the started PostgreSQL until the last of them did

Ends with 1 unless all were told and all came back, each time, in the one process of the server that
was started at first, and its log holds one number for each stop. Everything stays on 127.0.0.1 and
in a temporary folder.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.request import urlopen

from sqlalchemy import make_url

from bench.wall import signed_in
from bench.wall_client import Wall
from core.access.principal import CONSOLE
from core.cli.context import pack
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.store.engine import data_revision
from core.support.wish import WishState
from tests.support.databases import a_postgres_server, started
from tests.support.running import RunningServer, running_server

PATIENCE_SECONDS = 180


class ToldWall(Wall):
    """A wall that also counts how often it was told that the database is away."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(port, token)
        self.unreachable = 0

    def told(self, event: bytes) -> None:
        """What each event of the stream is."""
        self.unreachable += event == b"unreachable"


async def until(true: Any) -> None:
    """Wait for a state; one that never comes ends the program."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():
            await asyncio.sleep(0.02)


def wish(server: RunningServer, lg_code: str) -> int:
    """Record a wish; the revision a wall must show from then on."""
    hand_in_wishes(
        server.engine,
        CONSOLE,
        lg_code=lg_code,
        request=EstimateRequest(2027, (PlanChoice(1, 12),)),
        state=WishState.WISHED,
        reference=pack(),
        seen={},
        request_id=f"{lg_code}-wish",
        now=server.now(),
    )
    return data_revision(server.engine)


async def stopped(
    server: RunningServer, postgres: Any, walls: list[ToldWall], lg_code: str, away: float
) -> tuple[int, int, float]:
    """One stop: how many walls were told, how many came back, and after how many seconds."""
    before = [wall.unreachable for wall in walls]
    await asyncio.to_thread(postgres.stop)
    with suppress(TimeoutError):
        await until(lambda: all(w.unreachable > b for w, b in zip(walls, before, strict=True)))
    told = sum(wall.unreachable > b for wall, b in zip(walls, before, strict=True))
    await asyncio.sleep(away)
    await asyncio.to_thread(started, postgres)
    begun = perf_counter()
    revision = await asyncio.to_thread(wish, server, lg_code)
    with suppress(TimeoutError):
        await until(lambda: all(wall.seen and wall.seen[-1][1] >= revision for wall in walls))
    back = [wall for wall in walls if wall.seen and wall.seen[-1][1] >= revision]
    return told, len(back), max((wall.seen[-1][0] - begun for wall in back), default=0.0)


async def measure(server: RunningServer, postgres: Any, many: int, stops: int, away: float) -> bool:
    """Every stop, printed as it goes; whether all was well."""
    token, _officers = signed_in(server.engine.url.render_as_string(hide_password=False))
    port = int(server.address.rpartition(":")[2])
    walls = [ToldWall(port, token) for _ in range(many)]
    for wall in walls:
        await wall.open()
    well = True
    for number, town in zip(range(1, stops + 1), pack().municipalities, strict=False):
        told, back, slowest = await stopped(server, postgres, walls, town.lg_code, away)
        print(f"stop {number}: told {told}/{many}, back {back}/{many}, slowest {slowest:.1f} s")
        sys.stdout.flush()
        well = well and told == back == many
    for wall in walls:
        await wall.close()
    return well


def numbers(server: RunningServer) -> list[str]:
    """The number of each incident of the database that the server logged with its traceback."""
    lines = [json.loads(line) for line in server.log.read_text("utf-8").splitlines()]
    return [line["number"] for line in lines if "number" in line and "trace" in line]


def run() -> bool:
    """Start everything, stop PostgreSQL again and again, look at the server afterwards."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--walls", type=int, default=50)
    parser.add_argument("--stops", type=int, default=5)
    parser.add_argument("--away", type=float, default=10.0, help="seconds PostgreSQL stays away")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, a_postgres_server() as postgres:
        database = make_url(postgres.get_uri()).set(drivername="postgresql+psycopg")
        with running_server(Path(name), None, {}, database) as server:
            well = asyncio.run(measure(server, postgres, asked.walls, asked.stops, asked.away))
            address = f"{server.address}/healthz"
            with urlopen(address, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310  our own
                well = well and answer.status == 200
            found = numbers(server)
    print(f"the server was never restarted; {len(found)} incidents logged for {asked.stops} stops")
    return well and len(found) == len(set(found)) == asked.stops


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
