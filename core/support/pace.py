"""進み具合: how many visits are left, and whether they still fit into the term."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.support.contract import Contract, ContractLine, ContractTerms
from core.support.visit import Visit, VisitState
from core.values.fiscal import Precision
from core.values.label import Labelled

ASSUMED = (
    "仮定: 支援は月1回程度(募集要領の記載)。その月に実施していれば、その月は使った月と数えます。"
)


class PaceState(Labelled):
    """進み具合; what asks for an act first stands first."""

    OVER = "over", "期間終了・残りあり"
    TIGHT = "tight", "月1回では入らない"
    BEHIND = "behind", "遅れ"
    ON_PACE = "on_pace", "順調"
    DONE = "done", "完了"


@dataclass(frozen=True)
class Pace:
    """How far one plan of a contract is on a day.

    Attributes:
        planned: Visits planned and not yet held, those in the past included.
        unrecorded: Of these, those whose day or month is over: to be recorded, moved or cancelled.
        months_left: Months of the term from this one on in which none was held yet.
    """

    plan: int
    contracted: int
    held: int
    planned: int
    unrecorded: int
    months_left: int
    state: PaceState

    @property
    def left(self) -> int:
        """残り: contracted and not held."""
        return self.contracted - self.held

    @property
    def unplanned(self) -> int:
        """Of these, those without a day or a month."""
        return max(self.left - self.planned, 0)

    @property
    def said(self) -> str:
        """What the state means here, in a sentence.

        Examples:
            >>> Pace(6, 12, 4, 3, 1, 6, PaceState.TIGHT).said
            '残り8回に対して残り6か月。月1回では2回入りません。同じ月に2回予定するか、変更契約で減らします。'
        """
        match self.state:
            case PaceState.DONE:
                return f"契約の{self.contracted}回を実施しました。"
            case PaceState.OVER:
                return (
                    f"契約期間が終わりましたが、{self.left}回が実施されていません。"
                    "実施の記録が漏れていれば記録し、なければ変更契約で減らします。"
                )
            case PaceState.TIGHT:
                return (
                    f"残り{self.left}回に対して残り{self.months_left}か月。"
                    f"月1回では{self.left - self.months_left}回入りません。"
                    "同じ月に2回予定するか、変更契約で減らします。"
                )
            case PaceState.BEHIND:
                return f"残り{self.left}回。期間の経過に対して実施が遅れています。"
            case PaceState.ON_PACE:
                return f"残り{self.left}回、残り{self.months_left}か月。"


def pace_of(line: ContractLine, terms: ContractTerms, visits: Iterable[Visit], today: date) -> Pace:
    """How far a plan is.

    Args:
        visits: Of the contract, whatever the plan.
    """
    ours = [each for each in visits if each.plan == line.plan]
    held = [each.held.day for each in ours if each.state is VisitState.HELD and each.held]
    open_ = [each for each in ours if each.state is VisitState.PLANNED]
    left = line.visits - len(held)
    months_left = _months_left(terms, {_month(day) for day in held}, today)
    if left <= 0:
        state = PaceState.DONE
    elif today > terms.last_day:
        state = PaceState.OVER
    elif left > months_left:
        state = PaceState.TIGHT
    elif len(held) < _expected(line.visits, terms, today):
        state = PaceState.BEHIND
    else:
        state = PaceState.ON_PACE
    unrecorded = sum(is_unrecorded(each, today) for each in open_)
    return Pace(line.plan, line.visits, len(held), len(open_), unrecorded, months_left, state)


def paces_of(contract: Contract, visits: Iterable[Visit], today: date) -> tuple[Pace, ...]:
    """Every plan of a contract as it stands; of one that was taken back none."""
    if not contract.stands:
        return ()
    kept = [each for each in visits if each.contract_id == contract.contract_id]
    return tuple(pace_of(line, contract.terms, kept, today) for line in contract.terms.lines)


def is_unrecorded(visit: Visit, today: date) -> bool:
    """Whether a planned day, or the whole planned month, is over and nothing was said of it."""
    when = visit.when
    return visit.state is VisitState.PLANNED and when is not None and when.last < today


def is_soon(visit: Visit, today: date, days: int) -> bool:
    """Whether a visit is planned for a day within the next days, today included."""
    when = visit.when
    return (
        visit.state is VisitState.PLANNED
        and when is not None
        and when.precision is Precision.DAY
        and 0 <= (when.first - today).days <= days
    )


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _months_left(terms: ContractTerms, used: set[int], today: date) -> int:
    first, last = _month(max(today, terms.first_day)), _month(terms.last_day)
    if today > terms.last_day:
        return 0
    return sum(month not in used for month in range(first, last + 1))


def _expected(visits: int, terms: ContractTerms, today: date) -> int:
    """Visits that were even over the term by the end of last month, rounded down."""
    whole = _month(terms.last_day) - _month(terms.first_day) + 1
    gone = min(max(_month(today) - _month(terms.first_day), 0), whole)
    return visits * gone // whole
