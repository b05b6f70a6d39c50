"""Fiscal years, eras and dates, most of all around March 31st."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.values.fiscal import (
    FISCAL_MONTHS,
    JAPAN,
    FiscalYear,
    PartialDate,
    Precision,
    budget_request_year,
    era_date,
    japan_day,
    parse_date,
)

TURN_OF_THE_YEAR = [
    date(year, 3, 26) + timedelta(days=offset)
    for year in (1990, 2019, 2020, 2024, 2099)
    for offset in range(12)
]
NEAR_MARCH_31ST = st.sampled_from(TURN_OF_THE_YEAR)
DAYS = st.dates(date(1989, 4, 1), date(2100, 3, 31))
YEARS = st.integers(1989, 2099).map(FiscalYear)


def model_year(day: date) -> int:
    """Written differently: count back to the last April 1st."""
    while (day.month, day.day) != (4, 1):
        day -= timedelta(days=1)
    return day.year


@pytest.mark.parametrize("day", TURN_OF_THE_YEAR, ids=str)
def test_a_fiscal_year_begins_on_april_first(day: date) -> None:
    year = FiscalYear.of(day)
    assert year == model_year(day)
    assert year.first_day <= day <= year.last_day


@given(st.one_of(NEAR_MARCH_31ST, DAYS))
def test_every_day_lies_in_exactly_one_fiscal_year(day: date) -> None:
    year = FiscalYear.of(day)
    assert type(year) is FiscalYear
    assert year.first_day <= day <= year.last_day
    assert year.month(day.month) == day.replace(day=1)
    if year > 1989:
        assert FiscalYear(year - 1).last_day + timedelta(days=1) == year.first_day


@given(YEARS, st.integers(1, 12))
def test_months_left_run_to_march_without_a_gap(year: FiscalYear, start: int) -> None:
    months = year.months_from(start)
    assert months[0] == year.month(start)
    assert months[-1] == year.month(3)
    assert [m.month for m in months] == list(FISCAL_MONTHS[-len(months) :])
    assert all(FiscalYear.of(m) == year for m in months)
    assert len(months) == (16 - start if start > 3 else 4 - start)


@pytest.mark.parametrize(("start", "left"), [(4, 12), (7, 9), (10, 6), (12, 4), (1, 3), (3, 1)])
def test_months_left_as_counted_by_hand(start: int, left: int) -> None:
    assert len(FiscalYear(2023).months_from(start)) == left


@pytest.mark.parametrize(
    ("year", "label"),
    [
        (1989, "平成元年度"),
        (1990, "平成2年度"),
        (2018, "平成30年度"),
        (2019, "令和元年度"),
        (2020, "令和2年度"),
        (2023, "令和5年度"),
        (2099, "令和81年度"),
    ],
)
def test_a_fiscal_year_is_named_by_its_era(year: int, label: str) -> None:
    assert FiscalYear(year).label == label
    assert FiscalYear(year).full_label == f"{label}({year}年度)"


@given(YEARS)
def test_every_spelling_of_a_fiscal_year_is_read_back(year: FiscalYear) -> None:
    era, rest = year.label[:2], year.label[2:].removesuffix("年度")
    letter = {"令和": "R", "平成": "H"}[era]
    wide = str(int(year)).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    number = "1" if rest == "元" else rest
    for text in (
        year.label,
        str(int(year)),
        f"{int(year)}年度",
        wide,
        f"{wide}年度",
        f"{era}{rest}",
        f"{era}{number}年度",
        f"{letter}{number}",
        f"{letter.lower()}{number}",
        f"{letter}{number}年度",
        f"{letter} {number}",
        f" {year.label} ",
    ):
        assert FiscalYear.parse(text) == year, text
        assert type(FiscalYear.parse(text)) is FiscalYear


def test_the_last_year_of_an_era_may_be_named_by_either() -> None:
    assert FiscalYear.parse("平成31年度") == FiscalYear.parse("令和元年度") == 2019


@pytest.mark.parametrize(
    "text",
    [
        "",
        "年度",
        "令和",
        "令和年度",
        "5",
        "20233",
        "2023年",
        "R5年",
        "R100",
        "昭和63年度",
        "S63",
        "1988",
        "2100",
        "０",
        "令和五年度",
        "R-5",
        "R5.6",
        "-2023",
        "2023.0",
        "9" * 5000,
        "😀",
        "令和0年度",
        "R0",
        "平成0年度",
    ],
    ids=lambda text: repr(text[:8]),
)
def test_what_is_no_fiscal_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="年度"):
        FiscalYear.parse(text)


@pytest.mark.parametrize("year", [1988, 2100, 0, -1, True, 10**30])
def test_fiscal_years_have_bounds(year: int) -> None:
    with pytest.raises(ValueError, match="1989から2099"):
        FiscalYear(year)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 12, 31), "令和元年12月31日"),
        (date(2020, 1, 1), "令和2年1月1日"),
        (date(1989, 1, 7), "1989年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1990, 1, 1), "平成2年1月1日"),
        (date(2024, 2, 29), "令和6年2月29日"),
    ],
)
def test_eras_change_on_their_day(day: date, words: str) -> None:
    assert era_date(day) == words
    assert parse_date(words) == PartialDate(day, Precision.DAY)


@given(st.one_of(NEAR_MARCH_31ST, st.dates(date(1989, 1, 8), date(2099, 12, 31))))
def test_every_spelling_of_a_day_is_read_back(day: date) -> None:
    words = era_date(day)
    era, rest = words[:2], words[2:].removesuffix("日").replace("年", ".").replace("月", ".")
    short = {"令和": "R", "平成": "H"}[era] + rest
    wide = day.isoformat().translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    for text in (
        words,
        short,
        short.lower(),
        short.replace(".", "/"),
        short.replace(".", "-"),
        short.replace("元", "1"),
        day.isoformat(),
        wide,
        f"{day:%Y/%m/%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f" {words} ",
    ):
        assert parse_date(text) == PartialDate(day, Precision.DAY), text
    assert parse_date(words).label == words


@pytest.mark.parametrize(
    ("text", "first", "last", "precision", "label"),
    [
        ("2023-06", date(2023, 6, 1), date(2023, 6, 30), Precision.MONTH, "令和5年6月"),
        ("令和6年2月", date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH, "令和6年2月"),
        ("R5.2", date(2023, 2, 1), date(2023, 2, 28), Precision.MONTH, "令和5年2月"),
        ("2019年5月", date(2019, 5, 1), date(2019, 5, 31), Precision.MONTH, "令和元年5月"),
        ("令和元年5月", date(2019, 5, 1), date(2019, 5, 31), Precision.MONTH, "令和元年5月"),
        ("令和5年度", date(2023, 4, 1), date(2024, 3, 31), Precision.FISCAL_YEAR, "令和5年度"),
        ("2023", date(2023, 4, 1), date(2024, 3, 31), Precision.FISCAL_YEAR, "令和5年度"),
        ("R5.6.1", date(2023, 6, 1), date(2023, 6, 1), Precision.DAY, "令和5年6月1日"),
    ],
)
def test_dates_known_less_exactly(
    text: str, first: date, last: date, precision: Precision, label: str
) -> None:
    read = parse_date(text)
    assert (read.first, read.last, read.precision, read.label) == (first, last, precision, label)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2023-07", date(2024, 3, 31)),
        ("2024-03", date(2024, 3, 31)),
        ("2024-04", date(2025, 3, 31)),
    ],
)
def test_a_month_or_later_lasts_to_the_end_of_its_fiscal_year(text: str, last: date) -> None:
    read = parse_date(text, later=True)
    assert read.precision is Precision.MONTH_OR_LATER
    assert read.last == last
    assert read.label.endswith("以降")


@given(NEAR_MARCH_31ST)
def test_a_day_stays_a_day_even_when_later_is_meant(day: date) -> None:
    read = parse_date(day.isoformat(), later=True)
    assert read.first == read.last == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和元年4月30日", "令和は2019年5月1日から"),
        ("令和元年4月", "令和は2019年5月1日から"),
        ("平成元年1月7日", "平成は1989年1月8日から"),
        ("H1.1.7", "平成は1989年1月8日から"),
        ("令和0年6月1日", "令和は2019年5月1日から"),
        ("2023-02-29", "実在しない"),
        ("2023-13-01", "実在しない"),
        ("2023-00-01", "実在しない"),
        ("2023-06-31", "実在しない"),
        ("令和5年2月30日", "実在しない"),
        ("0000-01-01", "実在しない"),
        ("", "日付として読めません"),
        ("昭和63年1月1日", "日付として読めません"),
        ("2023-6-1-1", "日付として読めません"),
        ("6月1日", "日付として読めません"),
        ("明日", "日付として読めません"),
        ("2023-06-01T00:00", "日付として読めません"),
        ("9" * 5000, "日付として読めません"),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_what_is_no_date_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_date(text)


def test_a_moment_is_shown_as_the_day_it_is_in_japan() -> None:
    assert japan_day(datetime(2023, 3, 31, 14, 59, 59, tzinfo=UTC)) == "2023-03-31"
    assert japan_day(datetime(2023, 3, 31, 15, 0, tzinfo=UTC)) == "2023-04-01"
    assert japan_day(datetime(2023, 4, 1, 0, 0, tzinfo=JAPAN)) == "2023-04-01"


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2023, 3, 31), 2023),
        (date(2023, 4, 1), 2023),
        (date(2023, 9, 30), 2023),
        (date(2023, 10, 1), 2024),
        (date(2023, 12, 31), 2024),
        (date(2024, 1, 1), 2024),
        (date(2024, 3, 31), 2024),
    ],
)
def test_from_october_on_the_next_budget_is_requested(day: date, year: int) -> None:
    assert budget_request_year(day) == year
