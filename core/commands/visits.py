"""支援回: plan the year, plan one, move, hold, amend, rate, cancel; their files.

Every command is about the contract or the visit of one municipality; :func:`_contract` and
:func:`_visit` are the only ways to one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal, Role
from core.consultation.attachment import CheckedFile, OfferedFile, check_room
from core.imports.reading import checked_files
from core.store.experts import refuse_strange_expert
from core.store.support import (
    VISIT_EVENTS,
    VISITS,
    add_visit_files,
    contract_of,
    next_visit_serials,
    visit_of,
    visits,
)
from core.store.work import Work, command, refuse_stale
from core.support.contract import Contract, ContractTerms
from core.support.contract_check import needed_reason, refuse_cancelled
from core.support.visit import (
    REASON,
    CancelledBy,
    Held,
    Planned,
    Visit,
    VisitEvent,
    VisitState,
    VisitStep,
)
from core.support.visit_check import (
    check_held,
    check_planned,
    check_room_for_visit,
    check_visit_step,
)
from core.support.year_plan import DayRule, check_usual, planned_months
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import PartialDate, Precision


@command("visit:plan_year", "支援回の年間の予定", "visit:plan")
def plan_year(
    work: Work,
    *,
    lg_code: str,
    contract_id: int,
    plans: tuple[int, ...],
    first_month: date,
    rule: DayRule,
    usual: Planned,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> int:
    """Plan the visits that are neither planned nor held, one a month and plan at most.

    Args:
        first_month: Any day of the month it begins with.
        usual: Start, form, place and expert of each; its ``when`` is not looked at.
        seen_event: Number of the last event of the visits of the contract that the screen showed.

    Returns:
        How many were planned.

    Raises:
        InvalidInputError: Field ``plan``, ``rule`` or of ``usual``, or no such contract.
        ConflictError: Changed meanwhile, taken back, or no visit is left to plan within the term.
    """
    contract, ours = _contract(work, lg_code, contract_id, seen_event)
    kept = check_usual(usual, plans, rule)
    made: list[tuple[int, PartialDate]] = []
    for plan in sorted(set(plans)):
        line = contract.terms.line(plan)
        if line is None:
            raise InvalidInputError({"plan": "契約にあるプランを選んでください。"})
        when = planned_months(
            line, contract.terms, ours, first_month=first_month, rule=rule, today=work.today
        )
        made += [(plan, each) for each in when]
    if not made:
        raise ConflictError(
            "予定する支援回がありません。回数がすべて予定または実施済か、"
            "契約期間の残りの月すべてに予定があります。"
        )
    serials = next_visit_serials(work.session, contract_id)
    for plan, each in made:
        serial = serials.get(plan, 1)
        serials[plan] = serial + 1
        plain = kept if each.precision is Precision.DAY else replace(kept, start=None)
        _begin(work, contract, plan, serial, planned=replace(plain, when=each))
    work.audit(contract.number.label, lg_code=lg_code, plans=sorted(set(plans)), visits=len(made))
    return len(made)


@command("visit:plan", "支援回の予定")
def plan_visit(
    work: Work,
    *,
    lg_code: str,
    contract_id: int,
    plan: int,
    planned: Planned,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> int:
    """Plan one visit.

    Args:
        seen_event: Number of the last event of the visits of the contract that the screen showed.

    Returns:
        第n回.

    Raises:
        InvalidInputError: Every field that cannot be used, or no such contract.
        ConflictError: Changed meanwhile, taken back, or all visits are planned or held.
    """
    contract, ours = _contract(work, lg_code, contract_id, seen_event)
    check_room_for_visit(contract, plan, ours)
    kept = check_planned(planned, contract.terms, work.today)
    serial = next_visit_serials(work.session, contract_id).get(plan, 1)
    _begin(work, contract, plan, serial, planned=kept)
    work.audit(
        contract.number.label, lg_code=lg_code, plan=plan, serial=serial, day=kept.when.first
    )
    return serial


@command("visit:move", "支援回の日程変更", "visit:plan")
def move_visit(
    work: Work,
    *,
    lg_code: str,
    visit_id: int,
    planned: Planned,
    reason: Annotated[str, REASON],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Plan a visit for another day, place or expert.

    Raises:
        InvalidInputError: Every field that cannot be used, or no such visit.
        ConflictError: Changed meanwhile, or it is held or cancelled.
    """
    visit, contract = _visit(work, lg_code, visit_id, seen_event, VisitStep.MOVED)
    kept = check_planned(planned, contract.terms, work.today)
    if kept == visit.planned:
        raise InvalidInputError({"when": "前と同じ予定です。変わったところを直してください。"})
    _add_event(work, visit_id, VisitStep.MOVED, planned=kept, reason=reason)
    work.audit(_called(contract, visit), lg_code=lg_code, day=kept.when.first, reason=reason)


