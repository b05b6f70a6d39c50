"""国民の祝日: by name, from a library that follows the law."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import jpholiday


def holiday_name(day: date) -> str | None:
    """Name of a day's holiday; None on other days, Sundays included.

    Days further on than the law is known are calculated from the law of today.

    Examples:
        >>> holiday_name(date(2022, 8, 11)), holiday_name(date(2022, 8, 12))
        ('山の日', None)
    """
    return _of_year(day.year).get(day)


def holidays_between(first: date, last: date) -> dict[date, str]:
    """Every holiday from one day to another, both included, in order.

    Examples:
        >>> list(holidays_between(date(2023, 5, 1), date(2023, 5, 6)).values())
        ['憲法記念日', 'みどりの日', 'こどもの日']
    """
    return {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in _of_year(year).items()
        if first <= day <= last
    }


@lru_cache(maxsize=64)
def _of_year(year: int) -> dict[date, str]:
    return dict(sorted(jpholiday.year_holidays(year)))
