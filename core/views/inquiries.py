"""照会・回答: the secretariat's desk and one inquiry; what a municipality is asked and what it answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.attachment import CheckedFile
from core.contact.contact import MunicipalityContact, written_to
from core.inquiry.answer import NOTHING, Answers
from core.inquiry.board import Board, board, days_left
from core.inquiry.composition import Audience
from core.inquiry.counted import Counted, counted
from core.inquiry.document import InquiryFile
from core.inquiry.due import is_due
from core.inquiry.flow import (
    TARGETS,
    Dropped,
    FlowLine,
    FlowState,
    FlowTarget,
    dropped_wishes,
    flow_lines,
    flowing,
    survey_key,
)
from core.inquiry.groups import GroupBy, groups
from core.inquiry.kinds.kind import Scope
from core.inquiry.kinds.plan_wishes import PLAN_WISHES
from core.inquiry.people import former_people_of, people_of
from core.inquiry.question import Question
from core.inquiry.response import Response
from core.inquiry.round import Inquiry, InquiryState
from core.inquiry.survey import COUNTED
from core.inquiry.wish_money import WishMoney, wish_money
from core.reference.pack import Reference
from core.store.catalogue import catalogue_in
from core.store.contacts import municipality_contacts
from core.store.engine import reading
from core.store.inquiries import (
    FLOWS,
    approval_required,
    asked_of,
    files_for,
    inquiries,
    inquiry_file,
    inquiry_files,
    inquiry_of,
    response_of,
    responses,
    responses_of_many,
    responses_of_town,
)
from core.store.inquiry_tallies import result_moment
from core.store.parameters import all_parameters
from core.store.response_receipts import receipt_numbers
from core.store.wishes import wish_events
from core.values.errors import InvalidInputError


@dataclass(frozen=True)
class DeskLine:
    """One inquiry of the secretariat's list.

    Attributes:
        board: None before publishing.
    """

    inquiry: Inquiry
    state: InquiryState
    board: Board | None


@requires("inquiry:manage")
def inquiry_desk_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    now: datetime,
) -> tuple[DeskLine, ...]:
    """Every inquiry, newest first; drafts raise no revision, so ask afresh for who is at it."""
    with reading(engine) as session:
        found = inquiries(session)
        asked = [each for each in found if each.published]
        said = responses_of_many(session, asked)
    answered = {each.inquiry_id: _told(each, said[each.inquiry_id]) for each in asked}
    return tuple(
        DeskLine(
            each,
            each.state(now),
            board(each, answered[each.inquiry_id], now) if each.published else None,
        )
        for each in reversed(found)
    )


@dataclass(frozen=True)
class InquiryAnswer:
    """One inquiry as the secretariat sees it.

    Attributes:
        board: None before publishing.
        contacts: To whom each municipality's letters go, by ``lg_code``; absent where there is nobody.
        hidden: Whether answers are hidden and not revealed yet: then nothing here says any.
        receipts: Number of the event of a 提出 → its 受領番号.
        scope: With every contact and file that answers name.
    """

    inquiry: Inquiry
    state: InquiryState
    board: Board | None
    receipts: Mapping[int, int]
    files: Mapping[int, InquiryFile]
    contacts: Mapping[str, MunicipalityContact]
    hidden: bool
    scope: Scope


@requires("inquiry:manage")
def inquiry_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    inquiry_id: int,
    now: datetime,
    today: date,
) -> InquiryAnswer:
    """An inquiry with who answered what; of a hidden one who answered, and nothing of what.

    Raises:
        InvalidInputError: No such inquiry.
    """
    with reading(engine) as session:
        inquiry = inquiry_of(session, inquiry_id)
        said = _told(inquiry, responses(session, inquiry))
        numbers = receipt_numbers(session, [(inquiry, said.values())], inquiry=inquiry)
        files = {each.file_id: each for each in inquiry_files(session, inquiry_id)}
        people = municipality_contacts(session)
    if not inquiry.revealed:
        files = {number: each for number, each in files.items() if each.lg_code is None}
    return InquiryAnswer(
        inquiry=inquiry,
        state=inquiry.state(now),
        board=board(inquiry, said, now) if inquiry.published else None,
        receipts=numbers,
        files=files,
        contacts=written_to(people, today),
        hidden=not inquiry.revealed,
        scope=_scope(reference, people, files, today),
    )


@requires("inquiry:manage")
def audience_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    audience: Audience,
    day: date,
) -> tuple[str, ...]:
    """Whom an audience would ask as of a day, ``lg_code`` in the order of the catalogue."""
    with reading(engine) as session:
        return asked_of(session, audience, reference, day)


def _told(inquiry: Inquiry, said: Mapping[str, Response]) -> Mapping[str, Response]:
    """What everybody did; of hidden answers not what they said."""
    if inquiry.revealed:
        return said
    return {code: _silent(response) for code, response in said.items()}


def _silent(response: Response) -> Response:
    """A response without anything that was said."""
    events = tuple(
        replace(each, answers=None if each.answers is None else NOTHING, digest="", reason="")
        for each in response.events
    )
    draft = response.draft and replace(response.draft, typed=NOTHING)
    return replace(response, events=events, draft=draft)


@dataclass(frozen=True)
class Received:
    """The 提出 that counts of a municipality.

    Attributes:
        number: 受領番号; None where the trail does not have it.
    """

    number: int | None
    at: datetime


@dataclass(frozen=True)
class TallyAnswer(Counted):
    """An inquiry counted.

    Attributes:
        received: By municipality, of everybody in ``answers``.
        parts: The same by group, in the order of :func:`core.inquiry.groups.groups`.
        money: Key of a question about plans → what they come to.
        moment: Number of the 控え that was kept when the result was revealed; None for none.
    """

    received: Mapping[str, Received]
    parts: Mapping[str, Counted]
    money: Mapping[str, WishMoney]
    moment: int | None
    scope: Scope


@requires("inquiry:manage")
def tally_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    inquiry_id: int,
    by: GroupBy | None = None,
    only: str = "",
    today: date,
) -> TallyAnswer:
    """Every question counted; of a hidden inquiry how many handed in, and nothing else.

    Args:
        by: How municipalities are divided; None for not at all.
        only: The one group of ``by`` that counts; empty for all, then each beside the others.

    Raises:
        InvalidInputError: No such inquiry.
    """
    with reading(engine) as session:
        inquiry = inquiry_of(session, inquiry_id)
        said = responses(session, inquiry)
        numbers = receipt_numbers(session, [(inquiry, said.values())], inquiry=inquiry)
        files = {each.file_id: each for each in inquiry_files(session, inquiry_id)}
        people = municipality_contacts(session)
        parameters = all_parameters(session)
        moment = result_moment(session, inquiry)
    if not inquiry.revealed:
        files = {number: each for number, each in files.items() if each.lg_code is None}
    scope = _scope(reference, people, files, today)
    divided = groups(reference.ever.values(), inquiry.audience, by) if by else {}
    whole = counted(inquiry, said, scope, divided.get(only, ()) if only else None)
    parts = {} if only else {n: counted(inquiry, said, scope, own) for n, own in divided.items()}
    return TallyAnswer(
        **vars(whole),
        received={
            code: Received(numbers.get(last.event_id), last.recorded_at)
            for code in whole.answers
            if (last := said[code].counted) is not None
        },
        parts=parts,
        money={
            each.question.key: wish_money(
                each.question, each.said(whole.answers), scope, parameters
            )
            for each in whole.questions
            if each.question.kind == PLAN_WISHES
        },
        moment=moment,
        scope=scope,
    )


@dataclass(frozen=True)
class OurInquiry:
    """An inquiry as a municipality's list has it."""

    inquiry: Inquiry
    state: InquiryState
    response: Response
    days_left: int

    @property
    def due(self) -> bool:
        """Whether there is something to do: open and not in, or returned."""
        return is_due(self.response, self.state)


