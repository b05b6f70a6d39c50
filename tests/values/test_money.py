"""Yen refuse floats, rounding does what it is named, shares add up."""

from __future__ import annotations

import math
import operator
import time
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.values.money import (
    BudgetThousands,
    Direction,
    Rounding,
    Yen,
    budget_thousands,
    largest_remainder,
    parse_rate,
    thousand_yen_text,
    yen_text,
)

WHOLE = st.integers(-(10**12), 10**12)
AMOUNTS = st.integers(0, 10**12)


@given(WHOLE, WHOLE)
def test_yen_reckon_like_whole_numbers_and_stay_yen(a: int, b: int) -> None:
    for result, expected in (
        (Yen(a) + Yen(b), a + b),
        (Yen(a) + b, a + b),
        (a + Yen(b), a + b),
        (Yen(a) - Yen(b), a - b),
        (a - Yen(b), a - b),
        (Yen(a) * b, a * b),
        (b * Yen(a), a * b),
        (-Yen(a), -a),
        (sum([Yen(a), Yen(b)]), a + b),
    ):
        assert type(result) is Yen
        assert int(result) == expected


@pytest.mark.parametrize("amount", [1.0, 1.5, True, "1", Decimal(1), Fraction(1), None])
def test_yen_are_made_of_whole_numbers_only(amount: object) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        Yen(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize("other", [0.5, 2.0, True, Decimal(2), "2"])
@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul])
def test_yen_combine_with_whole_numbers_only(operation: Callable, other: object) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        operation(Yen(100), other)


@pytest.mark.parametrize("operation", [operator.floordiv, operator.mod, divmod])
def test_yen_never_become_a_float_by_division(operation: Callable) -> None:
    with pytest.raises(TypeError):
        operation(Yen(100), 3.0)


@pytest.mark.parametrize("divisor", [2, 2.0, Yen(2), Fraction(2)])
def test_yen_are_not_divided_with_a_slash(divisor: object) -> None:
    with pytest.raises(TypeError, match="Fraction rate or largest_remainder"):
        _ = Yen(100) / divisor
    with pytest.raises(TypeError):
        _ = 100 / Yen(2)


def test_a_rate_makes_an_exact_fraction_from_either_side() -> None:
    assert Yen(1_234_567) * Fraction(1, 2) == Fraction(1_234_567, 2)
    assert Fraction(1, 3) * Yen(100) == Fraction(100, 3)
    assert type(Yen(1_234_567) * Fraction(1, 2)) is Fraction


def test_yen_print_as_plain_digits_and_for_readers_with_commas() -> None:
    assert str(Yen(1_200_000)) == f"{Yen(1_200_000)}" == "1200000"
    assert yen_text(Yen(-1_234_567)) == "-1,234,567円"
    assert thousand_yen_text(1_235) == "1,235千円"


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("1/2", Fraction(1, 2)),
        ("１／２", Fraction(1, 2)),
        ("0.5", Fraction(1, 2)),
        ("０．５", Fraction(1, 2)),
        ("50%", Fraction(1, 2)),
        ("50％", Fraction(1, 2)),
        ("33.3%", Fraction(333, 1000)),
        (" 2/3 ", Fraction(2, 3)),
        ("0", Fraction(0)),
        ("1", Fraction(1)),
        ("100%", Fraction(1)),
        ("-1/2", Fraction(-1, 2)),
        ("0.1", Fraction(1, 10)),
    ],
)
def test_every_spelling_of_a_rate(text: str, rate: Fraction) -> None:
    assert parse_rate(text) == rate


HOSTILE_RATES = [
    "1e999999999",
    "1E9",
    "1/0",
    "0/0",
    "9" * 5000,
    "1/" + "9" * 5000,
    "0." + "9" * 5000,
    "nan",
    "inf",
    "-inf",
    "1/2/3",
    "1/2%",
    "--1",
    "1_000",
    "0x1",
    "",
    " ",
    "半分",
    "½",
    "1,5",
    ".5",
    "5.",
    "%",
    "1\n/2",
    "😀",
    "1/\x002",
]


@pytest.mark.parametrize("text", HOSTILE_RATES, ids=lambda text: repr(text[:12]))
def test_what_is_no_rate_is_refused_at_once_in_japanese(text: str) -> None:
    begun = time.thread_time()
    with pytest.raises(ValueError, match="率") as refusal:
        parse_rate(text)
    assert time.thread_time() - begun < 10  # some 0.0001 s
    assert len(str(refusal.value)) < 120


@given(st.text(alphabet="0123456789./%-０１２３／．％ ", max_size=14))
def test_a_rate_that_was_read_can_be_read_again_as_printed(text: str) -> None:
    try:
        rate = parse_rate(text)
    except ValueError:
        return
    assert parse_rate(str(rate)) == rate


_MODES = {
    Direction.DOWN: ROUND_FLOOR,
    Direction.UP: ROUND_CEILING,
    Direction.HALF_UP: ROUND_HALF_UP,
}


