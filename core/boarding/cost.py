"""単独調達と共同調達の費用: month by month, by fiscal year, and when joining pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from core.boarding.request import (
    BoardingRequest,
    BudgetSection,
    MeritScope,
    Present,
    check_request,
    section_of,
)
from core.values.fiscal import FiscalYear
from core.values.money import Direction, Rounding, Yen, budget_thousands

PRICE_ROUNDING = Rounding(1, Direction.UP)
"""仮定: a discounted price of fractional yen is rounded up, so that the request covers it."""

_NOTHING = Yen(0)


@dataclass(frozen=True)
class Prices:
    """One way to procure.

    Attributes:
        initial: Paid once in the first month, yen.
        monthly: Paid every month of use, yen.
        joining_fee: 後乗りの追加費用, paid once in the first month, yen.
    """

    initial: Yen
    monthly: Yen
    joining_fee: Yen = _NOTHING

    @property
    def once(self) -> Yen:
        """Everything paid once."""
        return self.initial + self.joining_fee

    def over(self, months: int) -> Yen:
        """What ``months`` months of use cost from the first on; 0 for none."""
        return self.once + self.monthly * months if months else Yen(0)


@dataclass(frozen=True)
class MonthCost:
    """One month of the horizon.

    Attributes:
        month: Its first day.
        cumulative_alone: Up to and including it, yen.
        cumulative_joint: Up to and including it, yen.
    """

    month: date
    alone: Yen
    joint: Yen
    cumulative_alone: Yen
    cumulative_joint: Yen

    @property
    def saving(self) -> Yen:
        """累計の差額; negative while joining has not paid yet."""
        return self.cumulative_alone - self.cumulative_joint


@dataclass(frozen=True)
class SectionCost:
    """共同調達の歳出 of one 節 in one fiscal year.

    Attributes:
        thousand: As a budget shows it, thousand yen, rounded up.
    """

    section: BudgetSection
    number: int
    name: str
    amount: Yen
    thousand: int


@dataclass(frozen=True)
class YearCost:
    """One fiscal year of the horizon.

    Attributes:
        alone_monthly: Monthly fees of the year, alone, yen.
        joint_monthly: Monthly fees of the year, joint, yen.
        sections: 共同調達 by 節, those that hold anything; they add up to ``joint``.
    """

    fiscal_year: FiscalYear
    months: int
    alone_once: Yen
    alone_monthly: Yen
    joint_once: Yen
    joint_monthly: Yen
    sections: tuple[SectionCost, ...]

    @property
    def alone(self) -> Yen:
        """単独調達, yen."""
        return self.alone_once + self.alone_monthly

    @property
    def joint(self) -> Yen:
        """共同調達, yen."""
        return self.joint_once + self.joint_monthly

    @property
    def saving(self) -> Yen:
        """差額, yen; negative where joining costs more."""
        return self.alone - self.joint

    @property
    def thousand(self) -> int:
        """共同調達 as a budget shows it, thousand yen: each 節 rounded up, then added.

        No subsidy is known, so it is 一般財源 throughout.
        """
        return sum(section.thousand for section in self.sections)


@dataclass(frozen=True)
class BoardingCost:
    """A comparison.

    Attributes:
        own_merit: Whether it is the asker's own value, not the published one.
        alone: 標準価格, what is already spent left out.
        joint: 標準価格 less the merit, and the joining fee.
        months: One a month of the contract.
        years: One a fiscal year touched; they add up to the totals.
        break_even: Month of use, from 1, from which on joining has cost no more; None when that
            does not happen within the contract.
    """

    request: BoardingRequest
    merit: Fraction
    own_merit: bool
    alone: Prices
    joint: Prices
    months: tuple[MonthCost, ...]
    years: tuple[YearCost, ...]
    break_even: int | None

    @property
    def alone_total(self) -> Yen:
        """単独調達 over the contract, yen."""
        return self.months[-1].cumulative_alone

    @property
    def joint_total(self) -> Yen:
        """共同調達 over the contract, yen."""
        return self.months[-1].cumulative_joint

    @property
    def saving(self) -> Yen:
        """差額 over the contract, yen; negative where joining costs more."""
        return self.alone_total - self.joint_total

    @property
    def first(self) -> YearCost:
        """The year of the budget request."""
        return self.years[0]


def month_after(month: date, count: int) -> date:
    """First day of the month ``count`` months later.

    Examples:
        >>> month_after(date(2027, 11, 1), 3)
        datetime.date(2028, 2, 1)
    """
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def boarding_cost(request: BoardingRequest, published_merit: Fraction) -> BoardingCost:
    """Compare procuring alone with joining, over the months of the contract.

    Args:
        published_merit: 標準価格から3割程度; applying it to one system is an assumption.

    Raises:
        InvalidInputError: All problems of the request at once.
    """
    check_request(request)
    merit = published_merit if request.merit is None else request.merit
    in_use = request.present is Present.ALONE
    alone = Prices(Yen(0) if in_use else Yen(request.initial), Yen(request.monthly))
    joint = Prices(
        _reduced(request.initial, merit, request.merit_scope is not MeritScope.MONTHLY),
        _reduced(request.monthly, merit, request.merit_scope is not MeritScope.INITIAL),
        Yen(request.joining_fee),
    )
    months = tuple(
        MonthCost(
            month=month_after(request.start, index),
            alone=alone.monthly + (0 if index else alone.once),
            joint=joint.monthly + (0 if index else joint.once),
            cumulative_alone=alone.over(index + 1),
            cumulative_joint=joint.over(index + 1),
        )
        for index in range(request.months)
    )
    return BoardingCost(
        request=request,
        merit=merit,
        own_merit=request.merit is not None,
        alone=alone,
        joint=joint,
        months=months,
        years=_years(request, months, alone, joint),
        break_even=break_even_month(alone, joint, request.months),
    )


def _reduced(price: int, merit: Fraction, applies: bool) -> Yen:
    return PRICE_ROUNDING.apply(Yen(price) * (1 - merit)) if applies else Yen(price)


def _years(
    request: BoardingRequest, months: Sequence[MonthCost], alone: Prices, joint: Prices
) -> tuple[YearCost, ...]:
    years = []
    for fiscal_year, found in groupby(months, key=lambda row: FiscalYear.of(row.month)):
        rows = list(found)
        begins = rows[0].month == request.start
        once, monthly = joint.once if begins else Yen(0), joint.monthly * len(rows)
        years.append(
            YearCost(
                fiscal_year=fiscal_year,
                months=len(rows),
                alone_once=alone.once if begins else Yen(0),
                alone_monthly=alone.monthly * len(rows),
                joint_once=once,
                joint_monthly=monthly,
                sections=_sections(request, fiscal_year, once, monthly),
            )
        )
    return tuple(years)


def _sections(
    request: BoardingRequest, fiscal_year: FiscalYear, once: Yen, monthly: Yen
) -> tuple[SectionCost, ...]:
    amounts = {section: Yen(0) for section in BudgetSection}
    amounts[request.initial_section] += once
    amounts[request.monthly_section] += monthly
    return tuple(
        SectionCost(
            section,
            *section_of(section, fiscal_year),
            amount,
            budget_thousands(amount, Yen(0)).gross,
        )
        for section, amount in amounts.items()
        if amount
    )


def break_even_month(alone: Prices, joint: Prices, months: int) -> int | None:
    """First month of use, from 1, from which on joint has cost no more than alone.

    Args:
        joint: The other way; its monthly fee is not above that of ``alone``.

    Returns:
        None when joint still costs more after the last month.

    Examples:
        >>> break_even_month(Prices(Yen(0), Yen(100)), Prices(Yen(250), Yen(70)), 24)
        9
    """
    ahead, gain = joint.once - alone.once, alone.monthly - joint.monthly
    if ahead <= 0:
        return 1
    month = -(-ahead // gain) if gain else months + 1
    return int(month) if month <= months else None
