"""What an estimate is asked for, and the one place that refuses what cannot be computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.estimate.offers import Offered
from core.params import DEFINITIONS, Parameter, RoundingScope, in_force
from core.values.errors import InvalidInputError, NoValueInForceError
from core.values.fiscal import FIRST_YEAR, FISCAL_MONTHS, LAST_YEAR, FiscalYear
from core.values.money import Direction

MAX_YEARS = 5
"""Longest 継続年数 an estimate covers."""


class ExpenditureKind(StrEnum):
    """歳出の節: commission the work, or pay a share to a body that procures."""

    COMMISSION = "commission"
    CONTRIBUTION = "contribution"


@dataclass(frozen=True)
class PlanChoice:
    """One plan and how often it is used in a fiscal year.

    Attributes:
        visits: 支援回数 in one fiscal year.
    """

    plan: int
    visits: int


@dataclass(frozen=True)
class EstimateRequest:
    """Everything that decides an estimate; equal requests give equal estimates.

    Attributes:
        fiscal_year: 年度 of the budget request, the year it begins in.
        choices: Plans and visits a year; each plan once; may be empty (an estimate of zero).
        start_month: Calendar month the support begins in; later years begin in April.
        years: 継続年数 from ``fiscal_year`` on, the same visits in each.
        kind: 節 the cost is booked in.
        unit_price: Yen a visit in place of the value in force; None takes that value, here and in
            the four that follow.
    """

    fiscal_year: int
    choices: tuple[PlanChoice, ...] = ()
    start_month: int = 4
    years: int = 1
    kind: ExpenditureKind = ExpenditureKind.COMMISSION
    unit_price: int | None = None
    rate: Fraction | None = None
    rounding_unit: int | None = None
    rounding_direction: Direction | None = None
    rounding_scope: RoundingScope | None = None


def check_request(
    request: EstimateRequest, offered: Offered, parameters: Sequence[Parameter]
) -> None:
    """Refuse what cannot be computed, all problems at once.

    Args:
        offered: The plans of a year; those of the year of the request can be asked for.
        parameters: All dated parameters; the first year with a fee is the first that can be
            asked for.

    Raises:
        InvalidInputError: Keys are ``fiscal_year``, ``start_month``, ``years``, ``plan``,
            ``visits.N`` for plan N, ``unit_price``, ``rate``, ``rounding_unit``; where there is
            no subsidy the first of its terms that was given.
    """
    problems = {
        **_year_problems(request, parameters),
        **_choice_problems(request, offered, parameters),
        **_bound_problem("unit_price", "talent.unit_price", request.unit_price),
        **_bound_problem("rate", "talent.subsidy_rate", request.rate),
        **_bound_problem("rounding_unit", "talent.rounding_unit", request.rounding_unit),
        **_subsidy_problems(request, offered),
    }
    if problems:
        raise InvalidInputError(problems)


def _subsidy_problems(request: EstimateRequest, offered: Offered) -> dict[str, str]:
    """Own terms of a subsidy that there is none of."""
    names = ("rate", "rounding_unit", "rounding_direction", "rounding_scope")
    given = [name for name in names if getattr(request, name) is not None]
    if not given or offered(_years(request)[0]).subsidised:
        return {}
    return {
        given[0]: "この都道府県の支援プランに補助金はないため、補助率と端数処理は指定できません。"
    }


def _year_problems(request: EstimateRequest, parameters: Sequence[Parameter]) -> dict[str, str]:
    problems = {}
    begun = [FiscalYear.of(p.valid_from) for p in parameters if p.name == "talent.unit_price"]
    first = min(begun, default=None)
    last = 2099 - MAX_YEARS
    if first is None:
        problems["fiscal_year"] = (
            "費用が登録されていないため試算できません。事務局に登録を依頼してください。"
        )
    elif not first <= request.fiscal_year <= last:
        problems["fiscal_year"] = (
            f"{_shown(request.fiscal_year)}年度の費用は公表されていません。"
            f"{first.full_label}以降({last}年度まで)の年度を選んでください。"
        )
    if request.start_month not in FISCAL_MONTHS:
        problems["start_month"] = (
            f"開始月は1から12で指定してください: {_shown(request.start_month)}"
        )
    if not 1 <= request.years <= MAX_YEARS:
        problems["years"] = f"継続年数は1から{MAX_YEARS}で指定してください: {_shown(request.years)}"
    return problems


def _choice_problems(
    request: EstimateRequest, offered: Offered, parameters: Sequence[Parameter]
) -> dict[str, str]:
    problems = {}
    said = []
    offers = offered(_years(request)[0])
    numbers = [choice.plan for choice in request.choices]
    unknown = sorted(set(numbers) - set(offers.plans))
    repeated = sorted(number for number, times in Counter(numbers).items() if times > 1)
    if unknown:
        named = _listed(unknown)
        said.append(f"ない支援プランです: {named}(プラン番号は{offers.listed})。")
    if repeated:
        named = _listed(repeated)
        said.append(f"同じプランが2回指定されています: {named}。1回にまとめてください。")
    if said:
        problems["plan"] = "".join(said)
    usual = _most_visits(request, parameters)
    for choice in request.choices:
        most = _own_visits(request, offered, choice.plan) or usual
        if len(problems) < _MOST_PROBLEMS and not 1 <= choice.visits <= most:
            problems[f"visits.{choice.plan}"] = (
                f"プラン{choice.plan}の支援回数は1から{most}で指定してください: "
                f"{_shown(choice.visits)}"
            )
    return problems


def _most_visits(request: EstimateRequest, parameters: Sequence[Parameter]) -> int:
    """Most visits of a plan that every year of the request allows; for years nobody can ask for
    the most ever allowed, so that the year alone is named.
    """
    limits = [p for p in parameters if p.name == "talent.visits_per_year"]
    days = []
    for year in _years(request):
        start = request.start_month if year == request.fiscal_year else FISCAL_MONTHS[0]
        with suppress(ValueError):
            days.append(year.month(start))
    allowed = []
    for day in days:
        with suppress(NoValueInForceError):
            allowed.append(in_force(limits, "talent.visits_per_year", day).value)
    values = allowed or [p.value for p in limits]
    numbers = [value for value in values if isinstance(value, int)]
    return min(numbers, default=0) if allowed else max(numbers, default=0)


def _years(request: EstimateRequest) -> list[FiscalYear]:
    """Fiscal years of the request; the nearest there is for one nobody can ask for."""
    years = request.years if 1 <= request.years <= MAX_YEARS else 1
    asked = (request.fiscal_year + offset for offset in range(years))
    return [FiscalYear(min(max(year, FIRST_YEAR), LAST_YEAR)) for year in asked]


def _own_visits(request: EstimateRequest, offered: Offered, plan: int) -> int | None:
    """Most visits of a plan of its own that every year of the request allows."""
    offers = [offered(year).plans.get(plan) for year in _years(request)]
    return min((each.visits for each in offers if each and each.visits), default=None)


def _listed(numbers: Sequence[int]) -> str:
    """The first few of them, and how many more there are."""
    named = "、".join(_shown(number) for number in numbers[:_NAMED])
    more = len(numbers) - _NAMED
    return f"{named}、ほか{more}件" if more > 0 else named


def _shown(value: int | Fraction) -> str:
    text = str(value)
    return text if len(text) <= _DIGITS else f"{text[:_DIGITS]}…"


_NAMED, _DIGITS, _MOST_PROBLEMS = 7, 40, 20


def _bound_problem(field: str, name: str, value: int | Fraction | None) -> dict[str, str]:
    definition = DEFINITIONS[name]
    low, high = definition.minimum or 0, definition.maximum
    if value is None or (value >= low and (high is None or value <= high)):
        return {}
    upper = f"{high:,}以下" if high is not None else ""
    return {field: f"{definition.label}は{low:,}以上{upper}で指定してください: {_shown(value)}"}
