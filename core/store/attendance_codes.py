"""Rows of ``attendance_code`` and ``attendance_attempt``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.store.tables import AttendanceAttemptRow, AttendanceCodeRow
from core.training.attendance import ATTEMPTS_WITHIN, AttendanceCode


def current_code(session: Session, session_id: str, now: datetime) -> AttendanceCode | None:
    """The code a session takes now: the last one issued, while it has not expired."""
    row = session.scalar(
        select(AttendanceCodeRow)
        .where(AttendanceCodeRow.session_id == session_id)
        .order_by(AttendanceCodeRow.id.desc())
        .limit(1)
    )
    return (
        None if row is None or row.expires_at <= now else AttendanceCode(row.code, row.expires_at)
    )


def add_code(
    session: Session, session_id: str, code: AttendanceCode, issued_at: datetime, issued_by: str
) -> None:
    """Insert one; the one before counts no longer."""
    session.add(
        AttendanceCodeRow(
            session_id=session_id,
            code=code.code,
            issued_at=issued_at,
            expires_at=code.expires_at,
            issued_by=issued_by,
        )
    )
    session.flush()


def recent_failures(session: Session, session_id: str, lg_code: str, now: datetime) -> int:
    """Wrong codes of one municipality for one session lately."""
    return (
        session.scalar(
            select(func.count()).where(
                AttendanceAttemptRow.session_id == session_id,
                AttendanceAttemptRow.lg_code == lg_code,
                AttendanceAttemptRow.at > now - ATTEMPTS_WITHIN,
            )
        )
        or 0
    )


def add_failure(
    session: Session, session_id: str, lg_code: str, now: datetime, username: str
) -> None:
    """Insert one wrong code."""
    session.add(
        AttendanceAttemptRow(session_id=session_id, lg_code=lg_code, at=now, username=username)
    )
    session.flush()
