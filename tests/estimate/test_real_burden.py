"""実質負担: a layer that adds up, never touches what lies above it, and knows what it does not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from core.access.principal import PUBLIC, Principal
from core.boarding.request import BoardingRequest
from core.commands.parameters import record_parameter
from core.estimate.real_burden import (
    LONGEST_NAME,
    Allocation,
    BondBurden,
    OtherSubsidy,
    RealBurden,
    RealRequest,
    bond_burden,
    special_burden,
)
from core.estimate.request import EstimateRequest, PlanChoice
from core.params import NO_CAP, Basis, Parameter, Value
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.money import Yen
from core.views.boarding import boarding_cost_view
from core.views.plans import plans_view
from tests.support.reference import REFERENCE

SHIPPED = REFERENCE.parameters
START = date(2027, 4, 1)
RECEIVES = RealRequest(Allocation.RECEIVES)
SPECIAL = ("national.special_rate", "national.special_cap")
BOND = ("national.bond_rate", "national.bond_return_rate", "national.bond_last_year")


def known(**values: Value) -> list[Parameter]:
    """The shipped parameters with some national values from 令和9年度 on."""
    return [
        *SHIPPED,
        *(
            Parameter(f"national.{name}", value, START, Basis.OFFICIAL, "test")
            for name, value in values.items()
        ),
    ]


SEVEN_TENTHS = known(special_rate=Fraction(7, 10), special_cap=NO_CAP)


def given_others(*amounts: int) -> tuple[OtherSubsidy, ...]:
    return tuple(OtherSubsidy(f"補助金{index}", amount) for index, amount in enumerate(amounts))


def bond_of(
    introduction: int,
    monthly: Sequence[int],
    asked: RealRequest = RECEIVES,
    parameters: Sequence[Parameter] = SHIPPED,
    first: int = 2027,
) -> BondBurden:
    """Introduction in the first year, monthly fees by year."""
    costs = {FiscalYear(first + index): Yen(fees) for index, fees in enumerate(monthly)}
    costs[FiscalYear(first)] = costs[FiscalYear(first)] + introduction
    return bond_burden(costs, Yen(introduction), asked, parameters, date(first, 4, 1))


@pytest.mark.parametrize(
    ("net", "cap", "others", "returned", "amount"),
    [
        (600_000, NO_CAP, (), 420_000, 180_000),
        (600_001, NO_CAP, (), 420_000, 180_001),  # 420,000.7 is rounded down
        (1_150_000, 1_000_000, (), 700_000, 450_000),
        (1_150_000, 1_000_000, (200_000,), 665_000, 285_000),  # 950,000 is under the cap
        (1_150_000, 0, (), 0, 1_150_000),
        (500_000, NO_CAP, (300_000, 200_000), 0, 0),
    ],
)
def test_special_allocation_as_reckoned_by_hand(
    net: int, cap: int, others: tuple[int, ...], returned: int, amount: int
) -> None:
    parameters = known(special_rate=Fraction(7, 10), special_cap=cap)
    asked = replace(RECEIVES, others=given_others(*others))
    found = special_burden(Yen(net), asked, parameters, START)
    assert (found.returned, found.amount) == (returned, amount)
    assert found.steps[-1].amount == amount
    assert not found.unknown


def test_the_bond_as_reckoned_by_hand() -> None:
    # 起債 (777,777 − 111,111) × 9/10 = 599,999.4; half of it 299,999.5; five years from 令和10年度
    asked = replace(RECEIVES, others=given_others(111_111))
    found = bond_of(777_777, [722_224, 840_000], asked)
    assert (found.bond, found.returned, found.amount) == (599_999, 299_999, 1_928_891)
    rows = [(int(y.fiscal_year), y.bond, y.repaid, y.returned, y.amount) for y in found.years]
    assert rows == [
        (2027, 599_999, 0, 0, 788_891),
        (2028, 0, 120_000, 60_000, 900_000),
        (2029, 0, 120_000, 60_000, 60_000),
        (2030, 0, 120_000, 60_000, 60_000),
        (2031, 0, 120_000, 60_000, 60_000),
        (2032, 0, 119_999, 59_999, 60_000),
    ]


def test_who_receives_no_allocation_gets_nothing_back_and_still_borrows() -> None:
    found = bond_of(1_000_000, [0], RealRequest(Allocation.NONE))
    assert (found.bond, found.returned, found.amount) == (900_000, 0, 1_000_000)
    assert [year.amount for year in found.years] == [100_000, *[180_000] * 5]
    special = special_burden(Yen(600_000), RealRequest(Allocation.NONE), SHIPPED, START)
    assert (special.returned, special.amount, special.unknown) == (0, 600_000, ())


def test_the_last_year_of_the_bond_is_inclusive_and_nothing_is_borrowed_after_it() -> None:
    assert bond_of(1_000_000, [0], first=2029).bond == 900_000
    after = bond_of(1_000_000, [0], RealRequest(), first=2030)
    assert (after.bond, after.amount, after.unknown) == (0, 1_000_000, ())
    assert "令和11年度までの制度" in after.steps[1].expression


def test_without_cost_of_introduction_nothing_is_borrowed() -> None:
    found = bond_of(0, [900_000, 840_000])
    assert (found.bond, found.amount, len(found.years)) == (0, 1_740_000, 2)


def test_what_is_shipped_knows_the_bond_and_not_the_special_allocation() -> None:
    assert bond_of(1_000_000, [0]).amount == 550_000
    found = special_burden(Yen(600_000), RECEIVES, SHIPPED, START)
    assert (found.amount, found.returned, found.text) == (None, None, "不明")
    assert "措置率" in found.unknown[0]
    assert "上限額" in found.unknown[0]
    bases = {each.name: each.basis_label for each in found.premises}
    assert bases["national.special_rate"] == Basis.UNKNOWN.label


def test_a_year_before_the_values_begin_is_unknown() -> None:
    found = bond_of(1_000_000, [0], first=2024)
    assert (found.bond, found.amount) == (None, None)
    assert "令和6年度に使える「デジタル活用推進事業債の充当率」" in found.unknown[0]
    assert {each.text for each in found.premises[1:]} == {"不明(未登録)"}


NETS = st.integers(0, 10**9)
ALLOCATIONS = st.sampled_from(Allocation)
RATES = st.fractions(0, 1, max_denominator=1000)


@given(NETS, NETS, RATES, st.integers(0, NO_CAP), ALLOCATIONS)
def test_the_parts_of_special_allocation_add_up(
    net: int, other: int, rate: Fraction, cap: int, allocation: Allocation
) -> None:
    others = given_others(min(net, other)) if min(net, other) else ()
    parameters = known(special_rate=rate, special_cap=cap)
    found = special_burden(Yen(net), RealRequest(allocation, others), parameters, START)
    assert found.net == net
    if allocation is Allocation.UNKNOWN:
        assert found.amount is None
        assert "財政課" in found.unknown[-1]
        return
    assert found.amount is not None
    assert found.returned is not None
    assert found.net == found.others + found.returned + found.amount
    assert 0 <= found.returned <= min(cap, net - found.others)
    assert 0 <= found.amount <= net


@given(
    st.integers(0, 10**8),
    st.lists(st.integers(0, 10**8), min_size=1, max_size=11),
    NETS,
    RATES,
    RATES,
    st.integers(1, 30),
    st.sampled_from([Allocation.RECEIVES, Allocation.NONE]),
)
def test_the_years_of_the_bond_add_up_to_its_totals(
    introduction: int,
    monthly: list[int],
    other: int,
    rate: Fraction,
    share: Fraction,
    term: int,
    allocation: Allocation,
) -> None:
    given_ = min(introduction + monthly[0], other)
    asked = RealRequest(allocation, given_others(given_) if given_ else ())
    parameters = known(bond_rate=rate, bond_return_rate=share, bond_term=term)
    found = bond_of(introduction, monthly, asked, parameters)
    assert found.net == introduction + sum(monthly)
    assert found.amount == found.net - found.others - found.returned
    assert found.bond is not None
    assert 0 <= (found.returned or 0) <= found.bond <= introduction
    for name, whole in (
        ("cost", found.net),
        ("others", found.others),
        ("bond", found.bond),
        ("repaid", found.bond),
        ("returned", found.returned),
        ("amount", found.amount),
    ):
        assert sum(int(getattr(year, name)) for year in found.years) == whole
    assert all(year.repaid >= year.returned for year in found.years)
    assert found.years[0].repaid == 0


@given(st.sampled_from(SPECIAL), NETS)
def test_an_unknown_value_of_special_allocation_leaves_the_burden_unknown(
    missing: str, net: int
) -> None:
    values: dict[str, Value] = {"special_rate": Fraction(1, 2), "special_cap": NO_CAP}
    values[missing.removeprefix("national.")] = None
    found = special_burden(Yen(net), RECEIVES, known(**values), START)
    assert (found.amount, found.steps[-1].amount) == (None, None)
    assert found.unknown


@given(st.sampled_from(BOND), st.integers(2, 10**8))
def test_an_unknown_value_of_the_bond_leaves_the_burden_unknown(
    missing: str, introduction: int
) -> None:
    parameters = known(**{missing.removeprefix("national."): None})
    found = bond_of(introduction, [5], RECEIVES, parameters)
    assert (found.amount, found.years, found.steps[-1].amount) == (None, (), None)
    assert found.unknown


def test_an_unknown_term_leaves_only_the_years_unknown() -> None:
    found = bond_of(1_000_000, [0], RECEIVES, known(bond_term=None))
    assert (found.amount, found.years, found.unknown) == (550_000, (), ())


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ((OtherSubsidy("", 5),), "5円の補助金の名前を書いてください。"),
        ((OtherSubsidy("デジ交", 0),), "「デジ交」の額を1円以上で入力してください。"),
        ((OtherSubsidy("デジ交", 600_001),), "超えています"),
        ((OtherSubsidy("長" * (LONGEST_NAME + 1), 5),), f"{LONGEST_NAME}文字まで"),
        (given_others(1, 1, 1, 1), "3つまで"),
    ],
)
def test_other_subsidies_that_cannot_be_are_refused(
    others: tuple[OtherSubsidy, ...], said: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        special_burden(Yen(600_000), RealRequest(others=others), SHIPPED, START)
    assert said in refused.value.problems["others"]


ASKED = [None, RECEIVES, RealRequest(Allocation.NONE, given_others(123_456)), RealRequest()]


@pytest.mark.parametrize("asked", ASKED)
def test_the_layer_never_changes_what_lies_above_it(
    engine: Engine, asked: RealRequest | None
) -> None:
    request = EstimateRequest(2027, (PlanChoice(6, 12), PlanChoice(4, 11)), years=3)
    plain = plans_view(engine, PUBLIC, REFERENCE, request=request)
    found = plans_view(engine, PUBLIC, REFERENCE, request=request, real=asked)
    assert replace(found, real=None) == plain
    assert (found.real is None) == (asked is None)
    boarding = BoardingRequest(date(2027, 10, 1), 1_234_567, 98_765, 17)
    alone = boarding_cost_view(engine, PUBLIC, REFERENCE, request=boarding)
    layered = boarding_cost_view(engine, PUBLIC, REFERENCE, request=boarding, real=asked)
    assert replace(layered, real=None) == alone
    assert (layered.real is None) == (asked is None)
    if layered.real is not None:
        assert layered.real.net == alone.cost.joint_total
        assert layered.real.introduction == alone.cost.joint.once


def test_a_rate_the_secretariat_records_is_used_from_its_day_on(
    engine: Engine, secretariat: Principal, now: datetime
) -> None:
    request = EstimateRequest(2027, (PlanChoice(6, 12),))

    def burden() -> RealBurden:
        found = plans_view(engine, PUBLIC, REFERENCE, request=request, real=RECEIVES).real
        assert found is not None
        return found

    assert burden().amount is None
    for index, (name, text) in enumerate(
        [("national.special_rate", "7/10"), ("national.special_cap", str(NO_CAP))]
    ):
        record_parameter(
            engine,
            secretariat,
            name=name,
            text=text,
            valid_from=START,
            basis=Basis.OFFICIAL,
            source="令和9年2月1日付け通知",
            note="",
            request_id=f"national-{index}",
            now=now,
        )
    assert (burden().returned, burden().amount) == (420_000, 180_000)
