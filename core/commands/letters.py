"""連絡: send what the screen shows, and keep who was told.

Of a training to those enrolled, of a consultation to its municipality or the advisor, of an inquiry and
of a number of the week to the contacts of the municipalities. An attempt is in the audit trail before the mail server is
asked, its outcome and who got it after, and no transaction is open in between.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal, shown_name
from core.consultation.mail_text import MailKind
from core.mail import MailNotSentError, MailServer, read_mail_server, send_mail
from core.news.letter import Letter, LetterWay
from core.reference.pack import Reference
from core.store.consultations import consultation_of
from core.store.letters import (
    AddressedLetter,
    addressed_letters,
    consultation_mail,
    inquiry_mail,
    keep_told,
    reminder,
)
from core.store.work import Work, command
from core.values.errors import ConflictError
from core.values.fiscal import day_in_japan, japan_day
from core.values.free_text import MAIL
from core.views.letters import (
    consultation_mail_view,
    inquiry_letters_view,
    letters_view,
    reminder_view,
)

_NOBODY = "この連絡は、もう知らせる相手がいません。画面を更新して確認してください。"


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

    The same ``request_id`` again sends nothing; what failed half way goes to the others when it is
    sent again.

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
    server, attempt = _server(smtp_url), uuid.uuid4().hex
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
    say = partial(
        _say_outcome, engine, principal, training_id=training_id, key=key, people=people, now=now
    )
    _deliver(server, found.letter, found.waiting, now, say)
    return len(found.waiting)


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


def _server(smtp_url: str) -> MailServer:
    if not smtp_url:
        raise ConflictError(
            "メール送信は設定されていません。文面と宛先をコピーして、お使いのメールで送ってください。"
        )
    return read_mail_server(smtp_url)


def _deliver(
    server: MailServer,
    letter: Letter,
    to: Sequence[str],
    now: datetime,
    say: Callable[..., None],
) -> None:
    """Send to each by itself, and have said what came of it and whom it reached."""
    outcome, sent = {"state": "送信済み"}, to
    try:
        send_mail(server, to=to, subject=letter.subject, body=letter.body, now=now)
    except MailNotSentError as error:
        outcome = {"state": "送信できず", "reason": str(error)}
        sent = error.sent
        raise
    finally:
        say(sent=sent, outcome={"name": letter.about} | outcome)


def _of(known: Collection[AddressedLetter], key: str) -> AddressedLetter:
    for each in known:
        if each.letter.key == key:
            return _untold(each)
    raise ConflictError(_NOBODY)


def _untold(found: AddressedLetter) -> AddressedLetter:
    """A letter that somebody waits for."""
    if found.waiting:
        return found
    if not found.told:
        raise ConflictError(_NOBODY)
    last = found.told[-1]
    raise ConflictError(
        f"この連絡は、{japan_day(last.recorded_at)}に{shown_name(last.recorded_by)}が全員に知らせています。"
        "画面を更新して確認してください。"
    )


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
    people: int,
    sent: Collection[str],
    outcome: Mapping[str, str],
    now: datetime,
) -> None:
    for each in addressed_letters(work.session, training_id, "") if sent else ():
        if each.letter.key == key:
            reached = [to for to in sent if to in each.people]
            keep_told(work.session, each, reached, LetterWay.SENT, work.now, work.by)
    work.audit(training_id, people=people, **outcome)


@requires("consultation:manage", municipality="lg_code")
def send_consultation_mail(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    consultation_id: int,
    kind: MailKind,
    to: Annotated[str, MAIL],
    smtp_url: str,
    address: str,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Send a mail of a consultation that was not sent yet; the consultation itself is not touched.

    The same ``request_id`` again sends nothing.

    Args:
        smtp_url: NORIAI_SMTP_URL; empty sends nothing.
        address: Where the screen shows this consultation.

    Raises:
        InvalidInputError: Field ``to``, or no such consultation.
        ConflictError: No mail server is set, the mail makes no sense in this state, or it was sent.
        MailNotSentError: The server cannot be reached or refuses.
    """
    server, attempt = _server(smtp_url), uuid.uuid4().hex
    this: dict[str, Any] = {"lg_code": lg_code, "consultation_id": consultation_id, "kind": kind}
    first = _try_mail(
        engine,
        principal,
        **this,
        to=to,
        attempt=attempt,
        reference=reference,
        request_id=request_id,
        now=now,
    )
    if first != attempt:  # the answer to an earlier click
        return
    found = consultation_mail_view(
        engine, principal, reference, **this, address=address, today=day_in_japan(now)
    )
    recipient = MAIL.read(to)
    say = partial(
        _say_mail,
        engine,
        principal,
        lg_code=lg_code,
        consultation_id=consultation_id,
        found=found,
        to=recipient,
        now=now,
    )
    _deliver(server, found.letter, [recipient], now, say)


