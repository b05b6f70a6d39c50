"""Enrolments and the persons in them, attendance and its codes, calendar addresses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import SERIAL, Base, choice
from core.training.attendance import AttendanceMark, AttendanceMeans
from core.training.enrolment import EnrolmentKind
from core.training.vocabulary import SessionFormat


class EnrolleeRow(Base):
    """申込者: the only personal data; changed on request and deleted after its time."""

    __tablename__ = "enrollee"

    enrolment_id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(index=True)
    lg_code: Mapped[str]
    name: Mapped[str]
    department: Mapped[str]
    mail: Mapped[str]


class EnrolmentRow(Base):
    """申込の記録: insert-only and without a name."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index("enrolment_session", "session_id", "id"),
        Index("enrolment_lg_code", "lg_code", "session_id"),
        Index("enrolment_of_one", "enrolment_id", "id"),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    enrolment_id: Mapped[str]
    session_id: Mapped[str]
    version: Mapped[int]
    lg_code: Mapped[str]
    kind: Mapped[EnrolmentKind] = mapped_column(choice(EnrolmentKind))
    attending: Mapped[SessionFormat | None] = mapped_column(choice(SessionFormat))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class AttendanceRow(Base):
    """出席の記録: insert-only; the last mark of an enrolment counts."""

    __tablename__ = "attendance"
    __table_args__ = (Index("attendance_session", "session_id", "id"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    enrolment_id: Mapped[str]
    session_id: Mapped[str]
    lg_code: Mapped[str]
    mark: Mapped[AttendanceMark] = mapped_column(choice(AttendanceMark))
    means: Mapped[AttendanceMeans] = mapped_column(choice(AttendanceMeans))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class AttendanceCodeRow(Base):
    """出席コード: insert-only; the last one of a session counts until it expires."""

    __tablename__ = "attendance_code"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    session_id: Mapped[str] = mapped_column(index=True)
    code: Mapped[str]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    issued_by: Mapped[str]


class AttendanceAttemptRow(Base):
    """出席コードの誤入力: insert-only; too many close the entry for a while."""

    __tablename__ = "attendance_attempt"
    __table_args__ = (Index("attendance_attempt_session", "session_id", "lg_code", "at"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    session_id: Mapped[str]
    lg_code: Mapped[str]
    at: Mapped[datetime]
    username: Mapped[str]


class CalendarTokenRow(Base):
    """カレンダー用アドレス: the token itself is never kept, only its hash."""

    __tablename__ = "calendar_token"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    token_id: Mapped[str] = mapped_column(unique=True)
    username: Mapped[str]
    lg_code: Mapped[str] = mapped_column(index=True)
    label: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
