"""Mixed load, and whatever can be killed is killed; nothing answered may be lost or doubled.

    python -m bench.faults.mixed [--minutes 10] [--writers 4] [--officers 6]

One PostgreSQL, two servers of the program. Writers (processes of their own) act through the
commands; officers act through the servers, over websockets as the browser does, and go to the other
server when theirs is gone. Every few seconds one of these is ended with kill -9: a writer, a server,
a backend of PostgreSQL, PostgreSQL's parent process. What was killed is begun anew, as the service
manager does; the next fault waits until everybody is answered again. At the end the database is
asked:

lost      answered, and not there
doubled   there more than once, answered or not
without   answered, and no entry of the audit trail speaks of it: no receipt
recovery  seconds from a fault until writers and officers were both answered something they asked
          after it

Whatever cannot be counted stops the program. Ends with 1 unless lost, doubled and without are 0 and
``noriai audit verify`` finds the trail whole. Everything stays on 127.0.0.1 and in a temporary
folder. The figures are written as JSON to bench/results/.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import psycopg
from sqlalchemy import Engine, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from websockets.exceptions import WebSocketException

from bench.faults.officer import Officer
from bench.servers import BENCH, Process, free_port, serving
from bench.session_client import SessionError
from core.access.principal import CONSOLE, Role
from core.cli.context import now, pack
from core.commands.estimates import discard_estimate
from core.start import start
from core.store.audit import AuditRow
from core.store.consultations import CONSULTATIONS, MESSAGES, consultations
from core.store.engine import open_engine, reading
from core.store.estimates import ESTIMATES, KeptState, still_kept
from core.values.errors import DashboardError
from tests.support.databases import a_postgres_server, started
from tests.support.running import RunningServer

KINDS = ("writer", "server", "backend", "parent")
RESULTS = BENCH / "results"
_QUIET_SECONDS = (1.0, 4.0)
_PATIENCE_SECONDS = 300.0
_MOST_KEPT = 60
_VERIFY = "import sys; from core.cli import main; sys.exit(main(['audit', 'verify']))"


@dataclass
class Tally:
    """What happened.

    Attributes:
        recovered: Seconds, by kind of fault.
    """

    answered: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    recovered: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    trail: str = ""

    def fine(self) -> bool:
        """Whether nothing was lost, doubled or left without a receipt."""
        return not (self.lost or self.doubled or self.without) and self.trail == "whole"


class Ground:
    """Everything that runs, and how each part of it is killed and begun anew."""

    def __init__(self, folder: Path, postgres: Any, writers: int, stack: ExitStack) -> None:
        self.folder, self._postgres, self._stack = folder, postgres, stack
        url = make_url(postgres.get_uri()).set(drivername="postgresql+psycopg")
        self.database = url.render_as_string(hide_password=False)
        self.engine: Engine = open_engine(url)
        stack.callback(self.engine.dispose)
        start(self.engine, pack(), now())
        self._desk = RunningServer("", self.engine, None, folder / "none.log")
        self.servers: list[Process] = []
        self.writers = {f"w{number}": self._writer(f"w{number}") for number in range(writers)}

    def serve(self, count: int) -> None:
        """Begin the servers and wait until they answer."""
        settings = {"NORIAI_DATABASE_URL": self.database}
        for number in range(count):
            server = serving(free_port(), self.folder / f"server-{number}", settings)
            self._stack.callback(server.stop)
            self.servers.append(server)
        for server in self.servers:
            server.wait_until_ready()

    def officers(self, count: int) -> list[Officer]:
        """Officers with an account each, signed in."""
        people = []
        for number, town in enumerate(pack().municipalities[:count]):
            account = self._desk.add_account(f"officer{number}", Role.OFFICER, town.lg_code)
            token = self._desk.session_of(account)
            people.append(Officer(account.username, town.lg_code, token))
        return people

    def _writer(self, name: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            writer = subprocess.Popen(
                [
                    *(sys.executable, "-m", "bench.faults.writer"),
                    *(self.database, name, str(self.notes(name))),
                ],
                cwd=BENCH.parent,
                env=os.environ | {"PYTHONPATH": str(BENCH.parent)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._stack.callback(_end, writer)
        return writer

    def notes(self, name: str) -> Path:
        """Where a writer notes what it was answered."""
        return self.folder / f"{name}.jsonl"

    def kill(self, kind: str, chance: random.Random) -> None:
        """End one of a kind with kill -9 and begin it anew."""
        if kind == "writer":
            name = chance.choice(sorted(self.writers))
            self.writers[name].kill()
            self.writers[name].wait()
            self.writers[name] = self._writer(name)
        elif kind == "server":
            server = chance.choice(self.servers)
            server.kill()
            server.begin()
        elif kind == "backend":
            with suppress(psycopg.Error):
                os.kill(chance.choice(self._backends()), signal.SIGKILL)
        else:
            self._kill_parent()

    def _backends(self) -> list[int]:
        address = make_url(self.database).set(drivername="postgresql")
        with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
            asked = connection.execute(
                "SELECT pid FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return [int(pid) for (pid,) in asked]

    def _kill_parent(self) -> None:
        """PostgreSQL's children notice and end by themselves; then it is begun anew."""
        said = self._postgres.pgdata / "postmaster.pid"
        parent = psutil.Process(int(said.read_text().split()[0]))
        children = parent.children()
        parent.kill()
        _, left = psutil.wait_procs(children, timeout=_PATIENCE_SECONDS)
        if left:
            raise SessionError("processes of PostgreSQL outlive their parent")
        # Where nobody buries the dead, the killed process still has its number and is taken for
        # one that runs; nothing of it is left, so the note it left is worth nothing.
        said.unlink(missing_ok=True)
        started(self._postgres)

    def last_answer(self) -> float:
        """When the newest answer to a writer was asked for; 0 for none."""
        newest = 0.0
        for name in self.writers:
            for said in _notes(self.notes(name), last=4_000):
                if said["what"] == "answered":
                    newest = max(newest, said["began"])
        return newest


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _notes(path: Path, last: int | None = None) -> Iterator[dict[str, Any]]:
    """The lines of a writer; a half one, in which it died, is none.

    Args:
        last: Only about so many bytes from the end.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        if last is not None:
            file.seek(max(0, path.stat().st_size - last))
        for line in file.read().splitlines():
            with suppress(ValueError):
                found = json.loads(line)
                if isinstance(found, dict):
                    yield found


async def _act_as(officer: Officer, ground: Ground, tally: Tally, times: list[float]) -> None:
    """One officer keeps one estimate after the other, on whichever server answers."""
    number = 0
    while True:
        mark = f"{officer.name}n{number}"
        number += 1
        began = time.time()
        try:
            await officer.keep(mark, [server.port for server in ground.servers])
        except (OSError, SessionError, WebSocketException, TimeoutError):
            tally.unanswered += 1
            await officer.leave()
            await asyncio.sleep(0.2)
            continue
        officer.answered.append(mark)
        times.append(began)
        if number % 20 == 0:
            with suppress(SQLAlchemyError, DashboardError):
                await asyncio.to_thread(_make_room, ground.engine, officer.lg_code)


def _make_room(engine: Engine, lg_code: str) -> None:
    with reading(engine) as session:
        kept = still_kept(session, lg_code)
    for each in kept[_MOST_KEPT:]:
        discard_estimate(
            engine,
            CONSOLE,
            lg_code=lg_code,
            estimate_id=each.estimate_id,
            seen_row=each.row_id,
            now=now(),
        )


async def _break_things(
    ground: Ground, tally: Tally, times: list[float], goes_on: Callable[[], bool], seed: int
) -> None:
    """One fault after the other, each kind once and then by chance, each after recovery."""
    chance = random.Random(seed)  # noqa: S311
    await _answered_since(ground, times, 0.0)
    while goes_on():
        done = sum(tally.faults.values())
        kind = KINDS[done] if done < len(KINDS) else chance.choice(KINDS)
        moment = time.time()
        await asyncio.to_thread(ground.kill, kind, chance)
        await _answered_since(ground, times, moment)
        tally.faults[kind] += 1
        tally.recovered[kind].append(time.time() - moment)
        await asyncio.sleep(chance.uniform(*_QUIET_SECONDS))


async def _answered_since(ground: Ground, times: list[float], moment: float) -> None:
    """Until a writer and an officer were answered what they asked after a moment."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while not (times and times[-1] > moment and ground.last_answer() > moment):
        if time.monotonic() > end:
            officers, writers = times[-1] - moment if times else None, ground.last_answer() - moment
            raise SessionError(
                f"{_PATIENCE_SECONDS:.0f} s after a fault not all are answered again: last asked, "
                f"from the fault, by officers {officers} s, by writers {writers} s"
            )
        await asyncio.sleep(0.05)


