"""回答の反映: what is answered goes on without retyping: 参加希望, 参加台帳, アンケート of the catalogue.

The secretariat confirms it, many at once. What went on and was corrected later says so on both sides.
"""

from __future__ import annotations

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
from core.values.fiscal import japan_day
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
