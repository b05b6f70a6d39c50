"""希望の合計: what the plans of many answers come to, by the one calculation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from core.estimate.calculation import estimate
from core.estimate.request import EstimateRequest, PlanChoice
from core.inquiry.kinds.kind import Said, Scope
from core.inquiry.kinds.plan_wishes import PlanWish, wishes_of
from core.inquiry.question import Question
from core.params import Parameter, in_force
from core.support.wish import WishState
from core.values.errors import DashboardError, NoValueInForceError
from core.values.fiscal import FiscalYear
from core.values.money import Amounts, Yen

BUDGET = "talent.programme_budget"


@dataclass(frozen=True)
class WishTotal:
    """Wishes of one state, or of several.

    Attributes:
        plans: のべ: a plan counts once for each municipality.
        money: None where it cannot be computed, which is not 0円.
    """

    municipalities: int
    plans: int
    visits: int
    money: Amounts | None

    @property
    def known(self) -> Mapping[str, int]:
        """歳出, 補助金 and 一般財源 in yen; empty where they are not known."""
        if self.money is None:
            return {}
        return {"gross": self.money.gross, "subsidy": self.money.subsidy, "net": self.money.net}


@dataclass(frozen=True)
class WishMoney:
    """What a question about plans comes to.

    Attributes:
        wished: 希望 and 予算要求; each municipality's plans are one application.
        considering: 検討中, which is no wish and is never added to them.
        states: How many plans in each state.
        budget: The programme's budget of the year; None while there is none on record.
        why: Why amounts are not known; empty when they are.
    """

    fiscal_year: FiscalYear
    wished: WishTotal
    considering: WishTotal
    states: Mapping[WishState, int]
    budget: Yen | None
    why: str

    @property
    def left(self) -> int | None:
        """Budget less the subsidy of what is wished for; None where either is not known."""
        if self.budget is None or self.wished.money is None:
            return None
        return self.budget - self.wished.money.subsidy


def wish_money(
    question: Question, said: Said, scope: Scope, parameters: Sequence[Parameter]
) -> WishMoney:
    """Add up the plans of every answer.

    Support is taken to begin in April, as when a wish is handed in with its estimate.

    Args:
        said: Without 該当なし and blank.
    """
    year, why = scope.year(question), ""

    @cache
    def cost(choices: tuple[PlanChoice, ...]) -> Amounts:
        request = EstimateRequest(int(year), choices)
        return estimate(request, scope.reference.plan_offers, parameters).first

    def total(states: frozenset[WishState]) -> WishTotal:
        nonlocal why
        own = [[w for w in wishes_of(value) if w.state in states] for value in said.values()]
        own = [wishes for wishes in own if wishes]
        money: Amounts | None = None
        try:
            money = _sum(cost(_choices(wishes)) for wishes in own)
        except DashboardError as error:
            why = str(error)
        return WishTotal(
            len(own), sum(map(len, own)), sum(w.visits for each in own for w in each), money
        )

    wished = total(frozenset({WishState.WISHED, WishState.BUDGET_REQUESTED}))
    considering = total(frozenset({WishState.CONSIDERING}))
    states = Counter(wish.state for value in said.values() for wish in wishes_of(value))
    return WishMoney(year, wished, considering, states, _budget(parameters, year), why)


def _choices(wishes: Iterable[PlanWish]) -> tuple[PlanChoice, ...]:
    return tuple(PlanChoice(each.plan, each.visits) for each in wishes)


def _sum(found: Iterable[Amounts]) -> Amounts:
    gross, subsidy = Yen(0), Yen(0)
    for each in found:
        gross, subsidy = gross + each.gross, subsidy + each.subsidy
    return Amounts(gross=gross, subsidy=subsidy)


def _budget(parameters: Sequence[Parameter], year: FiscalYear) -> Yen | None:
    try:
        found = in_force(parameters, BUDGET, year.last_day).value
    except NoValueInForceError:
        return None
    return Yen(found) if isinstance(found, int) else None
