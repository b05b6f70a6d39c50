"""国民の祝日: by name, from a library that follows the law."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import jpholiday


def holidays_between(first: date, last: date) -> dict[date, str]:
    """Every holiday from one day to another, both included, in order; a Sunday is none by itself.

    Days further on than the law is known are calculated from the law of today.

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