@requires("visit:record", municipality="lg_code")
def hold_visit(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    visit_id: int,
    held: Held,
    files: Sequence[OfferedFile],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Record that a planned visit was held, with its minutes.

    Args:
        files: Looked into before the transaction begins, since writers queue.

    Raises:
        InvalidInputError: Every field and file that cannot be used, or no such visit.
        ConflictError: Changed meanwhile, or it is held or cancelled.
    """
    checked, problems = _looked_into(files)
    _hold(
        engine,
        principal,
        lg_code=lg_code,
        visit_id=visit_id,
        held=held,
        files=checked,
        problems=problems,
        seen_event=seen_event,
        request_id=request_id,
        now=now,
    )


@command("visit:hold", "支援回の実施", "visit:record")
def _hold(
    work: Work,
    *,
    lg_code: str,
    visit_id: int,
    held: Held,
    files: tuple[CheckedFile, ...],
    problems: Mapping[str, str],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    visit, contract = _visit(work, lg_code, visit_id, seen_event, VisitStep.HELD)
    kept = _checked(_by_vendor(work, held), contract.terms, work.today, problems)
    _add_event(work, visit_id, VisitStep.HELD, held=kept)
    add_visit_files(work.session, visit_id, files, work.now, work.by)
    work.audit(_called(contract, visit), lg_code=lg_code, day=kept.day, files=len(files))


@requires("visit:record", municipality="lg_code")
def hold_unplanned_visit(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    contract_id: int,
    plan: int,
    held: Held,
    files: Sequence[OfferedFile],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> int:
    """Record a visit that was held without having been planned.

    Args:
        files: Looked into before the transaction begins, since writers queue.
        seen_event: Number of the last event of the visits of the contract that the screen showed.

    Returns:
        第n回.

    Raises:
        InvalidInputError: Every field and file that cannot be used, or no such contract.
        ConflictError: Changed meanwhile, taken back, or all visits are planned or held.
    """
    checked, problems = _looked_into(files)
    return _hold_unplanned(
        engine,
        principal,
        lg_code=lg_code,
        contract_id=contract_id,
        plan=plan,
        held=held,
        files=checked,
        problems=problems,
        seen_event=seen_event,
        request_id=request_id,
        now=now,
    )


@command("visit:hold", "支援回の実施", "visit:record")
def _hold_unplanned(
    work: Work,
    *,
    lg_code: str,
    contract_id: int,
    plan: int,
    held: Held,
    files: tuple[CheckedFile, ...],
    problems: Mapping[str, str],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> int:
    contract, ours = _contract(work, lg_code, contract_id, seen_event)
    check_room_for_visit(contract, plan, ours)
    kept = _checked(_by_vendor(work, held), contract.terms, work.today, problems)
    serial = next_visit_serials(work.session, contract_id).get(plan, 1)
    key = _begin(work, contract, plan, serial, held=kept)
    add_visit_files(work.session, key, files, work.now, work.by)
    work.audit(contract.number.label, lg_code=lg_code, plan=plan, serial=serial, day=kept.day)
    return serial


@command("visit:amend", "支援回の実施の訂正", "visit:record")
def amend_visit(
    work: Work,
    *,
    lg_code: str,
    visit_id: int,
    held: Held,
    reason: Annotated[str, REASON],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Record what was held otherwise than it was recorded.

    Raises:
        InvalidInputError: Every field that cannot be used, or no such visit.
        ConflictError: Changed meanwhile, or it is not held.
    """
    visit, contract = _visit(work, lg_code, visit_id, seen_event, VisitStep.AMENDED)
    kept = _checked(_by_vendor(work, held, visit.held), contract.terms, work.today, {})
    said = needed_reason(reason, "訂正の理由を入力してください。")
    if kept == visit.held:
        raise InvalidInputError({"done": "前と同じ内容です。変わったところを直してください。"})
    _add_event(work, visit_id, VisitStep.AMENDED, held=kept, reason=said)
    work.audit(_called(contract, visit), lg_code=lg_code, day=kept.day, reason=said)


@command("visit:rate", "支援回の満足度")
def rate_visit(
    work: Work,
    *,
    lg_code: str,
    visit_id: int,
    satisfaction: int,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Say how satisfied the municipality is with a visit that was held, 1 to 5.

    Raises:
        InvalidInputError: Field ``satisfaction``, or no such visit.
        ConflictError: Changed meanwhile, or it is not held.
    """
    visit, contract = _visit(work, lg_code, visit_id, seen_event, VisitStep.AMENDED)
    assert visit.held is not None  # noqa: S101  AMENDED follows HELD only
    kept = check_held(replace(visit.held, satisfaction=satisfaction), contract.terms, work.today)
    _add_event(work, visit_id, VisitStep.AMENDED, held=kept, reason="満足度の記入")
    work.audit(_called(contract, visit), lg_code=lg_code, satisfaction=satisfaction)


@command("visit:cancel", "支援回の中止", "visit:plan")
def cancel_visit(
    work: Work,
    *,
    lg_code: str,
    visit_id: int,
    cancelled_by: CancelledBy,
    reason: Annotated[str, REASON],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Record that a visit does not take place, or that it was recorded as held by mistake.

    Raises:
        InvalidInputError: Field ``reason``, or no such visit.
        ConflictError: Changed meanwhile, or it is cancelled already.
    """
    visit, contract = _visit(work, lg_code, visit_id, seen_event, VisitStep.CANCELLED)
    if work.principal.role is Role.ADVISER and visit.state is VisitState.HELD:
        raise ConflictError("実施済の記録の取消しは、団体か事務局が行います。連絡してください。")
    said = needed_reason(reason, "中止の理由を入力してください。")
    _add_event(work, visit_id, VisitStep.CANCELLED, cancelled_by=cancelled_by, reason=said)
    work.audit(_called(contract, visit), lg_code=lg_code, by=cancelled_by, reason=said)


@requires("visit:record", municipality="lg_code")
def add_files_to_visit(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    visit_id: int,
    files: Sequence[OfferedFile],
    request_id: str,
    now: datetime,
) -> int:
    """Keep further files of a visit (議事録など).

    Args:
        files: Looked into before the transaction begins, since writers queue.

    Returns:
        How many were kept.

    Raises:
        InvalidInputError: Field ``attachments``: none, too many, or one that may not be kept.
        ConflictError: The visit was cancelled, or its contract taken back.
    """
    checked, problems = _looked_into(files)
    return _add_files(
        engine,
        principal,
        lg_code=lg_code,
        visit_id=visit_id,
        files=checked,
        problems=problems,
        request_id=request_id,
        now=now,
    )


@command("visit:file", "支援回のファイル", "visit:record")
def _add_files(
    work: Work,
    *,
    lg_code: str,
    visit_id: int,
    files: tuple[CheckedFile, ...],
    problems: Mapping[str, str],
    request_id: str,
    now: datetime,
) -> int:
    if problems:
        raise InvalidInputError(problems)
    visit = visit_of(work.session, lg_code, visit_id, work.principal.vendor_id)
    contract = contract_of(work.session, lg_code, visit.contract_id)
    refuse_cancelled(contract)
    if visit.state is VisitState.CANCELLED:
        raise ConflictError("中止した支援回にはファイルを加えられません。")
    if not files:
        raise InvalidInputError({"attachments": "ファイルを選んでください。"})
    check_room(len(visit.files), len(files))
    add_visit_files(work.session, visit_id, files, work.now, work.by)
    work.audit(_called(contract, visit), lg_code=lg_code, files=len(files))
    return len(files)


def _contract(
    work: Work, lg_code: str, contract_id: int, seen_event: int
) -> tuple[Contract, list[Visit]]:
    contract = contract_of(work.session, lg_code, contract_id, work.principal.vendor_id)
    refuse_cancelled(contract)
    ours = visits(work.session, lg_code, contract_ids=[contract_id])
    said = [event for each in ours for event in each.events]
    last = max(said, key=lambda event: event.event_id, default=None)
    did = f"支援回を「{last.step.label}」と記録して" if last else ""
    refuse_stale(last, last.event_id if last else 0, seen_event, "この契約", did)
    return contract, ours


def _visit(
    work: Work, lg_code: str, visit_id: int, seen_event: int, step: VisitStep
) -> tuple[Visit, Contract]:
    visit = visit_of(work.session, lg_code, visit_id, work.principal.vendor_id)
    contract = contract_of(work.session, lg_code, visit.contract_id)
    did = f"「{visit.last.step.label}」と記録して"
    refuse_stale(visit.last, visit.last.event_id, seen_event, "この支援回", did)
    refuse_cancelled(contract)
    check_visit_step(visit, step)
    return visit, contract


def _by_vendor(work: Work, held: Held, before: Held | None = None) -> Held:
    """実施 as whoever asks may say it: the satisfaction is the municipality's word, not the vendor's."""
    if work.principal.role is not Role.ADVISER:
        return held
    return replace(held, satisfaction=before.satisfaction if before else None)


def _checked(held: Held, terms: ContractTerms, today: date, problems: Mapping[str, str]) -> Held:
    """実施 as it is kept; what stands against it is said with what stands against its files."""
    try:
        kept = check_held(held, terms, today)
    except InvalidInputError as error:
        raise InvalidInputError({**error.problems, **problems}) from None
    if problems:
        raise InvalidInputError(problems)
    return kept


def _looked_into(
    files: Sequence[OfferedFile],
) -> tuple[tuple[CheckedFile, ...], Mapping[str, str]]:
    """The files, or what stands against them, to be said with the rest of the form."""
    try:
        return checked_files(files), {}
    except InvalidInputError as error:
        return (), error.problems


def _begin(
    work: Work,
    contract: Contract,
    plan: int,
    serial: int,
    *,
    planned: Planned | None = None,
    held: Held | None = None,
) -> int:
    head = Visit(0, contract.contract_id, contract.lg_code, plan, serial)
    key = VISITS.add(work.session, head, recorded_at=work.now, recorded_by=work.by)
    step = VisitStep.HELD if held else VisitStep.PLANNED
    _add_event(work, key, step, planned=planned, held=held)
    return key


def _add_event(
    work: Work,
    visit_id: int,
    step: VisitStep,
    *,
    planned: Planned | None = None,
    held: Held | None = None,
    cancelled_by: CancelledBy | None = None,
    reason: str = "",
) -> None:
    who = planned or held
    if who is not None and who.expert_id is not None:
        refuse_strange_expert(work.session, visit_id, who.expert_id)
    said = VisitEvent(0, visit_id, step, planned, held, cancelled_by, reason, work.now, work.by)
    VISIT_EVENTS.add(work.session, said)


def _called(contract: Contract, visit: Visit) -> str:
    return f"{contract.number.label} プラン{visit.plan} 第{visit.serial}回"
