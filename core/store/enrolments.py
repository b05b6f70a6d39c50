"""申込: what was said without a name, the persons apart, and the places that come of both."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Index, func, select
from sqlalchemy.orm import Session

from core.store.attendance import attendance_events
from core.store.columns import Words
from core.store.table import Stored
from core.store.trainings import session_limits
from core.training.attendance import AttendanceEvent, attendance
from core.training.enrolment import (
    Enrolment,
    EnrolmentEvent,
    Limits,
    Place,
    Seats,
    enrolments,
    places,
    seats,
)
from core.training.person import Person

ENROLMENTS = Stored(
    "enrolment",
    EnrolmentEvent,
    Index("enrolment_session", "session_id", "id"),
    Index("enrolment_lg_code", "lg_code", "session_id"),
    Index("enrolment_of_one", "enrolment_id", "id"),
)
PERSONS = Stored(
    "enrollee",
    Person,
    Column("enrolment_id", Words, primary_key=True),
    Column("session_id", Words, nullable=False, index=True),
    Column("lg_code", Words, nullable=False),
    key=None,
    forgettable=True,
)


def enrolment_events(session: Session, session_ids: Collection[str]) -> list[EnrolmentEvent]:
    """Everything said of the enrolments of some sessions, oldest first."""
    return ENROLMENTS.all(session, ENROLMENTS.c.session_id.in_(session_ids))


def sessions_enrolled_for(session: Session, lg_code: str) -> list[str]:
    """Sessions a municipality has ever enrolled somebody for."""
    said = ENROLMENTS.c
    query = select(said.session_id).where(said.lg_code == lg_code).group_by(said.session_id)
    return list(session.scalars(query.order_by(func.min(said.id))))


def session_of_enrolment(session: Session, enrolment_id: str) -> str | None:
    """The session an enrolment is for; None when there is no such enrolment."""
    query = select(ENROLMENTS.c.session_id).where(ENROLMENTS.c.enrolment_id == enrolment_id)
    return session.scalar(query.limit(1))


def people(session: Session, enrolment_ids: Iterable[str]) -> dict[str, Person]:
    """Persons by ``enrolment_id``; whoever was deleted is absent."""
    query = PERSONS.query.where(PERSONS.c.enrolment_id.in_(list(enrolment_ids)))
    return {key: person for key, (person,) in PERSONS.by(session, "enrolment_id", query).items()}


def keep_person(
    session: Session, enrolment_id: str, session_id: str, lg_code: str, person: Person
) -> None:
    """Keep or change the person of an enrolment; the only place a name is written to."""
    where = {"enrolment_id": enrolment_id, "session_id": session_id, "lg_code": lg_code}
    PERSONS.put(session, person, **where)


def sessions_with_people(session: Session) -> dict[str, int]:
    """How many persons are kept of each session."""
    kept = PERSONS.c.session_id
    rows = session.execute(select(kept, func.count()).group_by(kept))
    return {row[0]: row[1] for row in rows}


def forget_people(session: Session, session_ids: Collection[str]) -> None:
    """Delete the persons of some sessions; what happened stays, without a name."""
    PERSONS.forget(session, PERSONS.c.session_id.in_(session_ids))


@dataclass(frozen=True)
class EnrolmentLine:
    """One enrolment."""

    enrolment: Enrolment  # what was said
    place: Place  # what it has come to
    person: Person | None  # who; None after the personal data was deleted
    attendance: AttendanceEvent | None  # the mark; None for nothing recorded, which is not 欠席


@dataclass(frozen=True)
class SessionPlaces:
    """The places of one session; holds nothing personal."""

    enrolments: tuple[Enrolment, ...]  # in order of application, cancelled ones included
    places: Mapping[str, Place]  # by ``enrolment_id``
    seats: Seats

    def of(self, lg_code: str | None) -> list[Place]:
        """The places of one municipality."""
        return [self.places[e.enrolment_id] for e in self.enrolments if e.lg_code == lg_code]


def session_places(session: Session, session_ids: Collection[str]) -> dict[str, SessionPlaces]:
    """Places of several sessions, by ``session_id``, from two queries."""
    events: dict[str, list[EnrolmentEvent]] = {session_id: [] for session_id in session_ids}
    for event in enrolment_events(session, session_ids):
        events[event.session_id].append(event)
    limits = session_limits(session, session_ids)
    return {
        session_id: _placed(own, limits.get(session_id, [])) for session_id, own in events.items()
    }


def _placed(events: list[EnrolmentEvent], limits: list[Limits]) -> SessionPlaces:
    enrolled, placed = enrolments(events), places(events, limits)
    capacity = limits[-1].capacity if limits else None
    return SessionPlaces(tuple(enrolled), placed, seats(enrolled, placed, capacity))


def enrolment_lines(
    session: Session, placed: Iterable[SessionPlaces], lg_code: str | None = None
) -> list[EnrolmentLine]:
    """Lines with persons and marks, in order of session and application.

    Args:
        lg_code: Only enrolments of this municipality; None for all.
    """
    chosen = [
        (each, one.places[each.enrolment_id])
        for one in placed
        for each in one.enrolments
        if lg_code in (None, each.lg_code)
    ]
    marks = attendance(attendance_events(session, {each.session_id for each, _ in chosen}))
    persons = people(session, [each.enrolment_id for each, _ in chosen])
    return [
        EnrolmentLine(
            enrolment=each,
            place=place,
            person=persons.get(each.enrolment_id),
            attendance=marks.get(each.enrolment_id),
        )
        for each, place in chosen
    ]
