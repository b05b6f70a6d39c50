"""Laws every estimate obeys, against a model written from scratch."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.estimate.calculation import each_alone, estimate
from core.estimate.ceiling import SHOWN, Fits, choices_within, fewer_visits
from core.estimate.offers import Offer, Offers
from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.estimate.scenarios import scenarios
from core.estimate.schedule import visits_by_month
from core.estimate.subsidy import granted_subsidy, prorated
from core.estimate.terms import SubsidyTerms
from core.params import Basis, Parameter, RoundingScope
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.money import Direction, Rounding, Yen
from tests.support.reference import REFERENCE

PLANS = range(1, 8)
SHIPPED = tuple(p for p in REFERENCE.parameters if p.name != "talent.subsidy_cap")
RATES = st.builds(
    Fraction, st.integers(0, 60), st.just(60)
)  # halves, thirds, tenths, all of which people use
UNITS = st.sampled_from([1, 10, 100, 1_000, 10_000, 7])
FEES = st.one_of(st.sampled_from([0, 1, 999, 1_000, 100_000, 1_234_567]), st.integers(0, 10**7))
CHOICES = st.lists(
    st.builds(PlanChoice, st.integers(1, 7), st.integers(1, 12)),
    max_size=7,
    unique_by=lambda choice: choice.plan,
).map(tuple)
REQUESTS = st.builds(
    EstimateRequest,
    fiscal_year=st.integers(2023, 2094),
    choices=CHOICES,
    start_month=st.integers(1, 12),
    years=st.integers(1, 5),
    kind=st.sampled_from(ExpenditureKind),
    unit_price=st.one_of(st.none(), FEES),
    rate=st.one_of(st.none(), RATES),
    rounding_unit=st.one_of(st.none(), UNITS),
    rounding_direction=st.one_of(st.none(), st.sampled_from(Direction)),
    rounding_scope=st.one_of(st.none(), st.sampled_from(RoundingScope)),
)
CAPS = st.one_of(st.none(), st.integers(0, 10**7))
COSTS = st.lists(st.integers(0, 10**7).map(Yen), max_size=7)
TERMS = st.builds(
    SubsidyTerms,
    RATES,
    st.builds(Rounding, UNITS, st.sampled_from(Direction)),
    st.sampled_from(RoundingScope),
    st.one_of(st.none(), st.integers(0, 10**7).map(Yen)),
)


def parameters(cap: int | None) -> tuple[Parameter, ...]:
    basis = Basis.UNKNOWN if cap is None else Basis.OFFICIAL
    return (*SHIPPED, Parameter("talent.subsidy_cap", cap, date(2023, 4, 1), basis, "test"))


def model_round(cost: int, rate: Fraction, unit: int, direction: Direction) -> int:
    """In decimal arithmetic, sixty digits: all rates here are sixtieths."""
    with localcontext(prec=60):
        steps = Decimal(cost) * rate.numerator
        whole, rest = divmod(int(steps), rate.denominator * unit)
        tail = Decimal(rest) / (rate.denominator * unit)
        if rest * 2 == rate.denominator * unit:
            tail = Decimal("0.5")
        mode = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "half_up": ROUND_HALF_UP}[direction.value]
        rounded = (whole + int(tail.to_integral_value(mode))) * unit
    while rounded > cost:
        rounded -= unit
    return rounded


def model_subsidy(costs: list[int], terms: SubsidyTerms) -> int:
    unit, direction = terms.rounding.unit, terms.rounding.direction
    if terms.scope is RoundingScope.PLAN:
        amount = 0
        for cost in costs:
            amount += model_round(cost, terms.rate, unit, direction)
    else:
        amount = model_round(sum(costs), terms.rate, unit, direction)
    while terms.cap is not None and amount > terms.cap:
        amount -= -(-(amount - int(terms.cap)) // unit) * unit
    return amount


@given(COSTS, TERMS)
def test_a_subsidy_agrees_with_the_model(costs: list[Yen], terms: SubsidyTerms) -> None:
    assert granted_subsidy(costs, terms).amount == model_subsidy([int(c) for c in costs], terms)


@given(COSTS, TERMS)
def test_a_subsidy_keeps_its_bounds_and_its_shares_add_up(
    costs: list[Yen], terms: SubsidyTerms
) -> None:
    result = granted_subsidy(costs, terms)
    assert 0 <= result.amount <= sum(costs)
    assert terms.cap is None or result.amount <= terms.cap
    assert result.amount % terms.rounding.unit == 0
    assert sum(result.shares) == result.amount
    assert len(result.shares) == len(costs)
    assert all(0 <= share <= cost for share, cost in zip(result.shares, costs, strict=True))
    assert result.steps[0].amount == sum(costs)
    assert result.steps[-1].amount == result.amount


@given(COSTS, TERMS)
def test_shares_of_a_total_lie_within_a_yen_of_the_exact_share(
    costs: list[Yen], terms: SubsidyTerms
) -> None:
    terms = replace(terms, scope=RoundingScope.TOTAL)
    result = granted_subsidy(costs, terms)
    whole = sum(int(cost) for cost in costs)
    for share, cost in zip(result.shares, costs, strict=True):
        exact = Fraction(int(result.amount) * int(cost), whole) if whole else Fraction(0)
        assert abs(int(share) - exact) < 1


@given(COSTS, TERMS, st.data())
def test_a_higher_cost_never_gets_less(
    costs: list[Yen], terms: SubsidyTerms, data: st.DataObject
) -> None:
    if not costs:
        return
    index = data.draw(st.integers(0, len(costs) - 1))
    more = [*costs]
    more[index] += data.draw(st.integers(0, 10**6))
    assert granted_subsidy(more, terms).amount >= granted_subsidy(costs, terms).amount


def test_a_negative_cost_is_refused() -> None:
    terms = SubsidyTerms(Fraction(1, 2), Rounding(1, Direction.DOWN), RoundingScope.TOTAL)
    with pytest.raises(InvalidInputError, match="0円以上"):
        granted_subsidy([Yen(5), Yen(-1)], terms)


@given(REQUESTS, CAPS)
def test_an_estimate_adds_up_by_line_month_and_year(
    request: EstimateRequest, cap: int | None
) -> None:
    result = estimate(request, REFERENCE.plan_offers, parameters(cap))
    assert len(result.years) == request.years
    for part in ("gross", "subsidy", "net"):
        assert getattr(result, part) == sum(getattr(year, part) for year in result.years)
        for year in result.years:
            whole = getattr(year, part)
            assert whole == sum(getattr(line, part) for line in year.lines)
            assert whole == sum(getattr(row, part) for row in year.months)
    for year in result.years:
        assert year.gross == year.subsidy + year.net
        assert year.net >= 0
        assert all(line.gross == line.subsidy + line.net for line in year.lines)
        assert all(line.net >= 0 for line in year.lines)
        assert all(row.gross == row.subsidy + row.net for row in year.months)
        assert all(row.net >= 0 for row in year.months)
        assert sum(row.visits for row in year.months) == sum(c.visits for c in request.choices)
        assert year.months[-1].cumulative_gross == year.gross
        assert year.thousands.gross == year.thousands.subsidy + year.thousands.net
        assert [line.plan for line in year.lines] == [choice.plan for choice in request.choices]
        for amount in (year.gross, year.subsidy, year.net, year.lines and year.lines[0].net):
            assert amount == () or type(amount) is Yen


@given(REQUESTS, CAPS)
def test_an_estimate_agrees_with_the_model(request: EstimateRequest, cap: int | None) -> None:
    result = estimate(request, REFERENCE.plan_offers, parameters(cap))
    price = 100_000 if request.unit_price is None else request.unit_price
    costs = [price * choice.visits for choice in request.choices]
    terms = SubsidyTerms(
        Fraction(1, 2) if request.rate is None else request.rate,
        Rounding(request.rounding_unit or 1_000, request.rounding_direction or Direction.DOWN),
        request.rounding_scope or RoundingScope.TOTAL,
        None if cap is None else Yen(cap),
    )
    assert int(result.gross) == sum(costs) * request.years
    assert int(result.subsidy) == model_subsidy(costs, terms) * request.years


@given(REQUESTS, CAPS, st.data())
def test_more_visits_never_cost_less_nor_lose_subsidy(
    request: EstimateRequest, cap: int | None, data: st.DataObject
) -> None:
    growing = [choice for choice in request.choices if choice.visits < 12]
    if not growing:
        return
    chosen = data.draw(st.sampled_from(growing))
    choices = tuple(PlanChoice(c.plan, c.visits + 1) if c is chosen else c for c in request.choices)
    before = estimate(request, REFERENCE.plan_offers, parameters(cap))
    after = estimate(replace(request, choices=choices), REFERENCE.plan_offers, parameters(cap))
    assert after.gross >= before.gross
    assert after.subsidy >= before.subsidy


@given(REQUESTS, st.randoms(use_true_random=False))
def test_the_order_of_plans_does_not_change_the_total(request: EstimateRequest, random) -> None:
    shuffled = list(request.choices)
    random.shuffle(shuffled)
    one = estimate(request, REFERENCE.plan_offers, parameters(None))
    other = estimate(
        replace(request, choices=tuple(shuffled)), REFERENCE.plan_offers, parameters(None)
    )
    assert (one.gross, one.subsidy, one.net) == (other.gross, other.subsidy, other.net)


@given(st.integers(0, 400), st.integers(1, 12))
def test_visits_by_month_add_up_and_are_even(visits: int, months: int) -> None:
    spread = visits_by_month(visits, months)
    assert len(spread) == months
    assert sum(spread) == visits
    assert max(spread) - min(spread) <= 1
    assert spread == sorted(spread, reverse=True)


@given(REQUESTS, CAPS, st.integers(0, 10**8), st.data())
def test_the_three_cases_add_up_and_keep_their_order(
    request: EstimateRequest, cap: int | None, others: int, data: st.DataObject
) -> None:
    year = estimate(request, REFERENCE.plan_offers, parameters(cap)).first
    demand = int(year.subsidy) + others
    shortfall = data.draw(st.integers(0, demand))
    announced, none, short = scenarios(year, Yen(demand), Yen(shortfall))
    for case in (announced, none, short):
        assert case.gross == year.gross == case.subsidy + case.net
        assert case.thousands.gross == case.thousands.subsidy + case.thousands.net
    assert (announced.subsidy, announced.net) == (year.subsidy, year.net)
    assert none.subsidy == 0
    assert none.subsidy <= short.subsidy <= announced.subsidy
    if demand:
        exact = Fraction(int(year.subsidy) * (demand - shortfall), demand)
        assert abs(int(short.subsidy) - exact) < 1
    if shortfall == 0:
        assert short.subsidy == announced.subsidy


@given(st.lists(st.integers(0, 10**7).map(Yen), max_size=45), st.integers(0, 10**8))
def test_prorated_grants_add_up_to_the_budget_exactly(applications: list[Yen], budget: int) -> None:
    whole = sum(int(applied) for applied in applications)
    grants = prorated(applications, Yen(budget))
    assert sum(int(grant) for grant in grants) == min(whole, budget)
    assert all(0 <= grant <= applied for grant, applied in zip(grants, applications, strict=True))
    if whole > budget:
        for grant, applied in zip(grants, applications, strict=True):
            assert abs(int(grant) - Fraction(int(applied) * budget, whole)) < 1


VISITS = st.fixed_dictionaries({plan: st.integers(1, 12) for plan in PLANS})


@settings(max_examples=40)
@given(
    st.integers(0, 6 * 10**6),
    REQUESTS,
    CAPS,
    VISITS,
    st.sets(st.integers(1, 7), max_size=2),
)
def test_what_fits_under_a_ceiling_equals_trying_all_127_choices(
    ceiling: int,
    request: EstimateRequest,
    cap: int | None,
    visits: dict[int, int],
    required: set[int],
) -> None:
    request = replace(request, unit_price=min(request.unit_price or 100_000, 200_000))
    fits = choices_within(
        Yen(ceiling), request, visits, REFERENCE.plan_offers, parameters(cap), required, 127
    )
    assert fits.number == len(fits.best)
    expected = {}
    tried = 0
    for mask in range(1, 128):
        tried += 1
        plans = tuple(plan for plan in PLANS if mask & 1 << (plan - 1))
        alone = replace(
            request, years=1, choices=tuple(PlanChoice(plan, visits[plan]) for plan in plans)
        )
        year = estimate(alone, REFERENCE.plan_offers, parameters(cap)).first
        if int(year.net) <= ceiling and required <= set(plans):
            expected[plans] = (int(year.gross), int(year.subsidy), int(year.net))
    assert tried == 127
    assert {f.plans: (int(f.gross), int(f.subsidy), int(f.net)) for f in fits.best} == expected
    assert all(fit.left == ceiling - fit.net >= 0 for fit in fits.best)
    for better, worse in itertools.pairwise(fits.best):
        assert len(better.plans) >= len(worse.plans)
        if len(better.plans) == len(worse.plans):
            assert better.left >= worse.left
            if better.left == worse.left:
                assert better.plans < worse.plans


def test_what_fits_as_worked_by_hand() -> None:
    visits = dict.fromkeys(PLANS, 12) | {4: 11}
    asked = EstimateRequest(2023), visits, REFERENCE.plan_offers
    fits = choices_within(Yen(1_150_000), *asked, parameters(None))
    every = [
        (1, 4),
        (2, 4),
        (3, 4),
        (4, 5),
        (4, 6),
        (4, 7),
        (4,),
        (1,),
        (2,),
        (3,),
        (5,),
        (6,),
        (7,),
    ]
    assert fits.number == 13
    assert [fit.plans for fit in fits.best] == every[:SHOWN]
    assert fits.best[0].left == 0
    with_6 = choices_within(Yen(1_150_000), *asked, SHIPPED_ALL, [6])
    assert [fit.plans for fit in with_6.best] == [(4, 6), (6,)]
    assert choices_within(Yen(549_999), *asked, SHIPPED_ALL) == Fits(0, ())
    assert choices_within(Yen(4_150_000), *asked, SHIPPED_ALL).number == 127


def offered(fees: Sequence[int]) -> Callable[[FiscalYear], Offers]:
    plans = {n: Offer(n, Yen(fee), 12, "jirei") for n, fee in enumerate(fees, 1)}
    return lambda year: Offers(year, plans)


def test_forty_plans_are_counted_without_trying_every_choice() -> None:
    fees = [100_000] * 30 + [250_000] * 10
    visits = dict.fromkeys(range(1, 41), 1)
    ceiling = Yen(600_000)  # 一般財源 50,000円 and 125,000円 a plan
    fits = choices_within(ceiling, EstimateRequest(2023), visits, offered(fees), parameters(None))
    expected = sum(
        comb(30, cheap) * comb(10, dear)
        for cheap in range(31)
        for dear in range(11)
        if cheap + dear and 50_000 * cheap + 125_000 * dear <= 600_000
    )
    assert fits.number == expected
    assert fits.best[0].plans == tuple(range(1, 13))
    assert fits.best[1].plans == (*range(1, 12), 13)
    assert len(fits.best) == SHOWN
    powers = [2**n for n in range(18)]
    with pytest.raises(InvalidInputError, match="必ず入れるプラン"):
        choices_within(
            Yen(10**6),
            EstimateRequest(2023),
            dict.fromkeys(range(1, 19), 1),
            offered(powers),
            parameters(None),
        )


SHIPPED_ALL = REFERENCE.parameters


def test_a_ceiling_is_not_negative() -> None:
    with pytest.raises(InvalidInputError, match="一般財源の上限は0円以上"):
        choices_within(
            Yen(-1),
            EstimateRequest(2023),
            dict.fromkeys(PLANS, 12),
            REFERENCE.plan_offers,
            SHIPPED_ALL,
        )


@given(
    st.integers(1, 12),
    st.sampled_from([None, Fraction(1, 3), Fraction(0), Fraction(1)]),
    st.integers(0, 3_000_000),
    st.sets(st.sampled_from(sorted(PLANS)), max_size=4),
)
def test_fewer_visits_are_the_most_that_fit(
    most: int, rate: Fraction | None, ceiling: int, required: set[int]
) -> None:
    request = EstimateRequest(2023, rate=rate)
    visits = dict.fromkeys(PLANS, most)
    found = fewer_visits(
        Yen(ceiling), request, visits, REFERENCE.plan_offers, SHIPPED_ALL, required
    )
    plans = sorted(required) or [1]

    def net(number: int) -> int:
        chosen = tuple(PlanChoice(plan, number) for plan in plans)
        return int(
            estimate(replace(request, choices=chosen), REFERENCE.plan_offers, SHIPPED_ALL).net
        )

    fitting = [number for number in range(1, most + 1) if net(number) <= ceiling]
    if found is None:
        assert not fitting
    else:
        assert (found.plans, found.visits, int(found.net)) == (
            tuple(sorted(required or PLANS)),
            max(fitting),
            net(max(fitting)),
        )


def test_a_plan_by_itself_costs_what_an_estimate_of_it_alone_says() -> None:
    visits = {plan: plan + 3 for plan in PLANS}
    request = EstimateRequest(2023, rate=Fraction(1, 3))
    for plan, line in each_alone(request, visits, REFERENCE.plan_offers, SHIPPED_ALL).items():
        only = replace(request, choices=(PlanChoice(plan, visits[plan]),))
        found = estimate(only, REFERENCE.plan_offers, SHIPPED_ALL)
        assert (line.gross, line.subsidy, line.net) == (found.gross, found.subsidy, found.net)
    assert each_alone(request, visits, REFERENCE.plan_offers, SHIPPED_ALL).keys() == set(PLANS)
