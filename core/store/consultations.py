"""Rows of the consultation tables ↔ consultations."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from core.consultation.attachment import CheckedFile
from core.consultation.case import Consultation, KeptAttachment, Message, Side
from core.consultation.event import ConsultationEvent, Step
from core.consultation.example import ExampleEvent, ExampleState, ExampleText
from core.consultation.number import ConsultationNumber
from core.consultation.request import ConsultationRequest, Contact
from core.store.tables import (
    AttachmentRow,
    ConsultationContactRow,
    ConsultationEventRow,
    ConsultationMessageRow,
    ConsultationRow,
    ExampleEventRow,
)
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear

Row = TypeVar("Row", ConsultationEventRow, ConsultationMessageRow, AttachmentRow, ExampleEventRow)

_LARGEST_KEY = 2**63 - 1


def consultations(
    session: Session, lg_code: str | None = None, consultation_id: int | None = None
) -> list[Consultation]:
    """Consultations with everything said about them, oldest first; five queries however many.

    Args:
        session: The transaction.
        lg_code: Only this municipality's.
        consultation_id: Only this one.
    """

    only: list[ColumnElement[bool]] = []
    if lg_code is not None:
        only.append(ConsultationRow.lg_code == lg_code)
    if consultation_id is not None:
        only.append(ConsultationRow.id == consultation_id)

    def below(kind: type[Row]) -> dict[int, list[Row]]:
        query = (
            select(kind)
            .join(ConsultationRow, ConsultationRow.id == kind.consultation_id)
            .where(*only)
            .order_by(kind.id)
        )
        grouped: dict[int, list[Row]] = defaultdict(list)
        for row in session.scalars(query):
            grouped[row.consultation_id].append(row)
        return grouped

    heads = session.execute(
        select(ConsultationRow, ConsultationContactRow)
        .outerjoin(
            ConsultationContactRow, ConsultationContactRow.consultation_id == ConsultationRow.id
        )
        .where(*only)
        .order_by(ConsultationRow.id)
    ).all()
    if not heads:
        return []
    events, messages = below(ConsultationEventRow), below(ConsultationMessageRow)
    attachments, examples = below(AttachmentRow), below(ExampleEventRow)
    return [
        Consultation(
            consultation_id=row.id,
            number=ConsultationNumber(FiscalYear(row.fiscal_year), row.serial),
            lg_code=row.lg_code,
            request=_request(row),
            contact=_contact(contact),
            requested_at=row.requested_at,
            requested_by=row.requested_by,
            events=tuple(map(_event, events[row.id])),
            messages=tuple(map(_message, messages[row.id])),
            attachments=tuple(map(_attachment, attachments[row.id])),
            example_events=tuple(map(_example, examples[row.id])),
        )
        for row, contact in heads
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
    row = session.scalar(
        select(ConsultationContactRow)
        .join(ConsultationRow, ConsultationRow.id == ConsultationContactRow.consultation_id)
        .where(ConsultationRow.lg_code == lg_code)
        .order_by(ConsultationRow.id.desc())
        .limit(1)
    )
    return _contact(row)


def forget_contacts(session: Session, consultation_ids: Sequence[int]) -> None:
    """Delete the contacts of these consultations."""
    session.execute(
        delete(ConsultationContactRow).where(
            ConsultationContactRow.consultation_id.in_(consultation_ids)
        )
    )


def next_number(session: Session, fiscal_year: FiscalYear) -> ConsultationNumber:
    """The number after the last one of a year; writers queue, so nobody else takes it."""
    last = session.scalar(
        select(func.max(ConsultationRow.serial)).where(
            ConsultationRow.fiscal_year == int(fiscal_year)
        )
    )
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
    wished = (*request.wished, None, None, None)
    row = ConsultationRow(
        fiscal_year=int(number.fiscal_year),
        serial=number.serial,
        lg_code=lg_code,
        theme=request.theme,
        title=request.title,
        question=request.question,
        tried=request.tried,
        meeting=request.meeting,
        first_wished=wished[0],
        second_wished=wished[1],
        third_wished=wished[2],
        wished_note=request.wished_note,
        requested_at=now,
        requested_by=by,
    )
    session.add(row)
    session.flush()
    session.add(
        ConsultationContactRow(
            consultation_id=row.id,
            department=contact.department,
            name=contact.name,
            mail=contact.mail,
            phone=contact.phone,
        )
    )
    return row.id


def add_step(session: Session, consultation_id: int, step: Step, now: datetime, by: str) -> None:
    """Insert one step."""
    session.add(
        ConsultationEventRow(
            consultation_id=consultation_id,
            state=step.state,
            day=step.day,
            start=step.start,
            meeting=step.meeting,
            place=step.place,
            answer=step.answer,
            reason=step.reason,
            recorded_at=now,
            recorded_by=by,
        )
    )


def add_message(
    session: Session, consultation_id: int, side: Side, text: str, now: datetime, by: str
) -> int:
    """Insert one message; returns its key."""
    row = ConsultationMessageRow(
        consultation_id=consultation_id, side=side, text=text, sent_at=now, sent_by=by
    )
    session.add(row)
    session.flush()
    return row.id


def add_attachments(
    session: Session,
    consultation_id: int,
    message_id: int | None,
    files: Iterable[CheckedFile],
    now: datetime,
    by: str,
) -> None:
    """Insert the files of a request or a message."""
    for file in files:
        session.add(
            AttachmentRow(
                consultation_id=consultation_id,
                message_id=message_id,
                name=file.name,
                media_type=file.media_type,
                size=len(file.content),
                sha256=hashlib.sha256(file.content).hexdigest(),
                content=file.content,
                added_at=now,
                added_by=by,
            )
        )


def attachment(session: Session, lg_code: str, attachment_id: int) -> CheckedFile | None:
    """A file with its bytes, when it belongs to a consultation of this municipality."""
    if not 0 < attachment_id <= _LARGEST_KEY:
        return None
    row = session.execute(
        select(AttachmentRow.name, AttachmentRow.media_type, AttachmentRow.content)
        .join(ConsultationRow, ConsultationRow.id == AttachmentRow.consultation_id)
        .where(AttachmentRow.id == attachment_id, ConsultationRow.lg_code == lg_code)
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
    session.add(
        ExampleEventRow(
            consultation_id=consultation_id,
            state=state,
            title=text.title if text else "",
            question=text.question if text else "",
            answer=text.answer if text else "",
            recorded_at=now,
            recorded_by=by,
        )
    )


def _request(row: ConsultationRow) -> ConsultationRequest:
    wished = (row.first_wished, row.second_wished, row.third_wished)
    return ConsultationRequest(
        theme=row.theme,
        title=row.title,
        question=row.question,
        tried=row.tried,
        meeting=row.meeting,
        wished=tuple(day for day in wished if day is not None),
        wished_note=row.wished_note,
    )


def _contact(row: ConsultationContactRow | None) -> Contact | None:
    return None if row is None else Contact(row.department, row.name, row.mail, row.phone)


def _event(row: ConsultationEventRow) -> ConsultationEvent:
    step = Step(row.state, row.day, row.start, row.meeting, row.place, row.answer, row.reason)
    return ConsultationEvent(row.id, step, row.recorded_at, row.recorded_by)


def _message(row: ConsultationMessageRow) -> Message:
    return Message(row.id, row.side, row.text, row.sent_at, row.sent_by)


def _attachment(row: AttachmentRow) -> KeptAttachment:
    return KeptAttachment(row.id, row.message_id, row.name, row.media_type, row.size, row.added_by)


def _example(row: ExampleEventRow) -> ExampleEvent:
    published = row.state is ExampleState.PUBLISHED
    text = ExampleText(row.title, row.question, row.answer) if published else None
    return ExampleEvent(row.id, row.state, text, row.recorded_at, row.recorded_by)
