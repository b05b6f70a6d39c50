"""Codes check out and alike municipalities come in the stated order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.values.municipality import Municipality, check_digit, likenesses
from tests.support.reference import REFERENCE


def place(code: str, category: str, area: str, population: int) -> Municipality:
    return Municipality(code, f"{code}市", "", category, area, population, 34.6, 135.5)


def model_digit(first_five: str) -> str:
    """JIS X 0402 in the words of the notice: below 11 subtract from 11, else the remainder."""
    products = [int(d) * w for d, w in zip(first_five, range(6, 1, -1), strict=True)]
    total = sum(products)
    rest = total % 11 if total >= 11 else total
    return str(11 - rest)[-1]


def test_every_shipped_code_ends_in_its_check_digit() -> None:
    codes = [m.lg_code for m in REFERENCE.municipalities]
    assert len(codes) == len(set(codes)) == 43
    for code in codes:
        assert code.startswith("27")
        assert check_digit(code[:5]) == code[5]


@given(st.from_regex(r"[0-9]{5}", fullmatch=True))
def test_check_digits_agree_with_the_notice(first_five: str) -> None:
    assert check_digit(first_five) == model_digit(first_five)


@pytest.mark.parametrize(
    ("first_five", "digit"), [("27000", "8"), ("27100", "4"), ("27140", "3"), ("27383", "0")]
)
def test_check_digits_as_published(first_five: str, digit: str) -> None:
    assert check_digit(first_five) == digit


@given(st.sampled_from(REFERENCE.municipalities), st.integers(0, 4), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(municipality: Municipality, place: int, more: int) -> None:
    code = municipality.lg_code
    wrong = code[:place] + str((int(code[place]) + more) % 10) + code[place + 1 :]
    # Remainders 0 and 10 share a digit ("1" and "0" fold): only those two may collide.
    if check_digit(wrong[:5]) == code[5]:
        assert code[5] in "01"


@pytest.mark.parametrize("first_five", ["", "2710", "271004"])
def test_a_check_digit_needs_five_digits(first_five: str) -> None:
    with pytest.raises(ValueError, match="argument"):
        check_digit(first_five)


def test_alike_municipalities_come_by_reasons_then_population_then_code() -> None:
    ours = place("200000", "一般市", "北", 100_000)
    everything = place("900000", "一般市", "北", 200_000)  # exactly twice is still alike
    category_and_area = place("800000", "一般市", "北", 200_001)
    area_and_size = place("700000", "町", "北", 51_000)
    category_and_size = place("600000", "一般市", "南", 190_000)
    only_size_near = place("500000", "町", "南", 100_001)
    only_size_tie_later = place("400001", "町", "南", 50_000)
    only_size_tie_earlier = place("400000", "町", "南", 200_000)  # ×2 is as far as ÷2
    nothing_small = place("300000", "町", "南", 49_999)
    nothing_large = place("100000", "町", "南", 10_000_000)
    others = [
        nothing_large,
        nothing_small,
        only_size_tie_later,
        only_size_tie_earlier,
        only_size_near,
        category_and_size,
        area_and_size,
        category_and_area,
        everything,
        ours,
    ]
    found = likenesses(ours, others)
    assert [like.municipality.lg_code for like in found] == [
        "900000",  # three reasons
        "600000",  # two: ×1.9 is nearer than ÷1.96 …
        "700000",  # … and ÷1.96 nearer than ×2.00001
        "800000",
        "500000",  # one
        "400000",
        "400001",
        "300000",  # none
        "100000",
    ]
    assert [like.reasons for like in found[:4]] == [
        ("区分が同じ", "地域が同じ", "人口規模が近い"),
        ("区分が同じ", "人口規模が近い"),
        ("地域が同じ", "人口規模が近い"),
        ("区分が同じ", "地域が同じ"),
    ]
    assert found[-1].reasons == ()


def test_population_ratio_is_theirs_by_ours() -> None:
    ours, other = place("1", "町", "北", 40_000), place("2", "町", "北", 10_000)
    assert likenesses(ours, [other])[0].population_ratio == 0.25
    assert likenesses(other, [ours])[0].population_ratio == 4.0


@given(st.sampled_from(REFERENCE.municipalities))
def test_every_other_shipped_municipality_appears_once_whatever_the_order(
    ours: Municipality,
) -> None:
    known = REFERENCE.municipalities
    found = likenesses(ours, known)
    assert {like.municipality for like in found} == set(known) - {ours}
    assert len(found) == 42
    assert likenesses(ours, reversed(known)) == found
    counts = [len(like.reasons) for like in found]
    assert counts == sorted(counts, reverse=True)
    for like in found:
        low, high = sorted((ours.population, like.municipality.population))
        assert like.population_alike == (high / low <= 2)
