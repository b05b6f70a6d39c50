"""累計の推移: participants month by month, what has happened apart from what is foreseen."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.procurement.counting import CountBasis, Counts
from core.procurement.index import ProgrammeIndex


@dataclass(frozen=True, slots=True)
class MonthCount:
    """What had happened by a month's end, or by the last day of the series in its month."""

    month: date  # first day of the month
    day: date  # day the counts hold for
    counts: Counts  # where the municipalities stood


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """How many would take part by a month's end if every foreseen participation came about."""

    month: date  # first day of the month
    day: date  # first day of the month that still lies ahead
    total: int  # those taking part by then, as recorded, and those foreseen by then


@dataclass(frozen=True)
class Series:
    """The cumulative series of one programme on one basis; actual and planned never mix."""

    basis: CountBasis
    until: date  # last day of ``actual``: 基準日, or today where that comes first
    # month by month up to ``until``; empty before anything is recorded
    actual: tuple[MonthCount, ...]
    # the months after ``until`` in which something is foreseen, or recorded with a day that has not
    # come
    planned: tuple[MonthPlan, ...]
    overdue: int  # foreseen for the month of ``until`` or earlier, not taking part yet
    undated: int  # foreseen without saying when
    # days from which the counts are the number (True) or only the known names (False); before the
    # first they are the known names
    covered: tuple[tuple[date, bool], ...] = ()


def series(
    programme: ProgrammeIndex,
    as_of: date,
    basis: CountBasis,
    months: int | None = None,
    today: date | None = None,
    covered: tuple[tuple[date, bool], ...] = (),
) -> Series:
    """The series of one programme as of a day.

    Args:
        basis: 有償版, or 有償版・無償版. On the latter a free edition foreseen to become paid is
            counted already.
        months: Only that many months up to the last actual one; None for all since the first
            record.
        today: What is recorded for a later day has not happened; None for a 基準日 not after it.
        covered: What ``coverage.complete_from`` says of the basis.

    Raises:
        ValueError: On another basis a series would mix what is with what is foreseen.
    """
    if basis not in (CountBasis.PAID, CountBasis.PAID_OR_FREE):
        raise ValueError(basis)
    until = as_of if today is None else min(as_of, today)
    foreseen = _foreseen(programme, as_of, basis)
    this_month = until.replace(day=1)
    return Series(
        basis,
        until,
        _actual(programme, until, months),
        tuple(_planned(programme, as_of, until, basis)),
        sum(number for month, number in foreseen.items() if month and month <= this_month),
        foreseen.get(None, 0),
        covered,
    )


def _foreseen(programme: ProgrammeIndex, day: date, basis: CountBasis) -> dict[date | None, int]:
    free = basis is CountBasis.PAID
    return {
        month: numbers[0] + (numbers[1] if free else 0)
        for month, numbers in programme.foreseen(day).items()
    }


def _planned(
    programme: ProgrammeIndex, as_of: date, until: date, basis: CountBasis
) -> Iterator[MonthPlan]:
    """The months in which the number changes, from the day after ``until`` on."""
    this_month = until.replace(day=1)
    aims = _foreseen(programme, as_of, basis)
    ahead = {month for month in aims if month is not None and month > this_month}
    if as_of > until:
        ahead |= {_month(number) for number in range(_number(until), _number(as_of) + 1)}
    before = programme.counts(until).on(basis) or 0
    for month in sorted(ahead):
        day = min(_last_day(month), as_of)
        total = (programme.counts(day).on(basis) or 0) + sum(
            number
            for aim, number in (aims if day == as_of else _foreseen(programme, day, basis)).items()
            if aim is not None and this_month < aim <= month
        )
        if total != before:
            yield MonthPlan(month, max(month, until + timedelta(days=1)), total)
        before = total


def _actual(programme: ProgrammeIndex, until: date, months: int | None) -> tuple[MonthCount, ...]:
    first = programme.first_day
    if first is None or first > until:
        return ()
    begin = _number(first) if months is None else max(_number(first), _number(until) - months + 1)
    found = []
    for number in range(begin, _number(until) + 1):
        month = _month(number)
        day = min(_last_day(month), until)
        found.append(MonthCount(month, day, programme.counts(day)))
    return tuple(found)


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _last_day(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])
