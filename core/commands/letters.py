"""研修の連絡: send what the screen shows to those enrolled."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.mail import MailNotSentError, read_mail_server, send_mail
from core.store.work import Work, command
from core.values.errors import ConflictError
from core.views.letters import AddressedLetter, letters_view


@requires("training:manage")
def send_letter(
    engine: Engine,
    principal: Principal,
    *,
    training_id: str,
    key: str,
    smtp_url: str,
    address: str,
    request_id: str,
    now: datetime,
) -> int:
    """Send one letter of a training to everybody it tells, to each by itself.

    The attempt is in the audit trail before the server is asked, its outcome after, and no
    transaction is open in between. The same ``request_id`` again sends nothing.

    Args:
        key: Of the letter, as :func:`core.views.letters.letters_view` has it.
        smtp_url: NORIAI_SMTP_URL; empty sends nothing.
        address: Where the screen shows the training.

    Returns:
        How many addresses it went to.

    Raises:
        InvalidInputError: There is no such training.
        ConflictError: No mail server is set, or the letter is no longer to be sent.
        MailNotSentError: The server cannot be reached or refuses; says how many were sent.
    """
    if not smtp_url:
        raise ConflictError(
            "メール送信は設定されていません。文面と宛先をコピーして、お使いのメールで送ってください。"
        )
    server, attempt = read_mail_server(smtp_url), uuid.uuid4().hex
    found = _letter(engine, principal, training_id, key, address)
    detail: dict[str, object] = {"name": found.letter.about, "people": len(found.to)}
    first = _try_letter(
        engine,
        principal,
        training_id=training_id,
        detail=detail,
        attempt=attempt,
        request_id=request_id,
        now=now,
    )
    if first != attempt:  # the answer to an earlier click
        return len(found.to)
    subject, body = found.letter.subject, found.letter.body
    detail["state"] = "送信済み"
    try:
        send_mail(server, to=found.to, subject=subject, body=body, now=now)
    except MailNotSentError as error:
        detail |= {"state": "送信できず", "reason": str(error)}
        raise
    finally:
        _say_outcome(engine, principal, training_id=training_id, detail=detail, now=now)
    return len(found.to)


def _letter(
    engine: Engine, principal: Principal, training_id: str, key: str, address: str
) -> AddressedLetter:
    for each in letters_view(engine, principal, training_id=training_id, address=address):
        if each.letter.key == key and each.to:
            return each
    raise ConflictError("この連絡は、もう送る相手がいません。画面を更新して確認してください。")


@command("training:mail", "研修の連絡のメール送信", "training:manage")
def _try_letter(
    work: Work,
    *,
    training_id: str,
    detail: Mapping[str, object],
    attempt: str,
    request_id: str,
    now: datetime,
) -> str:
    work.audit(training_id, **{**detail, "state": "送信を試みる"})
    return attempt


@command("training:mail", "研修の連絡のメール送信", "training:manage")
def _say_outcome(
    work: Work, *, training_id: str, detail: Mapping[str, object], now: datetime
) -> None:
    work.audit(training_id, **detail)
