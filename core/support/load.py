"""人材プールの負荷: visits asked for against the days the experts can give, by plan and month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from core.support.contract import Contract
from core.support.expert import Expert
from core.support.visit import Visit, VisitState
from core.support.wish import WishEvent, WishState
from core.values.fiscal import FISCAL_MONTHS, FiscalYear
from core.values.label import Labelled

ASSUMED = (
    "仮定: 1回の支援に1日を使います。予定していない回は、契約期間(希望は年度)の残りの月に均等に"
    "割り振ります。希望は、事業者を決める前なのでどの事業者の人でも受けられるものとします。"
)


class Demand(Labelled):
    """支援回を求める段階; what is certain stands first."""

    CONTRACTED = "contracted", "契約"
    APPROVED = "approved", "議決"
    WISHED = "wished", "希望・予算要求"
    PROMISED = "promised", "これから約束する分"


_STAGES: Mapping[WishState, Demand] = {
    WishState.APPROVED: Demand.APPROVED,
    WishState.BUDGET_REQUESTED: Demand.WISHED,
    WishState.WISHED: Demand.WISHED,
}
"""検討中 asks for nothing yet; what is at 契約 is counted by its contract."""


@dataclass(frozen=True)
class Asked:
    """Visits asked for.

    Attributes:
        month: First day of the month.
        expert_id: Who is assigned; None: whoever serves the plan.
    """

    plan: int
    month: date
    visits: int
    stage: Demand
    expert_id: int | None = None


@dataclass(frozen=True)
class MonthLoad:
    """One month.

    Attributes:
        asked: Visits by stage.
        days: Days the experts can give in it.
        unmet: Plan → visits for which no day of an expert serving it is left.
        over: Expert → visits assigned beyond the days that can be given.
    """

    month: date
    asked: Mapping[Demand, int]
    days: int
    unmet: Mapping[int, int]
    over: Mapping[int, int]

    @property
    def visits(self) -> int:
        """Of all stages that are counted."""
        return sum(self.asked.values())


@dataclass(frozen=True)
class PlanLoad:
    """One plan over the months.

    Attributes:
        visits: By stage.
        experts: Who serves it in any of the months.
        unmet: Visits for which nobody has a day left.
    """

    plan: int
    visits: Mapping[Demand, int]
    experts: tuple[int, ...]
    unmet: int

    @property
    def nobody(self) -> bool:
        """Whether it is asked for and served by nobody."""
        return not self.experts and any(self.visits.values())


@dataclass(frozen=True)
class PoolLoad:
    """What is asked of the pool from a month on to the year's end."""

    months: tuple[MonthLoad, ...]
    plans: tuple[PlanLoad, ...]

    @property
    def unmet(self) -> int:
        """Visits for which nobody has a day left."""
        return sum(each.unmet for each in self.plans)


def months_left(year: FiscalYear, today: date) -> tuple[date, ...]:
    """The months of a fiscal year from this one on; all of one that has not begun."""
    every = [year.month(number) for number in FISCAL_MONTHS]
    return tuple(month for month in every if month >= today.replace(day=1))


def spread(
    visits: int, months: Collection[date], there: Mapping[date, int] = MappingProxyType({})
) -> dict[date, int]:
    """So many visits over months, so that with those already there the months are as even as can be.

    Args:
        there: Visits of the same plan by month.

    Examples:
        >>> months = [date(2023, month, 1) for month in (4, 5, 6)]
        >>> list(spread(5, months).values())
        [2, 2, 1]
        >>> list(spread(5, months, {months[0]: 2}).values())
        [1, 2, 2]
    """
    given = dict.fromkeys(sorted(months), 0)
    for _ in range(visits if given else 0):
        least = min(given, key=lambda month: (given[month] + there.get(month, 0), month))
        given[least] += 1
    return given


def asked_by_contracts(
    contracts: Iterable[Contract], visits: Mapping[int, Iterable[Visit]], months: Collection[date]
) -> list[Asked]:
    """What contracts still ask for: planned visits in their months, the others spread.

    Args:
        contracts: Of one fiscal year.
        visits: By number of the contract.
        months: From this one on.
    """
    found: list[Asked] = []
    for contract in contracts:
        if not contract.stands:
            continue
        terms = contract.terms
        inside = [m for m in months if terms.first_day.replace(day=1) <= m <= terms.last_day]
        for line in terms.lines:
            ours = [
                each
                for each in visits.get(contract.contract_id, ())
                if each.plan == line.plan and each.state is not VisitState.CANCELLED
            ]
            there: Counter[date] = Counter()
            for visit in ours:
                if visit.state is VisitState.PLANNED and visit.planned and visit.when:
                    month = visit.when.first.replace(day=1)
                    if month in months:
                        expert = visit.planned.expert_id
                        found.append(Asked(line.plan, month, 1, Demand.CONTRACTED, expert))
                        there[month] += 1
            if inside and line.visits > len(ours):
                rest = spread(line.visits - len(ours), inside, there)
                found += [Asked(line.plan, m, n, Demand.CONTRACTED) for m, n in rest.items()]
    return found


def asked_by_wishes(wishes: Iterable[WishEvent], months: Collection[date]) -> list[Asked]:
    """What wishes ask for that have no contract yet, spread over the months.

    Args:
        wishes: The last word on each, of one fiscal year.
    """
    return [
        Asked(wish.plan, month, visits, _STAGES[wish.state])
        for wish in wishes
        if wish.state in _STAGES and months
        for month, visits in spread(wish.visits, months).items()
    ]


def pool_load(
    asked: Iterable[Asked], experts: Iterable[Expert], months: Collection[date]
) -> PoolLoad:
    """What is asked for against the days there are.

    Assigned visits take the days of who is assigned. The others are dealt out so that as few as
    possible find nobody (a maximum flow from plans to experts, month by month).
    """
    pool = sorted(experts, key=lambda each: each.expert_id)
    every = [each for each in asked if each.visits]
    by_month: dict[date, list[Asked]] = defaultdict(list)
    for each in every:
        by_month[each.month].append(each)
    found = [_month(month, by_month[month], pool) for month in sorted(months)]
    unmet: Counter[int] = Counter()
    for month in found:
        unmet.update(month.unmet)
    served = {
        plan: tuple(
            each.expert_id
            for each in pool
            if plan in each.offer.plans and any(each.offer.days_in(month) for month in months)
        )
        for plan in {each.plan for each in every} | {p for e in pool for p in e.offer.plans}
    }
    plans = tuple(
        PlanLoad(plan, _by_stage(a for a in every if a.plan == plan), served[plan], unmet[plan])
        for plan in sorted(served)
    )
    return PoolLoad(tuple(found), plans)


def _month(month: date, asked: list[Asked], pool: list[Expert]) -> MonthLoad:
    days = {each.expert_id: each.offer.days_in(month) for each in pool}
    assigned: Counter[int] = Counter()
    open_: Counter[int] = Counter()
    for each in asked:
        if each.expert_id in days:
            assigned[each.expert_id] += each.visits
        else:
            open_[each.plan] += each.visits
    left = {key: max(0, number - assigned[key]) for key, number in days.items()}
    over = {key: assigned[key] - days[key] for key in days if assigned[key] > days[key]}
    serving = {
        plan: [each.expert_id for each in pool if plan in each.offer.plans] for plan in open_
    }
    return MonthLoad(
        month, _by_stage(asked), sum(days.values()), _unmet(open_, serving, left), over
    )


def _by_stage(asked: Iterable[Asked]) -> dict[Demand, int]:
    counted: Counter[Demand] = Counter()
    for each in asked:
        counted[each.stage] += each.visits
    return {stage: counted[stage] for stage in Demand if counted[stage]}


def _unmet(
    asked: Mapping[int, int], serving: Mapping[int, list[int]], days: Mapping[int, int]
) -> dict[int, int]:
    """Plan → visits that find no day, when as many as possible do; the lowest plan is served first."""
    given: dict[tuple[int, int], int] = defaultdict(int)  # plan, expert
    left = dict(days)

    def place(plan: int, tried: set[int]) -> bool:
        """Give one visit of a plan a day, moving visits of other plans where that helps."""
        for expert in serving[plan]:
            if expert in tried:
                continue
            tried.add(expert)
            if left[expert] > 0:
                left[expert] -= 1
                given[plan, expert] += 1
                return True
            for other in [p for (p, e), number in given.items() if e == expert and number]:
                if other != plan and place(other, tried):
                    given[other, expert] -= 1
                    given[plan, expert] += 1
                    return True
        return False

    unmet: dict[int, int] = {}
    for plan in sorted(asked):
        placed = 0
        while placed < asked[plan] and place(plan, set()):
            placed += 1
        if placed < asked[plan]:
            unmet[plan] = asked[plan] - placed
    return unmet
