"""What the secretariat does with a consultation: steps, examples, mail (相談の事務局側)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.event import Step, check_seen, check_step
from core.consultation.example import (
    ExampleState,
    ExampleText,
    check_example_state,
    identifying_words,
    read_example,
)
from core.consultation.mail_text import MailKind, mail_text
from core.mail import MailNotSentError, read_mail_server, send_mail
from core.reference.catalogue import shipped
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.consultations import add_example_event, add_step, consultation_of
from core.store.engine import reading, writing
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN
from core.values.free_text import read_mail_address

_TRYING = {"state": "送信を試みる"}
_SENT = {"state": "送信済み"}


@requires("consultation:manage", municipality="lg_code")
def record_step(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    consultation_id: int,
    step: Step,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Record the next step: 調整中, 日程決定, 実施済 with its answer, 取下げ.

    Args:
        step: What is stated.
        seen_event: Number of the last step the screen showed.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: What the step lacks, or no such consultation.
        ConflictError: Changed meanwhile, or the step cannot follow.
    """
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="consultation:step") is not None:
            return
        before = consultation_of(session, lg_code, consultation_id)
        check_seen(before.last, seen_event)
        kept = check_step(
            before.last,
            step,
            requested_on=before.requested_on,
            today=now.astimezone(JAPAN).date(),
        )
        add_step(session, consultation_id, kept, now, principal.username)
        remember_result(session, principal, now, "consultation:step", request_id, "")
        detail = {
            "lg_code": lg_code,
            "state": kept.state,
            "day": kept.day,
            "reason": kept.reason,
        }
        record_audit(session, principal, now, "consultation:step", before.number.label, detail)


@requires("consultation:manage", municipality="lg_code")
def publish_example(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    consultation_id: int,
    text: ExampleText,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Publish the answer as a good example, without name (横展開).

    Args:
        text: What others will read.
        seen_event: Number of the last word about publishing the screen showed; 0 for none.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: A field is empty or gives the municipality or a person away.
        ConflictError: The municipality does not agree (any more).
    """
    municipality = shipped().municipality(lg_code)
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="example:publish") is not None:
            return
        before = consultation_of(session, lg_code, consultation_id)
        last = before.last_example
        check_example_state(last, ExampleState.PUBLISHED)
        if last is not None and last.event_id != seen_event:
            raise ConflictError("公開の状態が変わっています。画面を更新して確認してください。")
        words = identifying_words(municipality.name, municipality.kana)
        kept = read_example(text, names=words, contact=before.contact)
        by = principal.username
        add_example_event(session, consultation_id, ExampleState.PUBLISHED, kept, now, by)
        remember_result(session, principal, now, "example:publish", request_id, "")
        detail = {"lg_code": lg_code, "name": kept.title}
        record_audit(session, principal, now, "example:publish", before.number.label, detail)


@requires("consultation:manage", municipality="lg_code")
def unpublish_example(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    consultation_id: int,
    request_id: str,
    now: datetime,
) -> None:
    """Take a good example off the list; the agreement stays.

    Raises:
        InvalidInputError: No such consultation.
        ConflictError: It is not published.
    """
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="example:unpublish") is not None:
            return
        before = consultation_of(session, lg_code, consultation_id)
        check_example_state(before.last_example, ExampleState.UNPUBLISHED)
        by = principal.username
        add_example_event(session, consultation_id, ExampleState.UNPUBLISHED, None, now, by)
        remember_result(session, principal, now, "example:unpublish", request_id, "")
        detail = {"lg_code": lg_code}
        record_audit(session, principal, now, "example:unpublish", before.number.label, detail)


@requires("consultation:manage", municipality="lg_code")
def send_consultation_mail(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    consultation_id: int,
    kind: MailKind,
    to: str,
    smtp_url: str,
    address: str,
    request_id: str,
    now: datetime,
) -> None:
    """Send the text the screen shows; the consultation itself is not touched.

    The attempt is in the audit trail before the server is asked, its outcome after, and no
    transaction is open in between.

    Args:
        kind: Which mail.
        to: 宛先.
        smtp_url: NORIAI_SMTP_URL; empty sends nothing.
        address: Where the screen shows this consultation.
        request_id: The same id again sends nothing.

    Raises:
        InvalidInputError: Field ``to``, or no such consultation.
        ConflictError: No mail server is set, or the mail makes no sense in this state.
        MailNotSentError: The server cannot be reached or refuses.
    """
    if not smtp_url:
        raise ConflictError(
            "メール送信は設定されていません。文面をコピーして、お使いのメールで送ってください。"
        )
    server = read_mail_server(smtp_url)
    try:
        recipient = read_mail_address(to)
    except ValueError as error:
        raise InvalidInputError({"to": str(error)}) from None
    reference = shipped()
    with reading(engine) as session:
        consultation = consultation_of(session, lg_code, consultation_id)
    mail = mail_text(
        kind,
        consultation,
        reference.municipality(lg_code),
        printed_subject=reference.advisors.guide.request.subject,
        address=address,
    )
    number = consultation.number.label
    detail = {"lg_code": lg_code, "name": kind.label, "to": recipient}
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="consultation:mail") is not None:
            return
        remember_result(session, principal, now, "consultation:mail", request_id, "")
        record_audit(session, principal, now, "consultation:mail", number, detail | _TRYING)
    outcome = dict(_SENT)
    try:
        send_mail(server, to=recipient, subject=mail.subject, body=mail.body, now=now)
    except MailNotSentError as error:
        outcome = {"state": "送信できず", "reason": str(error)}
        raise
    finally:
        with writing(engine) as session:
            record_audit(session, principal, now, "consultation:mail", number, detail | outcome)
