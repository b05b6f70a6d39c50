"""様式の照会: a form as one municipality takes it, and what everybody put into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.inquiry.answer import Answers, is_not_applicable
from core.inquiry.form.answer import NOT_APPLICABLE, FormRow, FormValues
from core.inquiry.form.field import FormLayout
from core.inquiry.form.recognise import given_values
from core.inquiry.kinds.excel_form import layout_of, values_of
from core.inquiry.question import Question
from core.inquiry.response import Response
from core.inquiry.round import Inquiry
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.inquiries import file_contents, inquiry_of, response_of, responses
from core.values.errors import InvalidInputError


@dataclass(frozen=True)
class FormToFill:
    """What a municipality's form is made from.

    Attributes:
        body: The empty workbook.
        values: Its code and name, and what it said last: typed, handed in, or a year before.
    """

    layout: FormLayout
    body: bytes
    values: FormValues


@requires("inquiry:read", municipality="lg_code")
def form_to_fill_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    inquiry_id: int,
    question: str,
) -> FormToFill:
    """A form to be handed out to a municipality.

    Raises:
        InvalidInputError: It is not asked, or there is no such form.
    """
    with reading(engine) as session:
        inquiry = inquiry_of(session, inquiry_id, lg_code)
        asked = _form_question(inquiry, question)
        said = _said_last(session, inquiry, lg_code).get(question)
        number = asked.form or 0
        body = file_contents(session, [number]).get(number)
    if body is None:
        raise _unknown()
    layout = layout_of(asked)
    name = reference.ever[lg_code].name
    return FormToFill(layout, body, given_values(layout, lg_code, name, values_of(said)))


def _said_last(session: Session, inquiry: Inquiry, lg_code: str) -> Answers:
    """What stands in the draft, else what was handed in, else what was answered a year before."""
    own = response_of(session, inquiry, lg_code)
    if own.draft is not None:
        return own.draft.typed
    if own.handed_in and own.handed_in[-1].answers is not None:
        return own.handed_in[-1].answers
    source = inquiry.composition.copied_from
    if source is None:
        return {}
    counted = response_of(session, inquiry_of(session, source), lg_code).counted
    return (counted.answers if counted else None) or {}


@dataclass(frozen=True)
class FormAnswers:
    """What everybody put into a form.

    Attributes:
        rows: One for each municipality asked, in the order of the catalogue; of a hidden inquiry none.
        before: Of those who handed in more than once: what they had said the time before.
        seen: Number of the last step of each response; 0 for none.
        hidden: Whether the answers are hidden and not revealed yet.
    """

    question: Question
    layout: FormLayout
    rows: tuple[FormRow, ...]
    before: Mapping[str, FormRow]
    seen: Mapping[str, int]
    hidden: bool


@requires("inquiry:manage")
def form_answers_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    inquiry_id: int,
    question: str,
) -> FormAnswers:
    """The answers to a form, to be merged and looked at side by side.

    Raises:
        InvalidInputError: No such inquiry or form.
    """
    with reading(engine) as session:
        inquiry = inquiry_of(session, inquiry_id)
        said = responses(session, inquiry)
    asked = _form_question(inquiry, question)
    layout = layout_of(asked)
    hidden = not inquiry.revealed
    rows, before = [], {}
    for code in () if hidden else inquiry.audience:
        name, response = reference.ever[code].name, said[code]
        counted = response.counted
        now = counted.answers if counted is not None else None
        rows.append(_row(layout, question, code, name, now))
        if (earlier := _time_before(response)) is not None:
            before[code] = _row(layout, question, code, name, earlier)
    return FormAnswers(
        question=asked,
        layout=layout,
        rows=tuple(rows),
        before=before,
        seen={code: (last.event_id if (last := said[code].last) else 0) for code in said},
        hidden=hidden,
    )


def _time_before(response: Response) -> Answers | None:
    """What was handed in before what counts; what was returned, while its correction is awaited."""
    times = response.handed_in if response.counted is None else response.handed_in[:-1]
    return times[-1].answers if times else None


def _row(
    layout: FormLayout, question: str, code: str, name: str, answers: Answers | None
) -> FormRow:
    if answers is None:
        return FormRow(code, name, None)
    said = answers.get(question)
    if is_not_applicable(said):
        every = {field.key: str(NOT_APPLICABLE) for field in layout.fields}
        return FormRow(code, name, every | given_values(layout, code, name))
    return FormRow(code, name, values_of(said))


def _form_question(inquiry: Inquiry, key: str) -> Question:
    """The question of an inquiry that is a form.

    Raises:
        InvalidInputError: Field ``question``.
    """
    found = inquiry.composition.by_key.get(key)
    if found is None or not found.layout:
        raise _unknown()
    return found


def _unknown() -> InvalidInputError:
    return InvalidInputError({"question": "様式の設問が見つかりません。画面を更新してください。"})
