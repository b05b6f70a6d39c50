"""累計の推移: participants month by month, what has happened apart from what is foreseen."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from core.procurement.counting import CountBasis, Counts
from core.procurement.index import ProgrammeIndex


@dataclass(frozen=True, slots=True)
class MonthCount:
    """What had happened by a month's end, or by 基準日 in its month.

    Attributes:
        month: First day of the month.
        day: Day the counts hold for.
        counts: Where the municipalities stood.
    """

    month: date
    day: date
    counts: Counts


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """How many would take part by a month's end if every foreseen participation came about.

    Attributes:
        month: First day of the month.
        total: Those taking part on 基準日 and those foreseen by then.
    """

    month: date
    total: int


@dataclass(frozen=True)
class Series:
    """The cumulative series of one programme on one basis; actual and planned never mix.

    Attributes:
        basis: 集計基準.
        actual: Month by month up to 基準日; empty before anything is recorded.
        planned: The months after 基準日 in which something is foreseen.
        overdue: Foreseen for 基準日's month or earlier, not taking part yet.
        undated: Foreseen without saying when.
    """

    basis: CountBasis
    actual: tuple[MonthCount, ...]
    planned: tuple[MonthPlan, ...]
    overdue: int
    undated: int


def series(
    programme: ProgrammeIndex, as_of: date, basis: CountBasis, months: int | None = None
) -> Series:
    """The series of one programme as of a day.

    Args:
        programme: Its index.
        as_of: 基準日, inclusive.
        basis: 有償版, or 有償版・無償版. On the latter a free edition foreseen to become paid is
            counted already.
        months: Only that many months up to 基準日's; None for all since the first record.

    Raises:
        ValueError: On another basis a series would mix what is with what is foreseen.
    """
    if basis not in (CountBasis.PAID, CountBasis.PAID_OR_FREE):
        raise ValueError(basis)
    free = basis is CountBasis.PAID
    foreseen = {
        month: numbers[0] + (numbers[1] if free else 0)
        for month, numbers in programme.foreseen(as_of).items()
    }
    this_month = as_of.replace(day=1)
    total = programme.counts(as_of).on(basis) or 0
    overdue, planned = 0, []
    for month, number in foreseen.items():
        if month is None or not number:
            continue
        if month <= this_month:
            overdue += number
        else:
            total += number
            planned.append(MonthPlan(month, total))
    return Series(
        basis,
        _actual(programme, as_of, months),
        tuple(planned),
        overdue,
        foreseen.get(None, 0),
    )


def _actual(programme: ProgrammeIndex, as_of: date, months: int | None) -> tuple[MonthCount, ...]:
    first = programme.first_day
    if first is None or first > as_of:
        return ()
    begin = _number(first) if months is None else max(_number(first), _number(as_of) - months + 1)
    found = []
    for number in range(begin, _number(as_of) + 1):
        month = date(number // 12, number % 12 + 1, 1)
        last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        day = min(last, as_of)
        found.append(MonthCount(month, day, programme.counts(day)))
    return tuple(found)


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1
