"""The pack of Osaka, and two later years that were opened after it.

From 令和9年度 on plan 3 is gone, plan 8 costs 120,000 yen a visit, six times a year at most, and
nobody has published a wish; in 令和10年度 plan 8 costs more and plan 6 less.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core.reference.catalogue import Catalogue, YearState, first_entries, year_entry
from core.reference.entry import Entry, content_of
from core.values.fiscal import JAPAN, FiscalYear
from tests.support.reference import REFERENCE

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=JAPAN)
FIRST, NEXT, AFTER = FiscalYear(2023), FiscalYear(2027), FiscalYear(2028)
_UNPUBLISHED = ("participants", "wishes")


def _offered() -> Iterator[Entry]:
    first = first_entries(REFERENCE.files, FIRST, NOW, "data")
    yield from first
    of_the_year = [e for e in first if e.fiscal_year == FIRST and e.part != "year"]
    fees: dict[FiscalYear, dict[str, dict[str, Any]]] = {
        NEXT: {"8": {"unit_price": 120_000, "visits": 6}},
        AFTER: {"8": {"unit_price": 130_001, "visits": 6}, "6": {"unit_price": 90_000}},
    }
    for year, own in fees.items():
        for entry in of_the_year:
            value = entry.value
            if entry.part == "talent":
                value = _unpublished({**value, "fiscal_year": int(year)})
            if entry.part == "plans":
                value = _unpublished(value) | own.get(entry.key, {})
                if entry.key == "3":
                    continue
                if entry.key == "7":
                    yield _said("plans", "7", value, year)
                    eighth = {"number": 8, "name": "生成AI活用支援プラン", "short_name": "生成AI"}
                    value = value | eighth | {"corrections": ()} | own["8"]
                    yield _said("plans", "8", value, year)
                    continue
            yield _said(entry.part, entry.key, value, year)
        yield year_entry(year, YearState.PUBLISHED, "", NOW, "jimukyoku")


def _unpublished(value: dict[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in value.items() if not key.startswith(_UNPUBLISHED)}


def _said(part: str, key: str, value: object, year: FiscalYear) -> Entry:
    return Entry(part, key, year, content_of(value), "", NOW, "jimukyoku")


CATALOGUE = Catalogue(_offered())
OPENED = CATALOGUE.of(FIRST)
"""令和5年度 of it; ``OPENED.of(year)`` for any other."""
