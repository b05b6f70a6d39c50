"""Worked cases of an estimate, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.estimate.calculation import Estimate, estimate, subsidy_demand
from core.estimate.caveats import pace_note, provisional_note
from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.estimate.scenarios import ScenarioKey, scenarios
from core.estimate.schedule import visits_by_month
from core.estimate.subsidy import granted_subsidy, prorated
from core.estimate.terms import SubsidyTerms, expenditure_section, premise_text
from core.estimate.wording import gross_expression, working
from core.params import Basis, Parameter, RoundingScope
from core.values.errors import InvalidInputError, NoValueInForceError
from core.values.fiscal import FiscalYear
from core.values.money import BudgetThousands, Direction, Rounding, Yen
from tests.support.reference import REFERENCE

PLANS = range(1, 8)
SHIPPED = REFERENCE.parameters


def asked(*choices: tuple[int, int], year: int = 2023, **own: object) -> EstimateRequest:
    chosen = tuple(PlanChoice(plan, visits) for plan, visits in choices)
    return EstimateRequest(year, chosen, **own)  # type: ignore[arg-type]


def computed(*choices: tuple[int, int], **own: object) -> Estimate:
    return estimate(asked(*choices, **own), REFERENCE.plan_offers, SHIPPED)  # type: ignore[arg-type]


def amounts(result: Estimate) -> tuple[int, int, int]:
    return int(result.gross), int(result.subsidy), int(result.net)


def value(name: str, text: object, valid_from: date = date(2023, 4, 1)) -> Parameter:
    return Parameter(name, text, valid_from, Basis.OFFICIAL, "test")  # type: ignore[arg-type]


def with_value(name: str, text: object) -> tuple[Parameter, ...]:
    return (*(p for p in SHIPPED if p.name != name), value(name, text))


@pytest.mark.parametrize(
    ("choices", "own", "expected"),
    [
        ([(6, 12), (4, 11)], {}, (2_300_000, 1_150_000, 1_150_000)),
        ([(1, 12)], {}, (1_200_000, 600_000, 600_000)),
        ([(1, 11)], {}, (1_100_000, 550_000, 550_000)),
        ([(1, 1)], {"unit_price": 1_234_567}, (1_234_567, 617_000, 617_567)),
        ([(1, 1)], {"unit_price": 0}, (0, 0, 0)),
        ([], {}, (0, 0, 0)),
        ([(n, 12) for n in PLANS], {}, (8_400_000, 4_200_000, 4_200_000)),
        ([(2, 7)], {"rate": Fraction(1, 3)}, (700_000, 233_000, 467_000)),
        ([(2, 7)], {"rate": Fraction(0)}, (700_000, 0, 700_000)),
        ([(2, 7)], {"rate": Fraction(1)}, (700_000, 700_000, 0)),
        (
            [(2, 7)],
            {"rate": Fraction(1, 3), "rounding_direction": Direction.UP},
            (700_000, 234_000, 466_000),
        ),
        (
            [(2, 7)],
            {"rate": Fraction(2, 3), "rounding_direction": Direction.HALF_UP},
            (700_000, 467_000, 233_000),
        ),
        (
            [(1, 1)],
            {"unit_price": 1_234_567, "rounding_unit": 1},
            (1_234_567, 617_283, 617_284),
        ),
    ],
)
def test_an_estimate_as_worked_by_hand(
    choices: list[tuple[int, int]], own: dict[str, object], expected: tuple[int, int, int]
) -> None:
    assert amounts(computed(*choices, **own)) == expected


def test_the_case_of_the_command_line_line_by_line() -> None:
    year = computed((6, 12), (4, 11)).first
    assert [(x.plan, x.visits, x.unit_price, x.gross, x.subsidy, x.net) for x in year.lines] == [
        (6, 12, 100_000, 1_200_000, 600_000, 600_000),
        (4, 11, 100_000, 1_100_000, 550_000, 550_000),
    ]
    assert year.thousands == BudgetThousands(2_300, 1_150, 1_150)
    assert year.section == (12, "委託料")
    assert year.fiscal_year.label == "令和5年度"


ODD = {"unit_price": 1_501, "rate": Fraction(1, 2)}


@pytest.mark.parametrize(
    ("scope", "shares", "subsidy"),
    [
        # 1,501 and 4,503 at 1/2 are 750.5 and 2,251.5; together 3,002
        (RoundingScope.PLAN, [0, 2_000], 2_000),
        (RoundingScope.TOTAL, [750, 2_250], 3_000),
    ],
)
def test_rounding_each_plan_and_rounding_the_total_differ(
    scope: RoundingScope, shares: list[int], subsidy: int
) -> None:
    result = computed((3, 1), (5, 3), rounding_scope=scope, **ODD)
    assert [int(line.subsidy) for line in result.first.lines] == shares
    assert result.subsidy == subsidy
    assert result.net == 6_004 - subsidy


@pytest.mark.parametrize(
    ("scope", "expected"),
    [(RoundingScope.PLAN, [1_000, 3_000]), (RoundingScope.TOTAL, [1_000, 3_000])],
)
def test_shares_of_a_rounded_up_total(scope: RoundingScope, expected: list[int]) -> None:
    result = computed((3, 1), (5, 3), rounding_scope=scope, rounding_direction=Direction.UP, **ODD)
    assert [int(line.subsidy) for line in result.first.lines] == expected


def test_the_largest_remainder_decides_the_last_yen() -> None:
    result = computed(
        (7, 1), (1, 1), (3, 1), unit_price=1_000, rate=Fraction(1, 3), rounding_unit=1_000
    )
    assert [int(line.subsidy) for line in result.first.lines] == [334, 333, 333]
    assert result.subsidy == 1_000


@pytest.mark.parametrize(
    ("cap", "subsidy"),
    [(None, 1_150_000), (1_150_000, 1_150_000), (1_000_000, 1_000_000), (999_999, 999_000), (0, 0)],
)
@pytest.mark.parametrize("scope", list(RoundingScope))
def test_a_cap_holds_for_the_application_and_keeps_the_unit(
    cap: int | None, subsidy: int, scope: RoundingScope
) -> None:
    parameters = with_value("talent.subsidy_cap", cap)
    result = estimate(
        asked((6, 12), (4, 11), rounding_scope=scope), REFERENCE.plan_offers, parameters
    )
    assert result.subsidy == subsidy
    assert sum(line.subsidy for line in result.first.lines) == subsidy


def test_a_cap_is_shared_by_cost() -> None:
    parameters = with_value("talent.subsidy_cap", 1_000_000)
    lines = estimate(asked((6, 12), (4, 11)), REFERENCE.plan_offers, parameters).first.lines
    # 1,000,000 × 12/23 = 521,739.13…, × 11/23 = 478,260.86…: the odd yen goes to the second
    assert [int(line.subsidy) for line in lines] == [521_739, 478_261]


@pytest.mark.parametrize("direction", [Direction.UP, Direction.HALF_UP])
@pytest.mark.parametrize("scope", list(RoundingScope))
def test_rounding_up_never_grants_more_than_the_cost(
    direction: Direction, scope: RoundingScope
) -> None:
    terms = SubsidyTerms(Fraction(9, 10), Rounding(1000, direction), scope)
    assert granted_subsidy([Yen(1_999)], terms).amount == 1_000
    assert granted_subsidy([Yen(999)], terms).amount == 0
    assert granted_subsidy([Yen(2_000)], terms).amount == 2_000


def test_five_years_are_five_applications_and_start_in_april_from_the_second_on() -> None:
    result = computed((6, 12), (4, 11), years=5, start_month=7)
    assert [int(year.fiscal_year) for year in result.years] == [2023, 2024, 2025, 2026, 2027]
    assert [year.start_month for year in result.years] == [7, 4, 4, 4, 4]
    assert [year.months_left for year in result.years] == [9, 12, 12, 12, 12]
    assert amounts(result) == (11_500_000, 5_750_000, 5_750_000)
    assert [year.terms.as_of for year in result.years[:2]] == [date(2023, 7, 1), date(2024, 4, 1)]


def test_each_year_is_rounded_by_itself() -> None:
    result = computed((1, 1), years=3, unit_price=1_999)
    assert result.subsidy == 0
    result = computed((1, 3), years=3, unit_price=1_999)
    assert [int(year.subsidy) for year in result.years] == [2_000, 2_000, 2_000]


def test_a_later_fee_counts_from_its_own_year_on() -> None:
    parameters = (*SHIPPED, value("talent.unit_price", 120_000, date(2025, 4, 1)))
    result = estimate(asked((2, 10), years=3), REFERENCE.plan_offers, parameters)
    assert [int(year.gross) for year in result.years] == [1_000_000, 1_000_000, 1_200_000]


def test_a_fee_that_changes_in_october_holds_for_a_start_in_october() -> None:
    parameters = (*SHIPPED, value("talent.unit_price", 120_000, date(2023, 10, 1)))
    for month, price in ((4, 100_000), (9, 100_000), (10, 120_000), (1, 120_000)):
        year = estimate(asked((2, 1), start_month=month), REFERENCE.plan_offers, parameters).first
        assert year.gross == price


def test_a_july_start_puts_two_visits_in_the_first_months() -> None:
    year = computed((6, 12), (4, 11), start_month=7).first
    assert year.months_left == 9
    assert year.months[0].month == date(2023, 7, 1)
    assert year.months[-1].month == date(2024, 3, 1)
    assert [row.visits for row in year.months] == [4, 4, 3, 2, 2, 2, 2, 2, 2]
    assert [int(row.cumulative_gross) for row in year.months][-1] == 2_300_000
    assert sum(row.subsidy for row in year.months) == 1_150_000


def test_six_visits_from_april_are_one_a_month_until_september() -> None:
    year = computed((6, 6)).first
    assert [row.visits for row in year.months] == [1] * 6 + [0] * 6
    assert [int(row.subsidy) for row in year.months] == [50_000] * 6 + [0] * 6
    assert visits_by_month(0, 3) == [0, 0, 0]


@pytest.mark.parametrize(
    ("kind", "year", "section"),
    [
        (ExpenditureKind.COMMISSION, 2020, (12, "委託料")),
        (ExpenditureKind.CONTRIBUTION, 2020, (18, "負担金、補助及び交付金")),
        (ExpenditureKind.COMMISSION, 2019, (13, "委託料")),
        (ExpenditureKind.CONTRIBUTION, 2019, (19, "負担金、補助及び交付金")),
    ],
)
def test_section_numbers_changed_with_fiscal_2020(
    kind: ExpenditureKind, year: int, section: tuple[int, str]
) -> None:
    assert expenditure_section(kind, FiscalYear(year)) == section


def test_all_problems_come_at_once_each_under_its_field() -> None:
    request = asked(
        (9, 0),
        (3, 13),
        start_month=13,
        years=6,
        year=2022,
        unit_price=-1,
        rate=Fraction(11, 10),
        rounding_unit=0,
    )
    with pytest.raises(InvalidInputError) as refusal:
        estimate(request, REFERENCE.plan_offers, SHIPPED)
    assert set(refusal.value.problems) == {
        "fiscal_year",
        "start_month",
        "years",
        "plan",
        "visits.9",
        "visits.3",
        "unit_price",
        "rate",
        "rounding_unit",
    }
    assert str(refusal.value).count("\n") == 8


@pytest.mark.parametrize(
    ("request_", "field", "words"),
    [
        (asked((1, 0)), "visits.1", "1から12"),
        (asked((1, 13)), "visits.1", "1から12で指定してください: 13"),
        (asked((1, -1)), "visits.1", "-1"),
        (asked((8, 12)), "plan", "ない支援プランです: 8"),
        (asked((0, 12)), "plan", "1から7"),
        (asked((3, 12), (3, 6)), "plan", "同じプランが2回指定されています: 3"),
        (asked((1, 12), year=2022), "fiscal_year", "令和5年度(2023年度)以降"),
        (asked((1, 12), year=1900), "fiscal_year", "1900年度"),
        (asked((1, 12), year=10**40), "fiscal_year", "以降"),
        (asked((1, 12), start_month=0), "start_month", "1から12"),
        (asked((1, 12), years=0), "years", "1から5"),
        (asked((1, 12), years=6), "years", "1から5"),
        (asked((1, 12), unit_price=-1), "unit_price", "0以上100,000,000以下"),
        (asked((1, 12), unit_price=100_000_001), "unit_price", "0以上100,000,000以下"),
        (asked((1, 12), rate=Fraction(-1, 2)), "rate", "0以上1以下"),
        (asked((1, 12), rate=Fraction(3, 2)), "rate", "3/2"),
        (asked((1, 12), rounding_unit=0), "rounding_unit", "1以上"),
        (asked((1, 12), rounding_unit=1_000_001), "rounding_unit", "1,000,000以下"),
    ],
)
def test_one_problem_is_named_with_its_bounds(
    request_: EstimateRequest, field: str, words: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        estimate(request_, REFERENCE.plan_offers, SHIPPED)
    assert set(refusal.value.problems) == {field}
    assert words in refusal.value.problems[field]


def test_an_unknown_and_a_repeated_plan_are_both_named() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        estimate(asked((9, 12), (3, 12), (3, 6)), REFERENCE.plan_offers, SHIPPED)
    assert "9" in refusal.value.problems["plan"]
    assert "同じプランが2回指定されています: 3" in refusal.value.problems["plan"]


def test_visits_are_bounded_by_the_number_in_force_that_year() -> None:
    fewer = (*SHIPPED, value("talent.visits_per_year", 6, date(2024, 4, 1)))
    assert estimate(asked((1, 12), year=2023), REFERENCE.plan_offers, fewer).gross == 1_200_000
    with pytest.raises(InvalidInputError) as refusal:
        estimate(asked((1, 12), year=2024), REFERENCE.plan_offers, fewer)
    assert "1から6" in refusal.value.problems["visits.1"]


def test_without_any_fee_nothing_can_be_asked() -> None:
    with pytest.raises(InvalidInputError, match="費用が登録されていない"):
        estimate(asked((1, 12)), REFERENCE.plan_offers, [])


def test_a_missing_parameter_is_named_and_not_guessed() -> None:
    without = tuple(p for p in SHIPPED if p.name != "talent.rounding_scope")
    with pytest.raises(NoValueInForceError, match="補助金の端数処理の対象"):
        estimate(asked((1, 12)), REFERENCE.plan_offers, without)


def test_own_terms_are_marked_as_the_askers_and_others_keep_their_basis() -> None:
    year = computed((1, 12), rate=Fraction(1, 3), year=2024).first
    premises = {premise.name: premise for premise in year.terms.premises}
    assert premises.pop("talent.plans").carried_from == 2023
    assert len(premises) == 7  # the budget of the programme decides nobody's own estimate
    own = premises["talent.subsidy_rate"]
    assert (own.basis_label, own.text, own.source, own.valid_from) == ("入力値", "1/3", "", None)
    assert own.carried_from is None
    fee = premises["talent.unit_price"]
    assert (fee.basis_label, fee.text, fee.source) == ("公表", "100,000円/回", "jirei")
    assert fee.carried_from == 2023
    assert premises["talent.rounding_unit"].basis_label == "仮定(要確認)"
    cap = premises["talent.subsidy_cap"]
    assert (cap.basis_label, cap.text, cap.carried_from) == ("未公表", "不明(未公表)", None)


def test_an_own_rate_of_zero_is_a_rate_and_not_absent() -> None:
    assert computed((1, 12), rate=Fraction(0)).subsidy == 0
    assert computed((1, 12), unit_price=0).gross == 0


def test_three_cases_side_by_side() -> None:
    year = computed((6, 12)).first
    cases = {case.key: case for case in scenarios(year, Yen(14_400_000), Yen(1_440_000))}
    assert cases[ScenarioKey.ANNOUNCED].subsidy == 600_000
    assert cases[ScenarioKey.NO_SUBSIDY].net == 1_200_000
    assert cases[ScenarioKey.SHORTFALL].subsidy == 540_000
    assert cases[ScenarioKey.SHORTFALL].thousands == BudgetThousands(1_200, 540, 660)
    assert "1/2" in cases[ScenarioKey.ANNOUNCED].label
    assert cases[ScenarioKey.NO_SUBSIDY].label == "補助なし"
    short = cases[ScenarioKey.SHORTFALL]
    assert "不足" in short.label
    assert "1,440,000円" in short.label + short.working
    assert "12,960,000円 ÷ 申請総額14,400,000円" in short.working


@pytest.mark.parametrize(
    ("demand", "shortfall", "fields"),
    [
        (599_999, 0, {"demand"}),
        (600_000, 600_001, {"shortfall"}),
        (600_000, -1, {"shortfall"}),
        (0, 1, {"demand", "shortfall"}),
        (-1, 1, {"demand", "shortfall"}),
    ],
)
def test_cases_that_cannot_be_are_refused(demand: int, shortfall: int, fields: set[str]) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        scenarios(computed((6, 12)).first, Yen(demand), Yen(shortfall))
    assert set(refusal.value.problems) == fields


def test_the_whole_demand_of_the_published_wishes() -> None:
    terms = computed((6, 12)).first.terms
    assert subsidy_demand({1: 4, 6: 20}, terms) == 14_400_000
    assert subsidy_demand({1: 0}, terms) == 0
    third = replace(terms, subsidy=replace(terms.subsidy, rate=Fraction(1, 7)))
    assert subsidy_demand({1: 1}, third) == 171_428


def test_grants_are_cut_in_proportion_to_the_yen() -> None:
    assert prorated([Yen(600_000), Yen(300_000)], Yen(800_000)) == [533_333, 266_667]
    assert prorated([Yen(1), Yen(2)], Yen(3)) == [1, 2]
    assert prorated([Yen(5), Yen(5)], Yen(0)) == [0, 0]
    assert prorated([], Yen(0)) == []


def test_the_working_in_words() -> None:
    year = computed((6, 12), (4, 11), (1, 12)).first
    assert gross_expression(year) == "100,000円 × 12回 × 2プラン + 100,000円 × 11回 × 1プラン"
    assert gross_expression(computed().first) == "0円"
    steps = working(computed((1, 1), unit_price=1_234_567).first)
    assert [(step.label, step.expression) for step in steps] == [
        ("歳出", "1,234,567円 × 1回 × 1プラン = 1,234,567円"),
        ("補助率 1/2", "1,234,567円 × 1/2 = 617,283.5円"),
        ("1,000円未満切捨て", "617,283.5円 → 617,000円"),
        ("一般財源", "1,234,567円 − 617,000円 = 617,567円"),
    ]
    assert [step.amount for step in steps] == [1_234_567, None, 617_000, 617_567]


def test_the_working_of_plans_rounded_one_by_one_with_a_cap() -> None:
    parameters = with_value("talent.subsidy_cap", 1_500)
    request = asked((3, 1), (5, 3), rounding_scope=RoundingScope.PLAN, **ODD)
    steps = working(estimate(request, REFERENCE.plan_offers, parameters).first)
    assert [(step.label, step.expression, step.amount) for step in steps[1:-1]] == [
        ("補助率 1/2、プランごとに1,000円未満切捨て", "0円 + 2,000円", 2_000),
        ("上限額", "1,500円以内", 1_000),
    ]


def test_thirds_are_written_as_fractions() -> None:
    steps = working(computed((1, 1), unit_price=100, rate=Fraction(1, 3), rounding_unit=1).first)
    assert steps[1].expression == "100円 × 1/3 = 33と1/3円"
    assert steps[2].label == "1円未満切捨て"


@pytest.mark.parametrize(
    ("start", "visits", "warned"), [(4, 12, False), (7, 9, False), (7, 10, True), (3, 2, True)]
)
def test_too_many_visits_for_the_months_left_are_pointed_out(
    start: int, visits: int, warned: bool
) -> None:
    year = computed((6, visits), (4, 1), start_month=start).first
    note = pace_note(year)
    assert (note is not None) is warned
    if note:
        assert "プラン6は" in note
        assert "プラン4" not in note
        assert f"残りは{year.months_left}か月" in note


def test_values_of_an_earlier_year_are_called_what_they_are() -> None:
    own = provisional_note(computed((6, 12), year=2023).first)
    assert own is not None
    assert own.startswith("仮の額。公表(検討中): 補助率 1/2。")  # announced, not decided
    note = provisional_note(computed((6, 12), year=2025).first)
    assert note is not None
    assert note.startswith(
        "仮の額。令和7年度の費用・補助条件は公表・登録されていないため、令和5年度の値"
    )


def test_premises_are_shown_with_their_unit() -> None:
    assert premise_text("talent.rounding_direction", Direction.HALF_UP) == "四捨五入"
    assert premise_text("talent.rounding_scope", RoundingScope.PLAN) == "プランごと"
    assert premise_text("talent.subsidy_rate", Fraction(1, 2)) == "1/2"
    assert premise_text("talent.subsidy_cap", 0) == "0円/年度"
