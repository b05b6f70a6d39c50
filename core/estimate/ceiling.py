"""上限から選ぶ: every choice of plans whose 一般財源 fits under a ceiling."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from core.estimate.calculation import every_plan
from core.estimate.offers import Offered
from core.estimate.request import EstimateRequest
from core.estimate.subsidy import NOTHING_GRANTED, capped, granted_subsidy, rounded_share
from core.estimate.terms import SubsidyTerms, Terms
from core.params import Parameter, RoundingScope
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


@dataclass(frozen=True)
class Fits:
    """What fits under a ceiling.

    Attributes:
        number: Of all choices that fit.
        best: The first of them: more plans; then more left; then the smaller plan numbers.
    """

    number: int
    best: tuple[Fit, ...]


SHOWN = 12
"""Choices a screen shows."""


def choices_within(
    ceiling: Yen,
    request: EstimateRequest,
    visits: Mapping[int, int],
    offered: Offered,
    parameters: Sequence[Parameter],
    required: Collection[int] = (),
    most: int = SHOWN,
) -> Fits:
    """All choices of one plan or more that fit, counted, and the best, for the year of the budget request.

    Choices that cost and are granted the same are counted together, so that forty plans of a few
    fees take no longer than seven: what is counted grows with the sums there are, not with the choices.

    Args:
        ceiling: 一般財源の上限, yen, 0 or more.
        request: Year, start month and own terms; its choices are not used.
        visits: Visits of every plan there is, by number.
        required: Plans that must be among them.
        most: Of the best, 0 or more.

    Raises:
        InvalidInputError: A negative ceiling, more different sums than can be counted, or what
            :func:`estimate` refuses.
    """
    _refuse_negative(ceiling)
    year = every_plan(request, visits, offered, parameters)
    costs = sorted((line.plan, line.gross) for line in year.lines)
    if not {plan for plan, _ in costs}.issuperset(required):
        return Fits(0, ())
    search = _Search(ceiling, year.terms.subsidy or NOTHING_GRANTED, costs, required)
    found: dict[tuple[int, int], list[_Sum]] = {}
    number = 0
    for each, ways in search.sums[0].items():
        net = each.gross - search.subsidy(each)
        if each.plans and net <= ceiling:
            number += ways
            found.setdefault((-each.plans, net), []).append(each)
    chosen = islice(
        (pair for order in sorted(found) for pair in search.choices(found[order])), most
    )
    return Fits(number, tuple(search.fit(plans, total) for plans, total in chosen))


class _Sum(NamedTuple):
    """What decides a subsidy: of any plans that have it in common."""

    plans: int  # how many
    gross: int
    shares: int  # each plan's own, where each is rounded; else 0


_TOO_MANY = 200_000


class _Search:
    """Every sum that plans can have, from each plan on, and how many choices have it."""

    def __init__(
        self,
        ceiling: Yen,
        terms: SubsidyTerms,
        costs: Sequence[tuple[int, Yen]],
        required: Collection[int],
    ) -> None:
        by_plan = terms.scope is RoundingScope.PLAN
        self._ceiling, self._terms = ceiling, terms
        self._steps = [
            (plan, int(cost), int(rounded_share(cost, terms)) if by_plan else 0)
            for plan, cost in costs
        ]
        self._required = {*required}
        unpaid = 1 - terms.rate
        rounding = terms.rounding.unit * len(costs)
        most = (
            int(ceiling + rounding) / unpaid if unpaid else None
        )  # no subsidy brings more under it
        self.sums: list[dict[_Sum, int]] = [{_Sum(0, 0, 0): 1}]
        for plan, cost, share in reversed(self._steps):
            before = self.sums[0]
            after = {} if plan in self._required else dict(before)
            for each, ways in before.items():
                more = _Sum(each.plans + 1, each.gross + cost, each.shares + share)
                if most is None or more.gross <= most:
                    after[more] = after.get(more, 0) + ways
            self.sums.insert(0, after)
            if len(after) > _TOO_MANY:
                raise InvalidInputError({"required": _ASK})

    def subsidy(self, of: _Sum) -> Yen:
        """What is granted."""
        if self._terms.scope is RoundingScope.PLAN:
            return capped(Yen(of.shares), self._terms)
        return capped(rounded_share(Yen(of.gross), self._terms), self._terms)

    def choices(
        self, wanted: Collection[_Sum], at: int = 0
    ) -> Iterator[tuple[tuple[int, ...], _Sum]]:
        """Plans of any of some sums with equally many plans, the smaller numbers first."""
        wanted = [each for each in wanted if each in self.sums[at]]
        if not wanted:
            return
        if at == len(self._steps):
            yield (), _Sum(0, 0, 0)
            return
        plan, cost, share = self._steps[at]
        less = [_Sum(each.plans - 1, each.gross - cost, each.shares - share) for each in wanted]
        for plans, rest in self.choices(less, at + 1):
            more = _Sum(rest.plans + 1, rest.gross + cost, rest.shares + share)
            yield (plan, *plans), more
        if plan not in self._required:
            yield from self.choices(wanted, at + 1)

    def fit(self, plans: tuple[int, ...], total: _Sum) -> Fit:
        """As it is shown."""
        gross, subsidy = Yen(total.gross), self.subsidy(total)
        return Fit(plans, self._ceiling - (gross - subsidy), gross=gross, subsidy=subsidy)


_ASK = "費用の違うプランが多く、すべての組合せを数えられません。「必ず入れるプラン」を選んで絞ってください。"


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
