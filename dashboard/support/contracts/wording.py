"""Words of contracts and visits."""

from __future__ import annotations

from core.reference.pack import Reference
from core.support.contract import Contract, ContractTerms
from core.support.visit import Visit
from core.values.fiscal import era_date
from core.views.support import ContractInYear
from dashboard import context


def term_words(terms: ContractTerms) -> str:
    """期間 in words."""
    return f"{era_date(terms.first_day)}から{era_date(terms.last_day)}まで"


def plan_words(contract: Contract, plan: int) -> str:
    """A plan of a contract by name."""
    return reference().plan_name(plan, contract.fiscal_year)


def visit_words(contract: Contract, visit: Visit) -> str:
    """A visit by its plan and number."""
    return f"{plan_words(contract, visit.plan)} 第{visit.serial}回"


def when_words(visit: Visit) -> str:
    """Its day, with the time where one is known."""
    if visit.when is None:
        return "日程なし"
    planned = visit.planned
    if visit.held is None and planned is not None and planned.start is not None:
        return f"{visit.when.label} {planned.start:%H:%M}"
    return visit.when.label


def contract_words(held: ContractInYear) -> str:
    """A contract by number, vendor and year."""
    contract = held.contract
    gone = "" if contract.stands else "(取消し)"
    return f"{contract.number.label} {contract.vendor.name}{gone}"


def reference() -> Reference:
    """The reference data of this run."""
    return context.reference()
