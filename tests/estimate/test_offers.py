"""What is offered differs by fiscal year and by plan: fees, visits, plans that ended or are new."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Engine

from core.access.principal import PUBLIC
from core.estimate.calculation import Estimate, each_alone, estimate, subsidy_demand
from core.estimate.caveats import caveats, is_provisional, provisional_note
from core.estimate.ceiling import choices_within, fewer_visits
from core.estimate.request import EstimateRequest, PlanChoice
from core.estimate.request_form import FormField
from core.estimate.scenarios import ScenarioKey
from core.estimate.wording import gross_expression, price_text, working
from core.exports.request_form import budget_form_values
from core.params import RoundingScope
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.money import Yen
from core.views.plans import plans_view
from tests.support.opened import OPENED
from tests.support.reference import REFERENCE

SHIPPED = REFERENCE.parameters
EVERY = {1: 12, 2: 12, 4: 12, 5: 12, 6: 12, 7: 12, 8: 6}


def asked(*choices: tuple[int, int], year: int = 2027, **own: Any) -> EstimateRequest:
    return EstimateRequest(year, tuple(PlanChoice(*choice) for choice in choices), **own)


def computed(*choices: tuple[int, int], **own: Any) -> Estimate:
    return estimate(asked(*choices, **own), OPENED.plan_offers, SHIPPED)


def test_a_plan_of_its_own_fee_is_computed_with_it() -> None:
    found = computed((1, 12), (6, 12), (8, 6))
    year = found.first
    assert [int(line.gross) for line in year.lines] == [1_200_000, 1_200_000, 720_000]
    assert (year.gross, year.subsidy, year.net) == (3_120_000, 1_560_000, 1_560_000)
    assert [int(line.subsidy) for line in year.lines] == [600_000, 600_000, 360_000]
    assert gross_expression(year) == "100,000円 × 12回 × 2プラン + 120,000円 × 6回 × 1プラン"
    assert working(year)[0].expression.endswith(" = 3,120,000円")
    assert price_text(year) == "100,000円(プラン8は120,000円)"
    assert price_text(computed((8, 1)).first) == "120,000円"
    assert sum(month.gross for month in year.months) == year.gross
    assert [int(month.gross) for month in year.months[5:7]] == [320_000, 200_000]


def test_its_fee_is_a_premise_with_its_source() -> None:
    premises = {p.name: p for p in computed((6, 1), (8, 6)).first.terms.premises}
    fee = premises["talent.unit_price.8"]
    assert (fee.label, fee.text) == ("プラン8の1回あたりの費用", "120,000円/回")
    assert (fee.basis_label, fee.source) == ("公表", "jirei")
    assert (fee.valid_from, fee.carried_from) == (date(2027, 4, 1), None)
    assert premises["talent.visits_per_year.8"].text == "6回/年"
    assert not any("8" in p.label for p in computed((6, 1)).first.terms.premises)


def test_what_the_asker_gives_goes_before_what_the_plan_says() -> None:
    year = computed((6, 1), (8, 1), unit_price=50_000).first
    assert [int(line.gross) for line in year.lines] == [50_000, 50_000]
    assert "talent.unit_price.8" not in {p.name for p in year.terms.premises}


def test_a_later_year_has_its_own_fees() -> None:
    years = computed((6, 10), (8, 6), years=3).years
    assert [int(year.gross) for year in years] == [1_720_000, 1_680_006, 1_680_006]


@pytest.mark.parametrize("scope", RoundingScope)
def test_shares_follow_the_cost(scope: RoundingScope) -> None:
    year = computed((1, 1), (8, 1), rate=Fraction(1, 3), rounding_scope=scope).first
    assert [int(line.subsidy) for line in year.lines] == {
        RoundingScope.TOTAL: [33_182, 39_818],  # 73,000 as 100 : 120
        RoundingScope.PLAN: [33_000, 40_000],
    }[scope]


@pytest.mark.parametrize(
    ("request_", "field", "words"),
    [
        (asked((8, 7)), "visits.8", "プラン8の支援回数は1から6で指定してください: 7"),
        (asked((8, 6), year=2026), "plan", "ない支援プランです: 8(プラン番号は1から7)"),
        (asked((3, 6)), "plan", "ない支援プランです: 3(プラン番号は1、2、4から8)"),
    ],
)
def test_what_is_not_offered_in_the_year_is_refused(
    request_: EstimateRequest, field: str, words: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        estimate(request_, OPENED.plan_offers, SHIPPED)
    assert words in refusal.value.problems[field]


def test_a_plan_that_ends_costs_nothing_more_and_that_is_said() -> None:
    found = computed((3, 12), (6, 5), year=2026, years=2)
    assert [int(year.gross) for year in found.years] == [1_700_000, 500_000]
    assert "令和9年度のプラン3は提供されないため、額に含まない。" in caveats(
        found, REFERENCE.names.subsidy
    )
    assert not any(
        "提供されない" in note
        for note in caveats(computed((6, 5), years=2), REFERENCE.names.subsidy)
    )


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (2023, None),
        (2026, "プランも令和5年度のプランを準用した。"),
        (2027, None),
        (2030, "プランも令和10年度のプランを準用した。"),
    ],
)
def test_plans_of_an_earlier_year_are_called_carried_over(year: int, said: str | None) -> None:
    note = provisional_note(computed((6, 1), year=year).first) or ""
    assert note.endswith(said) if said else "プランを準用" not in note


def test_plans_alone_that_are_carried_over_make_an_amount_provisional() -> None:
    since = date(2026, 4, 1)
    own = [p for p in SHIPPED if p.name.startswith("talent.")]
    fixed = [type(p)(p.name, p.value, since, p.basis, p.source, p.note) for p in own if p.value] + [
        p for p in own if not p.value
    ]
    year = estimate(asked((6, 1), year=2026), OPENED.plan_offers, [*SHIPPED, *fixed]).first
    assert is_provisional(year)
    assert provisional_note(year) == (
        "仮の額。令和8年度のプランは公表されていないため、令和5年度のプランを準用した。"
    )


def test_a_ceiling_knows_what_each_plan_costs() -> None:
    request = asked()
    fits = choices_within(Yen(400_000), request, EVERY, OPENED.plan_offers, SHIPPED)
    assert [fit.plans for fit in fits.best] == [(8,)]
    assert each_alone(request, EVERY, OPENED.plan_offers, SHIPPED)[8].net == 360_000
    few = fewer_visits(Yen(55_000), request, EVERY, OPENED.plan_offers, SHIPPED)
    assert few is not None
    assert (few.plans, few.visits, few.net) == ((1, 2, 4, 5, 6, 7), 1, 50_000)
    assert fewer_visits(Yen(55_000), request, EVERY, OPENED.plan_offers, SHIPPED, [8]) is None
    both = fewer_visits(Yen(800_000), request, EVERY, OPENED.plan_offers, SHIPPED, [8, 6])
    assert both is not None  # 8回: 800,000円 + 6回 × 120,000円
    assert (both.plans, both.visits, both.gross) == ((6, 8), 8, 1_520_000)


def test_the_demand_is_that_of_each_plan() -> None:
    terms = computed((6, 1)).first.terms
    assert subsidy_demand({6: 2, 8: 3}, terms) == (2 * 1_200_000 + 3 * 720_000) // 2


def test_a_year_without_published_wishes_has_no_demand(engine: Engine) -> None:
    answer = plans_view(engine, PUBLIC, OPENED, request=asked((8, 6)))
    assert (answer.published_wishes, answer.demand, answer.shortfall) == (None, None, None)
    assert [case.key for case in answer.scenarios] == [
        ScenarioKey.ANNOUNCED,
        ScenarioKey.NO_SUBSIDY,
    ]
    short = plans_view(engine, PUBLIC, OPENED, request=asked((8, 6)), shortfall=1_000)
    assert "申請総額も入れてください" in short.scenario_problems["demand"]
    told = plans_view(engine, PUBLIC, OPENED, request=asked((8, 6)), demand=1_000_000)
    assert told.scenarios[2].subsidy == 324_000
    before = plans_view(engine, PUBLIC, OPENED, request=asked((6, 12), year=2023))
    assert (before.published_wishes, before.demand) == (24, 14_400_000)


def test_a_plan_is_called_what_its_year_calls_it() -> None:
    first, later = FiscalYear(2023), FiscalYear(2027)
    assert (
        OPENED.plan_name(3, first) == OPENED.of(later).plan_name(3, first) == "プラン3 オンライン化"
    )
    assert OPENED.plan_name(3, later) == "プラン3"
    assert OPENED.plan_title(8, later) == "8. 生成AI活用支援プラン"


def test_a_form_has_one_fee_only_where_there_is_one() -> None:
    def values(found: Estimate) -> Any:
        return budget_form_values(
            found, reference=OPENED, municipality="堺市", made_on=date(2026, 11, 26), link="x",
            made_up=False,
        )  # fmt: skip

    assert FormField.UNIT_PRICE not in values(computed((6, 1), (8, 1)))
    alone = values(computed((8, 6)))
    assert alone[FormField.UNIT_PRICE] == 120_000
    assert alone[FormField.CONTENT] == "プラン8「生成AI活用支援プラン」6回"
