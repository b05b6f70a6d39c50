"""Who is enrolled: a municipality's own, and the secretariat's lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.imports.reading import attendance_list
from core.reference.pack import Reference
from core.store.attendance import current_code
from core.store.engine import reading
from core.store.enrolments import (
    EnrolmentLine,
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
from core.training.roll import Enrolled, RollReading, read_roll
from core.training.training import NO_SESSION, NO_TRAINING, Training, TrainingSession, closes_at
from core.training.vocabulary import TrainingState
from core.values.errors import InvalidInputError


@dataclass(frozen=True)
class OwnEnrolment:
    """One enrolment of the own municipality with what it is for."""

    line: EnrolmentLine
    training: Training  # the training, without addresses for joining
    session: TrainingSession  # the session; its address for joining once this enrolment has a seat
    closes_at: datetime  # from when officers can no longer change or cancel

    @property
    def cancelled(self) -> bool:
        """中止 or 取りやめ: the session does not take place, whatever was enrolled."""
        return self.session.cancelled or self.training.state is TrainingState.CANCELLED


@requires("enrolment:read", municipality="lg_code")
def own_enrolments_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
) -> tuple[OwnEnrolment, ...]:
    """Whom a municipality has enrolled for what, with places, attendance and ways to join.

    The latest session first, then in order of application.
    """
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
    return tuple(found)


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
    """One session as the secretariat sees it."""

    session: TrainingSession  # the session with its address for joining
    seats: Seats
    # everybody enrolled, in order of application, cancelled ones included
    lines: tuple[EnrolmentLine, ...]
    code: AttendanceCode | None  # the code on the wall, while one is taken


@dataclass(frozen=True)
class TrainingDeskAnswer:
    """One training as the secretariat sees it."""

    training: Training
    history: tuple[Training, ...]  # every version, oldest first
    sessions: tuple[DeskSession, ...]
    municipalities: dict[str, str]  # name by code


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
            raise InvalidInputError(NO_TRAINING)
        training = history[-1]
        ids = [each.session_id for each in training.content.sessions]
        placed = session_places(session, ids)
        sessions = tuple(
            DeskSession(
                session=training.held(each),
                seats=placed[each].seats,
                lines=tuple(enrolment_lines(session, [placed[each]])),
                code=current_code(session, each, now),
            )
            for each in ids
        )
    return TrainingDeskAnswer(
        training=training,
        history=tuple(history),
        sessions=sessions,
        municipalities={code: m.name for code, m in reference.ever.items()},
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
            raise InvalidInputError(NO_SESSION)
        placed = session_places(session, [session_id])
        lines = enrolment_lines(session, placed.values(), lg_code)
    return tuple(line for line in lines if line.place.kind is PlaceKind.SEATED)


@requires("attendance:mark")
def attendance_file_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    session_id: str,
    content: bytes,
) -> RollReading:
    """What an attendance list (.xlsx or CSV) would record; nothing is recorded yet.

    Raises:
        InvalidInputError: There is no such session, or field ``file``.
    """
    rows = attendance_list(content)
    with reading(engine) as session:
        training = training_of(session, session_id)
        if training is None:
            raise InvalidInputError(NO_SESSION)
        placed = session_places(session, [session_id])
        active = [each for each in placed[session_id].enrolments if not each.cancelled]
        persons = people(session, [each.enrolment_id for each in active])
    known = {
        each.enrolment_id: Enrolled(persons.get(each.enrolment_id), reference.called(each.lg_code))
        for each in active
    }
    return read_roll(rows, known)
