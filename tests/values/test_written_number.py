"""Amounts, counts and times as people write them; the fields read the same list (tests/pages)."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.values.fiscal import JAPAN
from core.values.written_number import YEN, Clock, counted, read_clock, read_decimal, read_number
from tests.support.written import CLOCK_CASES, VISIT_CASES, YEN_CASES


@pytest.mark.parametrize(("text", "expected"), YEN_CASES.items())
def test_an_amount_is_read_whole_or_refused_with_the_reason(text: str, expected: int | str) -> None:
    if isinstance(expected, int):
        assert read_number(text) == expected
    else:
        with pytest.raises(ValueError, match=expected):
            read_number(text)


@pytest.mark.parametrize(("text", "expected"), VISIT_CASES.items())
def test_a_count_stays_within_its_bounds(text: str, expected: int | str) -> None:
    visits = counted("回", "回数")
    if isinstance(expected, int):
        assert read_number(text, visits, least=1, most=12) == expected
    else:
        with pytest.raises(ValueError, match=expected):
            read_number(text, visits, least=1, most=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("１２．５０人", "12.5"),
        ("1.25万", "12500"),
        ("1,234.5", "1234.5"),
        ("△0.05", "-0.05"),
        ("-0.0", "0"),
        ("9" * 40 + ".25", "9" * 40 + ".25"),
        ("0.125", "小数点以下は2桁までにしてください"),
        ("12,34.5", "数として読めません"),
        ("1e2", "読めません。12.5、1,200のように書いてください"),
        ("NaN", "数として読めません"),
        ("12.5千円", "数として読めません"),
    ],
)
def test_a_number_with_decimals_is_read_by_the_same_rule(text: str, expected: str) -> None:
    people = counted("人")
    if expected[0] in "-0123456789":
        assert str(read_decimal(text, people, decimals=2)) == expected
    else:
        with pytest.raises(ValueError, match=expected):
            read_decimal(text, people, decimals=2)


def test_a_number_with_decimals_stays_within_its_bounds() -> None:
    people = counted("人")
    assert read_decimal("12", people, decimals=1, least=1, most=12) == 12
    for text in ("0.9", "12.1"):
        with pytest.raises(ValueError, match="1人から12人までの数を書いてください"):
            read_decimal(text, people, decimals=1, least=1, most=12)


@pytest.mark.parametrize(("text", "expected"), CLOCK_CASES.items())
def test_a_time_is_read_whole_or_refused_with_the_reason(text: str, expected: str) -> None:
    if ":" in expected and len(expected) <= 5:
        assert str(read_clock(text)) == expected
    else:
        with pytest.raises(ValueError, match=expected):
            read_clock(text)


_KANJI = "〇一二三四五六七八九"


def in_kanji(number: int) -> str:
    """An independent writer: 120 is 百二十."""
    if number == 0:
        return "〇"
    said = ""
    for scale, great in ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        part, number = divmod(number, scale)
        if not part:
            continue
        for place, small in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, part = divmod(part, place)
            if digit:
                said += (_KANJI[digit] if digit > 1 or not small else "") + small
        said += great
    return said


@given(st.integers(0, 10**16 - 1))
def test_every_way_to_write_an_amount_comes_back_as_it(number: int) -> None:
    great, rest = divmod(number, 10**4)
    ways = [str(number), f"{number:,}", YEN.told(number), in_kanji(number)]
    if great:
        ways.append(f"{great:,}万{rest}" if great < 10**4 and rest else str(number))
    assert {read_number(way) for way in ways} == {number}


@given(st.text("0123456789万千百億円,.十-一 ", max_size=12))
def test_a_text_is_a_number_or_refused_in_japanese(text: str) -> None:
    refused = ""
    try:
        number = read_number(text, least=None)
    except ValueError as error:
        refused = str(error)
    assert refused.endswith("。") or read_number(f"{number:,}", least=None) == number


def test_the_end_of_a_day_is_later_than_any_time_of_it() -> None:
    assert Clock(23, 59) < Clock(24)
    assert Clock(24).on(date(2026, 2, 28)) == datetime(2026, 3, 1, tzinfo=JAPAN)
    assert Clock(9, 30).on(date(2026, 2, 28)) == datetime(2026, 2, 28, 9, 30, tzinfo=JAPAN)
    assert Clock.of(time(17, 5)) == Clock(17, 5)
    assert Clock(17, 5).time == time(17, 5)
    with pytest.raises(ValueError, match="hour"):
        _ = Clock(24).time


@pytest.mark.parametrize("wrong", [(24, 1), (25, 0), (-1, 0), (3, 60), (3, -1)])
def test_there_is_no_other_time(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="day"):
        Clock(*wrong)