@requires("response:read", municipality="lg_code")
def our_inquiries_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
    now: datetime,
) -> tuple[OurInquiry, ...]:
    """What a municipality is asked: first what is due, the nearest deadline first, then the newest."""
    with reading(engine) as session:
        asked = [each for each in inquiries(session) if lg_code in each.audience]
        own = responses_of_town(session, lg_code)
    found = [
        OurInquiry(
            each,
            each.state(now),
            own.get(each.inquiry_id) or Response(each.inquiry_id, lg_code),
            days_left(each.closes_at, now),
        )
        for each in asked
    ]
    due = sorted((each for each in found if each.due), key=lambda each: each.inquiry.closes_at)
    return (*due, *(each for each in reversed(found) if not each.due))


@dataclass(frozen=True)
class AnsweringAnswer:
    """Everything one municipality sees of one inquiry.

    Attributes:
        earlier: What it answered the year before, to the inquiry this one was copied from.
        files: The secretariat's and its own.
        approval: Whether a second account confirms every answer.
    """

    inquiry: Inquiry
    state: InquiryState
    response: Response
    days_left: int
    earlier: Answers
    files: Mapping[int, InquiryFile]
    approval: bool
    scope: Scope


@requires("response:read", municipality="lg_code")
def answering_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    inquiry_id: int,
    now: datetime,
    today: date,
) -> AnsweringAnswer:
    """An inquiry to be answered. Ask afresh: drafts do not raise the revision.

    Raises:
        InvalidInputError: It does not ask this municipality, is not published, or there is none.
    """
    with reading(engine) as session:
        inquiry = inquiry_of(session, inquiry_id, lg_code)
        response = response_of(session, inquiry, lg_code)
        files = files_for(inquiry_files(session, inquiry_id), lg_code)
        people = municipality_contacts(session, lg_code)
        approval = approval_required(session, lg_code)
        earlier = _earlier(session, inquiry, lg_code)
    return AnsweringAnswer(
        inquiry=inquiry,
        state=inquiry.state(now),
        response=response,
        days_left=days_left(inquiry.closes_at, now),
        earlier=earlier,
        files=files,
        approval=approval,
        scope=_scope(reference, people, files, today),
    )


