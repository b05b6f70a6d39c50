"""国民の祝日: days the law names, substitute holidays, the years of the Olympic games."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.values.holidays import holidays_between
from tests.support.reference import REFERENCE


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2022, 5, 3), "憲法記念日"),
        (date(2022, 7, 18), "海の日"),
        (date(2022, 9, 23), "秋分の日"),
        (date(2022, 11, 3), "文化の日"),
        (date(2023, 1, 2), "元日 振替休日"),
        (date(2023, 2, 23), "天皇誕生日"),
        (date(2023, 3, 21), "春分の日"),
        (date(2026, 9, 22), "国民の休日"),
        (date(2021, 10, 11), None),  # スポーツの日 was moved for the games
        (date(2022, 8, 12), None),
        (date(2022, 6, 22), None),
    ],
)
def test_holidays_are_those_of_the_law(day: date, name: str | None) -> None:
    assert holidays_between(day, day).get(day) == name


def test_a_span_includes_both_ends_and_crosses_years() -> None:
    found = holidays_between(date(2022, 12, 31), date(2023, 1, 9))
    assert list(found) == [date(2023, 1, 1), date(2023, 1, 2), date(2023, 1, 9)]
    assert holidays_between(date(2023, 1, 10), date(2023, 1, 9)) == {}


def test_no_training_of_the_founding_year_was_held_on_a_holiday() -> None:
    days = [s.date for t in REFERENCE.trainings.trainings for s in t.sessions]
    assert [day for day in days if holidays_between(day, day)] == []


def test_a_span_says_what_each_day_says() -> None:
    first = date(2022, 4, 1)
    days = [first + timedelta(days=number) for number in range(730)]
    one_by_one = [holidays_between(day, day) for day in days]
    assert holidays_between(days[0], days[-1]) == {
        day: name for found in one_by_one for day, name in found.items()
    }
