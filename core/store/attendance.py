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
WRONG_CODES = Stored(
    "attendance_attempt",
    WrongCode,
    Index("attendance_attempt_session", "session_id", "lg_code", "at"),
    key="",
)


def attendance_events(session: Session, session_ids: Collection[str]) -> list[AttendanceEvent]:
    """Every mark of some sessions, oldest first; the last one of an enrolment counts."""
    return MARKS.all(session, MARKS.c.session_id.in_(session_ids))


def current_code(session: Session, session_id: str, now: datetime) -> AttendanceCode | None:
    """The code a session takes now: the last one issued, while it has not expired."""
    query = CODES.query.where(CODES.c.session_id == session_id).order_by(CODES.c.id.desc())
    last = CODES.first(session, query)
    return None if last is None or last.expires_at <= now else last


def recent_failures(session: Session, session_id: str, lg_code: str, now: datetime) -> int:
    """Wrong codes of one municipality for one session lately."""
    made = WRONG_CODES.c
    query = select(func.count()).where(
        made.session_id == session_id, made.lg_code == lg_code, made.at > now - ATTEMPTS_WITHIN
    )
    return session.scalar(query) or 0
