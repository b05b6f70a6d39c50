"""回答の反映: what is answered goes on without retyping: 参加希望, 参加台帳, アンケート of the catalogue.

The secretariat confirms it, many at once. What went on and was corrected later says so on both sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.inquiry.answer import is_blank, is_not_applicable, written
from core.inquiry.kinds.join_intention import Intention, JoinIntention, intentions_of
from core.inquiry.kinds.plan_wishes import PlanWish, wishes_of
from core.inquiry.question import Question
from core.inquiry.response import Response, ResponseEvent
from core.inquiry.round import Inquiry
from core.procurement.event import EventKind
from core.support.wish import NEXT_STATES, WishEvent, WishState, current_wishes
from core.values.fiscal import FiscalYear, japan_day
from core.values.label import Labelled


class FlowTarget(Labelled):
    """反映先."""

    WISHES = "wishes", "参加希望"
    LEDGER = "ledger", "参加台帳"


class FlowState(Labelled):
    """反映の状態 of one municipality's answer to one question."""

    WAITING = "waiting", "未反映"
    DONE = "done", "反映済み"
    CORRECTED = "corrected", "反映の後に回答が変わった"
    NOTHING = "nothing", "反映するものがない"


TARGETS: Mapping[str, FlowTarget] = {
    "plan_wishes": FlowTarget.WISHES,
    "join_intention": FlowTarget.LEDGER,
}
"""Kind of a question → where its answers go."""


@dataclass(frozen=True)
class FlowRecord:
    """One answer that went on, once. Never edited.

    Attributes:
        question: Key of the question.
        response_event: The 提出 it was taken from.
        records: Numbers of what was recorded there; none where everything stood so already.
    """

    event_id: int
    inquiry_id: int
    question: str
    lg_code: str
    target: FlowTarget
    response_event: int
    records: tuple[int, ...]
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class FlowLine:
    """One municipality's answer to one question that flows.

    Attributes:
        said: The 提出 that counts; None while there is none.
        last: What went on last; None before.
    """

    lg_code: str
    state: FlowState
    said: ResponseEvent | None
    last: FlowRecord | None


def flowing(inquiry: Inquiry) -> tuple[Question, ...]:
    """The questions whose answers go on once the secretariat confirms."""
    return tuple(
        each for each in inquiry.composition.questions if each.flows and each.kind in TARGETS
    )


def flow_lines(
    inquiry: Inquiry,
    question: Question,
    responses: Mapping[str, Response],
    records: Iterable[FlowRecord],
) -> tuple[FlowLine, ...]:
    """Everybody asked, in the order of the audience.

    Args:
        records: Of the inquiry, oldest first.
    """
    last = {each.lg_code: each for each in records if each.question == question.key}
    return tuple(
        _line(code, question, responses[code], last.get(code)) for code in inquiry.audience
    )


def _line(
    lg_code: str, question: Question, response: Response, last: FlowRecord | None
) -> FlowLine:
    said = response.counted
    value = said.answers.get(question.key) if said is not None and said.answers else None
    if last is not None:
        then = next(e for e in response.events if e.event_id == last.response_event)
        before = (then.answers or {}).get(question.key)
        same = said is not None and written({"": value}) == written({"": before})
        state = FlowState.DONE if same else FlowState.CORRECTED
        return FlowLine(lg_code, state, said, last)
    nothing = said is None or not something(question, value)
    return FlowLine(lg_code, FlowState.NOTHING if nothing else FlowState.WAITING, said, None)


def something(question: Question, value: object) -> bool:
    """Whether an answer holds anything that would be recorded."""
    if is_blank(value) or is_not_applicable(value):
        return False
    if question.kind == "join_intention":
        return any(recorded_as(each) for each in intentions_of(value))
    return True


def plans_of(value: object) -> tuple[PlanWish, ...]:
    """The plans of an answer; none of 該当なし."""
    return () if is_blank(value) or is_not_applicable(value) else wishes_of(value)


@dataclass(frozen=True)
class Dropped:
    """A wish that was reflected, and whose plan the answer that counts no longer names.

    Attributes:
        wish: What was said last of the plan.
        said: The answer without it.
        why_not: Why it is not withdrawn by that; empty where it can be.
    """

    wish: WishEvent
    said: ResponseEvent
    why_not: str


def dropped_wishes(
    inquiry: Inquiry,
    question: Question,
    fiscal_year: FiscalYear,
    responses: Mapping[str, Response],
    records: Iterable[FlowRecord],
    wishes: Iterable[WishEvent],
) -> tuple[Dropped, ...]:
    """Wishes that stand though an answer took their plan back, in the order of the audience.

    None of a municipality whose answer was sent back: what it will say is not known.

    Args:
        fiscal_year: Whose plans the question asks for.
        records: Of the inquiry.
        wishes: Everything said about plans, in any order.
    """
    if TARGETS.get(question.kind) is not FlowTarget.WISHES:
        return ()
    current, reflected = current_wishes(wishes), defaultdict[str, set[int]](set)
    for each in records:
        if each.question == question.key:
            reflected[each.lg_code].add(each.response_event)
    found: list[Dropped] = []
    for code in inquiry.audience:
        said = responses[code].counted
        if said is None:
            continue
        once = {
            plan
            for event in responses[code].events
            if event.event_id in reflected[code]
            for plan in _named(event, question)
        }
        for plan in sorted(once - _named(said, question)):
            wish = current.get((code, int(fiscal_year), plan))
            if wish is not None and wish.state is not WishState.WITHDRAWN:
                found.append(Dropped(wish, said, _why_not(wish, said)))
    return tuple(found)


def _named(said: ResponseEvent, question: Question) -> set[int]:
    return {each.plan for each in plans_of((said.answers or {}).get(question.key))}


def _why_not(wish: WishEvent, said: ResponseEvent) -> str:
    """Why a wish stays: a later word counts more than the answer, and a contract ends it all."""
    told = f"{japan_day(wish.recorded_at)}に「{wish.state.label}」と記録されています"
    if WishState.WITHDRAWN not in NEXT_STATES[wish.state]:
        return f"{told}。「{wish.state.label}」は辞退にできません。"
    if wish.recorded_at > said.recorded_at:
        return f"回答の後、{told}。団体に確かめて、わがまちの画面で記録してください。"
    return ""


def withdrawal_reason(inquiry: Inquiry, said: ResponseEvent) -> str:
    """理由 of a wish withdrawn because an answer took it back."""
    return f"{source_words(inquiry, said)}でプランの希望がなくなったため"


def joining(value: object) -> tuple[tuple[JoinIntention, EventKind], ...]:
    """What an answer would record in the ledger; none of 該当なし."""
    if is_blank(value) or is_not_applicable(value):
        return ()
    return tuple(
        (each, kind) for each in intentions_of(value) if (kind := recorded_as(each)) is not None
    )


def recorded_as(said: JoinIntention) -> EventKind | None:
    """The record an intention becomes; None for 参加しない and 未定, which are no record."""
    return {Intention.JOIN: EventKind.PLANNED, Intention.INTERESTED: EventKind.INTEREST}.get(
        said.intention
    )


def source_words(inquiry: Inquiry, said: ResponseEvent) -> str:
    """出典 of what an answer became."""
    return (
        f"{inquiry.number.label}「{inquiry.composition.title}」への回答"
        f"({japan_day(said.recorded_at)}提出)"
    )


def survey_key(inquiry: Inquiry, question: Question) -> str:
    """Key of the survey of the catalogue that a question becomes."""
    return f"inquiry-{inquiry.inquiry_id}-{question.key}"
