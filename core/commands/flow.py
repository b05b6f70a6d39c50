"""回答の反映: let answers go on to the wishes, the ledger and the surveys of the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.commands.catalogue import NEW_SOURCE, record_entry
from core.estimate.calculation import estimate
from core.estimate.request import EstimateRequest, PlanChoice
from core.inquiry.flow import (
    TARGETS,
    FlowLine,
    FlowRecord,
    FlowState,
    FlowTarget,
    dropped_wishes,
    flow_lines,
    flowing,
    joining,
    plans_of,
    source_words,
    withdrawal_reason,
)
from core.inquiry.kinds.kind import Scope
from core.inquiry.question import Question
from core.inquiry.response import ResponseEvent
from core.inquiry.round import Inquiry
from core.inquiry.survey import survey_of
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.recording import Entry, admitted, event_of
from core.procurement.standing import FORESEEN, TAKING_PART, state_on, steps
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.inquiries import FLOWS, inquiry_of, responses
from core.store.ledger import add_events, events_of
from core.store.parameters import all_parameters
from core.store.wishes import WISHES, wish_events
from core.store.work import Work, command
from core.support.wish import WishEvent, WishState, check_stated, current_wishes, stated
from core.values.errors import ConflictError, DashboardError, InvalidInputError
from core.values.fiscal import PartialDate, Precision, day_in_japan
from core.views.inquiries import tally_view


@command("inquiry:flow", "回答の反映", "inquiry:manage")
def flow_answers(
    work: Work,
    *,
    inquiry_id: int,
    question: str,
    seen: Mapping[str, int],
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Let the answers of some municipalities go on, all or none; how many records that were.

    Args:
        seen: Municipality → number of the 提出 the screen showed.

    Raises:
        InvalidInputError: No municipality chosen; no such inquiry or question.
        ConflictError: Every municipality that stands in the way, with its reason; nothing is recorded.
    """
    inquiry = inquiry_of(work.session, inquiry_id)
    asked = _question(inquiry, question)
    if not seen:
        raise InvalidInputError({"codes": "反映する団体を選んでください。"})
    if not inquiry.revealed:
        raise ConflictError("結果を伏せた照会は、結果を公開してから反映します。")
    said = responses(work.session, inquiry)
    records = FLOWS.all(work.session, inquiry_id=inquiry_id)
    lines = {each.lg_code: each for each in flow_lines(inquiry, asked, said, records)}
    target, problems, made = TARGETS[asked.kind], [], 0
    for code, number in seen.items():
        try:
            event = _still(lines.get(code), number)
            numbers = _RECORDED[target](work, inquiry, asked, event, reference)
        except DashboardError as error:
            problems.append(f"{reference.called(code)}: {error}")
            continue
        made += len(numbers)
        FLOWS.add(
            work.session,
            FlowRecord(
                0, inquiry_id, question, code, target, event.event_id, numbers, work.now, work.by
            ),
        )
    if problems:
        raise ConflictError("何も反映していません。\n\n" + "\n\n".join(problems))
    work.audit(inquiry.number.label, rows=made, participants="、".join(sorted(seen)))
    return made


