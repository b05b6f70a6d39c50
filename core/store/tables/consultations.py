"""Consultations with the advisors, and hearings."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.consultation.case import Side
from core.consultation.event import ConsultationState
from core.consultation.example import ExampleState
from core.consultation.hearing import HearingState
from core.consultation.theme import MeetingForm, Theme
from core.store.tables.base import SERIAL, Base, choice


class ConsultationRow(Base):
    """アドバイザー相談: the request as it arrived; insert-only."""

    __tablename__ = "consultation"
    __table_args__ = (
        UniqueConstraint("fiscal_year", "serial", name="consultation_number"),
        CheckConstraint("serial > 0", name="serial_from_one"),
        Index("consultation_lg_code", "lg_code"),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    fiscal_year: Mapped[int]
    serial: Mapped[int]
    lg_code: Mapped[str]
    theme: Mapped[Theme] = mapped_column(choice(Theme))
    title: Mapped[str]
    question: Mapped[str]
    tried: Mapped[str]
    meeting: Mapped[MeetingForm] = mapped_column(choice(MeetingForm))
    first_wished: Mapped[date | None]
    second_wished: Mapped[date | None]
    third_wished: Mapped[date | None]
    wished_note: Mapped[str]
    requested_at: Mapped[datetime]
    requested_by: Mapped[str]


class ConsultationContactRow(Base):
    """担当者: personal data, apart so that it can be deleted while the request stays."""

    __tablename__ = "consultation_contact"

    consultation_id: Mapped[int] = mapped_column(
        SERIAL, ForeignKey("consultation.id"), primary_key=True, autoincrement=False
    )
    department: Mapped[str]
    name: Mapped[str]
    mail: Mapped[str]
    phone: Mapped[str]


class ConsultationEventRow(Base):
    """相談の経過: every step; insert-only."""

    __tablename__ = "consultation_event"
    __table_args__ = (Index("consultation_event_of", "consultation_id"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(SERIAL, ForeignKey("consultation.id"))
    state: Mapped[ConsultationState] = mapped_column(choice(ConsultationState))
    day: Mapped[date | None]
    start: Mapped[time | None]
    meeting: Mapped[MeetingForm | None] = mapped_column(choice(MeetingForm))
    place: Mapped[str]
    answer: Mapped[str]
    reason: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class ConsultationMessageRow(Base):
    """やりとり: one message; insert-only."""

    __tablename__ = "consultation_message"
    __table_args__ = (Index("consultation_message_of", "consultation_id"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(SERIAL, ForeignKey("consultation.id"))
    side: Mapped[Side] = mapped_column(choice(Side))
    text: Mapped[str]
    sent_at: Mapped[datetime]
    sent_by: Mapped[str]


class AttachmentRow(Base):
    """添付: a file with its bytes, so that one backup holds everything; insert-only."""

    __tablename__ = "attachment"
    __table_args__ = (Index("attachment_of", "consultation_id"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(SERIAL, ForeignKey("consultation.id"))
    message_id: Mapped[int | None] = mapped_column(SERIAL, ForeignKey("consultation_message.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime]
    added_by: Mapped[str]


class ExampleEventRow(Base):
    """好事例の同意と公開: every word about it; insert-only."""

    __tablename__ = "example_event"
    __table_args__ = (
        Index("example_event_of", "consultation_id"),
        CheckConstraint("(state = 'published') = (answer <> '')", name="published_has_text"),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(SERIAL, ForeignKey("consultation.id"))
    state: Mapped[ExampleState] = mapped_column(choice(ExampleState))
    title: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class HearingEventRow(Base):
    """ヒアリング: every date planned, held or cancelled; insert-only."""

    __tablename__ = "hearing_event"
    __table_args__ = (Index("hearing_event_key", "fiscal_year", "lg_code"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    lg_code: Mapped[str]
    fiscal_year: Mapped[int]
    state: Mapped[HearingState] = mapped_column(choice(HearingState))
    day: Mapped[date]
    start: Mapped[time | None]
    meeting: Mapped[MeetingForm] = mapped_column(choice(MeetingForm))
    note: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
