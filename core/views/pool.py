"""What the tabs 人材プール and 担当する人材 of 支援の実施 show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.experts import experts, proposals
from core.store.support import contracts, vendors, visits
from core.store.wishes import wish_events
from core.support.contract import Contract, Vendor
from core.support.expert import Expert
from core.support.load import (
    Asked,
    Demand,
    PoolLoad,
    asked_by_contracts,
    asked_by_wishes,
    months_left,
    pool_load,
    spread,
)
from core.support.proposal import ProposalEvent, standing_proposal
from core.support.visit import Visit, VisitState, visits_by_contract
from core.support.wish import current_wishes
from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class Promise:
    """What the secretariat thinks of promising: a plan to so many municipalities."""

    plan: int
    municipalities: int
    visits: int


@dataclass(frozen=True)
class ToAssign:
    """A plan of a contract with visits that are planned.

    Attributes:
        visits: Planned ones from today on, in the order of their days.
        seen_event: Number of the last event of the visits of the contract.
    """

    contract: Contract
    plan: int
    visits: tuple[Visit, ...]
    seen_event: int

    @property
    def nobody(self) -> int:
        """Those nobody is assigned to."""
        return sum(each.planned is not None and not each.planned.expert_id for each in self.visits)


@dataclass(frozen=True)
class ProposedVisit:
    """A visit a municipality proposed days for.

    Attributes:
        seen_proposal: Number of the last event of its proposals.
    """

    contract: Contract
    visit: Visit
    proposal: ProposalEvent
    seen_proposal: int


@dataclass(frozen=True)
class PoolAnswer:
    """The pool, what is asked of it, and what is to be assigned.

    Attributes:
        experts: Those of now and former ones, in the order of recording.
        assigned: Expert → visits planned from today on.
        load: Of the fiscal year from this month on.
        without: The same without what is thought of being promised.
        proposed: Visits with a proposal that waits for an answer, from today on, by their days.
    """

    fiscal_year: FiscalYear
    experts: tuple[Expert, ...]
    vendors: Mapping[int, Vendor]
    assigned: Mapping[int, int]
    load: PoolLoad
    without: PoolLoad
    to_assign: tuple[ToAssign, ...]
    proposed: tuple[ProposedVisit, ...]


@requires("expert:manage")
def pool_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,  # noqa: ARG001  what is not offered has no pool
    *,
    fiscal_year: FiscalYear,
    counted: tuple[Demand, ...],
    promise: Promise | None,
    today: date,
) -> PoolAnswer:
    """Experts, load and gaps; as many queries however many there are.

    Args:
        counted: Stages of demand that the load counts.
    """
    with reading(engine) as session:
        pool = experts(session)
        known = vendors(session)
        every = contracts(session, fiscal_year=fiscal_year)
        ours = visits_by_contract(
            visits(session, contract_ids=[each.contract_id for each in every if each.stands])
        )
        said = current_wishes(wish_events(session))
        ahead = [each for its in ours.values() for each in its if _ahead(each, today)]
        asked_for = proposals(session, [each.visit_id for each in ahead])
    months = months_left(fiscal_year, today)
    wishes = [wish for wish in said.values() if wish.fiscal_year == fiscal_year]
    asked = asked_by_contracts(every, ours, months) + asked_by_wishes(wishes, months)
    asked = [each for each in asked if each.stage in counted]
    here = [each for each in pool if any(each.offer.days_in(month) for month in months)]
    without = pool_load(asked, here, months)
    load = pool_load(asked + _promised(promise, months), here, months) if promise else without
    return PoolAnswer(
        fiscal_year,
        tuple(pool),
        known,
        _assigned(ours, today),
        load,
        without,
        tuple(_to_assign(every, ours, today)),
        tuple(_proposed(every, ahead, asked_for)),
    )


def _proposed(
    every: Iterable[Contract],
    ahead: Iterable[Visit],
    said: Mapping[int, list[ProposalEvent]],
) -> list[ProposedVisit]:
    by_number = {each.contract_id: each for each in every}
    found = [
        ProposedVisit(by_number[visit.contract_id], visit, waits, said[visit.visit_id][-1].event_id)
        for visit in ahead
        if (waits := standing_proposal(said.get(visit.visit_id, []))) is not None
    ]
    return sorted(found, key=lambda each: each.proposal.days[0].day)


def _promised(promise: Promise, months: tuple[date, ...]) -> list[Asked]:
    if not months:
        return []
    visits_ = promise.visits * promise.municipalities
    return [
        Asked(promise.plan, month, number, Demand.PROMISED)
        for month, number in spread(visits_, months).items()
    ]


def _assigned(ours: Mapping[int, list[Visit]], today: date) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for each in (visit for some in ours.values() for visit in some):
        if _ahead(each, today) and each.planned and each.planned.expert_id:
            found[each.planned.expert_id] += 1
    return found


def _ahead(visit: Visit, today: date) -> bool:
    return visit.state is VisitState.PLANNED and visit.when is not None and visit.when.last >= today


def _to_assign(
    every: Iterable[Contract], ours: Mapping[int, list[Visit]], today: date
) -> list[ToAssign]:
    found = []
    for contract in every:
        its = ours.get(contract.contract_id, [])
        seen = max((each.last.event_id for each in its), default=0)
        for line in contract.terms.lines if contract.stands else ():
            ahead = [v for v in its if v.plan == line.plan and _ahead(v, today)]
            ahead.sort(key=lambda v: (v.when.first if v.when else date.max, v.serial))
            if ahead:
                found.append(ToAssign(contract, line.plan, tuple(ahead), seen))
    return sorted(found, key=lambda each: (not each.nobody, each.contract.number.serial, each.plan))


@dataclass(frozen=True)
class ComingVisit:
    """A visit that is planned, and what is proposed for it.

    Attributes:
        expert: Who comes; None while nobody is assigned.
        proposal: What waits for an answer; None when nothing does.
        answered: The last answer to a proposal; None without one, or when one waits.
        seen_proposal: Number of the last event of its proposals; 0 of none.
    """

    visit: Visit
    expert: Expert | None
    proposal: ProposalEvent | None
    answered: ProposalEvent | None
    seen_proposal: int


@dataclass(frozen=True)
class ComingContract:
    """A contract's planned visits; the amounts are not in it."""

    number: str
    vendor: str
    first_day: date
    last_day: date
    visits: tuple[ComingVisit, ...]


