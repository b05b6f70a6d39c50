"""Fiscal years (年度), Japanese eras (元号) and dates of stated precision."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

_ERAS = (("令和", "R", date(2019, 5, 1)), ("平成", "H", date(1989, 1, 8)))
FIRST_YEAR, LAST_YEAR = 1989, 2099
"""First and last fiscal year there can be."""

JAPAN = ZoneInfo("Asia/Tokyo")
"""The only time zone of readers."""

FISCAL_MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
"""Calendar months in the order of a fiscal year."""


class FiscalYear(int):
    """年度: April to March, named by the year it begins in; 1989 (平成元) to 2099.

    Examples:
        >>> FiscalYear(2023).label
        '令和5年度'
        >>> FiscalYear(2019).label
        '令和元年度'
        >>> FiscalYear(2023).full_label
        '令和5年度(2023年度)'
    """

    def __new__(cls, year: int) -> Self:
        if isinstance(year, bool) or not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"年度は{FIRST_YEAR}から{LAST_YEAR}までです: {year}")
        return super().__new__(cls, year)

    def __repr__(self) -> str:
        return f"FiscalYear({int(self)})"

    @classmethod
    def of(cls, day: date) -> Self:
        """The fiscal year a day lies in.

        Examples:
            >>> FiscalYear.of(date(2024, 3, 31)), FiscalYear.of(date(2024, 4, 1))
            (FiscalYear(2023), FiscalYear(2024))
        """
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 2023, 2023年度, 令和5年度, R5, 平成31年度, also in full width.

        Raises:
            ValueError: Not a fiscal year; the message is Japanese.

        Examples:
            >>> FiscalYear.parse("Ｒ５年度"), FiscalYear.parse("平成31年度")
            (FiscalYear(2023), FiscalYear(2019))
        """
        plain = unicodedata.normalize("NFKC", text).strip()
        if match := re.fullmatch(r"(\d{4})(?:年度)?", plain):
            return cls(int(match[1]))
        if match := re.fullmatch(r"(令和|平成|R|H)\s*(元|0?[1-9]|[1-9]\d)(?:年度)?", plain, re.I):
            return cls(_western_year(match[1], match[2]))
        raise ValueError(f"年度として読めません: {text[:40]}(例: 令和5年度、R5、2023)")

    @property
    def label(self) -> str:
        """令和5年度. The era is the one in force on most days of the year (2019 is 令和元)."""
        name, _, start = next(era for era in _ERAS if era[2].year <= self)
        number = int(self) - start.year + 1
        return f"{name}{'元' if number == 1 else number}年度"

    @property
    def short(self) -> str:
        """As numbers of records begin (受付番号, 照会番号); 元年 is 1.

        Examples:
            >>> FiscalYear(2023).short, FiscalYear(2019).short
            ('R5', 'R1')
        """
        _, letter, start = next(era for era in _ERAS if era[2].year <= self)
        return f"{letter}{self - start.year + 1}"

    @property
    def full_label(self) -> str:
        """令和5年度(2023年度)."""
        return f"{self.label}({int(self)}年度)"

    @property
    def first_day(self) -> date:
        """April 1st."""
        return date(self, 4, 1)

    @property
    def last_day(self) -> date:
        """March 31st of the next calendar year."""
        return date(self + 1, 3, 31)

    def month(self, month: int) -> date:
        """First day of a calendar month (1 to 12) within this fiscal year.

        Examples:
            >>> FiscalYear(2023).month(2)
            datetime.date(2024, 2, 1)
        """
        return date(self if month >= 4 else self + 1, month, 1)

    def months_from(self, start_month: int) -> tuple[date, ...]:
        """First days of the months left, ``start_month`` included.

        Examples:
            >>> len(FiscalYear(2023).months_from(7))
            9
        """
        return tuple(self.month(m) for m in FISCAL_MONTHS[FISCAL_MONTHS.index(start_month) :])


def _western_year(era: str, number: str) -> int:
    start = next(begin for name, letter, begin in _ERAS if era.upper() in (name, letter))
    return start.year + (1 if number == "元" else int(number)) - 1


def era_date(day: date) -> str:
    """A day as officials write it; Western before 平成.

    Examples:
        >>> era_date(date(2023, 6, 1)), era_date(date(2019, 4, 30))
        ('令和5年6月1日', '平成31年4月30日')
    """
    for name, _, start in _ERAS:
        if day >= start:
            number = day.year - start.year + 1
            return f"{name}{'元' if number == 1 else number}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


