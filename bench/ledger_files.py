"""How long a large file takes until every row of it is shown with what would become of it.

``make bench``. A ledger of 100,000 rows, as Excel saves it (days as days, codes as numbers) and as
CSV, goes through the view the screen asks, the reading process included, on an empty ledger in
SQLite. Beside it: openpyxl reading the cells of the same workbook and nothing more. Aim: the
workbook within 15 seconds. Written as JSON to bench/results/.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import openpyxl
from sqlalchemy import URL
from xlsxwriter.workbook import Workbook

from core.access.principal import CONSOLE
from core.cli.context import pack
from core.imports.ledger.plan import Outcome, Preview
from core.store.engine import open_engine
from core.store.schema import upgrade
from core.values.fiscal import JAPAN
from core.views.ledger import ledger_import_view

T = TypeVar("T")

ROWS, AIM_SECONDS = 100_000, 15
RESULTS = Path(__file__).parent / "results"
HEADINGS = (
    "団体コード",
    "団体名",
    "共同調達",
    "区分",
    "種類",
    "適用日",
    "開始予定",
    "出典",
    "備考",
)
_NOW = datetime(2023, 11, 1, 9, 0, tzinfo=JAPAN)


def rows(number: int) -> Iterator[tuple[str | int | date, ...]]:
    """Rows that are all new: a municipality in a system says something else every day."""
    towns, systems = pack().municipalities, ("chat", "docs", "econtract", "talent")
    cells = len(towns) * len(systems)
    for place in range(number):
        town, system = towns[place % len(towns)], systems[place // len(towns) % len(systems)]
        day = date(2021, 4, 1) + timedelta(days=place // cells)
        yield (
            int(town.lg_code), town.name, system, "", "関心", day, "", f"通知{place % 500}", f"備考{place}",
        )  # fmt: skip


def as_csv(number: int) -> bytes:
    """The rows as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(rows(number))
    return text.getvalue().encode("utf-8-sig")


def as_workbook(number: int) -> bytes:
    """The rows as Excel keeps them."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "default_date_format": "yyyy/m/d"}) as made:
        sheet = made.add_worksheet("参加台帳")
        for place, row in enumerate([HEADINGS, *rows(number)]):
            sheet.write_row(place, 0, row)
    return content.getvalue()


def run(number: int = ROWS) -> dict[str, float]:
    """Measure, print, and give the figures."""
    book, table = as_workbook(number), as_csv(number)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(URL.create("sqlite", database=str(Path(folder) / "bench.db")))
        upgrade(engine)

        def preview(content: bytes) -> Preview:
            return ledger_import_view(
                engine, CONSOLE, pack(), content=content, accept_names=False, now=_NOW
            )

        seconds, found = _timed(lambda: preview(book))
        _expect(len(found.of(Outcome.NEW)), number)
        csv_seconds, found = _timed(lambda: preview(table))
        _expect(len(found.of(Outcome.NEW)), number)
        engine.dispose()
    read_seconds, cells = _timed(lambda: _cells(book))
    _expect(cells, (number + 1) * len(HEADINGS))
    figures = {
        "rows": float(number),
        "xlsx preview, s": seconds,
        "csv preview, s": csv_seconds,
        "openpyxl reads the cells, s": read_seconds,
    }
    for name, value in figures.items():
        print(f"{name:>30}  {value:,.2f}")
    met = "met" if seconds <= AIM_SECONDS else "NOT MET"
    print(f"aim: {ROWS:,} rows of a workbook within {AIM_SECONDS} s  {met}")
    return figures


def _expect(found: int, wanted: int) -> None:
    if found != wanted:
        raise RuntimeError(
            f"{found:,} instead of {wanted:,}: what was measured is not what is meant"
        )


def _cells(book: bytes) -> int:
    sheet = openpyxl.load_workbook(io.BytesIO(book), read_only=True).worksheets[0]
    return sum(len(row) for row in sheet.iter_rows(values_only=True))


def _timed(make: Callable[[], T]) -> tuple[float, T]:
    begin = time.perf_counter()
    made = make()
    return time.perf_counter() - begin, made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    measured = run(parser.parse_args().rows)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "ledger_files.json").write_text(json.dumps(measured, indent=2), "utf-8")
