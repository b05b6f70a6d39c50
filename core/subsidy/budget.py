"""予算の状況: decided, final, paid, left on a day; what the year comes to, on which assumption."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.estimate.subsidy import prorated
from core.subsidy.case import Case
from core.subsidy.money import committed
from core.subsidy.programme import GrantProgramme
from core.subsidy.step import CaseState, CaseStep
from core.support.wish import WishEvent, WishState
from core.values.money import Yen

ALERT_PERCENT = 90
"""Above this share of the budget the secretariat is warned."""
_BEFORE_COUNCIL = frozenset({WishState.WISHED, WishState.BUDGET_REQUESTED})
_DECIDED_BY_COUNCIL = frozenset({WishState.APPROVED, WishState.CONTRACTED})


@dataclass(frozen=True)
class BudgetStanding:
    """The money of a programme on a day.

    Attributes:
        budget: None when unknown.
        applied: Applied for and not yet decided.
        decided: 交付決定額 as it stands.
        final: 確定額 so far.
        paid: Paid, less what came back.
        committed: Decided; of what is final that, so that the rest is free again.
    """

    budget: Yen | None
    applied: Yen
    decided: Yen
    final: Yen
    paid: Yen
    committed: Yen

    @property
    def left(self) -> Yen | None:
        """What may still be decided; None when the budget is unknown."""
        return None if self.budget is None else self.budget - self.committed


@dataclass(frozen=True)
class ForecastPart:
    """One line of a forecast.

    Attributes:
        why: What is assumed of it.
    """

    label: str
    amount: Yen
    why: str


@dataclass(frozen=True)
class Forecast:
    """What the year comes to (年度末の見込み).

    Attributes:
        parts: They add up to ``amount``.
        undecided: Subsidy of wishes a council has not decided on: not in ``amount``.
        undecided_municipalities: How many that is.
    """

    budget: Yen | None
    parts: tuple[ForecastPart, ...]
    undecided: Yen
    undecided_municipalities: int

    @property
    def amount(self) -> Yen:
        """見込み, without what no council has decided."""
        return sum((part.amount for part in self.parts), Yen(0))

    @property
    def at_most(self) -> Yen:
        """The same if every council says yes."""
        return self.amount + self.undecided

    @property
    def left(self) -> Yen | None:
        """What is left of the budget at the end; less than 0 where it is short; None when unknown."""
        return None if self.budget is None else self.budget - self.amount


def as_on(cases: Iterable[Case], day: date) -> tuple[Case, ...]:
    """Cases as they stood at the end of a day; those that had not begun are left out."""
    found = (
        replace(case, events=tuple(event for event in case.events if event.day <= day))
        for case in cases
    )
    return tuple(case for case in found if case.events)


def standing(cases: Sequence[Case], budget: Yen | None) -> BudgetStanding:
    """The money of the cases of one programme and year."""
    return BudgetStanding(
        budget,
        applied=_sum(_asked(case) for case in cases if case.state is CaseState.APPLIED),
        decided=_sum(case.decided or Yen(0) for case in cases),
        final=_sum(case.final or Yen(0) for case in cases),
        paid=_sum(case.paid for case in cases),
        committed=_sum(committed(case) for case in cases),
    )


def left_for(case_id: int | None, cases: Iterable[Case], budget: Yen | None) -> Yen | None:
    """What of the budget the other cases leave to one; None when the budget is unknown."""
    if budget is None:
        return None
    return budget - _sum(committed(each) for each in cases if each.case_id != case_id)


def cut_to_budget(cases: Iterable[Case], budget: Yen | None) -> dict[int, Yen]:
    """Number of every case that waits for its decision → what it gets if all are decided at once.

    All that was applied for where it fits into what is left; else cut in proportion, to the yen.
    A case that would get nothing has 0.
    """
    kept = list(cases)
    waiting = [case for case in kept if case.state is CaseState.APPLIED]
    asked = [_asked(case) for case in waiting]
    left = left_for(None, kept, budget)
    amounts = asked if left is None else prorated(asked, max(left, Yen(0)))
    return {case.case_id: amount for case, amount in zip(waiting, amounts, strict=True)}


def forecast(
    programme: GrantProgramme, cases: Sequence[Case], wishes: Iterable[WishEvent]
) -> Forecast:
    """What a programme pays for a year in the end.

    Args:
        cases: Of the programme and year, as on the day.
        wishes: The last word on each plan of the year; none of a programme without wishes.
    """
    running = [case for case in cases if case.granting]
    final, reported, decided, asked = Yen(0), Yen(0), Yen(0), Yen(0)
    for case in running:
        if case.final is not None:
            final += case.final
        elif (found := _reported(case)) is not None:
            reported += found
        elif case.decided is not None:
            decided += case.decided
        else:
            asked += _asked(case)
    cancelled = _sum(case.paid for case in cases if case.last_of(CaseStep.CANCELLED))
    applied_for = {code for case in running for code in case.members}
    open_wishes = [wish for wish in wishes if wish.lg_code not in applied_for]
    coming = _sum(w.subsidy for w in open_wishes if w.state in _DECIDED_BY_COUNCIL)
    before = [wish for wish in open_wishes if wish.state in _BEFORE_COUNCIL]
    parts = [
        ForecastPart("額の確定済", final, "確定額のとおり"),
        ForecastPart(
            "実績報告済", reported, "報告された実績による額(交付決定額まで)で確定すると仮定"
        ),
        ForecastPart("交付決定済", decided, "交付決定額のとおり使い切ると仮定"),
        ForecastPart("申請中", asked, "申請額のとおり決定すると仮定"),
    ]
    if programme.from_contracts:
        parts.append(
            ForecastPart("申請前(議決・契約済)", coming, "希望の試算の補助金で申請されると仮定")
        )
    if cancelled:
        parts.append(ForecastPart("決定取消し", cancelled, "返還前の支払額"))
    return Forecast(
        programme.budget,
        tuple(parts),
        _sum(wish.subsidy for wish in before),
        len({wish.lg_code for wish in before}),
    )


def over_alert(part: Yen, budget: Yen | None) -> bool:
    """Whether an amount is more than :data:`ALERT_PERCENT` of a budget; False when it is unknown."""
    return budget is not None and int(part) * 100 > int(budget) * ALERT_PERCENT


def _reported(case: Case) -> Yen | None:
    if case.state is not CaseState.REPORTED:
        return None
    report = case.last_of(CaseStep.REPORTED)
    amount = report.amount if report else None
    return None if amount is None else min(amount, case.decided or Yen(0))


def _asked(case: Case) -> Yen:
    asked = case.last_of(CaseStep.APPLIED)
    return (asked.amount if asked else None) or Yen(0)


def _sum(amounts: Iterable[Yen]) -> Yen:
    return sum(amounts, Yen(0))
