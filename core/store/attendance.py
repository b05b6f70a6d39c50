"""出席: marks, the codes a session is closed with, and wrong ones typed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, func, select
from sqlalchemy.orm import Session

from core.store.columns import Instant, Words
from core.store.table import Stored
from core.training.attendance import ATTEMPTS_WITHIN, AttendanceCode, AttendanceEvent


@dataclass(frozen=True)
class WrongCode:
    """出席コードの誤入力: too many close the entry for a while."""

    session_id: str
    lg_code: str
    at: datetime
    username: str


MARKS = Stored("attendance", AttendanceEvent, Index("attendance_session", "session_id", "id"))
CODES = Stored(
    "attendance_code",
    AttendanceCode,
    Column("session_id", Words, nullable=False, index=True),
    Column("issued_at", Instant, nullable=False),
    Column("issued_by", Words, nullable=False),
    key="",
)
ATTEMPTS = Stored(
    "attendance_attempt",
    WrongCode,
    Index("attendance_attempt_session", "session_id", "lg_code", "at"),
    key="",
)


def attendance_events(session: Session, session_ids: Collection[str]) -> list[AttendanceEvent]:
    """Every mark of some sessions, oldest first; the last one of an enrolment counts."""
    return MARKS.all(session, MARKS.c.session_id.in_(session_ids))


def all_attendance_events(session: Session) -> list[AttendanceEvent]:
    """Every mark of all sessions, oldest first."""
    return MARKS.all(session)


def add_attendance_event(session: Session, event: AttendanceEvent) -> None:
    """Insert one."""
    MARKS.add(session, event)


def current_code(session: Session, session_id: str, now: datetime) -> AttendanceCode | None:
    """The code a session takes now: the last one issued, while it has not expired."""
    query = CODES.query.where(CODES.c.session_id == session_id).order_by(CODES.c.id.desc())
    last = CODES.first(session, query)
    return None if last is None or last.expires_at <= now else last


def add_code(
    session: Session, session_id: str, code: AttendanceCode, issued_at: datetime, issued_by: str
) -> None:
    """Insert one; the one before counts no longer."""
    CODES.add(session, code, session_id=session_id, issued_at=issued_at, issued_by=issued_by)


def recent_failures(session: Session, session_id: str, lg_code: str, now: datetime) -> int:
    """Wrong codes of one municipality for one session lately."""
    made = ATTEMPTS.c
    query = select(func.count()).where(
        made.session_id == session_id, made.lg_code == lg_code, made.at > now - ATTEMPTS_WITHIN
    )
    return session.scalar(query) or 0


def add_failure(
    session: Session, session_id: str, lg_code: str, now: datetime, username: str
) -> None:
    """Insert one wrong code."""
    ATTEMPTS.add(session, WrongCode(session_id, lg_code, now, username))
