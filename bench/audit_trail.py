"""What proving costs: a ledger write with and without the digest of its rows, a bulk import of
100,000 rows likewise, and verifying a trail of 1,000,000 events.

``python -m bench.audit_trail [--events N]``. Without means that the session notes nothing and the
entry covers nothing, everything else being the same, in the same run. Machines differ; trust the
ratio. On SQLite; the median of the writes, in CPU time, which other work on the machine does not change much.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import URL, Engine

from core.access.principal import CONSOLE
from core.cli.context import pack
from core.commands.ledger import record_participation
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.recording import Entry
from core.reference.ledger_seed import seed_events
from core.store.audit import record_audit
from core.store.engine import at_one_moment, open_engine, writing
from core.store.ledger import add_events
from core.store.schema import upgrade
from core.store.verification import verify
from core.store.written import Written
from core.values.fiscal import parse_date

NOW = datetime(2024, 4, 1, tzinfo=UTC)
WRITES, IMPORTED = 200, 100_000


@contextmanager
def without_proof() -> Iterator[None]:
    """Entries that cover nothing."""
    noting, taking = Written._note, Written.taken
    Written._note = lambda *_: None  # type: ignore[method-assign]
    Written.taken = lambda _: {}  # type: ignore[method-assign]
    try:
        yield
    finally:
        Written._note, Written.taken = noting, taking  # type: ignore[method-assign]


@contextmanager
def database() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(URL.create("sqlite", database=str(Path(folder) / "noriai.db")))
        upgrade(engine)
        yield engine
        engine.dispose()


def events(count: int) -> list[LedgerEvent]:
    example = seed_events(pack(), NOW)[0]
    return [replace(example, event_id=0, note=f"{number}") for number in range(count)]


def one_write(engine: Engine, number: int) -> float:
    town = pack().municipalities[number % 43].lg_code
    system = tuple(pack().procurements.systems)[number // 43 % 5]
    entry = Entry(town, system, EventKind.INTEREST, parse_date("2023-05-01"), "x")
    began = time.process_time()
    record_participation(
        engine,
        CONSOLE,
        entry=entry,
        seen_event=0,
        reference=pack(),
        request_id=f"{number}",
        now=NOW,
    )
    return time.process_time() - began


def writes() -> float:
    with database() as engine:
        return median(one_write(engine, number) for number in range(WRITES))


def imported() -> float:
    rows = events(IMPORTED)
    with database() as engine:
        began = time.process_time()
        with writing(engine) as session:
            add_events(session, rows)
            record_audit(session, CONSOLE, NOW, "ledger:import", "", {})
        return time.process_time() - began


def verified(count: int) -> None:
    with database() as engine:
        rows = events(1000)
        for _ in range(count // 1000):
            with writing(engine) as session:
                add_events(session, rows)
                record_audit(session, CONSOLE, NOW, "ledger:import", "", {})
        with writing(engine) as session:
            for event in rows * 5:
                add_events(session, [event])
                record_audit(session, CONSOLE, NOW, "ledger:record", "", {})
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.process_time()
        with at_one_moment(engine) as session:
            found = verify(session)
        seconds = time.process_time() - began
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        if found.findings:
            raise SystemExit("\n".join(found.words))
        print(
            f"verify: {found.rows:,} rows, {found.entries:,} entries: {seconds:.1f} s, "
            f"memory grew by {grown // 1024} MB"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=1_000_000)
    count = parser.parse_args().events
    for name, measure, unit in (
        ("one ledger write", writes, 1000),
        ("import of 100,000", imported, 1),
    ):
        with without_proof():
            bare = measure()
        proven = measure()
        shown = "ms" if unit == 1000 else "s"
        print(
            f"{name}: {bare * unit:.2f} {shown} without, {proven * unit:.2f} {shown} with, "
            f"ratio {proven / bare:.2f}",
            flush=True,
        )
    verified(count)


if __name__ == "__main__":
    main()
