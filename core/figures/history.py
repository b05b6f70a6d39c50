"""推移: the value of each day on which it may have changed, computed, never collected by a job."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.figures.indicator import Indicator, KpiFilter
from core.figures.known import Known
from core.procurement.headline import Origin
from core.procurement.published import PublishedTotal
from core.values.figure import Status, Value

MOST_DAYS = 400
"""More changes than this are looked at by the end of each month."""


@dataclass(frozen=True)
class Point:
    """The value from a day on, until the next point."""

    day: date
    value: Value


def history(
    indicator: Indicator,
    known: Known,
    first: date,
    as_of: date,
    chosen: KpiFilter,
    *,
    drawn: bool = False,
) -> tuple[Point, ...]:
    """What a fact was from ``first`` to 基準日; only days that brought another value.

    Args:
        first: Where the history begins, inclusive.
        as_of: 基準日, inclusive; the last point is of this day.
        drawn: As a line: unknown while the number is one that somebody published, which stands at
            the day it was published for and not between.
    """
    found: list[Point] = []
    for day in _days(indicator, known, first, as_of):
        value = indicator.value(indicator.parts(known, day, chosen))
        if drawn and indicator.born and indicator.born(known, day).origin is Origin.PUBLISHED:
            value = None
        if not found or found[-1].value != value or day == as_of:
            found.append(Point(day, value))
    return tuple(found)


def published_by(indicator: Indicator, known: Known, as_of: date) -> tuple[PublishedTotal, ...]:
    """公表値 on the basis of a fact, of any day up to 基準日, and those foreseen for later by then.

    When a plan was said is not known; it is told from the first day its source speaks of.
    """
    if indicator.points is None:
        return ()
    said: dict[tuple[str, str], date] = {}
    for total in known.reference.published_totals:
        key = total.programme, total.source
        said[key] = min(said.get(key, total.as_of.first), total.as_of.first)
    return tuple(
        total
        for total in indicator.points(known)
        if total.as_of.first <= as_of
        or (total.status is not Status.ACTUAL and said[total.programme, total.source] <= as_of)
    )


def _days(indicator: Indicator, known: Known, first: date, as_of: date) -> Sequence[date]:
    if first > as_of:
        return (as_of,)
    changed = {day for day in indicator.changes(known) if first <= day <= as_of}
    if len(changed) > MOST_DAYS:
        changed = {min(_month_end(day), as_of) for day in changed}
    return sorted(changed | {first, as_of})


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def year_before(day: date) -> date:
    """The same day of the year before; February 29th becomes the 28th.

    Examples:
        >>> year_before(date(2024, 2, 29)).isoformat()
        '2023-02-28'
    """
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return (day - timedelta(days=1)).replace(year=day.year - 1)
