"""Laws of the comparison, and an independent model that pays month by month."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.boarding.cost import boarding_cost
from core.boarding.request import BoardingRequest, BudgetSection, MeritScope, Present
from core.boarding.waiting import last_paying_wait, waiting_rows

PUBLISHED = Fraction(3, 10)
AMOUNTS = st.integers(0, 3_000_000)
REQUESTS = st.builds(
    BoardingRequest,
    start=st.builds(date, st.integers(2026, 2028), st.integers(1, 12), st.just(1)),
    initial=AMOUNTS,
    monthly=st.integers(0, 50_000),
    months=st.integers(1, 40),
    joining_fee=st.just(0) | AMOUNTS,
    merit=st.none() | st.fractions(0, 1, max_denominator=20),
    merit_scope=st.sampled_from(MeritScope),
    present=st.sampled_from(Present),
    initial_section=st.sampled_from(BudgetSection),
    monthly_section=st.sampled_from(BudgetSection),
)


def paid_month_by_month(request: BoardingRequest, wait: int) -> list[int]:
    """Independent model: what leaves the purse in each month when boarding after ``wait``."""
    merit = PUBLISHED if request.merit is None else request.merit
    paid = []
    for month in range(request.months):
        amount = 0
        if month < wait:
            amount += request.monthly
            if month == 0 and request.present is Present.UNUSED:
                amount += request.initial
        else:
            off_monthly = merit if request.merit_scope.value in ("both", "monthly") else 0
            off_initial = merit if request.merit_scope.value in ("both", "initial") else 0
            amount += math.ceil(request.monthly * (1 - off_monthly))
            if month == wait:
                amount += math.ceil(request.initial * (1 - off_initial)) + request.joining_fee
        paid.append(amount)
    return paid


@given(REQUESTS)
def test_everything_equals_paying_month_by_month(request: BoardingRequest) -> None:
    cost = boarding_cost(request, PUBLISHED)
    joint, alone = paid_month_by_month(request, 0), paid_month_by_month(request, request.months)
    assert [int(row.joint) for row in cost.months] == joint
    assert [int(row.alone) for row in cost.months] == alone
    assert [int(row.cumulative_joint) for row in cost.months] == [
        sum(joint[: n + 1]) for n in range(len(joint))
    ]
    assert [int(row.cumulative_alone) for row in cost.months] == [
        sum(alone[: n + 1]) for n in range(len(alone))
    ]
    for row in waiting_rows(cost):
        assert row.total == sum(paid_month_by_month(request, row.wait))


@given(REQUESTS)
def test_fiscal_years_add_up_to_the_whole(request: BoardingRequest) -> None:
    cost = boarding_cost(request, PUBLISHED)
    assert sum(year.months for year in cost.years) == request.months
    assert sum(year.alone for year in cost.years) == cost.alone_total
    assert sum(year.joint for year in cost.years) == cost.joint_total
    assert sum(year.saving for year in cost.years) == cost.saving == cost.months[-1].saving
    assert all(1 <= year.months <= 12 for year in cost.years)
    for year in cost.years:
        assert sum(section.amount for section in year.sections) == year.joint
        assert year.joint <= year.thousand * 1000 < year.joint + 2000


@given(REQUESTS)
def test_each_month_of_waiting_costs_no_less_than_the_one_before(request: BoardingRequest) -> None:
    cost = boarding_cost(request, PUBLISHED)
    *boarding, never = waiting_rows(cost)
    later = [row.extra for row in boarding[1:]]
    assert later == sorted(later)
    assert boarding[0].extra == 0
    assert never.extra == cost.saving
    if request.present is Present.UNUSED:
        idle = [row.idle_total or 0 for row in (*boarding, never)]
        assert idle == sorted(idle, reverse=True)


@given(REQUESTS)
def test_breaking_even_is_where_the_cumulative_lines_meet(request: BoardingRequest) -> None:
    cost = boarding_cost(request, PUBLISHED)
    ahead = [row.saving >= 0 for row in cost.months]
    assert (cost.break_even is not None) == any(ahead)
    if cost.break_even is not None:
        assert ahead.index(True) == cost.break_even - 1
        assert all(ahead[cost.break_even - 1 :])
    wait = last_paying_wait(cost)
    assert (wait is None) == (cost.saving < 0)


@given(REQUESTS)
def test_without_merit_or_fee_joining_costs_the_same(request: BoardingRequest) -> None:
    plain = BoardingRequest(
        request.start, request.initial, request.monthly, request.months, merit=Fraction(0)
    )
    cost = boarding_cost(plain, PUBLISHED)
    assert cost.saving == 0
    assert all(row.saving == 0 for row in cost.months)
