"""上限から選ぶ: every choice of plans whose 一般財源 fits under a ceiling."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from core.estimate.calculation import estimate
from core.estimate.request import EstimateRequest, PlanChoice
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
    if ceiling < 0:
        raise InvalidInputError(
            {"ceiling": f"一般財源の上限は0円以上で指定してください: {yen_text(ceiling)}"}
        )
    everything = replace(
        request, years=1, choices=tuple(PlanChoice(plan, n) for plan, n in sorted(visits.items()))
    )
    year = estimate(everything, visits, parameters).first
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
