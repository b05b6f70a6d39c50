"""Alone against joint: cases worked by hand, refusals, the working in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.boarding.cost import BoardingCost, Prices, boarding_cost, break_even_month
from core.boarding.request import BoardingRequest, BudgetSection, MeritScope, Present, section_of
from core.boarding.waiting import last_paying_wait, waiting_rows
from core.boarding.wording import break_even_text, waiting_text, working
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.money import Yen

THREE_TENTHS = Fraction(3, 10)
OCTOBER = date(2027, 10, 1)


def cost_of(**values: object) -> BoardingCost:
    request = BoardingRequest(
        **({"start": OCTOBER, "initial": 1_234_567, "monthly": 98_765, "months": 17} | values)  # type: ignore[arg-type]
    )
    return boarding_cost(request, THREE_TENTHS)


def test_a_quotation_worked_by_hand() -> None:
    cost = cost_of()
    # 1,234,567 × 7/10 = 864,196.9 → 864,197; 98,765 × 7/10 = 69,135.5 → 69,136
    assert (cost.joint.initial, cost.joint.monthly) == (864_197, 69_136)
    assert cost.alone_total == 1_234_567 + 17 * 98_765 == 2_913_572
    assert cost.joint_total == 864_197 + 17 * 69_136 == 2_039_509
    assert cost.saving == 874_063
    assert cost.break_even == 1


def test_years_hold_the_months_that_fall_in_them() -> None:
    years = cost_of().years
    assert [(y.fiscal_year, y.months) for y in years] == [(2027, 6), (2028, 11)]
    assert [int(y.alone) for y in years] == [1_234_567 + 592_590, 1_086_415]
    assert [int(y.joint) for y in years] == [864_197 + 414_816, 760_496]
    # 節12 864,197 → 865千円, 節13 414,816 → 415千円
    assert [(x.number, x.amount, x.thousand) for x in years[0].sections] == [
        (12, 864_197, 865),
        (13, 414_816, 415),
    ]
    assert years[0].thousand == 1_280
    assert [(x.number, x.thousand) for x in years[1].sections] == [(13, 761)]
    assert years[1].joint_once == 0


def test_the_joining_fee_is_paid_in_full_once() -> None:
    cost = cost_of(joining_fee=333_333, merit_scope=MeritScope.MONTHLY)
    assert (cost.joint.initial, cost.joint.once) == (1_234_567, 1_567_900)
    assert cost.months[0].joint == 1_567_900 + 69_136
    assert cost.months[1].joint == 69_136
    # 333,333 ÷ 29,629 = 11.25…
    assert cost.break_even == 12
    assert cost.months[10].saving < 0 <= cost.months[11].saving


def test_the_merit_can_fall_on_the_initial_fee_alone() -> None:
    cost = cost_of(merit=Fraction(1, 4), merit_scope=MeritScope.INITIAL)
    assert (cost.joint.initial, cost.joint.monthly) == (925_926, 98_765)  # 925,925.25
    assert cost.own_merit
    assert not cost_of().own_merit


def test_what_is_spent_already_is_left_out_for_a_system_in_use() -> None:
    cost = cost_of(present=Present.ALONE, months=40)
    assert cost.alone.once == 0
    assert cost.joint.once == 864_197
    assert cost.break_even == 30  # 864,197 ÷ 29,629 = 29.16…
    assert "支払済み" in working(cost)[1].label


def test_joining_that_never_pays_says_so() -> None:
    cost = cost_of(present=Present.ALONE)
    assert cost.break_even is None
    assert "契約月数17か月では元が取れません" in break_even_text(cost)
    flat = cost_of(merit=Fraction(0), joining_fee=1)
    assert flat.break_even is None
    assert "月額は下がらない" in break_even_text(flat)
    assert flat.saving == -1


@pytest.mark.parametrize(
    ("once", "months", "expected"),
    [(0, 1, 1), (30, 5, 1), (31, 5, 2), (150, 5, 5), (151, 5, None)],
)
def test_the_month_of_breaking_even_is_the_first_that_covers_the_fee(
    once: int, months: int, expected: int | None
) -> None:
    alone, joint = Prices(Yen(0), Yen(100)), Prices(Yen(once), Yen(70))
    assert break_even_month(alone, joint, months) == expected


def test_waiting_worked_by_hand() -> None:
    cost = cost_of(initial=100_000, monthly=10_000, months=6, joining_fee=5_000)
    # alone 100,000 + 10,000; joint 70,000 + 5,000 + 7,000
    rows = waiting_rows(cost)
    assert [int(row.total) for row in rows] == [
        117_000,
        110_000 + 110_000,
        120_000 + 103_000,
        130_000 + 96_000,
        140_000 + 89_000,
        150_000 + 82_000,
        160_000,
    ]
    assert [int(row.extra) for row in rows] == [
        0, 103_000, 106_000, 109_000, 112_000, 115_000, 43_000,
    ]  # fmt: skip
    assert [int(row.idle_total or 0) for row in rows] == [
        117_000, 110_000, 103_000, 96_000, 89_000, 82_000, 0,
    ]  # fmt: skip
    assert rows[0].start == OCTOBER
    assert rows[5].start == date(2028, 3, 1)
    assert rows[6].start is None
    assert last_paying_wait(cost) == 0
    assert "最初の1か月は自前の初期費用100,000円もかかるため103,000円" in waiting_text(cost)
    assert "1か月ごとに3,000円" in waiting_text(cost)


def test_a_system_in_use_is_never_idle_and_boarding_pays_until_a_month() -> None:
    cost = cost_of(initial=0, monthly=10_000, months=12, joining_fee=9_500, present=Present.ALONE)
    rows = waiting_rows(cost)
    assert all(row.idle_total is None for row in rows)
    # 3,000 × 4 = 12,000 covers 9,500, 3,000 × 3 does not: 8 months may pass
    assert last_paying_wait(cost) == 8
    assert "令和10年6月の参加までは" in waiting_text(cost)


def test_the_working_can_be_copied() -> None:
    words = {step.label: step.expression for step in working(cost_of(joining_fee=50_000))}
    assert words["単独調達(標準価格)"] == "1,234,567円 + 98,765円 × 17か月 = 2,913,572円"
    assert words["共同調達の月額"] == (
        "98,765円 × (1 − 3/10) = 69,135.5円 → 69,136円(1円未満切上げ)"
    )
    assert words["共同調達"] == "864,197円 + 50,000円 + 69,136円 × 17か月 = 2,089,509円"
    assert words["差額(単独 − 共同)"] == "2,913,572円 − 2,089,509円 = 824,063円"


def test_a_contract_of_one_month_has_no_waiting_to_tell() -> None:
    assert "比較はありません" in waiting_text(cost_of(months=1))


def test_every_problem_is_named_at_once() -> None:
    bad = replace(
        BoardingRequest(date(2027, 4, 2)),
        initial=-1,
        monthly=10**10 + 1,
        months=0,
        joining_fee=-2,
        merit=Fraction(3, 2),
    )
    with pytest.raises(InvalidInputError) as refused:
        boarding_cost(bad, THREE_TENTHS)
    assert set(refused.value.problems) == {
        "initial", "monthly", "months", "joining_fee", "merit", "start",
    }  # fmt: skip
    assert "-1円" in refused.value.problems["initial"]


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(2021, 3, 1), False),
        (date(2021, 4, 1), True),
        (date(2081, 3, 1), True),
        (date(2081, 4, 1), False),
    ],
)
def test_the_start_month_has_bounds(day: date, fits: bool) -> None:
    if fits:
        assert cost_of(start=day, months=120).years
    else:
        with pytest.raises(InvalidInputError):
            cost_of(start=day)


def test_the_sections_changed_their_numbers_with_fiscal_year_2020() -> None:
    numbers = {
        section: (
            section_of(section, FiscalYear(2019))[0],
            section_of(section, FiscalYear(2020))[0],
        )
        for section in BudgetSection
    }
    assert numbers == {
        BudgetSection.COMMISSION: (13, 12),
        BudgetSection.USAGE: (14, 13),
        BudgetSection.CONTRIBUTION: (19, 18),
    }


def test_costs_of_one_section_are_rounded_together() -> None:
    year = cost_of(
        initial_section=BudgetSection.CONTRIBUTION, monthly_section=BudgetSection.CONTRIBUTION
    ).first
    assert [(x.number, x.name, x.thousand) for x in year.sections] == [
        (18, "負担金、補助及び交付金", 1_280)  # 1,279,013
    ]


def test_a_merit_finer_than_anybody_quotes_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="1万分の1"):
        cost_of(merit=Fraction(1, 10_001))
