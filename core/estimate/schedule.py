"""月別: when the visits fall and what each month costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.values.money import Amounts, Yen, largest_remainder


@dataclass(frozen=True)
class MonthRow(Amounts):
    """One month of a fiscal year.

    Attributes:
        month: First day of the month.
        visits: 支援回数 of all plans together.
        subsidy: Subsidy attributed to the month in proportion to cost (按分); when it is paid
            has not been published.
        cumulative_gross: 歳出累計 from the first month on, yen.
    """

    month: date
    visits: int
    cumulative_gross: Yen


def visits_by_month(visits: int, months: int) -> list[int]:
    """One visit a month from the start; more only when the months left do not suffice.

    Source:
        data/sources.yaml: jirei (月1回程度); the exact days are agreed with the expert.

    Examples:
        >>> visits_by_month(3, 5), visits_by_month(12, 9)
        ([1, 1, 1, 0, 0], [2, 2, 2, 1, 1, 1, 1, 1, 1])
    """
    each, more = divmod(visits, months)
    return [each + (index < more) for index in range(months)]


def month_rows(
    months: Sequence[date], visits: Sequence[int], prices: Sequence[Yen], subsidy: Yen
) -> tuple[MonthRow, ...]:
    """Cost by month; the subsidy is divided by largest remainder so that it adds up.

    Args:
        months: First days of the months left in the fiscal year.
        visits: Visits in the year, one number a plan.
        prices: Yen a visit, one a plan.
    """
    by_plan = [visits_by_month(count, len(months)) for count in visits]
    totals = [sum(plan[index] for plan in by_plan) for index in range(len(months))]
    costs = [
        sum((price * plan[index] for price, plan in zip(prices, by_plan, strict=True)), Yen(0))
        for index in range(len(months))
    ]
    shares = largest_remainder(int(subsidy), [int(cost) for cost in costs])
    rows = []
    cumulative = Yen(0)
    for month, total, cost, share in zip(months, totals, costs, shares, strict=True):
        cumulative += cost
        rows.append(MonthRow(month, total, cumulative, gross=cost, subsidy=Yen(share)))
    return tuple(rows)
