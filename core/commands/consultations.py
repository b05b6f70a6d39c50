"""Ask the advisor, withdraw, write, agree to publishing (アドバイザー相談, both sides)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal, Role
from core.consultation.attachment import OfferedFile, check_files, check_room
from core.consultation.case import Side
from core.consultation.event import ConsultationState, Step, check_seen, check_step
from core.consultation.example import ExampleState, check_example_state
from core.consultation.request import MAX_BODY, RequestForm, read_request
from core.reference.catalogue import shipped
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.consultations import (
    add_attachments,
    add_consultation,
    add_example_event,
    add_message,
    add_step,
    consultation_of,
    next_number,
)
from core.store.engine import writing
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN, FiscalYear
from core.values.free_text import read_text


@requires("consultation:record", municipality="lg_code")
def request_consultation(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    form: RequestForm,
    files: Sequence[OfferedFile],
    request_id: str,
    now: datetime,
) -> str:
    """Take a request in: number, contact, files and 受付, all or nothing.

    Args:
        form: As typed.
        files: 添付, as chosen.
        request_id: The same id again answers with the first number.

    Returns:
        受付番号, R5-014.

    Raises:
        InvalidInputError: Every field and every file that cannot be used, all at once.
    """
    shipped().municipality(lg_code)
    today = now.astimezone(JAPAN).date()
    problems: dict[str, str] = {}
    try:
        request, contact = read_request(form, today)
    except InvalidInputError as error:
        problems |= error.problems
    try:
        checked = check_files(files)
    except InvalidInputError as error:
        problems |= error.problems
    if problems:
        raise InvalidInputError(problems)
    with writing(engine) as session:
        if (
            earlier := earlier_result(session, principal, request_id, action="consultation:request")
        ) is not None:
            return earlier
        number = next_number(session, FiscalYear.of(today))
        by = principal.username
        key = add_consultation(session, number, lg_code, request, contact, now, by)
        step = check_step(None, Step(ConsultationState.RECEIVED), requested_on=today, today=today)
        add_step(session, key, step, now, by)
        add_attachments(session, key, None, checked, now, by)
        remember_result(session, principal, now, "consultation:request", request_id, number.label)
        detail = {"lg_code": lg_code, "theme": request.theme, "files": len(checked)}
        record_audit(session, principal, now, "consultation:request", number.label, detail)
        return number.label


@requires("consultation:record", municipality="lg_code")
def withdraw_consultation(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    consultation_id: int,
    reason: str,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Take a request back (取下げ).

    Args:
        seen_event: Number of the last step the screen showed.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: Field ``reason``, or no such consultation of this municipality.
        ConflictError: Changed meanwhile, or it is over already.
    """
    with writing(engine) as session:
        if (
            earlier_result(session, principal, request_id, action="consultation:withdraw")
            is not None
        ):
            return
        before = consultation_of(session, lg_code, consultation_id)
        check_seen(before.last, seen_event)
        step = check_step(
            before.last,
            Step(ConsultationState.WITHDRAWN, reason=reason),
            requested_on=before.requested_on,
            today=now.astimezone(JAPAN).date(),
        )
        add_step(session, consultation_id, step, now, principal.username)
        remember_result(session, principal, now, "consultation:withdraw", request_id, "")
        detail = {"lg_code": lg_code, "reason": step.reason}
        record_audit(session, principal, now, "consultation:withdraw", before.number.label, detail)


@requires("consultation:record", municipality="lg_code")
def write_message(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    consultation_id: int,
    text: str,
    files: Sequence[OfferedFile],
    request_id: str,
    now: datetime,
) -> None:
    """Write to the other side; the state stays as it is.

    Args:
        text: What to say.
        files: 添付, as chosen.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: Fields ``text``, ``attachments``, or no such consultation.
        ConflictError: The request was withdrawn.
    """
    problems: dict[str, str] = {}
    words = ""
    try:
        words = read_text("メッセージ", text, MAX_BODY)
    except ValueError as error:
        problems["text"] = str(error)
    try:
        checked = check_files(files)
    except InvalidInputError as error:
        problems |= error.problems
    if problems:
        raise InvalidInputError(problems)
    with writing(engine) as session:
        if (
            earlier_result(session, principal, request_id, action="consultation:message")
            is not None
        ):
            return
        before = consultation_of(session, lg_code, consultation_id)
        if before.state is ConsultationState.WITHDRAWN:
            raise ConflictError(
                "取り下げた相談には書き込めません。新しい相談として申し込んでください。"
            )
        check_room(len(before.attachments), len(checked))
        office = principal.role is Role.SECRETARIAT
        side = Side.SECRETARIAT if office else Side.MUNICIPALITY
        by = principal.username
        message = add_message(session, consultation_id, side, words, now, by)
        add_attachments(session, consultation_id, message, checked, now, by)
        remember_result(session, principal, now, "consultation:message", request_id, "")
        detail = {"lg_code": lg_code, "files": len(checked)}
        record_audit(session, principal, now, "consultation:message", before.number.label, detail)


@requires("consultation:consent", municipality="lg_code")
def decide_consent(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    consultation_id: int,
    agreed: bool,
    request_id: str,
    now: datetime,
) -> None:
    """Agree to publishing without the name, or not; a publication ends with the agreement.

    Args:
        agreed: False also takes an earlier agreement back.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: No such consultation of this municipality.
        ConflictError: There is no answer yet, or the same was said before.
    """
    with writing(engine) as session:
        if (
            earlier_result(session, principal, request_id, action="consultation:consent")
            is not None
        ):
            return
        before = consultation_of(session, lg_code, consultation_id)
        if before.state is not ConsultationState.HELD:
            raise ConflictError(
                f"「{before.state.label}」の相談にはまだ回答がありません。回答の後に選んでください。"
            )
        state = ExampleState.CONSENTED if agreed else ExampleState.DECLINED
        check_example_state(before.last_example, state)
        add_example_event(session, consultation_id, state, None, now, principal.username)
        remember_result(session, principal, now, "consultation:consent", request_id, "")
        detail = {"lg_code": lg_code, "state": state}
        record_audit(session, principal, now, "consultation:consent", before.number.label, detail)
