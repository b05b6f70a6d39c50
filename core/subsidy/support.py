"""What a grant for support plans rests on: contracts, wishes before them, what was paid and held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.subsidy.money import AskedLine
from core.support.contract import Contract
from core.support.wish import WishEvent, WishState
from core.values.money import Yen, yen_text

APPLIED_FOR = frozenset({WishState.APPROVED, WishState.CONTRACTED})
"""Before a contract a plan may be applied for once the council has decided."""


def asked_of_support(
    lg_code: str, contracts: Iterable[Contract], wishes: Iterable[WishEvent]
) -> tuple[AskedLine, ...]:
    """補助対象経費 of an application: contract amounts, and of plans without a contract the wish's.

    Args:
        contracts: Of the municipality and the year.
        wishes: The last word on each plan of the year.
    """
    costs: dict[int, Yen] = {}
    for contract in contracts:
        for line in contract.terms.lines if contract.stands else ():
            costs[line.plan] = costs.get(line.plan, Yen(0)) + line.amount
    for wish in wishes:
        if wish.state in APPLIED_FOR:
            costs.setdefault(wish.plan, wish.gross)
    return _lines(lg_code, costs)


def results_of_support(
    lg_code: str, contracts: Iterable[Contract], held: Mapping[tuple[int, int], int]
) -> tuple[AskedLine, ...]:
    """補助対象経費 of a report: what was really paid for visits really held.

    Per plan of a contract the lesser of what was paid and the contract's amount for the visits held
    (amount × held ÷ agreed, yen below one cut off); all agreed visits held is the whole amount.

    Args:
        held: Number of the contract and plan → visits held.
    """
    costs: dict[int, Yen] = {}
    for contract in contracts:
        paid = contract.paid_lines
        for line in contract.terms.lines if contract.stands else ():
            done = min(held.get((contract.contract_id, line.plan), 0), line.visits)
            earned = Yen(int(line.amount) * done // line.visits) if line.visits else Yen(0)
            cost = min(paid.get(line.plan, Yen(0)), earned)
            costs[line.plan] = costs.get(line.plan, Yen(0)) + cost
    return _lines(lg_code, costs)


def missing_of_support(
    contracts: Iterable[Contract], held: Mapping[tuple[int, int], int]
) -> tuple[str, ...]:
    """What the records still lack before a report can say all there is."""
    standing = [contract for contract in contracts if contract.stands]
    if not standing:
        return ("契約",)
    lacks = []
    left = sum(
        max(line.visits - held.get((contract.contract_id, line.plan), 0), 0)
        for contract in standing
        for line in contract.terms.lines
    )
    if left:
        lacks.append(f"支援回の実施(残り{left}回)")
    unpaid = sum((contract.terms.amount - contract.paid for contract in standing), Yen(0))
    if unpaid > 0:
        lacks.append(f"事業者への支払(残り{yen_text(unpaid)})")
    return tuple(lacks)


def _lines(lg_code: str, costs: dict[int, Yen]) -> tuple[AskedLine, ...]:
    return tuple(AskedLine(lg_code, str(plan), cost) for plan, cost in sorted(costs.items()))