@command("inquiry:withdraw", "回答から外れたプランの辞退", "inquiry:manage")
def withdraw_dropped(
    work: Work,
    *,
    inquiry_id: int,
    question: str,
    wishes: Collection[int],
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Withdraw wishes whose plan a later answer no longer names, all or none; how many.

    Args:
        wishes: Numbers of what was said last of each, as the screen showed it.

    Raises:
        InvalidInputError: No wish chosen; no such inquiry or question.
        ConflictError: Every wish that stands in the way, with its reason; nothing is recorded.
    """
    inquiry = inquiry_of(work.session, inquiry_id)
    asked = _question(inquiry, question)
    if not wishes:
        raise InvalidInputError({"wishes": "辞退にする希望を選んでください。"})
    if not inquiry.revealed:
        raise ConflictError("結果を伏せた照会は、結果を公開してから反映します。")
    every = wish_events(work.session)
    dropped = dropped_wishes(
        inquiry,
        asked,
        Scope(reference).year(asked),
        responses(work.session, inquiry),
        FLOWS.all(work.session, inquiry_id=inquiry_id),
        every,
    )
    open_now, known = {each.wish.event_id: each for each in dropped}, {w.event_id: w for w in every}
    problems, events = [], []
    for number in sorted(set(wishes)):
        if (found := open_now.get(number)) is None or found.why_not:
            why = found.why_not if found else "回答か希望が変わりました。画面を更新してください。"
            problems.append(f"{_called(known.get(number), reference)}: {why}")
            continue
        events.append(
            replace(
                found.wish,
                event_id=0,
                state=WishState.WITHDRAWN,
                reason=withdrawal_reason(inquiry, found.said),
                recorded_at=work.now,
                recorded_by=work.by,
            )
        )
    if problems:
        raise ConflictError("何も辞退にしていません。\n\n" + "\n\n".join(problems))
    for each in events:
        WISHES.add(work.session, each)
    towns = "、".join(sorted({each.lg_code for each in events}))
    work.audit(inquiry.number.label, rows=len(events), participants=towns)
    return len(events)


def _called(wish: WishEvent | None, reference: Reference) -> str:
    return f"{reference.called(wish.lg_code)} プラン{wish.plan}" if wish else "この希望"


def _question(inquiry: Inquiry, key: str) -> Question:
    found = next((each for each in flowing(inquiry) if each.key == key), None)
    if found is None:
        raise InvalidInputError({"question": "この設問の回答は反映しません。"})
    return found


def _still(line: FlowLine | None, seen: int) -> ResponseEvent:
    """The 提出 the screen showed, if it still counts and is not reflected."""
    if line is None or line.said is None:
        raise ConflictError("提出された回答がありません。")
    if line.said.event_id != seen:
        raise ConflictError("回答が変わりました。画面を更新して、内容を確かめてください。")
    if line.state is FlowState.DONE:
        raise ConflictError("反映済みです。")
    if line.state is FlowState.NOTHING:
        raise ConflictError("反映するものがありません。")
    return line.said


def _record_wishes(
    work: Work, inquiry: Inquiry, question: Question, said: ResponseEvent, reference: Reference
) -> tuple[int, ...]:
    """State what was wished, with the amounts of one estimate of all plans; what stands so stays."""
    wished = {each.plan: each for each in plans_of((said.answers or {}).get(question.key))}
    current = current_wishes(wish_events(work.session, said.lg_code))
    fiscal_year = question.fiscal_year or int(reference.fiscal_year)
    events: list[WishEvent] = []
    if wished:
        choices = tuple(PlanChoice(each.plan, each.visits) for each in wished.values())
        request = EstimateRequest(fiscal_year, choices)
        year = estimate(request, reference.plan_offers, all_parameters(work.session)).first
        events = stated(
            said.lg_code,
            year.fiscal_year,
            year.lines,
            lambda plan: wished[plan].state,
            work.now,
            work.by,
        )
    events = [
        each
        for each in events
        if not _stands(current.get((each.lg_code, each.fiscal_year, each.plan)), each)
    ]
    check_stated(events, current)
    return tuple(WISHES.add(work.session, each) for each in events)


def _stands(before: WishEvent | None, event: WishEvent) -> bool:
    """Whether a wish was said so already, or has gone further with as many visits."""
    if before is None or before.visits != event.visits:
        return False
    order = [*WishState]
    further = order.index(before.state) >= order.index(event.state)
    return further and before.state is not WishState.WITHDRAWN


def _record_in_ledger(
    work: Work, inquiry: Inquiry, question: Question, said: ResponseEvent, reference: Reference
) -> tuple[int, ...]:
    """Record 予定 and 関心; where a municipality is in or foreseen already, nothing is said again."""
    effective = PartialDate(day_in_japan(said.recorded_at), Precision.DAY)
    events: list[LedgerEvent] = []
    for each, kind in joining((said.answers or {}).get(question.key)):
        existing = events_of(work.session, said.lg_code, each.programme)
        standing = state_on(steps(existing), work.today).standing
        if standing in TAKING_PART or (kind is EventKind.INTEREST and standing in FORESEEN):
            continue
        entry = Entry(
            said.lg_code,
            each.programme,
            kind,
            effective,
            source_words(inquiry, said),
            each.lot,
            each.when if kind is EventKind.PLANNED else None,
            each.basis,
        )
        event = event_of(entry, work.now, work.by)
        systems = reference.procurements.systems
        events.append(admitted(existing, event, reference.participants, systems))
    return tuple(add_events(work.session, events))


_RECORDED = {FlowTarget.WISHES: _record_wishes, FlowTarget.LEDGER: _record_in_ledger}


@requires("inquiry:manage")
def flow_survey(
    engine: Engine,
    principal: Principal,
    *,
    inquiry_id: int,
    question: str,
    seen: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Keep how a question was answered as a survey of the catalogue, with the round as its source.

    Args:
        seen: Number of the survey's entry the screen showed; 0 for none.

    Returns:
        Number of its entry.

    Raises:
        InvalidInputError: The question has no counts, nobody answered it, or its result is hidden;
            no such inquiry.
        ConflictError: It was recorded meanwhile.
    """
    today = day_in_japan(now)
    with reading(engine) as session:
        inquiry = inquiry_of(session, inquiry_id)
    counted = tally_view(engine, principal, reference, inquiry_id=inquiry_id, today=today)
    tally = next((each for each in counted.questions if each.question.key == question), None)
    if tally is None:
        raise InvalidInputError(
            {"question": "この設問の結果はありません。画面を更新してください。"}
        )
    made = survey_of(inquiry, tally, reference.names, today)
    return record_entry(
        engine,
        principal,
        part="surveys",
        key=made.key,
        fiscal_year=None,
        content={**made.content, "source": NEW_SOURCE},
        reason=made.reason,
        seen=seen,
        new_source=made.source,
        request_id=request_id,
        now=now,
    )
