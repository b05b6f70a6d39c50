"""様式の照会: keep the form, take in what was filled in, and what came by mail all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.commands.inquiries import add_inquiry_documents
from core.commands.responses import add_response_files, record_answer_with_file
from core.consultation.attachment import OfferedFile
from core.imports.form.reading import found_layout, read_form
from core.inquiry.form.damage import FormReading
from core.inquiry.form.field import FormLayout
from core.inquiry.form.recognise import named_in_fields
from core.inquiry.kinds.excel_form import layout_of
from core.inquiry.question import Question
from core.inquiry.response import NOTE, Receipt, Way
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.inquiries import Clock, inquiry_of
from core.values.errors import DashboardError, InvalidInputError


@dataclass(frozen=True)
class KeptForm:
    """A form that was kept: its file's number, and what is filled in in it."""

    file_id: int
    layout: FormLayout


@requires("inquiry:manage")
def keep_form(
    engine: Engine,
    principal: Principal,
    *,
    inquiry_id: int,
    question: str,
    file: OfferedFile,
    request_id: str,
    now: datetime,
) -> KeptForm:
    """Keep the workbook a ministry sent; the question is then composed with both.

    Raises:
        InvalidInputError: Fields ``file``, ``attachments``: what cannot be taken; no such inquiry.
    """
    layout = found_layout(file.content)
    (number,) = add_inquiry_documents(
        engine,
        principal,
        inquiry_id=inquiry_id,
        question=question,
        files=[file],
        request_id=request_id,
        now=now,
    )
    return KeptForm(number, layout)


@dataclass(frozen=True)
class TakenForm:
    """A form that came back.

    Attributes:
        file_id: None where something has to be put right first: it is not kept then.
    """

    file_id: int | None
    reading: FormReading


@requires("response:write", municipality="lg_code")
def take_form(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    inquiry_id: int,
    question: str,
    file: OfferedFile,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> TakenForm:
    """Check a form that was filled in, and keep the file if nothing has to be put right.

    What it says goes into the draft and is handed in with the rest.

    Raises:
        InvalidInputError: Field ``attachments``: it may not be kept, or it is another municipality's;
            no such inquiry or question.
    """
    layout = layout_of(_asked(engine, inquiry_id, question, lg_code))
    found = read_form(layout, file.content)
    _refuse_another(layout, found, lg_code, reference)
    if not found.can_be_taken:
        return TakenForm(None, found)
    (number,) = add_response_files(
        engine,
        principal,
        lg_code=lg_code,
        inquiry_id=inquiry_id,
        question=question,
        files=[file],
        request_id=request_id,
        now=now,
    )
    return TakenForm(number, found)


def _refuse_another(
    layout: FormLayout, found: FormReading, lg_code: str, reference: Reference
) -> None:
    """Refuse a form that says it is another municipality's."""
    named = named_in_fields(layout, found.values, reference.municipalities)
    if others := [reference.by_code[code].name for code in named if code != lg_code]:
        own = reference.ever[lg_code].name
        raise InvalidInputError(
            {
                "attachments": f"この様式の団体の欄は{'、'.join(others)}を指しています。"
                f"{own}の様式を選んでください。"
            }
        )


@dataclass(frozen=True)
class MailedForm:
    """A form that came by mail, and whose it is as somebody confirmed by eye."""

    lg_code: str
    file: OfferedFile
    seen_event: int  # number of the last step of its response that the screen showed


@dataclass(frozen=True)
class RecordedForm:
    """What became of one of them; a receipt, or why not."""

    lg_code: str
    receipt: Receipt | None
    problem: str


@requires("inquiry:manage")
def record_forms(
    engine: Engine,
    principal: Principal,
    *,
    inquiry_id: int,
    question: str,
    forms: Sequence[MailedForm],
    note: Annotated[str, NOTE],
    reference: Reference,
    clock: Clock,
    batch: str,
    now: datetime,
) -> tuple[RecordedForm, ...]:
    """Record forms that came by mail, each by itself: one that cannot be taken stops no other.

    Answers to other questions stay as they were handed in.

    Args:
        note: How they came.
        batch: Id of the whole; the request of each municipality is made of it, so that the same again
            records nothing twice.

    Raises:
        InvalidInputError: No form; a municipality named twice; no such inquiry or question.
    """
    codes = [each.lg_code for each in forms]
    if not codes or len({*codes}) < len(codes):
        raise InvalidInputError(
            {"forms": "団体ごとに1つのファイルを選んでください。同じ団体が2度選ばれています。"}
            if codes
            else {"forms": "記録するファイルを選んでください。"}
        )
    return tuple(
        _record(
            engine,
            principal,
            inquiry_id=inquiry_id,
            question=question,
            form=each,
            note=note,
            reference=reference,
            clock=clock,
            request_id=f"{batch}-{each.lg_code}",
            now=now,
        )
        for each in forms
    )


def _record(
    engine: Engine,
    principal: Principal,
    *,
    inquiry_id: int,
    question: str,
    form: MailedForm,
    note: str,
    reference: Reference,
    clock: Clock,
    request_id: str,
    now: datetime,
) -> RecordedForm:
    try:
        asked = _asked(engine, inquiry_id, question, form.lg_code)
        found = read_form(layout_of(asked), form.file.content)
        if not found.can_be_taken:
            why = "\n".join(each.said for each in found.to_put_right)
            return RecordedForm(form.lg_code, None, why)
        receipt = record_answer_with_file(
            engine,
            principal,
            lg_code=form.lg_code,
            inquiry_id=inquiry_id,
            question=question,
            file=form.file,
            values=dict(found.values),
            way=Way.MAIL,
            note=note,
            seen_event=form.seen_event,
            reference=reference,
            clock=clock,
            request_id=request_id,
            now=now,
        )
    except DashboardError as error:
        return RecordedForm(form.lg_code, None, str(error))
    return RecordedForm(form.lg_code, receipt, "")


def _asked(engine: Engine, inquiry_id: int, key: str, lg_code: str) -> Question:
    with reading(engine) as session:
        inquiry = inquiry_of(session, inquiry_id, lg_code)
    question = inquiry.composition.by_key.get(key)
    if question is None or not question.layout:
        raise InvalidInputError(
            {"question": "様式の設問が見つかりません。画面を更新してください。"}
        )
    return question
