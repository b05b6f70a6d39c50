"""アドバイザー相談: ask, answer, withdraw, write, publish as a good example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal, Role
from core.consultation.attachment import CheckedFile, OfferedFile, check_room
from core.consultation.case import Consultation, Side
from core.consultation.event import REASON, ConsultationState, Step, check_step
from core.consultation.example import (
    ExampleState,
    ExampleText,
    check_example_state,
    identifying_words,
    read_example,
)
from core.consultation.request import MAX_BODY, RequestForm, read_request
from core.imports.reading import checked_files
from core.reference.pack import Reference
from core.store.consultations import (
    add_attachments,
    add_consultation,
    add_example_event,
    add_message,
    add_step,
    consultation_of,
    next_number,
)
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.free_text import Text

MESSAGE = Text("メッセージ", MAX_BODY, lines=True)


@requires("consultation:record", municipality="lg_code")
def request_consultation(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    form: RequestForm,
    files: Sequence[OfferedFile],
    reference: Reference,
    request_id: str,
    now: datetime,
) -> str:
    """Take a request in: number, contact, files and 受付, all or nothing.

    Args:
        files: Looked into before the transaction begins, since writers queue.

    Returns:
        受付番号, R5-014.

    Raises:
        InvalidInputError: Every field and every file that cannot be used, all at once.
    """
    reference.municipality(lg_code)
    checked, problems = _looked_into(files)
    return _request(
        engine,
        principal,
        lg_code=lg_code,
        form=form,
        files=checked,
        problems=problems,
        request_id=request_id,
        now=now,
    )


def _looked_into(
    files: Sequence[OfferedFile],
) -> tuple[tuple[CheckedFile, ...], Mapping[str, str]]:
    """The files, or what stands against them, to be said with the rest of the form."""
    try:
        return checked_files(files), {}
    except InvalidInputError as error:
        return (), error.problems


@command("consultation:request", "相談の申込み", "consultation:record")
def _request(
    work: Work,
    *,
    lg_code: str,
    form: RequestForm,
    files: tuple[CheckedFile, ...],
    problems: Mapping[str, str],
    request_id: str,
    now: datetime,
) -> str:
    problems = dict(problems)
    try:
        request, contact = read_request(form, work.today)
    except InvalidInputError as error:
        problems |= error.problems
    if problems:
        raise InvalidInputError(problems)
    number = next_number(work.session, FiscalYear.of(work.today))
    key = add_consultation(work.session, number, lg_code, request, contact, work.now, work.by)
    received = Step(ConsultationState.RECEIVED)
    step = check_step(None, received, requested_on=work.today, today=work.today)
    add_step(work.session, key, step, work.now, work.by)
    add_attachments(work.session, key, None, files, work.now, work.by)
    work.audit(number.label, lg_code=lg_code, theme=request.theme, files=len(files))
    return number.label


@command("consultation:withdraw", "相談の取下げ", "consultation:record")
def withdraw_consultation(
    work: Work,
    *,
    lg_code: str,
    consultation_id: int,
    reason: Annotated[str, REASON],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Take a request back (取下げ).

    Raises:
        InvalidInputError: Field ``reason``, or no such consultation of this municipality.
        ConflictError: Changed meanwhile, or it is over already.
    """
    step = Step(ConsultationState.WITHDRAWN, reason=reason)
    before, kept = _add_step(work, lg_code, consultation_id, step, seen_event)
    work.audit(before.number.label, lg_code=lg_code, reason=kept.reason)


@command("consultation:step", "相談の状態の記録", "consultation:manage")
def record_step(
    work: Work,
    *,
    lg_code: str,
    consultation_id: int,
    step: Step,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Record the next step: 調整中, 日程決定, 実施済 with its answer, 取下げ.

    Raises:
        InvalidInputError: What the step lacks, or no such consultation.
        ConflictError: Changed meanwhile, or the step cannot follow.
    """
    before, kept = _add_step(work, lg_code, consultation_id, step, seen_event)
    work.audit(
        before.number.label, lg_code=lg_code, state=kept.state, day=kept.day, reason=kept.reason
    )


def _add_step(
    work: Work, lg_code: str, consultation_id: int, step: Step, seen_event: int
) -> tuple[Consultation, Step]:
    before = consultation_of(work.session, lg_code, consultation_id)
    did = f"「{before.state.label}」と記録して"
    refuse_stale(before.last, before.last.event_id, seen_event, "この相談", did)
    kept = check_step(before.last, step, requested_on=before.requested_on, today=work.today)
    add_step(work.session, consultation_id, kept, work.now, work.by)
    return before, kept


@requires("consultation:record", municipality="lg_code")
def write_message(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    consultation_id: int,
    text: Annotated[str, MESSAGE],
    files: Sequence[OfferedFile],
    request_id: str,
    now: datetime,
) -> None:
    """Write to the other side; the state stays as it is.

    Args:
        files: Looked into before the transaction begins, since writers queue.

    Raises:
        InvalidInputError: Fields ``text``, ``attachments``, or no such consultation.
        ConflictError: The request was withdrawn.
    """
    checked, problems = _looked_into(files)
    _write_message(
        engine,
        principal,
        lg_code=lg_code,
        consultation_id=consultation_id,
        text=text,
        files=checked,
        problems=problems,
        request_id=request_id,
        now=now,
    )


@command("consultation:message", "相談のメッセージ", "consultation:record")
def _write_message(
    work: Work,
    *,
    lg_code: str,
    consultation_id: int,
    text: Annotated[str, MESSAGE],
    files: tuple[CheckedFile, ...],
    problems: Mapping[str, str],
    request_id: str,
    now: datetime,
) -> None:
    if problems:
        raise InvalidInputError(problems)
    before = consultation_of(work.session, lg_code, consultation_id)
    if before.state is ConsultationState.WITHDRAWN:
        raise ConflictError(
            "取り下げた相談には書き込めません。新しい相談として申し込んでください。"
        )
    check_room(len(before.attachments), len(files))
    office = work.principal.role is Role.SECRETARIAT
    side = Side.SECRETARIAT if office else Side.MUNICIPALITY
    message = add_message(work.session, consultation_id, side, text, work.now, work.by)
    add_attachments(work.session, consultation_id, message, files, work.now, work.by)
    work.audit(before.number.label, lg_code=lg_code, files=len(files))


@command("consultation:consent", "相談の公開の同意")
def decide_consent(
    work: Work, *, lg_code: str, consultation_id: int, agreed: bool, request_id: str, now: datetime
) -> None:
    """Agree to publishing without the name, or not; a publication ends with the agreement.

    Args:
        agreed: False also takes an earlier agreement back.

    Raises:
        InvalidInputError: No such consultation of this municipality.
        ConflictError: There is no answer yet, or the same was said before.
    """
    before = consultation_of(work.session, lg_code, consultation_id)
    if before.state is not ConsultationState.HELD:
        raise ConflictError(
            f"「{before.state.label}」の相談にはまだ回答がありません。回答の後に選んでください。"
        )
    state = ExampleState.CONSENTED if agreed else ExampleState.DECLINED
    check_example_state(before.last_example, state)
    add_example_event(work.session, consultation_id, state, None, work.now, work.by)
    work.audit(before.number.label, lg_code=lg_code, state=state)


@command("example:publish", "好事例の公開", "consultation:manage")
def publish_example(
    work: Work,
    *,
    lg_code: str,
    consultation_id: int,
    text: ExampleText,
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Publish the answer as a good example, without name (横展開).

    Raises:
        InvalidInputError: A field is empty or gives the municipality or a person away.
        ConflictError: The municipality does not agree (any more), or said so meanwhile.
    """
    municipality = reference.municipality(lg_code)
    before = consultation_of(work.session, lg_code, consultation_id)
    last, published = before.last_example, ExampleState.PUBLISHED
    check_example_state(last, published)
    if last is not None:
        did = f"「{last.state.label}」と記録して"
        refuse_stale(last, last.event_id, seen_event, "公開の状態", did)
    words = identifying_words(municipality.name, municipality.kana)
    kept = read_example(text, names=words, contact=before.contact)
    add_example_event(work.session, consultation_id, published, kept, work.now, work.by)
    work.audit(before.number.label, lg_code=lg_code, name=kept.title)


@command("example:unpublish", "好事例の公開の終了", "consultation:manage")
def unpublish_example(
    work: Work, *, lg_code: str, consultation_id: int, request_id: str, now: datetime
) -> None:
    """Take a good example off the list; the agreement stays.

    Raises:
        InvalidInputError: No such consultation.
        ConflictError: It is not published.
    """
    before = consultation_of(work.session, lg_code, consultation_id)
    state = ExampleState.UNPUBLISHED
    check_example_state(before.last_example, state)
    add_example_event(work.session, consultation_id, state, None, work.now, work.by)
    work.audit(before.number.label, lg_code=lg_code)