@given(AMOUNTS, st.integers(0, 8), st.integers(1, 10**6), st.sampled_from(Direction))
def test_rounding_agrees_with_decimal(
    amount: int, twos: int, unit: int, direction: Direction
) -> None:
    exact = Fraction(amount, 2**twos)
    with localcontext(prec=60):
        # Decimal divides binary fractions exactly; the unit is divided as a whole-number ratio.
        scaled, divisor = exact.numerator, exact.denominator * unit
        whole, rest = divmod(scaled, divisor)
        near = Decimal(whole) + (
            Decimal(rest) / Decimal(divisor) if rest * 2 != divisor else Decimal("0.5")
        )
        expected = int(near.to_integral_value(_MODES[direction])) * unit
    assert Rounding(unit, direction).apply(exact) == expected


@given(AMOUNTS, st.integers(1, 10**4), st.integers(1, 10**6), st.sampled_from(Direction))
def test_rounding_gives_a_near_multiple_and_leaves_multiples_alone(
    numerator: int, denominator: int, unit: int, direction: Direction
) -> None:
    amount, rounding = Fraction(numerator, denominator), Rounding(unit, direction)
    result = rounding.apply(amount)
    assert type(result) is Yen
    assert result % unit == 0
    assert abs(Fraction(int(result)) - amount) < unit
    assert direction is not Direction.DOWN or result <= amount
    assert direction is not Direction.UP or result >= amount
    assert rounding.apply(result) == result


@pytest.mark.parametrize(
    ("unit", "direction", "amount", "rounded"),
    [
        (1000, Direction.DOWN, Fraction(1_234_567, 2), 617_000),
        (1000, Direction.UP, Fraction(1_234_567, 2), 618_000),
        (1000, Direction.HALF_UP, Fraction(1_234_567, 2), 617_000),
        (1000, Direction.HALF_UP, 617_500, 618_000),
        (1000, Direction.HALF_UP, Fraction(1_234_999, 2), 617_000),
        (10, Direction.DOWN, Fraction(1_234_567, 2), 617_280),
        (1, Direction.UP, Fraction(1, 3), 1),
        (1, Direction.HALF_UP, Fraction(1, 2), 1),
        (1000, Direction.UP, 0, 0),
    ],
)
def test_rounding_as_worked_by_hand(
    unit: int, direction: Direction, amount: Fraction | int, rounded: int
) -> None:
    assert Rounding(unit, direction).apply(amount) == rounded


@pytest.mark.parametrize("unit", [0, -1])
def test_a_rounding_unit_is_one_yen_or_more(unit: int) -> None:
    with pytest.raises(ValueError, match="1 yen"):
        Rounding(unit, Direction.DOWN)


@given(AMOUNTS, st.lists(st.integers(0, 10**9), max_size=12))
def test_shares_add_up_and_lie_within_one_of_the_exact_share(
    total: int, weights: list[int]
) -> None:
    whole = sum(weights)
    if total and not whole:
        with pytest.raises(ValueError, match="positive weight"):
            largest_remainder(total, weights)
        return
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(total * weight, whole) if whole else 0
        assert math.floor(exact) <= part <= math.ceil(exact)


@given(st.integers(0, 60), st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_shares_agree_with_handing_out_one_yen_at_a_time(total: int, weights: list[int]) -> None:
    whole = sum(weights)
    if not whole:
        return
    exact = [Fraction(total * weight, whole) for weight in weights]
    parts = [int(share) for share in exact]
    while sum(parts) < total:
        owed = [share - part for share, part in zip(exact, parts, strict=True)]
        parts[owed.index(max(owed))] += 1  # index: the earlier one of equals
    assert largest_remainder(total, weights) == parts


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (1_000, [1, 1, 1], [334, 333, 333]),
        (1_150_000, [1_200_000, 1_100_000], [600_000, 550_000]),
        (100, [1, 2, 4], [14, 29, 57]),
        (2, [1, 1, 1], [1, 1, 0]),
        (10, [0, 5, 0], [0, 10, 0]),
        (1, [1, 0, 2], [0, 0, 1]),
        (0, [0, 0], [0, 0]),
        (0, [3, 1], [0, 0]),
    ],
)
def test_shares_as_worked_by_hand(total: int, weights: list[int], parts: list[int]) -> None:
    assert largest_remainder(total, weights) == parts


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [2, -1]), (1, []), (1, [0, 0])])
def test_shares_of_nothing_sensible_are_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weight"):
        largest_remainder(total, weights)


@given(AMOUNTS, st.data())
def test_a_budget_in_thousands_covers_the_cost_and_adds_up(gross: int, data: st.DataObject) -> None:
    subsidy = data.draw(st.integers(0, gross))
    shown = budget_thousands(Yen(gross), Yen(subsidy))
    assert shown.gross == shown.subsidy + shown.net
    assert 0 <= shown.gross * 1000 - gross < 1000
    assert 0 <= subsidy - shown.subsidy * 1000 < 1000
    assert 0 <= shown.net * 1000 - (gross - subsidy) < 2000


def test_a_budget_in_thousands_as_worked_by_hand() -> None:
    assert budget_thousands(Yen(1_234_567), Yen(617_283)) == BudgetThousands(1_235, 617, 618)
    assert budget_thousands(Yen(2_300_000), Yen(1_150_000)) == BudgetThousands(2_300, 1_150, 1_150)
    assert budget_thousands(Yen(1), Yen(0)) == BudgetThousands(1, 0, 1)
