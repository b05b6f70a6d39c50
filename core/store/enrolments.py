"""Rows of ``enrolment``, ``enrollee`` and ``attendance`` ↔ events and persons."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.store.tables import AttendanceRow, EnrolleeRow, EnrolmentRow
from core.training.attendance import AttendanceEvent
from core.training.enrolment import EnrolmentEvent
from core.training.person import Person


def enrolment_events(session: Session, session_ids: Collection[str]) -> list[EnrolmentEvent]:
    """Everything said of the enrolments of some sessions, oldest first."""
    rows = session.scalars(
        select(EnrolmentRow)
        .where(EnrolmentRow.session_id.in_(session_ids))
        .order_by(EnrolmentRow.id)
    )
    return [_enrolment(row) for row in rows]


def all_enrolment_events(session: Session) -> list[EnrolmentEvent]:
    """Everything said of all enrolments, oldest first."""
    return [
        _enrolment(row) for row in session.scalars(select(EnrolmentRow).order_by(EnrolmentRow.id))
    ]


def sessions_enrolled_for(session: Session, lg_code: str) -> list[str]:
    """Sessions a municipality has ever enrolled somebody for."""
    return list(
        session.scalars(
            select(EnrolmentRow.session_id)
            .where(EnrolmentRow.lg_code == lg_code)
            .group_by(EnrolmentRow.session_id)
            .order_by(func.min(EnrolmentRow.id))
        )
    )


def session_of_enrolment(session: Session, enrolment_id: str) -> str | None:
    """The session an enrolment is for; None when there is no such enrolment."""
    return session.scalar(
        select(EnrolmentRow.session_id).where(EnrolmentRow.enrolment_id == enrolment_id).limit(1)
    )


def add_enrolment_event(session: Session, event: EnrolmentEvent) -> None:
    """Insert one."""
    session.add(
        EnrolmentRow(
            enrolment_id=event.enrolment_id,
            session_id=event.session_id,
            version=event.version,
            lg_code=event.lg_code,
            kind=event.kind,
            attending=event.attending,
            recorded_at=event.recorded_at,
            recorded_by=event.recorded_by,
        )
    )
    session.flush()


def _enrolment(row: EnrolmentRow) -> EnrolmentEvent:
    return EnrolmentEvent(
        event_id=row.id,
        enrolment_id=row.enrolment_id,
        session_id=row.session_id,
        version=row.version,
        lg_code=row.lg_code,
        kind=row.kind,
        attending=row.attending,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )


def people(session: Session, enrolment_ids: Iterable[str]) -> dict[str, Person]:
    """Persons by ``enrolment_id``; whoever was deleted is absent."""
    rows = session.scalars(
        select(EnrolleeRow).where(EnrolleeRow.enrolment_id.in_(list(enrolment_ids)))
    )
    return {row.enrolment_id: Person(row.name, row.department, row.mail) for row in rows}


def keep_person(
    session: Session, enrolment_id: str, session_id: str, lg_code: str, person: Person
) -> None:
    """Keep or change the person of an enrolment; the only place a name is written to."""
    session.merge(
        EnrolleeRow(
            enrolment_id=enrolment_id,
            session_id=session_id,
            lg_code=lg_code,
            name=person.name,
            department=person.department,
            mail=person.mail,
        )
    )
    session.flush()


def sessions_with_people(session: Session) -> dict[str, int]:
    """How many persons are kept of each session."""
    rows = session.execute(
        select(EnrolleeRow.session_id, func.count()).group_by(EnrolleeRow.session_id)
    )
    return {row[0]: row[1] for row in rows}


def forget_people(session: Session, session_ids: Collection[str]) -> None:
    """Delete the persons of some sessions; what happened stays, without a name."""
    session.execute(delete(EnrolleeRow).where(EnrolleeRow.session_id.in_(session_ids)))


def attendance_events(session: Session, session_ids: Collection[str]) -> list[AttendanceEvent]:
    """Every mark of some sessions, oldest first."""
    rows = session.scalars(
        select(AttendanceRow)
        .where(AttendanceRow.session_id.in_(session_ids))
        .order_by(AttendanceRow.id)
    )
    return [_mark(row) for row in rows]


def all_attendance_events(session: Session) -> list[AttendanceEvent]:
    """Every mark of all sessions, oldest first."""
    return [_mark(row) for row in session.scalars(select(AttendanceRow).order_by(AttendanceRow.id))]


def add_attendance_event(session: Session, event: AttendanceEvent) -> None:
    """Insert one."""
    session.add(
        AttendanceRow(
            enrolment_id=event.enrolment_id,
            session_id=event.session_id,
            lg_code=event.lg_code,
            mark=event.mark,
            means=event.means,
            recorded_at=event.recorded_at,
            recorded_by=event.recorded_by,
        )
    )
    session.flush()


def _mark(row: AttendanceRow) -> AttendanceEvent:
    return AttendanceEvent(
        event_id=row.id,
        enrolment_id=row.enrolment_id,
        session_id=row.session_id,
        lg_code=row.lg_code,
        mark=row.mark,
        means=row.means,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )
