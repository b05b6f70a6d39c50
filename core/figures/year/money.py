"""予算から負担まで: wished, contracted, paid, granted and borne, plan by plan, in one fiscal year.

What was recorded is actual. An amount that nobody recorded is None, which is not 0 yen; what is still
to come is never added to what was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.reference.grants import TALENT
from core.subsidy.case import Case
from core.subsidy.share import Share, granting, share_of
from core.support.contract import Contract
from core.support.pace import Pace
from core.support.wish import WishEvent, WishState
from core.values.money import Yen

_BUDGETED = frozenset(
    {WishState.WISHED, WishState.BUDGET_REQUESTED, WishState.APPROVED, WishState.CONTRACTED}
)


@dataclass(frozen=True)
class Money:
    """What one thing came to in the year, yen; None is unknown or not there yet.

    Attributes:
        budget: 歳出 of the wish (希望の試算), of 希望 or more.
        contracted: 契約額.
        paid: Payments to the vendor that were recorded.
        applied: 申請額 of the subsidy.
        decided: 交付決定額.
        final: 確定額.
        received: What the prefecture paid.
        subsidised: Whether there is a subsidy for it at all in the year.
        gaps: Whether nothing was recorded as paid for a part of what was contracted: then nobody
            knows what was borne.
    """

    budget: Yen | None = None
    contracted: Yen | None = None
    paid: Yen | None = None
    applied: Yen | None = None
    decided: Yen | None = None
    final: Yen | None = None
    received: Yen | None = None
    subsidised: bool = True
    gaps: bool = False

    @property
    def burden(self) -> Yen | None:
        """団体の負担: paid less the final subsidy; None before both are known."""
        if self.gaps:
            return None
        if not self.subsidised:
            return self.paid
        return None if self.paid is None or self.final is None else self.paid - self.final

    @property
    def foreseen(self) -> Yen | None:
        """決定額で見た見込み: the contract less the decision; None where it is borne already, or
        either is unknown."""
        if self.burden is not None or self.contracted is None:
            return None
        if not self.subsidised:
            return self.contracted
        return None if self.decided is None else self.contracted - self.decided


@dataclass(frozen=True)
class PlanYear:
    """One support plan in the year.

    Attributes:
        wish: The last word on it; None: 未回答.
        paces: One a standing contract it is part of.
    """

    plan: int
    wish: WishEvent | None
    paces: tuple[Pace, ...]
    money: Money

    @property
    def agreed(self) -> int | None:
        """契約の支援回数; None without a contract."""
        return sum(each.contracted for each in self.paces) if self.paces else None

    @property
    def held(self) -> int | None:
        """実施した支援回; None without a contract."""
        return sum(each.held for each in self.paces) if self.paces else None


@dataclass(frozen=True)
class GrantYear:
    """Another programme's case in the year.

    Attributes:
        name: Of the programme.
    """

    name: str
    case: Case
    share: Share

    @property
    def burden(self) -> Yen | None:
        """対象経費の実績 less the final amount; None before both are known."""
        share = self.share
        return (
            None if share.eligible is None or share.final is None else share.eligible - share.final
        )


def plans_of(
    lg_code: str,
    wishes: Iterable[WishEvent],
    contracts: Sequence[Contract],
    paces: Mapping[int, Sequence[Pace]],
    cases: Iterable[Case],
    *,
    subsidised: bool,
) -> tuple[tuple[PlanYear, ...], Money]:
    """Every plan that was wished for or contracted, and all of them together.

    Args:
        wishes: The last word on each plan of the year.
        contracts: Of the year, those that stand.
        paces: Number of the contract → its plans.
        cases: Of the municipality and year, whatever the programme.
    """
    said = {wish.plan: wish for wish in wishes}
    case = granting(each for each in cases if each.programme == TALENT)
    share = None if case is None else share_of(case, lg_code)
    numbers = {*said, *(line.plan for each in contracts for line in each.terms.lines)}
    plans = tuple(
        _plan(plan, said.get(plan), contracts, paces, share, subsidised=subsidised)
        for plan in sorted(numbers)
    )
    parts = [each.money for each in plans]
    return plans, Money(
        budget=added(each.budget for each in parts),
        contracted=added(each.contracted for each in parts),
        paid=added(each.paid for each in parts),
        applied=share.applied if share else None,
        decided=share.decided if share else None,
        final=share.final if share else None,
        received=share.paid if share else None,
        subsidised=subsidised,
        gaps=any(each.contracted is not None and each.paid is None for each in parts),
    )


def _plan(
    plan: int,
    wish: WishEvent | None,
    contracts: Sequence[Contract],
    paces: Mapping[int, Sequence[Pace]],
    share: Share | None,
    *,
    subsidised: bool,
) -> PlanYear:
    its = [(each, line) for each in contracts if (line := each.terms.line(plan))]
    paid = added(Yen(0) if line.amount == 0 else each.paid_lines.get(plan) for each, line in its)
    decided, final = share.items.get(str(plan), (None, None)) if share else (None, None)
    return PlanYear(
        plan,
        wish,
        tuple(p for each, _ in its for p in paces[each.contract_id] if p.plan == plan),
        Money(
            budget=wish.gross if wish and wish.state in _BUDGETED else None,
            contracted=added(line.amount for _, line in its),
            paid=paid,
            decided=decided,
            final=final,
            subsidised=subsidised,
        ),
    )


def grants_of(
    lg_code: str, cases: Iterable[Case], names: Mapping[str, str]
) -> tuple[GrantYear, ...]:
    """Cases of other programmes, in the order of their numbers; those that came to nothing too.

    Args:
        names: Key of a programme → what it is called.
    """
    return tuple(
        GrantYear(names.get(each.programme, each.programme), each, share_of(each, lg_code))
        for each in cases
        if each.programme != TALENT
    )


def added(amounts: Iterable[Yen | None]) -> Yen | None:
    """The sum of what is known; None of nothing known."""
    known = [each for each in amounts if each is not None]
    return sum(known, Yen(0)) if known else None