@command("consultation:mail", "相談のメール送信", "consultation:manage")
def _try_mail(
    work: Work,
    *,
    lg_code: str,
    consultation_id: int,
    kind: MailKind,
    to: Annotated[str, MAIL],
    attempt: str,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> str:
    _untold(_mail(work, reference, lg_code, consultation_id, kind))
    number = consultation_of(work.session, lg_code, consultation_id).number.label
    work.audit(number, lg_code=lg_code, name=kind.label, to=to, state="送信を試みる")
    return attempt


@command("consultation:mail", "相談のメール送信", "consultation:manage")
def _say_mail(
    work: Work,
    *,
    lg_code: str,
    consultation_id: int,
    found: AddressedLetter,
    to: str,
    sent: Collection[str],
    outcome: Mapping[str, str],
    now: datetime,
) -> None:
    if sent:
        keep_told(work.session, found, found.to, LetterWay.SENT, work.now, work.by)
    number = consultation_of(work.session, lg_code, consultation_id).number.label
    work.audit(number, lg_code=lg_code, to=to, **outcome)


@command("consultation:told", "相談の連絡の記録", "consultation:manage")
def note_consultation_mail(
    work: Work,
    *,
    lg_code: str,
    consultation_id: int,
    kind: MailKind,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Keep that a mail of a consultation went out in another way.

    Raises:
        InvalidInputError: There is no such consultation.
        ConflictError: The mail makes no sense in this state, or it was sent.
    """
    found = _untold(_mail(work, reference, lg_code, consultation_id, kind))
    keep_told(work.session, found, found.waiting, LetterWay.BY_HAND, work.now, work.by)
    number = consultation_of(work.session, lg_code, consultation_id).number.label
    work.audit(number, lg_code=lg_code, name=kind.label, state=LetterWay.BY_HAND.label)


def _mail(
    work: Work, reference: Reference, lg_code: str, consultation_id: int, kind: MailKind
) -> AddressedLetter:
    return consultation_mail(
        work.session,
        reference,
        lg_code=lg_code,
        consultation_id=consultation_id,
        kind=kind,
        address="",
        today=work.today,
    )


@requires("kpi:manage")
def send_reminder(
    engine: Engine,
    principal: Principal,
    *,
    key: str,
    as_of: date,
    smtp_url: str,
    address: str,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Send the letter of a number of the week to every contact it has not told yet, to each by itself.

    The same ``request_id`` again sends nothing. Municipalities without a contact are left to be told
    by hand.

    Args:
        key: Of the number.
        as_of: 基準日 the names are of.
        smtp_url: NORIAI_SMTP_URL; empty sends nothing.
        address: Of the server.

    Returns:
        How many municipalities it went to.

    Raises:
        InvalidInputError: There is no letter about this number.
        ConflictError: No mail server is set, or nobody with an address is left to be told.
        MailNotSentError: The server cannot be reached or refuses; says how many were sent.
    """
    server, attempt = _server(smtp_url), uuid.uuid4().hex
    this: dict[str, Any] = {"key": key, "as_of": as_of, "reference": reference}
    first, towns = _try_reminder(
        engine, principal, **this, attempt=attempt, request_id=request_id, now=now
    )
    if first != attempt:  # the answer to an earlier click
        return towns
    found = reminder_view(
        engine,
        principal,
        reference,
        key=key,
        as_of=as_of,
        today=day_in_japan(now),
        address=address,
    )
    say = partial(_say_reminder, engine, principal, **this, now=now)
    _deliver(server, found.letter, _reachable(found), now, say)
    return towns


def _reachable(found: AddressedLetter) -> tuple[str, ...]:
    """Addresses that were not told yet."""
    return tuple(filter(None, found.waiting))


def _towns_reached(found: AddressedLetter) -> int:
    """How many municipalities that were not told yet have somebody to write to.

    Raises:
        ConflictError: None of them.
    """
    towns = sum(1 for code in found.untold if code in found.contacts)
    if not towns:
        raise ConflictError(
            "残りの市町村には担当者の登録がありません。「管理」の「担当者」で登録するか、"
            "別の方法で知らせて記録してください。"
        )
    return towns


@command("kpi:mail", "督促・案内のメール送信", "kpi:manage")
def _try_reminder(
    work: Work,
    *,
    key: str,
    as_of: date,
    attempt: str,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> tuple[str, int]:
    found = _untold(_reminder(work, reference, key, as_of))
    towns = _towns_reached(found)
    work.audit(key, as_of=as_of, rows=towns, state="送信を試みる")
    return attempt, towns


@command("kpi:mail", "督促・案内のメール送信", "kpi:manage")
def _say_reminder(
    work: Work,
    *,
    key: str,
    as_of: date,
    sent: Collection[str],
    outcome: Mapping[str, str],
    reference: Reference,
    now: datetime,
) -> None:
    found = _reminder(work, reference, key, as_of)
    reached = [to for to in sent if to in found.people]
    keep_told(work.session, found, reached, LetterWay.SENT, work.now, work.by)
    work.audit(key, as_of=as_of, rows=len(sent), **outcome)


@command("kpi:told", "督促・案内の記録", "kpi:manage")
def note_reminder(
    work: Work, *, key: str, as_of: date, reference: Reference, request_id: str, now: datetime
) -> int:
    """Keep that the municipalities behind a number of the week got the letter of a day.

    Args:
        key: Of the number.
        as_of: 基準日 the names are of.

    Returns:
        How many municipalities that are.

    Raises:
        InvalidInputError: There is no letter about this number.
        ConflictError: They have got it, or there are none.
    """
    found = _untold(_reminder(work, reference, key, as_of))
    towns = len(found.untold)
    keep_told(work.session, found, found.waiting, LetterWay.BY_HAND, work.now, work.by)
    work.audit(key, as_of=as_of, rows=towns, state=LetterWay.BY_HAND.label)
    return towns


def _reminder(work: Work, reference: Reference, key: str, as_of: date) -> AddressedLetter:
    return reminder(work.session, reference, key=key, as_of=as_of, today=work.today, address="")


@requires("inquiry:manage")
def send_inquiry_letter(
    engine: Engine,
    principal: Principal,
    *,
    inquiry_id: int,
    key: str,
    smtp_url: str,
    address: str,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Send a letter of an inquiry to every contact it has not told yet, to each by itself.

    The same ``request_id`` again sends nothing. Municipalities without a contact are left to be told
    by hand.

    Args:
        key: Of the letter, as :func:`core.views.letters.inquiry_letters_view` has it.
        smtp_url: NORIAI_SMTP_URL; empty sends nothing.
        address: Where the screen shows the inquiry.

    Returns:
        How many municipalities it went to.

    Raises:
        InvalidInputError: There is no such inquiry.
        ConflictError: No mail server is set, or nobody with an address is left to be told.
        MailNotSentError: The server cannot be reached or refuses; says how many were sent.
    """
    server, attempt = _server(smtp_url), uuid.uuid4().hex
    this: dict[str, Any] = {"inquiry_id": inquiry_id, "key": key, "reference": reference}
    first, towns = _try_inquiry_letter(
        engine, principal, **this, attempt=attempt, request_id=request_id, now=now
    )
    if first != attempt:  # the answer to an earlier click
        return towns
    known = inquiry_letters_view(
        engine, principal, reference, inquiry_id=inquiry_id, address=address, now=now
    )
    found = _of(known, key)
    say = partial(_say_inquiry_letter, engine, principal, **this, now=now)
    _deliver(server, found.letter, _reachable(found), now, say)
    return towns


@command("inquiry:mail", "照会の連絡のメール送信", "inquiry:manage")
def _try_inquiry_letter(
    work: Work,
    *,
    inquiry_id: int,
    key: str,
    attempt: str,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> tuple[str, int]:
    found = _inquiry_letter(work, reference, inquiry_id, key)
    towns = _towns_reached(found)
    work.audit(str(inquiry_id), name=found.letter.about, rows=towns, state="送信を試みる")
    return attempt, towns


@command("inquiry:mail", "照会の連絡のメール送信", "inquiry:manage")
def _say_inquiry_letter(
    work: Work,
    *,
    inquiry_id: int,
    key: str,
    sent: Collection[str],
    outcome: Mapping[str, str],
    reference: Reference,
    now: datetime,
) -> None:
    known = _inquiry_letters(work, reference, inquiry_id)
    found = next((each for each in known if each.letter.key == key), None)
    if found is not None:  # gone when the last one missing handed in meanwhile
        reached = [to for to in sent if to in found.people]
        keep_told(work.session, found, reached, LetterWay.SENT, work.now, work.by)
    work.audit(str(inquiry_id), rows=len(sent), **outcome)


@command("inquiry:told", "照会の連絡の記録", "inquiry:manage")
def note_inquiry_letter(
    work: Work, *, inquiry_id: int, key: str, reference: Reference, request_id: str, now: datetime
) -> int:
    """Keep that those a letter of an inquiry had not told yet were told in another way.

    Args:
        key: Of the letter, as :func:`core.views.letters.inquiry_letters_view` has it.

    Returns:
        How many municipalities that are.

    Raises:
        InvalidInputError: There is no such inquiry.
        ConflictError: Nobody is left to be told.
    """
    found = _inquiry_letter(work, reference, inquiry_id, key)
    towns = len(found.untold)
    keep_told(work.session, found, found.waiting, LetterWay.BY_HAND, work.now, work.by)
    work.audit(str(inquiry_id), name=found.letter.about, rows=towns, state=LetterWay.BY_HAND.label)
    return towns


def _inquiry_letter(work: Work, reference: Reference, inquiry_id: int, key: str) -> AddressedLetter:
    return _of(_inquiry_letters(work, reference, inquiry_id), key)


def _inquiry_letters(
    work: Work, reference: Reference, inquiry_id: int
) -> tuple[AddressedLetter, ...]:
    return inquiry_mail(work.session, reference, inquiry_id=inquiry_id, address="", now=work.now)