class Precision(StrEnum):
    """How exactly a date is known (日付の精度)."""

    DAY = "day"
    MONTH = "month"
    MONTH_OR_LATER = "month_or_later"
    FISCAL_YEAR = "fiscal_year"


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date known to the day, the month, from a month on, or to the fiscal year.

    Attributes:
        first: First day it can mean.
    """

    first: date
    precision: Precision

    @property
    def last(self) -> date:
        """Last day it can mean; for ``MONTH_OR_LATER`` the end of that fiscal year."""
        if self.precision is Precision.DAY:
            return self.first
        if self.precision is Precision.MONTH:
            return date(
                self.first.year,
                self.first.month,
                calendar.monthrange(self.first.year, self.first.month)[1],
            )
        return FiscalYear.of(self.first).last_day

    @property
    def label(self) -> str:
        """As a reader sees it.

        Examples:
            >>> parse_date("令和5年6月").label, parse_date("2023-07", later=True).label
            ('令和5年6月', '令和5年7月以降')
        """
        if self.precision is Precision.FISCAL_YEAR:
            return FiscalYear.of(self.first).label
        full = era_date(self.first)
        if self.precision is Precision.DAY:
            return full
        month = full[: full.index("月") + 1]
        return month + ("以降" if self.precision is Precision.MONTH_OR_LATER else "")


_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?")
_ERA_DATE = re.compile(
    r"(令和|平成|R|H)\s*(元|\d{1,2})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?", re.I
)


def parse_date(text: str, *, later: bool = False) -> PartialDate:
    """Read 2023-06-01, 令和5年6月1日, R5.6.1, 2023-06, 令和5年6月, 令和5年度, also in full width.

    Args:
        text: The date as written; a bare year (2023) is a fiscal year.
        later: A month is meant as "from this month on" (以降).

    Raises:
        ValueError: Not a date, or none of the era; the message is Japanese.

    Examples:
        >>> parse_date("R5.6.1").first, parse_date("令和5年6月").precision.value
        (datetime.date(2023, 6, 1), 'month')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if match := _DATE.fullmatch(plain):
        year, month, day = int(match[1]), int(match[2]), match[3]
    elif match := _ERA_DATE.fullmatch(plain):
        year, month, day = _western_year(match[1], match[2]), int(match[3]), match[4]
        name, _, start = next(e for e in _ERAS if match[1].upper() in (e[0], e[1]))
        if (year, month, int(day or 31)) < (start.year, start.month, start.day):
            raise ValueError(f"{name}は{start.year}年{start.month}月{start.day}日からです: {text}")
    else:
        try:
            return PartialDate(FiscalYear.parse(plain).first_day, Precision.FISCAL_YEAR)
        except ValueError:
            raise ValueError(
                f"日付として読めません: {text[:40]}(例: 2023-06-01、令和5年6月1日、R5.6.1)"
            ) from None
    try:
        first = date(year, month, int(day or 1))
    except ValueError:
        raise ValueError(f"実在しない日付です: {text}") from None
    month_precision = Precision.MONTH_OR_LATER if later else Precision.MONTH
    return PartialDate(first, Precision.DAY if day else month_precision)


def outside_fiscal_years(day: date) -> str:
    """Why a day cannot be used: it lies in no :class:`FiscalYear`; empty when it does.

    Examples:
        >>> outside_fiscal_years(date(1989, 4, 1))
        ''
    """
    first, last = FiscalYear(FIRST_YEAR).first_day, FiscalYear(LAST_YEAR).last_day
    if first <= day <= last:
        return ""
    return (
        f"{first.isoformat()}から{last.isoformat()}までの日付を指定してください: {day.isoformat()}"
    )


def day_in_japan(moment: datetime) -> date:
    """The day a moment is in Japan.

    Examples:
        >>> day_in_japan(datetime.fromisoformat("2023-03-31T15:00:00+00:00"))
        datetime.date(2023, 4, 1)
    """
    return moment.astimezone(JAPAN).date()


def japan_day(moment: datetime) -> str:
    """A moment as the day it is in Japan, for messages and lists.

    Examples:
        >>> japan_day(datetime.fromisoformat("2023-03-31T15:00:00+00:00"))
        '2023-04-01'
    """
    return day_in_japan(moment).isoformat()


def budget_request_year(day: date) -> FiscalYear:
    """The fiscal year a budget is being requested for: from October on the next one.

    仮定: municipalities issue their 予算編成方針 in autumn; the reader can choose another year.

    Examples:
        >>> budget_request_year(date(2023, 9, 30)), budget_request_year(date(2023, 10, 1))
        (FiscalYear(2023), FiscalYear(2024))
    """
    year = FiscalYear.of(day)
    return FiscalYear(year + 1) if 10 <= day.month <= 12 or day.month <= 3 else year