def _earlier(session: Session, inquiry: Inquiry, lg_code: str) -> Answers:
    source = inquiry.composition.copied_from
    if source is None:
        return NOTHING
    then = inquiry_of(session, source)
    counted = response_of(session, then, lg_code).counted
    return counted.answers if counted is not None and counted.answers is not None else NOTHING


@requires("response:read", municipality="lg_code")
def inquiry_file_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
    file_id: int,
) -> CheckedFile | None:
    """A file a municipality may read: of an inquiry that asks it, the secretariat's or its own."""
    with reading(engine) as session:
        found = inquiry_file(session, file_id)
        if found is None or found[0].lg_code not in (None, lg_code):
            return None
        try:
            inquiry_of(session, found[0].inquiry_id, lg_code)
        except InvalidInputError:
            return None
    return _checked(*found)


@requires("inquiry:manage")
def inquiry_document_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    file_id: int,
) -> CheckedFile | None:
    """Any file of an inquiry, for the secretariat; one of hidden answers is not there."""
    with reading(engine) as session:
        found = inquiry_file(session, file_id)
        if found is None:
            return None
        inquiry = inquiry_of(session, found[0].inquiry_id)
    return _checked(*found) if found[0].lg_code is None or inquiry.revealed else None


def _checked(file: InquiryFile, content: bytes) -> CheckedFile:
    return CheckedFile(file.name, file.media_type, content, file.findings)


@dataclass(frozen=True)
class QuestionFlow:
    """A question whose answers go on.

    Attributes:
        dropped: Wishes that stand though a later answer took their plan back.
    """

    question: Question
    target: FlowTarget
    lines: tuple[FlowLine, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True)
