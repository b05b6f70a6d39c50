"""Who is enrolled: a municipality's own, and the secretariat's lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.imports.attendance import read_attendance_file
from core.reference.pack import Reference
from core.store.attendance import current_code
from core.store.engine import reading
from core.store.enrolments import (
    EnrolmentLine,
    SessionPlaces,
    enrolment_lines,
    people,
    session_places,
    sessions_enrolled_for,
)
from core.store.trainings import (
    SHOWN,
    session_lines,
    training_history,
    training_of,
    trainings_of,
    with_states,
)
from core.training.attendance import AttendanceCode
from core.training.enrolment import PlaceKind, Seats
from core.training.line import SessionLine
from core.training.roll import RollReading, read_roll
from core.training.training import Training, TrainingSession, closes_at
from core.training.vocabulary import TrainingState
from core.values.errors import InvalidInputError


@dataclass(frozen=True)
class OwnEnrolment:
    """One enrolment of the own municipality with what it is for.

    Attributes:
        line: Person, place, attendance.
        training: The training, without addresses for joining.
        session: The session; its address for joining once this enrolment has a seat.
        closes_at: From when officers can no longer change or cancel.
    """

    line: EnrolmentLine
    training: Training
    session: TrainingSession
    closes_at: datetime


@dataclass(frozen=True)
class OwnEnrolmentsAnswer:
    """Every enrolment of one municipality.

    Attributes:
        enrolments: The latest session first, then in order of application.
    """

    enrolments: tuple[OwnEnrolment, ...]


@requires("enrolment:read", municipality="lg_code")
def own_enrolments_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
) -> OwnEnrolmentsAnswer:
    """Whom a municipality has enrolled for what, with places, attendance and ways to join."""
    with reading(engine) as session:
        wanted = set(sessions_enrolled_for(session, lg_code))
        trainings = {
            each.session_id: training
            for training in trainings_of(session, wanted)
            for each in training.content.sessions
            if each.session_id in wanted
        }
        placed = session_places(session, list(trainings))
        lines = enrolment_lines(session, placed.values(), lg_code)
    found = [_own(line, trainings[line.enrolment.session_id]) for line in lines]
    found.sort(key=lambda each: each.session.date, reverse=True)
    return OwnEnrolmentsAnswer(tuple(found))


def _own(line: EnrolmentLine, training: Training) -> OwnEnrolment:
    joinable = [line.enrolment.session_id] if line.place.kind is PlaceKind.SEATED else []
    shown = training.with_addresses_of(joinable)
    session = shown.held(line.enrolment.session_id)
    content = training.content
    return OwnEnrolment(
        line=line,
        training=training.with_addresses_of(()),
        session=session,
        closes_at=closes_at(session.date, session.start, content.deadline, content.deadline_time),
    )


@dataclass(frozen=True)
class DeskSession:
    """One session as the secretariat sees it.

    Attributes:
        session: The session with its address for joining.
        seats: How full it is.
        lines: Everybody enrolled, in order of application, cancelled ones included.
        code: The code on the wall, while one is taken.
    """

    session: TrainingSession
    seats: Seats
    lines: tuple[EnrolmentLine, ...]
    code: AttendanceCode | None


@dataclass(frozen=True)
class TrainingDeskAnswer:
    """One training as the secretariat sees it.

    Attributes:
        training: As its last version says.
        history: Every version, oldest first.
        sessions: With everybody enrolled.
        municipalities: Name by code.
    """

    training: Training
    history: tuple[Training, ...]
    sessions: tuple[DeskSession, ...]
    municipalities: dict[str, str]


@requires("training:manage")
def training_desk_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    training_id: str,
    now: datetime,
) -> TrainingDeskAnswer:
    """Everything of one training: versions, who is enrolled, who came, the code on the wall.

    Raises:
        InvalidInputError: There is no such training.
    """
    with reading(engine) as session:
        history = training_history(session, training_id)
        if not history:
            raise InvalidInputError(
                {"training_id": "この研修は見つかりません。一覧から選び直してください。"}
            )
        training = history[-1]
        ids = [each.session_id for each in training.content.sessions]
        placed = session_places(session, ids)
        sessions = tuple(_desk(session, training, each, placed[each], now) for each in ids)
    return TrainingDeskAnswer(
        training=training,
        history=tuple(history),
        sessions=sessions,
        municipalities={m.lg_code: m.name for m in reference.municipalities},
    )


def _desk(
    session: Session, training: Training, session_id: str, placed: SessionPlaces, now: datetime
) -> DeskSession:
    return DeskSession(
        session=training.held(session_id),
        seats=placed.seats,
        lines=tuple(enrolment_lines(session, [placed])),
        code=current_code(session, session_id, now),
    )


@requires("training:manage")
def unpublished_trainings_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
) -> tuple[SessionLine, ...]:
    """Sessions of drafts, in order of day."""
    with reading(engine) as session:
        return tuple(session_lines(session, with_states(TrainingState.DRAFT)))


@requires("attendance:confirm", municipality="lg_code")
def attendance_entry_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
    session_id: str,
) -> tuple[EnrolmentLine, ...]:
    """Colleagues with a seat in a session, for entering the code on the wall.

    Raises:
        InvalidInputError: There is no such session.
    """
    with reading(engine) as session:
        training = training_of(session, session_id)
        if training is None or training.state not in SHOWN:
            raise InvalidInputError(
                {"session_id": "この日程は見つかりません。一覧から選び直してください。"}
            )
        placed = session_places(session, [session_id])
        lines = enrolment_lines(session, placed.values(), lg_code)
    return tuple(line for line in lines if line.place.kind is PlaceKind.SEATED)


@requires("attendance:mark")
def attendance_file_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    session_id: str,
    content: bytes,
) -> RollReading:
    """What an attendance list would record; nothing is recorded yet.

    Args:
        session_id: Which session.
        content: The file (.xlsx or CSV).

    Raises:
        InvalidInputError: There is no such session, or field ``file``.
    """
    rows = read_attendance_file(content)
    with reading(engine) as session:
        training = training_of(session, session_id)
        if training is None:
            raise InvalidInputError(
                {"session_id": "この日程は見つかりません。一覧から選び直してください。"}
            )
        placed = session_places(session, [session_id])
        active = [each.enrolment_id for each in placed[session_id].enrolments if not each.cancelled]
        persons = people(session, active)
    return read_roll(rows, {each: persons.get(each) for each in active})
