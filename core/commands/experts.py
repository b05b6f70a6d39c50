"""人材プール: add, change, let go an expert; assign one to visits. Names stay out of the audit trail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from core.reference.pack import Reference
from core.store.experts import EXPERT_EVENTS, EXPERTS, ExpertHead, expert_of, keep_person
from core.store.support import VISIT_EVENTS, contract_of, vendor_called, visits
from core.store.work import Work, command, refuse_stale
from core.support.contract_check import refuse_cancelled
from core.support.expert import (
    REASON,
    Expert,
    ExpertEvent,
    ExpertForm,
    ExpertPerson,
    ExpertStep,
    Offer,
    check_expert_step,
    left,
    read_expert,
)
from core.support.visit import Visit, VisitEvent, VisitState, VisitStep
from core.values.errors import ConflictError, InvalidInputError


@command("expert:add", "専門人材の追加", "expert:manage")
def add_expert(
    work: Work, *, form: ExpertForm, reference: Reference, request_id: str, now: datetime
) -> int:
    """Add an expert of a vendor, which is recorded when there is none of that name.

    Returns:
        Number of the expert.

    Raises:
        InvalidInputError: Every field that cannot be used.
    """
    kept = read_expert(form, [plan.number for plan in reference.plans])
    vendor = vendor_called(work.session, kept.vendor, work.now, work.by)
    head = ExpertHead(0, vendor.vendor_id, work.now, work.by)
    number = EXPERTS.add(work.session, head)
    _say(work, number, ExpertStep.ADDED, kept.offer, "")
    _keep(work, number, 1, kept)
    work.audit(_called(number), vendor=vendor.name, plans=list(kept.offer.plans))
    return number


@command("expert:change", "専門人材の変更", "expert:manage")
def change_expert(
    work: Work,
    *,
    expert_id: int,
    form: ExpertForm,
    reason: Annotated[str, REASON],
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Say anew who an expert is and what is given; the vendor stays.

    Raises:
        InvalidInputError: Every field that cannot be used; no such expert.
        ConflictError: Nothing changes, the expert has left, or somebody changed it meanwhile.
    """
    expert = _seen(work, expert_id, seen_event)
    check_expert_step(expert, ExpertStep.CHANGED)
    kept = read_expert(form, [plan.number for plan in reference.plans])
    before = expert.person
    said = (before.name, before.experience, before.years) if before else None
    if kept.offer == expert.offer and said == (kept.name, kept.experience, kept.years):
        raise ConflictError("変更がありません。変える項目を入力してから押してください。")
    _say(work, expert_id, ExpertStep.CHANGED, kept.offer, reason)
    _keep(work, expert_id, (before.version if before else 0) + 1, kept)
    work.audit(_called(expert_id), plans=list(kept.offer.plans), reason=reason)


