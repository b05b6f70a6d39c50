"""契約の目安: what was approved and what it would cost, beside what a contract says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.estimate.offers import Offers
from core.estimate.request import EstimateRequest
from core.estimate.terms import terms_for
from core.params import Parameter
from core.support.contract import Contract, ContractLine
from core.support.wish import WishEvent, WishState
from core.values.errors import NoValueInForceError
from core.values.fiscal import FiscalYear
from core.values.money import Yen


@dataclass(frozen=True)
class Expected:
    """What a plan of a contract is held against.

    Attributes:
        unit_price: 1回あたりの費用 in force on the first day of the term, yen; None: none is.
        most_visits: 年間の支援回数の上限; None: none is in force.
        wish: What was wished and approved of it last; None: nothing.
    """

    unit_price: Yen | None = None
    most_visits: int | None = None
    wish: WishEvent | None = None

    def estimated(self, visits: int) -> Yen | None:
        """試算: the fee of that many visits; None when no fee is known."""
        return None if self.unit_price is None else self.unit_price * visits

    @property
    def approved(self) -> Yen | None:
        """議決された額: 歳出 the wish stated; None of a plan nobody wished for."""
        return self.wish.gross if self.wish else None


def expected_plans(
    offers: Offers,
    parameters: Iterable[Parameter],
    wishes: Mapping[int, WishEvent],
    year: FiscalYear,
    first_day: date,
) -> dict[int, Expected]:
    """What every plan of a year is held against.

    Args:
        wishes: Plan → the last word of the municipality on it.
        first_day: Of the term; of another year the first day of the year counts.
    """
    day = first_day if year.first_day <= first_day <= year.last_day else year.first_day
    try:
        terms = terms_for(EstimateRequest(year), offers, parameters, day)
    except NoValueInForceError:
        return {plan: Expected(wish=wishes.get(plan)) for plan in offers.plans}
    return {
        plan: Expected(terms.price(plan), terms.most_visits(plan), wishes.get(plan))
        for plan in offers.plans
    }


def differs(line: ContractLine, expected: Expected | None) -> bool:
    """Whether an amount asks for a reason: it is not the fee of its visits, or above what was approved."""
    if expected is None:
        return False
    estimated, approved = expected.estimated(line.visits), expected.approved
    return (estimated is not None and line.amount != estimated) or (
        approved is not None and line.amount > approved
    )


def waiting_for_contract(wishes: Iterable[WishEvent], every: Iterable[Contract]) -> list[WishEvent]:
    """Wishes at 議決 or 契約 for which no contract stands, by year and plan.

    Args:
        wishes: The last word on each.
        every: Contracts of whoever wished.
    """
    there = {
        (each.lg_code, each.fiscal_year, line.plan)
        for each in every
        if each.stands
        for line in each.terms.lines
    }
    approved = (WishState.APPROVED, WishState.CONTRACTED)
    found = [
        wish
        for wish in wishes
        if wish.state in approved and (wish.lg_code, wish.fiscal_year, wish.plan) not in there
    ]
    return sorted(found, key=lambda wish: (-wish.fiscal_year, wish.lg_code, wish.plan))
