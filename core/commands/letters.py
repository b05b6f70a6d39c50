"""研修の連絡: send what the screen shows to those enrolled, and keep who was told."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal, shown_name
from core.mail import MailNotSentError, read_mail_server, send_mail
from core.news.letter import LetterWay
from core.store.letters import AddressedLetter, addressed_letters, keep_told
from core.store.work import Work, command
from core.values.errors import ConflictError
from core.values.fiscal import japan_day
from core.views.letters import letters_view


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
    """Send one letter of a training to everybody it has not told yet, to each by itself.

    The attempt is in the audit trail before the server is asked, its outcome and who got it after,
    and no transaction is open in between. The same ``request_id`` again sends nothing; what failed
    half way goes to the others when it is sent again.

    Args:
        key: Of the letter, as :func:`core.views.letters.letters_view` has it.
        smtp_url: NORIAI_SMTP_URL; empty sends nothing.
        address: Where the screen shows the training.

    Returns:
        How many addresses it went to.

    Raises:
        InvalidInputError: There is no such training.
        ConflictError: No mail server is set, or nobody is left to be told.
        MailNotSentError: The server cannot be reached or refuses; says how many were sent.
    """
    if not smtp_url:
        raise ConflictError(
            "メール送信は設定されていません。文面と宛先をコピーして、お使いのメールで送ってください。"
        )
    server, attempt = read_mail_server(smtp_url), uuid.uuid4().hex
    first, people = _try_letter(
        engine,
        principal,
        training_id=training_id,
        key=key,
        attempt=attempt,
        request_id=request_id,
        now=now,
    )
    if first != attempt:  # the answer to an earlier click
        return people
    found = _of(letters_view(engine, principal, training_id=training_id, address=address), key)
    to = found.waiting
    subject, body = found.letter.subject, found.letter.body
    detail: dict[str, object] = {
        "name": found.letter.about,
        "people": len(to),
        "state": "送信済み",
    }
    sent = to
    try:
        send_mail(server, to=to, subject=subject, body=body, now=now)
    except MailNotSentError as error:
        sent = error.sent
        detail |= {"state": "送信できず", "reason": str(error)}
        raise
    finally:
        _say_outcome(
            engine, principal, training_id=training_id, key=key, sent=sent, detail=detail, now=now
        )
    return len(to)


@command("training:told", "研修の連絡の記録", "training:manage")
def note_letter(work: Work, *, training_id: str, key: str, request_id: str, now: datetime) -> int:
    """Keep that everybody a letter had not told yet was told in another way.

    Args:
        key: Of the letter, as :func:`core.views.letters.letters_view` has it.

    Returns:
        How many addresses that are.

    Raises:
        InvalidInputError: There is no such training.
        ConflictError: Nobody is left to be told.
    """
    found = _of(addressed_letters(work.session, training_id, ""), key)
    keep_told(work.session, found, found.waiting, LetterWay.BY_HAND, work.now, work.by)
    work.audit(
        training_id,
        name=found.letter.about,
        people=len(found.waiting),
        state=LetterWay.BY_HAND.label,
    )
    return len(found.waiting)


def _of(known: Collection[AddressedLetter], key: str) -> AddressedLetter:
    for each in known:
        if each.letter.key == key and each.waiting:
            return each
        if each.letter.key == key and each.told:
            last = each.told[-1]
            raise ConflictError(
                f"この連絡は、{japan_day(last.recorded_at)}に{shown_name(last.recorded_by)}が全員に知らせています。"
                "画面を更新して確認してください。"
            )
    raise ConflictError("この連絡は、もう知らせる相手がいません。画面を更新して確認してください。")


@command("training:mail", "研修の連絡のメール送信", "training:manage")
def _try_letter(
    work: Work, *, training_id: str, key: str, attempt: str, request_id: str, now: datetime
) -> tuple[str, int]:
    found = _of(addressed_letters(work.session, training_id, ""), key)
    people = len(found.waiting)
    work.audit(training_id, name=found.letter.about, people=people, state="送信を試みる")
    return attempt, people


@command("training:mail", "研修の連絡のメール送信", "training:manage")
def _say_outcome(
    work: Work,
    *,
    training_id: str,
    key: str,
    sent: Collection[str],
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    for each in addressed_letters(work.session, training_id, "") if sent else ():
        if each.letter.key == key:
            reached = [to for to in sent if to in each.people]
            keep_told(work.session, each, reached, LetterWay.SENT, work.now, work.by)
    work.audit(training_id, **detail)
