"""Dated parameters: which one holds, what can be read, what is refused."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.params import (
    DEFINITIONS,
    Basis,
    Kind,
    Parameter,
    RoundingScope,
    Value,
    in_force,
    parse_value,
    value_text,
)
from core.values.errors import NoValueInForceError
from core.values.money import Direction

PRICE = "talent.unit_price"
NEAR_MARCH_31ST = [date(2024, 3, 26) + timedelta(days=offset) for offset in range(12)]
NINE = timezone(timedelta(hours=9))
MOMENTS = st.builds(
    lambda minutes, zone: datetime(2024, 1, 1, tzinfo=zone) + timedelta(minutes=minutes),
    st.integers(0, 1440),
    st.sampled_from([UTC, NINE]),
)


def price(value: int, valid_from: date, recorded_at: datetime | None = None) -> Parameter:
    return Parameter(PRICE, value, valid_from, Basis.OFFICIAL, "test", recorded_at=recorded_at)


def model(parameters: list[Parameter], as_of: date) -> Parameter | None:
    """Written differently: walk through all, replacing the best so far."""
    best: Parameter | None = None
    for parameter in parameters:
        if parameter.valid_from > as_of:
            continue
        if best is None or parameter.valid_from > best.valid_from:
            best = parameter
        elif parameter.valid_from == best.valid_from:
            old, new = best.recorded_at, parameter.recorded_at
            if old is None or (new is not None and new >= old):
                best = parameter
    return best


@given(
    st.lists(
        st.builds(
            price,
            st.integers(0, 10**6),
            st.sampled_from(NEAR_MARCH_31ST),
            st.one_of(st.none(), MOMENTS),
        ),
        max_size=8,
    ),
    st.sampled_from(NEAR_MARCH_31ST),
)
def test_the_latest_start_on_or_before_the_day_holds(
    parameters: list[Parameter], as_of: date
) -> None:
    expected = model(parameters, as_of)
    if expected is None:
        with pytest.raises(NoValueInForceError):
            in_force(parameters, PRICE, as_of)
    else:
        assert in_force(parameters, PRICE, as_of) is expected


def test_a_value_holds_from_its_first_day_inclusive() -> None:
    old, new = price(100, date(2023, 4, 1)), price(120, date(2024, 4, 1))
    for parameters in itertools.permutations((old, new)):
        assert in_force(parameters, PRICE, date(2024, 3, 31)) is old
        assert in_force(parameters, PRICE, date(2024, 4, 1)) is new


def test_for_the_same_first_day_the_one_recorded_last_holds() -> None:
    day = date(2023, 4, 1)
    shipped = price(100, day)
    morning = price(110, day, datetime(2023, 6, 1, 9, 0, tzinfo=NINE))
    evening = price(120, day, datetime(2023, 6, 1, 18, 0, tzinfo=NINE))
    for parameters in itertools.permutations((shipped, morning, evening)):
        assert in_force(parameters, PRICE, day) is evening
    assert in_force([morning, shipped], PRICE, day) is morning


def test_recorded_last_means_the_moment_and_not_how_it_is_written() -> None:
    day = date(2023, 4, 1)
    earlier = price(100, day, datetime(2023, 6, 1, 9, 0, tzinfo=NINE))
    later = price(200, day, datetime(2023, 6, 1, 8, 0, tzinfo=UTC))  # 17:00 in Japan
    assert in_force([earlier, later], PRICE, day) is later
    assert in_force([later, earlier], PRICE, day) is later


def test_of_two_recorded_at_the_same_moment_the_one_added_last_holds() -> None:
    day, moment = date(2023, 4, 1), datetime(2023, 6, 1, 9, 0, tzinfo=NINE)
    mistake, correction = price(100, day, moment), price(200, day, moment)
    assert in_force([mistake, correction], PRICE, day) is correction


def test_a_correction_recorded_later_does_not_reach_back_before_its_first_day() -> None:
    old = price(100, date(2023, 4, 1))
    new = price(120, date(2024, 4, 1), datetime(2023, 6, 1, tzinfo=NINE))
    assert in_force([new, old], PRICE, date(2024, 3, 31)) is old


def test_nothing_in_force_names_the_parameter_and_the_day() -> None:
    with pytest.raises(
        NoValueInForceError, match=r"2023-03-31時点.*支援1回あたりの費用"
    ) as refusal:
        in_force([price(100, date(2023, 4, 1))], PRICE, date(2023, 3, 31))
    assert refusal.value.as_of == date(2023, 3, 31)
    with pytest.raises(NoValueInForceError):
        in_force([price(100, date(2023, 4, 1))], "talent.subsidy_rate", date(2023, 4, 1))
    with pytest.raises(NoValueInForceError, match="ない名前"):
        in_force([], "ない名前", date(2023, 4, 1))


@st.composite
def name_and_value(draw: st.DrawFn) -> tuple[str, Value]:
    definition = DEFINITIONS[draw(st.sampled_from(sorted(DEFINITIONS)))]
    numbers = st.integers(definition.minimum or 0, definition.maximum or 10**15)
    value: Value = draw(
        {
            Kind.YEN: numbers,
            Kind.COUNT: numbers,
            Kind.FISCAL_YEAR: numbers,
            Kind.RATE: st.fractions(0, 1, max_denominator=10**9),
            Kind.DIRECTION: st.sampled_from(Direction),
            Kind.SCOPE: st.sampled_from(RoundingScope),
        }[definition.kind]
    )
    return definition.name, None if definition.optional and draw(st.booleans()) else value


@given(name_and_value())
def test_what_is_printed_is_read_back(known: tuple[str, Value]) -> None:
    name, value = known
    read = parse_value(DEFINITIONS[name], value_text(value))
    assert read == value
    assert type(read) is type(value)


@given(st.text(alphabet="0123456789./% ", max_size=12))
def test_what_was_accepted_as_a_rate_can_be_stored_and_read_back(text: str) -> None:
    definition = DEFINITIONS["talent.subsidy_rate"]
    try:
        value = parse_value(definition, text)
    except ValueError:
        return
    assert parse_value(definition, value_text(value)) == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        (PRICE, "100000", 100_000),
        (PRICE, "100,000", 100_000),
        (PRICE, " 0 ", 0),
        (PRICE, "100000000", 100_000_000),
        ("talent.visits_per_year", "1", 1),
        ("talent.visits_per_year", "366", 366),
        ("talent.subsidy_rate", "1/2", Fraction(1, 2)),
        ("talent.subsidy_rate", "0", Fraction(0)),
        ("talent.subsidy_rate", "1", Fraction(1)),
        ("talent.subsidy_rate", "33%", Fraction(33, 100)),
        ("talent.rounding_unit", "1", 1),
        ("talent.rounding_unit", "1000000", 1_000_000),
        ("talent.rounding_direction", "half_up", Direction.HALF_UP),
        ("talent.rounding_scope", "plan", RoundingScope.PLAN),
        ("talent.subsidy_cap", "", None),
        ("talent.subsidy_cap", "  ", None),
        ("talent.subsidy_cap", "0", 0),
        ("talent.programme_budget", "14,400,000", 14_400_000),
    ],
)
def test_values_up_to_their_bounds_are_read(name: str, text: str, value: Value) -> None:
    assert parse_value(DEFINITIONS[name], text) == value


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (PRICE, "-1", "0以上100,000,000以下"),
        (PRICE, "100000001", "0以上100,000,000以下"),
        (PRICE, "1.5", "読めません"),
        (PRICE, "十万円", "読めません"),
        (PRICE, "1e5", "読めません"),
        (PRICE, "", "空欄にできません"),
        (PRICE, "9" * 5000, "読めません"),
        ("talent.visits_per_year", "0", "1以上366以下"),
        ("talent.visits_per_year", "367", "1以上366以下"),
        ("talent.subsidy_rate", "1.01", "0以上1以下"),
        ("talent.subsidy_rate", "-1/2", "0以上1以下"),
        ("talent.subsidy_rate", "1e999999999", "読めません"),
        ("talent.subsidy_rate", "1/0", "読めません"),
        ("talent.subsidy_rate", "9" * 5000, "読めません"),
        ("talent.subsidy_rate", "1/" + "9" * 5000, "読めません"),
        ("talent.rounding_unit", "0", "1以上1,000,000以下"),
        ("talent.rounding_unit", "1000001", "1以上1,000,000以下"),
        ("talent.rounding_direction", "sideways", "読めません"),
        ("talent.rounding_direction", "DOWN", "読めません"),
        ("talent.rounding_scope", "", "空欄にできません"),
        ("talent.subsidy_cap", "-1", "0以上上限なし"),
    ],
    ids=lambda text: repr(text[:16]),
)
def test_values_beyond_their_bounds_are_refused_with_the_bounds(
    name: str, text: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words) as refusal:
        parse_value(DEFINITIONS[name], text)
    assert DEFINITIONS[name].label in str(refusal.value)


@pytest.mark.parametrize("text", ["9" * 5000, "1/" + "9" * 5000, "😀" * 10_000])
def test_a_refusal_does_not_repeat_ten_thousand_characters(text: str) -> None:
    for definition in DEFINITIONS.values():
        with pytest.raises(ValueError, match="読めません") as refusal:
            parse_value(definition, text)
        assert len(str(refusal.value)) < 300


def test_every_definition_explains_itself() -> None:
    for name, definition in DEFINITIONS.items():
        assert definition.name == name
        assert definition.label
        assert definition.description.endswith("。")
        assert (definition.minimum is None) == (definition.kind in (Kind.DIRECTION, Kind.SCOPE)), (
            name
        )


def test_every_basis_has_a_label_of_its_own() -> None:
    assert [basis.label for basis in Basis] == ["公表", "公表(検討中)", "仮定(要確認)", "未公表"]
    assert [scope.label for scope in RoundingScope] == ["申請の合計額", "プランごと"]