@dataclass(frozen=True)
class OwnExpertsAnswer:
    """Who comes to a municipality.

    Attributes:
        experts: Those assigned to a visit that is planned or was held, by name.
        contracts: With visits planned from today on.
    """

    experts: tuple[Expert, ...]
    vendors: Mapping[int, Vendor]
    contracts: tuple[ComingContract, ...]


@requires("visit:read", municipality="lg_code")
def own_experts_view(
    engine: Engine, principal: Principal, *, lg_code: str, today: date
) -> OwnExpertsAnswer:
    """Experts of a municipality, and its visits to come; to an adviser those of the own vendor."""
    with reading(engine) as session:
        every = [
            each
            for each in contracts(session, lg_code, vendor_id=principal.vendor_id)
            if each.stands
        ]
        ours = visits_by_contract(visits(session, lg_code))
        known = {each.expert_id: each for each in experts(session)}
        its = [visit for each in every for visit in ours[each.contract_id]]
        said = proposals(session, [each.visit_id for each in its])
        names = vendors(session)
    coming = []
    for contract in every:
        ahead = [each for each in ours[contract.contract_id] if _ahead(each, today)]
        ahead.sort(key=lambda v: (v.when.first if v.when else date.max, v.plan, v.serial))
        if ahead:
            terms = contract.terms
            pool = {e.expert_id: e for e in known.values() if _of(contract, e)}
            lines = tuple(_coming(each, pool, said.get(each.visit_id, [])) for each in ahead)
            coming.append(
                ComingContract(
                    contract.number.label,
                    contract.vendor.name,
                    terms.first_day,
                    terms.last_day,
                    lines,
                )
            )
    who = {
        number
        for contract in every
        for visit in ours[contract.contract_id]
        for number in visit.experts
        if number in known and _of(contract, known[number])
    }
    return OwnExpertsAnswer(
        tuple(sorted((known[number] for number in who), key=lambda e: (e.name, e.expert_id))),
        {each.vendor.vendor_id: names[each.vendor.vendor_id] for each in every},
        tuple(coming),
    )


def _of(contract: Contract, expert: Expert) -> bool:
    """Whether somebody is of the vendor of a contract: no number leads to anybody else's name."""
    return expert.vendor_id == contract.vendor.vendor_id


def _coming(visit: Visit, known: Mapping[int, Expert], said: list[ProposalEvent]) -> ComingVisit:
    expert = visit.planned.expert_id if visit.planned else None
    waits = standing_proposal(said)
    return ComingVisit(
        visit,
        known.get(expert) if expert else None,
        waits,
        said[-1] if said and waits is None else None,
        said[-1].event_id if said else 0,
    )
