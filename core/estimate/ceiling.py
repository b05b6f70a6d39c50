"""上限から選ぶ: every choice of plans whose 一般財源 fits under a ceiling."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from core.estimate.calculation import every_plan
from core.estimate.offers import Offered
from core.estimate.request import EstimateRequest
from core.estimate.subsidy import granted_subsidy
from core.estimate.terms import Terms
from core.params import Parameter
from core.values.errors import InvalidInputError
from core.values.money import Amounts, Yen, yen_text


@dataclass(frozen=True)
class Fit(Amounts):
    """One choice of plans that fits.

    Attributes:
        plans: Plan numbers, ascending.
        left: Ceiling less ``net``, yen.
    """

    plans: tuple[int, ...]
    left: Yen


def choices_within(
    ceiling: Yen,
    request: EstimateRequest,
    visits: Mapping[int, int],
    offered: Offered,
    parameters: Sequence[Parameter],
    required: Collection[int] = (),
) -> list[Fit]:
    """All choices of one plan or more that fit, for the year of the budget request.

    Best first: more plans; then more left; then the smaller plan numbers.

    Args:
        ceiling: 一般財源の上限, yen, 0 or more.
        request: Year, start month and own terms; its choices are not used.
        visits: Visits of every plan there is, by number.
        required: Plans that must be among them.

    Raises:
        InvalidInputError: A negative ceiling, or what :func:`estimate` refuses.
    """
    _refuse_negative(ceiling)
    year = every_plan(request, visits, offered, parameters)
    costs = {line.plan: line.gross for line in year.lines}
    fits = []
    for count in range(1, len(costs) + 1):
        for plans in combinations(sorted(costs), count):
            if not set(required) <= set(plans):
                continue
            eligible = [costs[plan] for plan in plans]
            gross = sum(eligible, Yen(0))
            subsidy = granted_subsidy(eligible, year.terms.subsidy).amount
            if (net := gross - subsidy) <= ceiling:
                fits.append(Fit(plans, ceiling - net, gross=gross, subsidy=subsidy))
    return sorted(fits, key=lambda fit: (-len(fit.plans), -fit.left, fit.plans))


@dataclass(frozen=True)
class FewerVisits(Amounts):
    """What fits under a ceiling when no choice does with the visits asked for.

    Attributes:
        plans: Those that must be among them; else every one that fits alone at this very cost.
        visits: Most visits a year of each that fit, one or more; of a plan that has fewer, its own.
    """

    plans: tuple[int, ...]
    visits: int


def fewer_visits(
    ceiling: Yen,
    request: EstimateRequest,
    visits: Mapping[int, int],
    offered: Offered,
    parameters: Sequence[Parameter],
    required: Collection[int] = (),
) -> FewerVisits | None:
    """The most visits with which the plans that must be among them fit, or any one plan.

    Args:
        ceiling, request, visits, offered, required: As :func:`choices_within` takes them.

    Returns:
        None when not even one visit fits.

    Raises:
        InvalidInputError: A negative ceiling, or what the estimate refuses.
    """
    _refuse_negative(ceiling)
    year = every_plan(request, visits, offered, parameters)
    chosen = [tuple(sorted(required))] if required else [(plan,) for plan in sorted(visits)]
    for number in range(max(visits.values(), default=0), 0, -1):
        found = [_with_visits(year.terms, plans, number) for plans in chosen]
        least = min(found, key=lambda each: each.net)
        if least.net <= ceiling:
            alike = [each for each in found if (each.gross, each.net) == (least.gross, least.net)]
            return replace(least, plans=tuple(plan for each in alike for plan in each.plans))
    return None


def _with_visits(terms: Terms, plans: tuple[int, ...], visits: int) -> FewerVisits:
    eligible = [terms.price(plan) * min(visits, terms.most_visits(plan)) for plan in plans]
    subsidy = granted_subsidy(eligible, terms.subsidy).amount
    return FewerVisits(plans, visits, gross=sum(eligible, Yen(0)), subsidy=subsidy)


def _refuse_negative(ceiling: Yen) -> None:
    if ceiling < 0:
        raise InvalidInputError(
            {"ceiling": f"一般財源の上限は0円以上で指定してください: {yen_text(ceiling)}"}
        )
