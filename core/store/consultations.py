"""アドバイザー相談 and ヒアリング: requests, their contacts, and everything said about them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Session

from core.consultation.attachment import CheckedFile, Finding
from core.consultation.case import Consultation, KeptAttachment, Message, Side
from core.consultation.event import ConsultationEvent, Step
from core.consultation.example import ExampleEvent, ExampleState, ExampleText
from core.consultation.hearing import HearingEvent
from core.consultation.number import ConsultationNumber
from core.consultation.request import ConsultationRequest, Contact
from core.store.columns import SERIAL, Instant, Words, several
from core.store.table import Stored
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear

V = TypeVar("V")

_LARGEST_KEY = 2**63 - 1


def _of_consultation(**options: Any) -> Column[int]:
    key = ForeignKey("consultation.id")
    return Column("consultation_id", SERIAL, key, nullable=False, **options)


CONSULTATIONS = Stored(
    "consultation",
    Consultation,
    UniqueConstraint("fiscal_year", "serial", name="consultation_number"),
    CheckConstraint("serial > 0", name="serial_from_one"),
    Index("consultation_lg_code", "lg_code"),
    key="consultation_id",
    columns={"wished": several(date.isoformat, date.fromisoformat)},
    absent={"contact": None, "events": (), "messages": (), "attachments": (), "example_events": ()},
)
CONTACTS = Stored(
    "consultation_contact",
    Contact,
    _of_consultation(primary_key=True, autoincrement=False),
    key=None,
    forgettable=True,
)
STEPS = Stored(
    "consultation_event",
    ConsultationEvent,
    _of_consultation(),
    Index("consultation_event_of", "consultation_id"),
)
MESSAGES = Stored(
    "consultation_message",
    Message,
    _of_consultation(),
    Index("consultation_message_of", "consultation_id"),
    key="message_id",
)
ATTACHMENTS = Stored(
    "attachment",
    KeptAttachment,
    _of_consultation(),
    Column("sha256", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", Instant, nullable=False),
    ForeignKeyConstraint(["message_id"], ["consultation_message.id"]),
    Index("attachment_of", "consultation_id"),
    key="attachment_id",
    columns={"message_id": SERIAL, "findings": several(read=Finding)},
)
EXAMPLES = Stored(
    "example_event",
    ExampleEvent,
    _of_consultation(),
    Index("example_event_of", "consultation_id"),
    CheckConstraint("(state = 'published') = (answer IS NOT NULL)", name="published_has_text"),
)
HEARINGS = Stored(
    "hearing_event", HearingEvent, Index("hearing_event_key", "fiscal_year", "lg_code")
)


def consultations(
    session: Session, lg_code: str | None = None, consultation_id: int | None = None
) -> list[Consultation]:
    """Consultations with everything said about them, oldest first; five queries however many."""
    only: list[ColumnElement[bool]] = []
    if lg_code is not None:
        only.append(CONSULTATIONS.c.lg_code == lg_code)
    if consultation_id is not None:
        only.append(CONSULTATIONS.c.id == consultation_id)

    def below(kind: Stored[V]) -> dict[int, list[V]]:
        return kind.by(
            session, "consultation_id", kind.query.join(CONSULTATIONS.table).where(*only)
        )

    own = len(CONSULTATIONS.columns)
    query = select(*CONSULTATIONS.columns, *CONTACTS.columns).where(*only)
    query = query.select_from(CONSULTATIONS.table).outerjoin(CONTACTS.table)
    rows = session.execute(query.order_by(CONSULTATIONS.c.id)).all()
    if not rows:
        return []
    heads = [(CONSULTATIONS.value(row[:own]), CONTACTS.value_or_none(row[own:])) for row in rows]
    events, messages = below(STEPS), below(MESSAGES)
    attachments, examples = below(ATTACHMENTS), below(EXAMPLES)
    return [
        replace(
            head,
            contact=contact,
            events=tuple(events[head.consultation_id]),
            messages=tuple(messages[head.consultation_id]),
            attachments=tuple(attachments[head.consultation_id]),
            example_events=tuple(examples[head.consultation_id]),
        )
        for head, contact in heads
    ]


def consultation_of(session: Session, lg_code: str, consultation_id: int) -> Consultation:
    """A consultation of this municipality; another's is as unknown as none.

    Raises:
        InvalidInputError: Field ``consultation_id``.
    """
    in_range = 0 < consultation_id <= _LARGEST_KEY
    found = consultations(session, lg_code, consultation_id) if in_range else []
    if not found:
        raise InvalidInputError(
            {"consultation_id": "この相談は見つかりません。画面を更新してください。"}
        )
    return found[0]


def last_contact(session: Session, lg_code: str) -> Contact | None:
    """The contact a municipality named last; None when there is none."""
    query = CONTACTS.query.join(CONSULTATIONS.table).where(CONSULTATIONS.c.lg_code == lg_code)
    return CONTACTS.first(session, query.order_by(CONSULTATIONS.c.id.desc()))


def forget_contacts(session: Session, consultation_ids: Sequence[int]) -> None:
    """Delete the contacts of these consultations."""
    CONTACTS.forget(session, CONTACTS.c.consultation_id.in_(consultation_ids))


def next_number(session: Session, fiscal_year: FiscalYear) -> ConsultationNumber:
    """The number after the last one of a year; writers queue, so nobody else takes it."""
    of_year = CONSULTATIONS.c.fiscal_year == fiscal_year
    last = session.scalar(select(func.max(CONSULTATIONS.c.serial)).where(of_year))
    return ConsultationNumber(fiscal_year, (last or 0) + 1)


def add_consultation(
    session: Session,
    number: ConsultationNumber,
    lg_code: str,
    request: ConsultationRequest,
    contact: Contact,
    now: datetime,
    by: str,
) -> int:
    """Insert a request with its contact; returns its key."""
    asked = Consultation(0, number, lg_code, request, contact, now, by, (), (), (), ())
    key = CONSULTATIONS.add(session, asked)
    CONTACTS.put(session, contact, consultation_id=key)
    return key


def add_step(session: Session, consultation_id: int, step: Step, now: datetime, by: str) -> None:
    """Insert one step."""
    STEPS.add(session, ConsultationEvent(0, step, now, by), consultation_id=consultation_id)


def add_message(
    session: Session, consultation_id: int, side: Side, text: str, now: datetime, by: str
) -> int:
    """Insert one message; returns its key."""
    return MESSAGES.add(session, Message(0, side, text, now, by), consultation_id=consultation_id)


def add_attachments(
    session: Session,
    consultation_id: int,
    message_id: int | None,
    files: Iterable[CheckedFile],
    now: datetime,
    by: str,
) -> None:
    """Insert the files of a request or a message, with their bytes: one backup holds everything."""
    for file in files:
        ATTACHMENTS.add(
            session,
            KeptAttachment(
                0, message_id, file.name, file.media_type, len(file.content), file.findings, by
            ),
            consultation_id=consultation_id,
            sha256=hashlib.sha256(file.content).hexdigest(),
            content=file.content,
            added_at=now,
        )


def attachment(session: Session, lg_code: str, attachment_id: int) -> CheckedFile | None:
    """A file with its bytes, when it belongs to a consultation of this municipality."""
    if not 0 < attachment_id <= _LARGEST_KEY:
        return None
    kept = ATTACHMENTS.c
    row = session.execute(
        select(kept.name, kept.media_type, kept.content)
        .join(CONSULTATIONS.table)
        .where(kept.id == attachment_id, CONSULTATIONS.c.lg_code == lg_code)
    ).one_or_none()
    return None if row is None else CheckedFile(row.name, row.media_type, bytes(row.content))


def add_example_event(
    session: Session,
    consultation_id: int,
    state: ExampleState,
    text: ExampleText | None,
    now: datetime,
    by: str,
) -> None:
    """Insert one word about publishing."""
    EXAMPLES.add(session, ExampleEvent(0, state, text, now, by), consultation_id=consultation_id)
