"""What the page 共同調達 asks of the ledger, at Osaka's size and at the whole country's.

``make bench``. One view is asked for days it was never asked for (as moving the date slider does),
on two ledgers in SQLite, each with its index ready, which is the state of things once the data
revision is known:

A   43 municipalities × 5 systems
B   1,741 municipalities × 40 systems × 1,000,000 records, the part a screen shows: 43 rows, 5
    systems in detail, the counts of all 40
B'  the same, all 1,741 rows and all 40 systems in detail: what no screen shows at once

A has as many records a participant and system as B, over the same twelve years. Aim: B at most
twice A. Printed beside them: what one record costs to take in, what making the index costs once a
process, and what the plain fold of A would cost instead. Each figure is the median of the reads.
Machines differ; trust the ratio. Written as JSON to bench/results/.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, cycle, islice
from pathlib import Path
from statistics import median

from sqlalchemy import URL, Engine, insert

from core.access.principal import PUBLIC
from core.cli.context import pack
from core.procurement.event import EventKind
from core.procurement.index import indexed
from core.reference.pack import Reference
from core.store.engine import open_engine, reading, writing
from core.store.ledger import LEDGER, last_event_id, ledger_events
from core.store.ledger_index import ledger_index
from core.store.schema import upgrade
from core.values.fiscal import Precision
from core.values.municipality import Municipality
from core.values.succession import Succession
from core.views.procurement import procurement_view

FIRST, LAST = date(2012, 4, 1), date(2024, 3, 31)
READS, AIM = 300, 2.0
ROWS, DETAILED, MONTHS = 43, 5, 36
COUNTRY = (1741, 40, 1_000_000)
RESULTS = Path(__file__).parent / "results"
_LIFE = (
    EventKind.INTEREST,
    EventKind.PLANNED,
    EventKind.MANDATE,
    EventKind.JOINED,
    EventKind.LIVE,
    EventKind.LEFT,
    EventKind.INTEREST,
    EventKind.PLANNED,
    EventKind.JOINED_LATE,
    EventKind.LIVE,
    EventKind.LEFT,
    EventKind.PLANNED,
    EventKind.WITHDRAWN,
    EventKind.INTEREST,
    EventKind.PLANNED,
    EventKind.MANDATE,
    EventKind.JOINED_LATE,
)


@dataclass(frozen=True)
class Ledger:
    """A database, what its views take for the reference data, and what making its index cost."""

    engine: Engine
    reference: Reference
    events: int
    index_seconds: float


def reference_of(towns: int, systems: int) -> Reference:
    """The shipped data stretched to a size: areas, categories and published counts repeat."""
    osaka = pack()
    municipalities = tuple(
        replace(town, lg_code=f"{number:06}", name=f"団体{number}")
        for number, town in enumerate(islice(cycle(osaka.municipalities), towns))
    )
    originals = osaka.procurements.programmes
    programmes = tuple(
        originals[number % len(originals)].model_copy(update={"key": f"{number:02}"})
        for number in range(systems)
    )
    totals = tuple(
        replace(total, programme=programme.key)
        for number, programme in enumerate(programmes)
        for total in osaka.totals_of(originals[number % len(originals)].key)
    )
    return replace(
        osaka,
        succession=Succession.of(municipalities),
        procurements=osaka.procurements.model_copy(update={"programmes": programmes}),
        published_totals=totals,
    )


def rows_of(
    municipalities: tuple[Municipality, ...], systems: int, events: int, chance: random.Random
) -> Iterator[dict[str, object]]:
    """Valid lives of participants, spread over the years."""
    cells = len(municipalities) * systems
    span = (LAST - FIRST).days
    moment = datetime(2024, 4, 1, tzinfo=UTC)
    for cell in range(cells):
        length = events * (cell + 1) // cells - events * cell // cells
        days = sorted(chance.sample(range(span), length))
        for kind, offset in zip(islice(cycle(_LIFE), length), days, strict=True):
            day = FIRST + timedelta(days=offset)
            target = day + timedelta(days=200) if kind is EventKind.PLANNED else None
            yield {
                "participant": municipalities[cell // systems].lg_code,
                "programme": f"{cell % systems:02}",
                "lot": None,
                "kind": kind,
                "effective": day,
                "precision": Precision.DAY,
                "target": target and target.replace(day=1),
                "target_precision": target and Precision.MONTH,
                "source": "bench",
                "note": "",
                "corrects": None,
                "recorded_at": moment,
                "recorded_by": "bench",
            }


def ledger_of(folder: Path, towns: int, systems: int, events: int) -> Ledger:
    """A filled database with its index made."""
    reference = reference_of(towns, systems)
    engine = open_engine(URL.create("sqlite", database=str(folder / f"{towns}.db")))
    upgrade(engine)
    rows = rows_of(reference.municipalities, systems, events, random.Random(7))  # noqa: S311
    with writing(engine) as session:
        while some := list(islice(rows, 10_000)):
            session.execute(insert(LEDGER.table), some)
    began = time.perf_counter()
    with reading(engine) as session:
        ledger_index(session, reference.succession)
        recorded = last_event_id(session)
    return Ledger(engine, reference, recorded, time.perf_counter() - began)


def days() -> Iterator[date]:
    """Days over the whole span, none twice before all were asked."""
    span = (LAST - FIRST).days
    for number in count():
        yield FIRST + timedelta(days=number * 1597 % span)


def timed(act: Callable[[date], object], reads: int) -> float:
    """Median milliseconds."""
    found = []
    for day in islice(days(), reads):
        began = time.perf_counter()
        act(day)
        found.append((time.perf_counter() - began) * 1000)
    return median(found)


def read_screen(ledger: Ledger) -> Callable[[date], object]:
    """What the screen asks."""
    codes = tuple(town.lg_code for town in ledger.reference.municipalities[:ROWS])
    keys = tuple(each.key for each in ledger.reference.procurements.programmes[:DETAILED])
    return lambda day: procurement_view(
        ledger.engine,
        PUBLIC,
        ledger.reference,
        as_of=day,
        programmes=keys,
        participants=codes,
        months=MONTHS,
    )


def read_all(ledger: Ledger) -> Callable[[date], object]:
    """Everything at once."""
    return lambda day: procurement_view(
        ledger.engine, PUBLIC, ledger.reference, as_of=day, months=MONTHS
    )


def fold(ledger: Ledger) -> Callable[[date], object]:
    """The same screen without an index: read and fold every record."""

    def act(day: date) -> object:
        with reading(ledger.engine) as session:
            index = indexed(ledger_events(session), ledger.reference.succession)
        return [
            index.programme(each.key).counts(day)
            for each in ledger.reference.procurements.programmes
        ]

    return act


def take_in(ledger: Ledger) -> float:
    """Milliseconds of the screen just after another record was made."""
    towns = ledger.reference.municipalities
    row = next(rows_of(towns, 1, len(towns), random.Random(3)))  # noqa: S311
    with writing(ledger.engine) as session:
        last = list(ledger_events(session, participant=towns[0].lg_code, programme="00"))[-1]
        inside = last.kind in (EventKind.JOINED, EventKind.JOINED_LATE, EventKind.LIVE)
        row |= {"effective": LAST, "kind": EventKind.LEFT if inside else EventKind.JOINED_LATE}
        session.execute(insert(LEDGER.table), [row])
    began = time.perf_counter()
    read_screen(ledger)(LAST)
    return (time.perf_counter() - began) * 1000


def run(country: tuple[int, int, int], reads: int) -> dict[str, float]:
    """Measure and print."""
    towns, systems, events = country
    per_cell = events / (towns * systems)
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="noriai-bench-") as name:
        folder = Path(name)
        osaka = ledger_of(folder, ROWS, DETAILED, round(ROWS * DETAILED * per_cell))
        whole = ledger_of(folder, towns, systems, events)
        print(f"A  {ROWS} × {DETAILED}, {osaka.events:,} records")
        print(f"B  {towns:,} × {systems}, {whole.events:,} records")
        for label, ledger in (("A", osaka), ("B", whole)):
            figures[f"{label} index once, ms"] = ledger.index_seconds * 1000
            timed(read_screen(ledger), 20)
            figures[f"{label} screen, ms"] = timed(read_screen(ledger), reads)
            if label == "A":
                figures["A plain fold, counts only, ms"] = timed(fold(ledger), 5)
            else:
                figures["B' everything, ms"] = timed(read_all(ledger), 5)
            figures[f"{label} one new record, then the screen, ms"] = take_in(ledger)
        osaka.engine.dispose()
        whole.engine.dispose()
    for label, figure in figures.items():
        print(f"{label:46}{figure:12.2f}")
    ratio = figures["B screen, ms"] / figures["A screen, ms"]
    print(f"B/A {ratio:.2f}  aim: at most {AIM}  {'met' if ratio <= AIM else 'NOT MET'}")
    return figures | {"B/A": ratio}


def main() -> None:
    """All of it, written down."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reads", type=int, default=READS)
    chosen = options.parse_args()
    print(time.strftime("Noriai ledger benchmark, %Y-%m-%d %H:%M %z"), sys.version.split()[0])
    figures = run(COUNTRY, chosen.reads)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / time.strftime("ledger_%Y%m%dT%H%M%S.json")
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"written to {path.relative_to(RESULTS.parent.parent)}")


if __name__ == "__main__":
    main()
