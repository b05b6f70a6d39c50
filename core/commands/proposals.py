"""日程の提案: a municipality proposes days for a visit; the adviser or the secretariat answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from core.store.experts import PROPOSALS, proposals
from core.store.support import VISIT_EVENTS, contract_of, visit_of
from core.store.work import Work, command, refuse_stale
from core.support.contract import Contract
from core.support.contract_check import refuse_cancelled
from core.support.proposal import (
    NOTE,
    REASON,
    ProposalEvent,
    ProposalStep,
    ProposedDay,
    check_proposal_step,
    check_proposed,
)
from core.support.visit import Visit, VisitEvent, VisitStep
from core.support.visit_check import check_planned, check_visit_step
from core.values.errors import InvalidInputError
from core.values.fiscal import PartialDate, Precision


@command("visit:propose", "支援回の日程の提案")
def propose_days(
    work: Work,
    *,
    lg_code: str,
    visit_id: int,
    days: tuple[ProposedDay, ...],
    note: Annotated[str, NOTE],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Propose up to three days for a planned visit; they take the place of those before.

    Args:
        seen_event: Number of the last event of the visit's proposals that the screen showed; 0.

    Raises:
        InvalidInputError: Field ``days``, or no such visit.
        ConflictError: It is held or cancelled, its contract taken back, or it changed meanwhile.
    """
    visit, contract, _ = _proposed(work, lg_code, visit_id, seen_event, ProposalStep.PROPOSED)
    kept = check_proposed(days, visit, contract.terms, work.today)
    _say(work, visit_id, ProposalStep.PROPOSED, kept, note)
    work.audit(_called(contract, visit), lg_code=lg_code, day="、".join(d.text for d in kept))


@command("visit:withdraw_proposal", "支援回の日程の提案の取下げ", "visit:propose")
def withdraw_proposal(
    work: Work, *, lg_code: str, visit_id: int, seen_event: int, request_id: str, now: datetime
) -> None:
    """Take the days back that were proposed.

    Raises:
        InvalidInputError: No such visit.
        ConflictError: Nothing is proposed, or it was answered meanwhile.
    """
    visit, contract, _ = _proposed(work, lg_code, visit_id, seen_event, ProposalStep.WITHDRAWN)
    _say(work, visit_id, ProposalStep.WITHDRAWN, (), "")
    work.audit(_called(contract, visit), lg_code=lg_code)


@command("visit:accept", "支援回の日程の決定", "visit:answer")
def accept_proposal(
    work: Work,
    *,
    lg_code: str,
    visit_id: int,
    chosen: ProposedDay,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Take one of the days that were proposed: the visit is moved to it.

    Raises:
        InvalidInputError: Field ``days``: not one of them, or it is over; no such visit.
        ConflictError: Nothing is proposed, it was answered meanwhile, or the visit was held.
    """
    visit, contract, last = _proposed(work, lg_code, visit_id, seen_event, ProposalStep.ACCEPTED)
    if last is None or chosen not in last.days:
        raise InvalidInputError({"days": "提案された日の中から選んでください。"})
    check_proposed((chosen,), visit, contract.terms, work.today)
    assert visit.planned is not None  # noqa: S101  checked above
    planned = replace(
        visit.planned, when=PartialDate(chosen.day, Precision.DAY), start=chosen.start
    )
    _say(work, visit_id, ProposalStep.ACCEPTED, (chosen,), "")
    if planned != visit.planned:
        check_visit_step(visit, VisitStep.MOVED)
        kept = check_planned(planned, contract.terms, work.today)
        moved = VisitEvent(
            0, visit_id, VisitStep.MOVED, kept, None, None, _DECIDED, work.now, work.by
        )
        VISIT_EVENTS.add(work.session, moved)
    work.audit(_called(contract, visit), lg_code=lg_code, day=chosen.text)


_DECIDED = "提案された日程で決定"


@command("visit:decline", "支援回の日程の見送り", "visit:answer")
def decline_proposal(
    work: Work,
    *,
    lg_code: str,
    visit_id: int,
    reason: Annotated[str, REASON],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """None of the days is possible; the visit stays where it is planned.

    Raises:
        InvalidInputError: Field ``reason``, or no such visit.
        ConflictError: Nothing is proposed, or it was answered meanwhile.
    """
    visit, contract, _ = _proposed(work, lg_code, visit_id, seen_event, ProposalStep.DECLINED)
    _say(work, visit_id, ProposalStep.DECLINED, (), reason)
    work.audit(_called(contract, visit), lg_code=lg_code, reason=reason)


def _proposed(
    work: Work, lg_code: str, visit_id: int, seen_event: int, step: ProposalStep
) -> tuple[Visit, Contract, ProposalEvent | None]:
    vendor_id = work.principal.vendor_id
    visit = visit_of(work.session, lg_code, visit_id, vendor_id)
    contract = contract_of(work.session, lg_code, visit.contract_id, vendor_id)
    refuse_cancelled(contract)
    said = proposals(work.session, [visit_id])[visit_id]
    last = said[-1] if said else None
    did = f"「{last.step.label}」と記録して" if last else ""
    refuse_stale(last, last.event_id if last else 0, seen_event, "日程の提案", did)
    check_proposal_step(last, step)
    return visit, contract, last


def _say(
    work: Work, visit_id: int, step: ProposalStep, days: tuple[ProposedDay, ...], note: str
) -> None:
    PROPOSALS.add(work.session, ProposalEvent(0, visit_id, step, days, note, work.now, work.by))


def _called(contract: Contract, visit: Visit) -> str:
    return f"{contract.number.label} プラン{visit.plan} 第{visit.serial}回"
