"""補助金: one application, cut when the budget is short, with its working."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from core.estimate.terms import SubsidyTerms
from core.params import RoundingScope
from core.values.errors import InvalidInputError
from core.values.money import Direction, Rounding, Yen, exact_yen_text, largest_remainder, yen_text


@dataclass(frozen=True)
class Step:
    """One step of a working (計算過程).

    Attributes:
        amount: Yen after this step; None where the exact value is not whole yen.
    """

    label: str
    expression: str
    amount: Yen | None


@dataclass(frozen=True)
class SubsidyResult:
    """交付額 and how it came about.

    Attributes:
        amount: Yen; never above the eligible cost or the cap.
        shares: Yen for each eligible amount given; they add up to ``amount``.
    """

    amount: Yen
    shares: tuple[Yen, ...]
    steps: tuple[Step, ...]


NOTHING_GRANTED = SubsidyTerms(Fraction(0), Rounding(1, Direction.DOWN), RoundingScope.TOTAL)
"""What is computed with where there is no subsidy: everything is paid by the municipality."""


def granted_subsidy(eligible: Sequence[Yen], terms: SubsidyTerms | None) -> SubsidyResult:
    """Subsidy for one application (交付決定額).

    With scope ``total`` the sum is rounded and divided among the plans by largest remainder; with
    ``plan`` each is rounded and they add up. A cap, and the rule that no more than the cost is
    granted, hold for the total.

    Args:
        eligible: 補助対象経費 of each plan, tax included, 0 or more.
        terms: Rate, rounding and cap in force on the application date; None: there is no subsidy.

    Returns:
        The amount, its shares by plan and each step; a multiple of the rounding unit. Without a
        subsidy there is no step.

    Raises:
        InvalidInputError: An eligible cost is negative.

    Source:
        data/sources.yaml: jirei (1/2 under consideration); the rounding is an assumption.

    Examples:
        >>> terms = SubsidyTerms(
        ...     Fraction(1, 2), Rounding(1000, Direction.DOWN), RoundingScope.TOTAL
        ... )
        >>> granted_subsidy([Yen(1_234_567)], terms).amount
        Yen(617000)
    """
    if any(cost < 0 for cost in eligible):
        raise InvalidInputError({"eligible": "補助対象経費は0円以上で指定してください。"})
    if terms is None:
        return replace(granted_subsidy(eligible, NOTHING_GRANTED), steps=())
    total = sum(eligible, Yen(0))
    by_plan = terms.scope is RoundingScope.PLAN
    rounded = [rounded_share(cost, terms) for cost in eligible] if by_plan else []
    before_cap = sum(rounded, Yen(0)) if by_plan else rounded_share(total, terms)
    amount = capped(before_cap, terms)
    if terms.scope is RoundingScope.PLAN and amount == before_cap:
        shares = rounded
    else:
        weights = [int(cost) for cost in (rounded or eligible)]
        shares = [Yen(share) for share in largest_remainder(int(amount), weights)]
    return SubsidyResult(amount, tuple(shares), _steps(eligible, rounded, before_cap, terms))


def rounded_share(cost: Yen, terms: SubsidyTerms) -> Yen:
    """Rate and rounding; a rounding upwards never takes the grant above the cost."""
    return min(terms.rounding.apply(cost * terms.rate), _down(cost, terms))


def capped(amount: Yen, terms: SubsidyTerms) -> Yen:
    """What is granted of what rate and rounding gave."""
    return amount if terms.cap is None else min(amount, _down(terms.cap, terms))


def _down(amount: Yen, terms: SubsidyTerms) -> Yen:
    return Rounding(terms.rounding.unit, Direction.DOWN).apply(int(amount))


def _steps(
    eligible: Sequence[Yen], rounded: Sequence[Yen], before_cap: Yen, terms: SubsidyTerms
) -> tuple[Step, ...]:
    total = sum(eligible, Yen(0))
    direction = terms.rounding.direction.label
    named = f"{terms.rounding.unit:,}円未満{direction}"
    steps = [Step("補助対象経費", yen_text(total), total)]
    if terms.scope is RoundingScope.PLAN:
        added = " + ".join(yen_text(amount) for amount in rounded) or yen_text(0)
        steps.append(Step(f"補助率 {terms.rate}、プランごとに{named}", added, before_cap))
    else:
        exact = Fraction(total * terms.rate)
        steps.append(
            Step(
                f"補助率 {terms.rate}",
                f"{yen_text(total)} × {terms.rate} = {exact_yen_text(exact)}",
                Yen(exact.numerator) if exact.denominator == 1 else None,
            )
        )
        steps.append(Step(named, f"{exact_yen_text(exact)} → {yen_text(before_cap)}", before_cap))
    if terms.cap is not None:
        steps.append(Step("上限額", f"{yen_text(terms.cap)}以内", capped(before_cap, terms)))
    return tuple(steps)


def prorated(applications: Sequence[Yen], budget: Yen) -> list[Yen]:
    """Grants when the applications exceed the budget: cut in proportion, to the yen.

    Args:
        applications: Yen applied for, 0 or more each.
        budget: Yen there is, 0 or more.

    Returns:
        The applications themselves when they fit; else parts that add up to the budget exactly.

    Examples:
        >>> prorated([Yen(600_000), Yen(300_000)], Yen(800_000))
        [Yen(533333), Yen(266667)]
    """
    if sum(applications, Yen(0)) <= budget:
        return list(applications)
    weights = [int(applied) for applied in applications]
    return [Yen(part) for part in largest_remainder(int(budget), weights)]
