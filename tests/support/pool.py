"""Vendors, contracts and advisers, as tests need them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.estimate.request import ExpenditureKind
from core.store.engine import writing
from core.store.support import (
    CONTRACT_EVENTS,
    CONTRACTS,
    VISIT_EVENTS,
    VISITS,
    ContractHead,
    next_contract_number,
    vendor_called,
)
from core.support.contract import ContractEvent, ContractLine, ContractStep, ContractTerms
from core.support.visit import Planned, Visit, VisitEvent, VisitStep
from core.values.fiscal import FiscalYear, PartialDate, Precision
from core.values.money import Yen

FIRST, LAST = date(2023, 4, 1), date(2024, 3, 31)


def a_vendor(engine: Engine, name: str, now: datetime) -> int:
    """Number of the vendor of a name, made when there is none."""
    with writing(engine) as session:
        return vendor_called(session, name, now, "data").vendor_id


def a_contract(
    engine: Engine,
    vendor: str,
    lg_code: str,
    now: datetime,
    plans: Collection[int] = (1,),
    term: tuple[date, date] = (FIRST, LAST),
) -> int:
    """A contract of twelve visits a plan, for the whole year 2023 or another term."""
    vendor_id = a_vendor(engine, vendor, now)
    lines = tuple(ContractLine(plan, 12, Yen(1_200_000)) for plan in plans)
    first, last = term
    terms = ContractTerms(first, first, last, ExpenditureKind.COMMISSION, lines)
    with writing(engine) as session:
        head = ContractHead(
            0, next_contract_number(session, FiscalYear.of(first)), lg_code, vendor_id
        )
        made = CONTRACTS.add(session, head, recorded_at=now, recorded_by="data")
        event = ContractEvent(0, made, ContractStep.CONCLUDED, first, terms, "", now, "data")
        CONTRACT_EVENTS.add(session, event)
    return made


def take_back(engine: Engine, contract_id: int, now: datetime) -> None:
    """The contract was recorded by mistake."""
    with writing(engine) as session:
        (first,) = CONTRACT_EVENTS.all(session, contract_id=contract_id)
        gone = ContractEvent(
            0, contract_id, ContractStep.CANCELLED, FIRST, first.terms, "誤り", now, "data"
        )
        CONTRACT_EVENTS.add(session, gone)


def a_visit(
    engine: Engine,
    contract_id: int,
    lg_code: str,
    when: date,
    now: datetime,
    *,
    plan: int = 1,
    serial: int = 1,
    expert_id: int | None = None,
) -> int:
    """A visit that is planned for a day."""
    with writing(engine) as session:
        visit = Visit(0, contract_id, lg_code, plan, serial)
        made = VISITS.add(session, visit, recorded_at=now, recorded_by="data")
        planned = Planned(PartialDate(when, Precision.DAY), expert_id=expert_id)
        event = VisitEvent(0, made, VisitStep.PLANNED, planned, None, None, "", now, "data")
        VISIT_EVENTS.add(session, event)
    return made


def adviser(vendor_id: int, *serves: str) -> Principal:
    """Somebody of a vendor."""
    name = f"kaisha-{vendor_id}"
    return Principal(name, "担当", Role.ADVISER, vendor_id=vendor_id, serves=frozenset(serves))