async def _load(
    ground: Ground, tally: Tally, officers: int, goes_on: Callable[[], bool], seed: int
) -> list[Officer]:
    times: list[float] = []
    people = await asyncio.to_thread(ground.officers, officers)
    tasks = [asyncio.create_task(_act_as(one, ground, tally, times)) for one in people]
    try:
        await _break_things(ground, tally, times, goes_on, seed)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for one in people:
            await one.leave()
    return people


def _count(ground: Ground, tally: Tally, people: list[Officer]) -> None:
    """Compare what was answered with what is there."""
    with reading(ground.engine) as session:
        titles = Counter(session.scalars(select(CONSULTATIONS.c.title)))
        labels = {each.request.title: each.number.label for each in consultations(session)}
        texts = Counter(session.scalars(select(MESSAGES.c.text)))
        names: Counter[str] = Counter()
        ids: dict[str, str] = {}
        for kept in ESTIMATES.all(session):
            if kept.state is KeptState.KEPT:
                names[kept.name] += 1
                ids[kept.name] = kept.estimate_id
        said = session.execute(select(AuditRow.action, AuditRow.subject))
        entries = Counter((action, subject) for action, subject in said)
        messages = sum(n for (action, _), n in entries.items() if action == "consultation:message")
    there = titles + texts + names
    tally.doubled = sorted(mark for mark, times in there.items() if times > 1)
    receipts = {
        mark for mark, label in labels.items() if entries["consultation:request", label] == 1
    }
    receipts |= {mark for mark, key in ids.items() if entries["estimate:keep", key] == 1}
    receipts |= set(texts) if messages == texts.total() else set()
    answered = [mark for one in people for mark in one.answered]
    tally.answered["officer"] = len(answered)
    for name in ground.writers:
        for said in _notes(ground.notes(name)):
            if said["what"] == "answered":
                answered.append(said["mark"])
                tally.answered[said["kind"]] += 1
            elif said["what"] == "refused":
                raise SessionError(f"a writer was refused: {said['why']}")
            elif said["what"] == "failed":
                tally.unanswered += 1
    tally.lost = sorted(set(answered) - set(there))
    tally.without = sorted(set(answered) & set(there) - receipts)
    verified = subprocess.run(
        [sys.executable, "-c", _VERIFY],
        env=os.environ | {"NORIAI_DATABASE_URL": ground.database},
        capture_output=True,
        text=True,
        cwd=BENCH.parent,
    )
    tally.trail = "whole" if verified.returncode == 0 else verified.stdout + verified.stderr


