"""What an adviser sees: visits of the own vendor, without amounts, ratings and other vendors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Engine

from core.access.account import token_hash
from core.access.permission import requires
from core.access.principal import Principal
from core.reference.pack import Reference
from core.store.calendar_tokens import CalendarToken, vendor_calendar_tokens, vendor_of_token
from core.store.engine import reading
from core.store.experts import experts, proposals
from core.store.support import contracts, vendors, visits
from core.support.contract import Contract
from core.support.expert import Expert
from core.support.proposal import ProposalEvent, standing_proposal
from core.support.visit import Held, Planned, Visit, VisitState, visits_by_contract
from core.values.errors import NotOfferedError
from core.values.fiscal import PartialDate
from core.values.offer import OfferedPart


@dataclass(frozen=True)
class AdviserVisit:
    """A visit as its adviser sees it.

    Attributes:
        changed_at: When something was last said of it.
        held: Without the satisfaction, which is the municipality's word.
        proposal: What waits for an answer; None when nothing does.
        seen_event: Number of the visit's last event.
        seen_proposal: Number of the last event of its proposals; 0 of none.
    """

    visit_id: int
    contract_id: int
    lg_code: str
    plan: int
    serial: int
    state: VisitState
    when: PartialDate
    planned: Planned | None
    held: Held | None
    expert: Expert | None
    proposal: ProposalEvent | None
    seen_event: int
    seen_proposal: int
    changed_at: datetime


@dataclass(frozen=True)
class PlanToDo:
    """How many visits of a plan of a contract there are, and are not yet planned.

    Attributes:
        seen_event: Number of the last event of the visits of the contract; 0 of none.
    """

    contract_id: int
    number: str
    lg_code: str
    plan: int
    agreed: int
    held: int
    planned: int
    first_day: date
    last_day: date
    seen_event: int

    @property
    def unplanned(self) -> int:
        """Visits without a day or month."""
        return max(0, self.agreed - self.held - self.planned)


@dataclass(frozen=True)
class AssignmentsAnswer:
    """An adviser's work.

    Attributes:
        visits: By day, cancelled ones left out.
        plans: Of contracts whose term has not ended, by municipality.
        experts: Of the own vendor that have not left.
    """

    vendor: str
    visits: tuple[AdviserVisit, ...]
    plans: tuple[PlanToDo, ...]
    experts: tuple[Expert, ...]


@requires("assignment:read")
def assignments_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,  # noqa: ARG001  what is not offered has no visits
    *,
    today: date,
) -> AssignmentsAnswer:
    """Visits of the adviser's vendor in all municipalities with a standing contract."""
    return _assignments(engine, principal.vendor_id or 0, today)


def _assignments(engine: Engine, vendor_id: int, today: date) -> AssignmentsAnswer:
    with reading(engine) as session:
        every = [each for each in contracts(session, vendor_id=vendor_id) if each.stands]
        keys = {each.contract_id: each for each in every}
        found = visits(session, contract_ids=list(keys)) if keys else []
        ours = [each for each in found if each.contract_id in keys]
        said = proposals(session, [each.visit_id for each in ours])
        pool = {each.expert_id: each for each in experts(session, vendor_id)}
        name = vendors(session)[vendor_id].name if vendor_id else ""
    shown = [
        _visit(each, said.get(each.visit_id, []), pool)
        for each in ours
        if each.state is not VisitState.CANCELLED and each.when is not None
    ]
    by = visits_by_contract(ours)
    plans = [
        each
        for contract in every
        if contract.terms.last_day >= today
        for each in _plans(contract, by[contract.contract_id])
    ]
    return AssignmentsAnswer(
        name,
        tuple(sorted(shown, key=lambda v: (v.when, v.lg_code, v.plan, v.serial))),
        tuple(sorted(plans, key=lambda each: (each.lg_code, each.contract_id, each.plan))),
        tuple(each for each in pool.values() if (each.offer.ends or today) >= today),
    )


def _visit(visit: Visit, said: list[ProposalEvent], pool: Mapping[int, Expert]) -> AdviserVisit:
    assert visit.when is not None  # noqa: S101  left out by whoever asks
    who = (visit.held.expert_id if visit.held else None) or (
        visit.planned.expert_id if visit.planned else None
    )
    return AdviserVisit(
        visit.visit_id,
        visit.contract_id,
        visit.lg_code,
        visit.plan,
        visit.serial,
        visit.state,
        visit.when,
        visit.planned,
        replace(visit.held, satisfaction=None) if visit.held else None,
        pool.get(who) if who else None,
        standing_proposal(said),
        visit.last.event_id,
        said[-1].event_id if said else 0,
        visit.last.recorded_at,
    )


def _plans(contract: Contract, ours: list[Visit]) -> list[PlanToDo]:
    seen = max((each.last.event_id for each in ours), default=0)
    return [
        PlanToDo(
            contract.contract_id,
            contract.number.label,
            contract.lg_code,
            line.plan,
            line.visits,
            sum(v.plan == line.plan and v.state is VisitState.HELD for v in ours),
            sum(v.plan == line.plan and v.state is VisitState.PLANNED for v in ours),
            contract.terms.first_day,
            contract.terms.last_day,
            seen,
        )
        for line in contract.terms.lines
    ]


@requires("visit_calendar:manage")
def visit_calendar_tokens_view(engine: Engine, principal: Principal) -> tuple[CalendarToken, ...]:
    """The vendor's calendar addresses, oldest first; never their secrets."""
    with reading(engine) as session:
        return tuple(vendor_calendar_tokens(session, principal.vendor_id or 0))


@requires("calendar:read")
def vendor_calendar_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001  whoever knows the address
    reference: Reference,
    *,
    token: str,
    today: date,
) -> AssignmentsAnswer | None:
    """What an address of a vendor shows; None when it is none of a vendor's.

    Raises:
        NotOfferedError: There is no talent sharing.
    """
    with reading(engine) as session:
        vendor_id = vendor_of_token(session, token_hash(token))
    if vendor_id is None:
        return None
    if OfferedPart.TALENT not in reference.offers:
        raise NotOfferedError(OfferedPart.TALENT.label)
    return _assignments(engine, vendor_id, today)
