"""Enrolments with their place, person and attendance, as lists show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.store.enrolments import attendance_events, enrolment_events, people
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
