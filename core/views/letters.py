"""What is to be told and who was: of a training, a consultation, an inquiry, a number of the week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.mail_text import MailKind
from core.news.letter import Touched, touched
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.letters import (
    AddressedLetter,
    addressed_letters,
    consultation_mail,
    inquiry_mail,
    reminder,
    training_on_record,
)
from core.training.training import TrainingContent
from core.training.vocabulary import TrainingState


@requires("training:manage")
def touched_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    training_id: str,
    content: TrainingContent | None,
    reason: str = "",
    address: str,
    now: datetime,
) -> Touched:
    """Whom a change would touch and the letters it would bring; nothing is saved.

    Args:
        content: As the form has it; None: the whole training is called off.
        reason: Why it is.
        address: Where the screen shows the training.
        now: When it would be saved.

    Raises:
        InvalidInputError: There is no such training.
    """
    with reading(engine) as session:
        history, events = training_on_record(session, training_id)
    last = history[-1]
    after = replace(
        last,
        version=last.version + 1,
        content=content or last.content,
        state=last.state if content else TrainingState.CANCELLED,
        reason=reason,
        recorded_at=now,
    )
    return touched(history, after, events, address)


@requires("training:manage")
def letters_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    training_id: str,
    address: str,
) -> tuple[AddressedLetter, ...]:
    """What those enrolled are to be told of a training and who was told, the latest first.

    Args:
        address: Where the screen shows the training.

    Raises:
        InvalidInputError: There is no such training.
    """
    with reading(engine) as session:
        return addressed_letters(session, training_id, address)


@requires("consultation:manage", municipality="lg_code")
def consultation_mail_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    consultation_id: int,
    kind: MailKind,
    address: str,
    today: date,
) -> AddressedLetter:
    """A mail of a consultation and whether it was sent.

    Args:
        address: Where the screen shows the consultation.

    Raises:
        InvalidInputError: There is no such consultation.
        ConflictError: The mail makes no sense in this state.
    """
    with reading(engine) as session:
        return consultation_mail(
            session,
            reference,
            lg_code=lg_code,
            consultation_id=consultation_id,
            kind=kind,
            address=address,
            today=today,
        )


@requires("inquiry:manage")
def inquiry_letters_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    inquiry_id: int,
    address: str,
    now: datetime,
) -> tuple[AddressedLetter, ...]:
    """What those asked are to be told of an inquiry, and who was told; none before publishing.

    Args:
        address: Where the screen shows the inquiry.

    Raises:
        InvalidInputError: There is no such inquiry.
    """
    with reading(engine) as session:
        return inquiry_mail(session, reference, inquiry_id=inquiry_id, address=address, now=now)


@requires("kpi:manage")
def reminder_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    key: str,
    as_of: date,
    today: date,
    address: str,
) -> AddressedLetter:
    """The letter to the municipalities behind a number of the week, and who got it.

    Args:
        address: Of the server.

    Raises:
        InvalidInputError: There is no letter about this number.
    """
    with reading(engine) as session:
        return reminder(session, reference, key=key, as_of=as_of, today=today, address=address)
