"""上限から選ぶ: every choice of plans whose 一般財源 fits under a ceiling."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from core.estimate.calculation import every_plan
from core.estimate.request import EstimateRequest
from core.estimate.subsidy import granted_subsidy
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
    year = every_plan(request, visits, parameters)
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
        plans: How many plans, each with so many visits; those that must be among them, else one.
        visits: Most visits a year of each that fit, one or more.
    """

    plans: int
    visits: int


def fewer_visits(
    ceiling: Yen,
    request: EstimateRequest,
    visits: Mapping[int, int],
    parameters: Sequence[Parameter],
    required: Collection[int] = (),
) -> FewerVisits | None:
    """The most visits with which the plans that must be among them fit, or any one plan.

    Args:
        ceiling, request, visits, required: As :func:`choices_within` takes them.

    Returns:
        None when not even one visit fits.

    Raises:
        InvalidInputError: A negative ceiling, or what the estimate refuses.
    """
    _refuse_negative(ceiling)
    year = every_plan(request, visits, parameters)
    plans = max(len(required), 1)
    for number in range(max(visits.values(), default=0), 0, -1):
        eligible = [year.terms.unit_price * number] * plans
        subsidy = granted_subsidy(eligible, year.terms.subsidy).amount
        gross = sum(eligible, Yen(0))
        if gross - subsidy <= ceiling:
            return FewerVisits(plans, number, gross=gross, subsidy=subsidy)
    return None


def _refuse_negative(ceiling: Yen) -> None:
    if ceiling < 0:
        raise InvalidInputError(
            {"ceiling": f"一般財源の上限は0円以上で指定してください: {yen_text(ceiling)}"}
        )
