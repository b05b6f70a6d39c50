"""Enrolments with their place, person and attendance, as lists show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.store.enrolments import attendance_events, enrolment_events, people
from core.training.attendance import AttendanceEvent, attendance
from core.training.enrolment import Enrolment, Place, Seats, enrolments, places, seats
from core.training.person import Person
from core.training.training import Training


@dataclass(frozen=True)
class EnrolmentLine:
    """One enrolment.

    Attributes:
        enrolment: What was said.
        place: What it has come to.
        person: Who; None after the personal data was deleted.
        attendance: The mark; None for nothing recorded, which is not 欠席.
    """

    enrolment: Enrolment
    place: Place
    person: Person | None
    attendance: AttendanceEvent | None


@dataclass(frozen=True)
class Limits:
    """What bounds the places of one session.

    Attributes:
        capacity: 定員; None for no limit.
        seats_per_municipality: None for no limit.
    """

    capacity: int | None
    seats_per_municipality: int | None


def limits_of(training: Training, session_id: str) -> Limits:
    """What bounds the places of one session of a training."""
    return Limits(training.held(session_id).capacity, training.content.seats_per_municipality)


@dataclass(frozen=True)
class SessionPlaces:
    """The places of one session; holds nothing personal.

    Attributes:
        enrolments: In order of application, cancelled ones included.
        places: By ``enrolment_id``.
        seats: How full it is.
    """

    enrolments: tuple[Enrolment, ...]
    places: Mapping[str, Place]
    seats: Seats

    def of(self, lg_code: str | None) -> list[Place]:
        """The places of one municipality."""
        return [self.places[e.enrolment_id] for e in self.enrolments if e.lg_code == lg_code]


def session_places(session: Session, limits: Mapping[str, Limits]) -> dict[str, SessionPlaces]:
    """Places of several sessions from one query.

    Args:
        session: The transaction.
        limits: By ``session_id``, for each session wanted.
    """
    by_session: dict[str, list[Enrolment]] = {session_id: [] for session_id in limits}
    for each in enrolments(enrolment_events(session, list(limits))):
        by_session[each.session_id].append(each)
    found = {}
    for session_id, limit in limits.items():
        own = by_session[session_id]
        placed = places(own, limit.capacity, limit.seats_per_municipality)
        found[session_id] = SessionPlaces(tuple(own), placed, seats(own, placed, limit.capacity))
    return found


def enrolment_lines(
    session: Session, placed: Iterable[SessionPlaces], lg_code: str | None = None
) -> list[EnrolmentLine]:
    """Lines with persons and marks, in order of session and application.

    Args:
        session: The transaction.
        placed: The sessions wanted.
        lg_code: Only enrolments of this municipality; None for all.
    """
    chosen = [
        (each, one.places[each.enrolment_id])
        for one in placed
        for each in one.enrolments
        if lg_code in (None, each.lg_code)
    ]
    marks = attendance(attendance_events(session, _sessions(chosen)))
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


def _sessions(chosen: Iterable[tuple[Enrolment, Place]]) -> Collection[str]:
    return {each.session_id for each, _ in chosen}