class FlowAnswer:
    """What of an inquiry goes on where.

    Attributes:
        questions: Those whose answers become wishes or records.
        surveys: Question that may be kept as a survey → number of its entry of the catalogue; 0 where
            there is none.
    """

    questions: tuple[QuestionFlow, ...]
    surveys: Mapping[str, int]


@requires("inquiry:manage")
def flow_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    inquiry_id: int,
) -> FlowAnswer:
    """What may go on, what did, and what was corrected since; nothing of hidden answers.

    Raises:
        InvalidInputError: No such inquiry.
    """
    with reading(engine) as session:
        inquiry = inquiry_of(session, inquiry_id)
        if not inquiry.published or not inquiry.revealed:
            return FlowAnswer((), {})
        said = responses(session, inquiry)
        records = FLOWS.all(session, inquiry_id=inquiry_id)
        wishes = wish_events(session) if records else []
        entries = catalogue_in(session).latest(None)
    counted = (each for each in inquiry.composition.questions if each.kind in COUNTED)
    scope = Scope(reference)
    return FlowAnswer(
        tuple(
            QuestionFlow(
                each,
                TARGETS[each.kind],
                flow_lines(inquiry, each, said, records),
                dropped_wishes(inquiry, each, scope.year(each), said, records, wishes),
            )
            for each in flowing(inquiry)
        ),
        {
            each.key: entry.entry_id if entry else 0
            for each in counted
            for entry in [entries.get(("surveys", survey_key(inquiry, each)))]
        },
    )


@dataclass(frozen=True)
class Flowed:
    """Something that came from an answer, as its own screen tells it.

    Attributes:
        inquiry: 照会番号.
        corrected: Whether the answer was changed or returned since.
    """

    inquiry_id: int
    inquiry: str
    title: str
    lg_code: str
    target: FlowTarget
    records: tuple[int, ...]
    corrected: bool

    @property
    def wished(self) -> bool:
        """Whether it became wishes."""
        return self.target is FlowTarget.WISHES

    @property
    def told(self) -> str:
        """Where a record came from, in words."""
        since = "(その後、回答が変わりました)" if self.corrected else ""
        return f"{self.inquiry}の回答{since}"


@requires("inquiry:read", municipality="lg_code")
def our_flows_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
) -> tuple[Flowed, ...]:
    """What of a municipality's wishes and records came from its answers, oldest first."""
    with reading(engine) as session:
        return _flowed(session, lg_code)


@requires("inquiry:manage")
def flowed_view(engine: Engine, principal: Principal) -> tuple[Flowed, ...]:  # noqa: ARG001
    """What came from answers, of everybody, oldest first."""
    with reading(engine) as session:
        return _flowed(session, None)


def _flowed(session: Session, lg_code: str | None) -> tuple[Flowed, ...]:
    found: list[Flowed] = []
    records = FLOWS.all(session, lg_code=lg_code)
    for number in sorted({each.inquiry_id for each in records}):
        inquiry = inquiry_of(session, number)
        said, own = responses(session, inquiry), [r for r in records if r.inquiry_id == number]
        for question in flowing(inquiry):
            lines = {e.lg_code: e for e in flow_lines(inquiry, question, said, own)}
            found += [
                Flowed(
                    number,
                    inquiry.number.label,
                    inquiry.composition.title,
                    each.lg_code,
                    each.target,
                    each.records,
                    lines[each.lg_code].state is FlowState.CORRECTED,
                )
                for each in own
                if each.question == question.key
            ]
    return tuple(found)


def _scope(
    reference: Reference,
    people: Collection[MunicipalityContact],
    files: Mapping[int, InquiryFile],
    today: date,
) -> Scope:
    names = {number: each.name for number, each in files.items()}
    return Scope(reference, people_of(people, today), names, former_people_of(people, today))
