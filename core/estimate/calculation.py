"""The estimate itself: plans × visits × fee, subsidy, 一般財源, year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from core.estimate.offers import Offered
from core.estimate.request import EstimateRequest, PlanChoice, check_request
from core.estimate.schedule import MonthRow, month_rows
from core.estimate.subsidy import NOTHING_GRANTED, Step, granted_subsidy
from core.estimate.terms import Terms, expenditure_section, terms_for
from core.params import Parameter
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.money import Amounts, Yen


@dataclass(frozen=True)
class EstimateLine(Amounts):
    """One plan's part of a year."""

    plan: int
    visits: int
    unit_price: Yen


@dataclass(frozen=True)
class YearEstimate(Amounts):
    """One fiscal year, which is one application for the subsidy.

    Attributes:
        start_month: Calendar month the support begins in.
        months_left: 残り月数 including the start month.
        terms: Values in force on its first day.
        section: 節 number and name.
        lines: One a plan, in the order of the request; they add up to the totals.
        months: One row a month left.
    """

    fiscal_year: FiscalYear
    start_month: int
    months_left: int
    terms: Terms
    section: tuple[int, str]
    lines: tuple[EstimateLine, ...]
    steps: tuple[Step, ...]
    months: tuple[MonthRow, ...]


@dataclass(frozen=True)
class Estimate(Amounts):
    """An estimate over one or more fiscal years.

    Attributes:
        years: One a fiscal year, the first being the year of the budget request.
    """

    request: EstimateRequest
    years: tuple[YearEstimate, ...]

    @property
    def first(self) -> YearEstimate:
        """The year of the budget request."""
        return self.years[0]


def estimate(
    request: EstimateRequest, offered: Offered, parameters: Sequence[Parameter]
) -> Estimate:
    """Compute an estimate.

    Args:
        offered: The plans of any fiscal year; one that ended before a later year is not in it.

    Raises:
        InvalidInputError: All problems of the request at once.
        NoValueInForceError: A parameter has no value on the first day of support.
    """
    check_request(request, offered, parameters)
    years = tuple(
        _year(request, FiscalYear(request.fiscal_year + offset), offered, parameters)
        for offset in range(request.years)
    )
    return Estimate(
        request=request,
        years=years,
        gross=sum((year.gross for year in years), Yen(0)),
        subsidy=sum((year.subsidy for year in years), Yen(0)),
    )


def each_alone(
    request: EstimateRequest,
    visits: Mapping[int, int],
    offered: Offered,
    parameters: Sequence[Parameter],
) -> Mapping[int, EstimateLine]:
    """What each plan would cost if it were the only one, in the year of the budget request.

    Args:
        request: Year, start month and own terms; its choices are not used.
        visits: Visits of every plan there is, by number.

    Raises:
        InvalidInputError: What :func:`estimate` refuses.
    """
    year = every_plan(request, visits, offered, parameters)
    return {
        line.plan: replace(line, subsidy=granted_subsidy([line.gross], year.terms.subsidy).amount)
        for line in year.lines
    }


def every_plan(
    request: EstimateRequest,
    visits: Mapping[int, int],
    offered: Offered,
    parameters: Sequence[Parameter],
) -> YearEstimate:
    """The year of the budget request with every plan there is.

    Raises:
        InvalidInputError: What :func:`estimate` refuses.
    """
    choices = tuple(PlanChoice(plan, number) for plan, number in sorted(visits.items()))
    return estimate(replace(request, years=1, choices=choices), offered, parameters).first


NOTHING_CHOSEN = (
    "支援プランを1つ以上選んでください。まだ何も選んでいないため、金額は0円ではなく、ありません。"
)


def chosen(found: Estimate) -> Estimate:
    """An estimate of something: what leaves the screen, or is printed, is never of nothing.

    Raises:
        InvalidInputError: Field ``plan``: no plan is chosen; in the words the screen says it in.
    """
    if not found.request.choices:
        raise InvalidInputError({"plan": NOTHING_CHOSEN})
    return found


def _year(
    request: EstimateRequest,
    fiscal_year: FiscalYear,
    offered: Offered,
    parameters: Sequence[Parameter],
) -> YearEstimate:
    start_month = request.start_month if fiscal_year == request.fiscal_year else 4
    offers = offered(fiscal_year)
    terms = terms_for(request, offers, parameters, fiscal_year.month(start_month))
    choices = [choice for choice in request.choices if choice.plan in offers.plans]
    lines, steps = _lines(choices, terms)
    subsidy = sum((line.subsidy for line in lines), Yen(0))
    months = fiscal_year.months_from(start_month)
    return YearEstimate(
        fiscal_year=fiscal_year,
        start_month=start_month,
        months_left=len(months),
        terms=terms,
        section=expenditure_section(request.kind, fiscal_year),
        lines=lines,
        gross=sum((line.gross for line in lines), Yen(0)),
        subsidy=subsidy,
        steps=steps,
        months=month_rows(
            months, [line.visits for line in lines], [line.unit_price for line in lines], subsidy
        ),
    )


def _lines(
    choices: Sequence[PlanChoice], terms: Terms
) -> tuple[tuple[EstimateLine, ...], tuple[Step, ...]]:
    prices = [terms.price(choice.plan) for choice in choices]
    costs = [price * choice.visits for price, choice in zip(prices, choices, strict=True)]
    granted = granted_subsidy(costs, terms.subsidy)
    lines = tuple(
        EstimateLine(choice.plan, choice.visits, price, gross=cost, subsidy=share)
        for choice, price, cost, share in zip(choices, prices, costs, granted.shares, strict=True)
    )
    return lines, granted.steps


def subsidy_demand(wishes: Mapping[int, int], terms: Terms) -> Yen:
    """Subsidy the published wishes would need in all, whole yen, rounded down.

    How the wishes fall on the municipalities was never published, so no rounding per
    application is applied; every wish counts the full number of visits (仮定).

    Args:
        wishes: Plan → number of municipalities that wish for it.
    """
    eligible = sum(
        (terms.price(plan) * terms.most_visits(plan) * count for plan, count in wishes.items()),
        Yen(0),
    )
    return Yen(int(Fraction(eligible * (terms.subsidy or NOTHING_GRANTED).rate)))