def run(
    goes_on: Callable[[Tally], bool],
    *,
    writers: int,
    officers: int,
    servers: int = 2,
    seed: int = 1,
) -> Tally:
    """Load and faults for as long as wanted, then the count."""
    tally = Tally()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="noriai-faults-")))
        postgres = stack.enter_context(a_postgres_server())
        ground = Ground(folder, postgres, writers, stack)
        ground.serve(servers)
        people = asyncio.run(_load(ground, tally, officers, lambda: goes_on(tally), seed))
        for writer in ground.writers.values():
            _end(writer)
        _count(ground, tally, people)
    return tally


def report(tally: Tally) -> list[str]:
    """The figures as lines."""
    kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(tally.answered.items()))
    lines = [
        f"operations {tally.answered.total()} answered ({kinds}), {tally.unanswered} tries unanswered",
        f"faults     {tally.faults.total()}"
        f" ({', '.join(f'{kind} {n}' for kind, n in sorted(tally.faults.items()))})",
        f"lost       {len(tally.lost)} {tally.lost[:5] or ''}",
        f"doubled    {len(tally.doubled)} {tally.doubled[:5] or ''}",
        f"without    {len(tally.without)} {tally.without[:5] or ''} (a receipt)",
        f"audit      {tally.trail}",
    ]
    for kind, seconds in tally.recovered.items():
        if seconds:
            lines.append(
                f"recovery   {kind}: median {median(seconds):.1f} s, most {max(seconds):.1f} s"
            )
    return [line.rstrip() for line in lines]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--officers", type=int, default=6)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    about = [
        time.strftime("Noriai under faults, %Y-%m-%d %H:%M %z"),
        f"{options.minutes:g} minutes, {options.writers} writers, {options.officers} officers, "
        f"2 servers, PostgreSQL, seed {options.seed}{load}",
    ]
    print(*about, "", sep="\n", flush=True)
    end = time.monotonic() + options.minutes * 60
    tally = run(
        lambda _: time.monotonic() < end,
        writers=options.writers,
        officers=options.officers,
        seed=options.seed,
    )
    print(*report(tally), sep="\n")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / time.strftime("faults_mixed_%Y%m%dT%H%M%S.json")
    record = json.dumps({"about": about, **vars(tally)}, ensure_ascii=False, indent=1)
    path.write_text(record + "\n", encoding="utf-8")
    print(f"\nwritten to {path.relative_to(BENCH.parent)}")
    sys.exit(not tally.fine())


if __name__ == "__main__":
    try:
        main()
    except SessionError as error:
        sys.exit(f"stopped: {error}")
    except KeyboardInterrupt:
        sys.exit("stopped by the keyboard; everything that was begun is down")
