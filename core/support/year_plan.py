"""年間の予定: the days of a plan's visits, month by month, in one step."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.support.contract import ContractLine, ContractTerms
from core.support.visit import Planned, Visit, VisitState
from core.support.visit_check import read_planned, taken_visits
from core.values.errors import InvalidInputError
from core.values.fiscal import PartialDate, Precision
from core.values.holidays import holidays_between

WEEKDAYS = "月火水木金"


@dataclass(frozen=True)
class DayRule:
    """Which day of each month (毎月の日の決め方).

    Attributes:
        weekday: 0 Monday to 4 Friday; None: only the month is planned.
        nth: Which of them, 1 to 4; 5 is the last one of the month.
    """

    weekday: int | None = None
    nth: int = 1

    @property
    def label(self) -> str:
        """As a reader sees it.

        Examples:
            >>> DayRule(2, 2).label, DayRule(4, 5).label, DayRule().label
            ('第2水曜', '最終金曜', '月だけ')
        """
        if self.weekday is None:
            return "月だけ"
        which = "最終" if self.nth == 5 else f"第{self.nth}"
        return f"{which}{WEEKDAYS[self.weekday]}曜"

    @property
    def usable(self) -> bool:
        """Whether it names a day there is."""
        return self.weekday is None or (0 <= self.weekday <= 4 and 1 <= self.nth <= 5)


def planned_months(
    line: ContractLine,
    terms: ContractTerms,
    visits: Iterable[Visit],
    *,
    first_month: date,
    rule: DayRule,
    today: date,
) -> list[PartialDate]:
    """When the visits of a plan that are neither planned nor held can be, one a month at most.

    Months in which one is planned or held already are left out, and what is over is as well. A day
    on which offices are closed moves to the next open one of the month within the term, else to the
    one before; where there is none, the month is left out.

    Args:
        visits: Of the contract, whatever the plan.
        first_month: Any day of the month it begins with.

    Examples:
        >>> from core.estimate.request import ExpenditureKind
        >>> from core.values.money import Yen
        >>> line = ContractLine(6, 2, Yen(0))
        >>> terms = ContractTerms(
        ...     date(2023, 4, 1), date(2023, 4, 1), date(2024, 3, 31), ExpenditureKind.COMMISSION, (line,)
        ... )
        >>> found = planned_months(
        ...     line, terms, (), first_month=date(2023, 5, 1), rule=DayRule(2, 1), today=date(2023, 4, 1)
        ... )
        >>> [when.first.isoformat() for when in found]  # 5月3日 is 憲法記念日, 4 and 5 are holidays too
        ['2023-05-08', '2023-06-07']
    """
    kept = list(visits)
    left = line.visits - taken_visits(kept, line.plan)
    used = {
        (when.first.year, when.first.month)
        for each in kept
        if each.plan == line.plan and each.state is not VisitState.CANCELLED and (when := each.when)
    }
    found: list[PartialDate] = []
    for month in _months(max(first_month, terms.first_day, today), terms.last_day):
        if len(found) >= left:
            break
        if (month.year, month.month) in used:
            continue
        when = _in_month(month, rule, max(terms.first_day, today), terms.last_day)
        if when is not None:
            found.append(when)
    return found


def check_usual(usual: Planned, plans: Collection[int], rule: DayRule) -> Planned:
    """What all visits of a year have in common, as it is kept; its day is not looked at.

    Raises:
        InvalidInputError: Every field that cannot be used, ``plan`` and ``rule`` among them.
    """
    problems: dict[str, str] = {}
    kept = read_planned(usual, problems)
    if not plans:
        problems["plan"] = "予定するプランを選んでください。"
    if not rule.usable:
        problems["rule"] = "曜日は月曜から金曜、週は第1から第4か最終で選んでください。"
    if rule.weekday is None and usual.start is not None:
        problems["start"] = "開始時刻は日を決めるときに入れてください。"
    if problems:
        raise InvalidInputError(problems)
    return kept


def closed_on(day: date) -> bool:
    """Whether municipal offices are closed: weekends, holidays, 12月29日 to 1月3日."""
    turn = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() >= 5 or turn or day in holidays_between(day, day)


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def _in_month(month: date, rule: DayRule, earliest: date, latest: date) -> PartialDate | None:
    end = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    if rule.weekday is None:
        return PartialDate(month, Precision.MONTH) if end >= earliest else None
    wished = _nth(month, end, rule.weekday, rule.nth)
    after = (wished + timedelta(days=n) for n in range((end - wished).days + 1))
    before = (wished - timedelta(days=n) for n in range(1, (wished - month).days + 1))
    for day in (*after, *before):
        if earliest <= day <= latest and not closed_on(day):
            return PartialDate(day, Precision.DAY)
    return None


def _nth(month: date, end: date, weekday: int, nth: int) -> date:
    if nth == 5:
        return end - timedelta(days=(end.weekday() - weekday) % 7)
    return month + timedelta(days=(weekday - month.weekday()) % 7 + 7 * (nth - 1))