@command("expert:leave", "専門人材の離任", "expert:manage")
def let_expert_go(
    work: Work,
    *,
    expert_id: int,
    last_day: date,
    reason: Annotated[str, REASON],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> int:
    """Record an expert's last day.

    Returns:
        Visits planned after it that are still this expert's: to be assigned anew.

    Raises:
        InvalidInputError: Fields ``ends``, ``reason``; no such expert.
        ConflictError: The expert has left already, or somebody changed it meanwhile.
    """
    expert = _seen(work, expert_id, seen_event)
    _say(work, expert_id, ExpertStep.LEFT, left(expert, last_day), reason)
    work.audit(_called(expert_id), last_day=last_day, reason=reason)
    return sum(
        each.state is VisitState.PLANNED
        and each.planned is not None
        and each.planned.expert_id == expert_id
        and each.planned.when.last > last_day
        for each in visits(work.session)
    )


@command("expert:assign", "支援回の担当の割当て", "expert:manage")
def assign_expert(
    work: Work,
    *,
    lg_code: str,
    contract_id: int,
    visit_ids: tuple[int, ...],
    expert_id: int | None,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> int:
    """Say who comes to some visits of a contract, all or none.

    Args:
        expert_id: None: nobody is assigned any more.
        seen_event: Number of the last event of the visits of the contract that the screen showed.

    Returns:
        How many visits changed.

    Raises:
        InvalidInputError: Field ``visits`` or ``expert_id``: none chosen, not of this contract, or
            not somebody of its vendor who serves the plan on that day.
        ConflictError: Changed meanwhile, or nothing changes.
    """
    contract = contract_of(work.session, lg_code, contract_id)
    refuse_cancelled(contract)
    ours = {
        each.visit_id: each for each in visits(work.session, lg_code, contract_ids=[contract_id])
    }
    last = max((each.last for each in ours.values()), key=lambda e: e.event_id, default=None)
    did = f"支援回を「{last.step.label}」と記録して" if last else ""
    refuse_stale(last, last.event_id if last else 0, seen_event, "この契約", did)
    chosen = [ours[key] for key in dict.fromkeys(visit_ids) if key in ours]
    if not chosen or len(chosen) < len(set(visit_ids)):
        raise InvalidInputError({"visits": "この契約の支援回を1つ以上選んでください。"})
    expert = None if expert_id is None else expert_of(work.session, expert_id)
    if expert is not None and expert.vendor_id != contract.vendor.vendor_id:
        raise InvalidInputError(
            {"expert_id": f"{contract.vendor.name}の専門人材から選んでください。"}
        )
    changed = [each for each in chosen if _check_assigned(each, expert) != expert_id]
    if not changed:
        raise ConflictError("変更がありません。選んだ支援回の担当は、もうそのとおりです。")
    for visit in changed:
        assert visit.planned is not None  # noqa: S101  checked above
        planned = replace(visit.planned, expert_id=expert_id)
        event = VisitEvent(
            0, visit.visit_id, VisitStep.MOVED, planned, None, None, _ASSIGNED, work.now, work.by
        )
        VISIT_EVENTS.add(work.session, event)
    work.audit(contract.number.label, lg_code=lg_code, visits=len(changed), expert=expert_id)
    return len(changed)


_ASSIGNED = "担当の割当て"


def _check_assigned(visit: Visit, expert: Expert | None) -> int | None:
    """Who is assigned to a visit so far, when the new one can be.

    Raises:
        InvalidInputError: Field ``visits`` or ``expert_id``.
    """
    named = f"プラン{visit.plan}の第{visit.serial}回"
    if visit.state is not VisitState.PLANNED or visit.planned is None:
        raise InvalidInputError(
            {"visits": f"{named}は「{visit.state.label}」です。予定の支援回から選んでください。"}
        )
    when = visit.planned.when
    if expert is not None and not (
        expert.offer.serves(visit.plan, when.first) or expert.offer.serves(visit.plan, when.last)
    ):
        raise InvalidInputError(
            {"expert_id": f"{expert.name}は{named}({when.label})を担当できません。"
             "担当できるプランと期間を確かめてください。"}
        )  # fmt: skip
    return visit.planned.expert_id


def _seen(work: Work, expert_id: int, seen_event: int) -> Expert:
    expert = expert_of(work.session, expert_id)
    did = f"「{expert.last.step.label}」と記録して"
    refuse_stale(expert.last, expert.last.event_id, seen_event, "この専門人材", did)
    return expert


def _say(work: Work, expert_id: int, step: ExpertStep, offer: Offer, reason: str) -> None:
    event = ExpertEvent(0, expert_id, step, offer, reason, work.now, work.by)
    EXPERT_EVENTS.add(work.session, event)


def _keep(work: Work, expert_id: int, version: int, form: ExpertForm) -> None:
    person = ExpertPerson(
        expert_id, version, form.name, form.experience, form.years, work.now, work.by
    )
    keep_person(work.session, person)


def _called(expert_id: int) -> str:
    return f"専門人材{expert_id}"
