"""Enrol colleagues, change and cancel (申込・変更・取消し); places follow from the events alone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal, allows
from core.reference.catalogue import shipped
from core.store.audience import standing_of
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.engine import writing
from core.store.enrolments import (
    EnrolmentLine,
    SessionPlaces,
    add_enrolment_event,
    keep_person,
    people,
    session_of_enrolment,
    session_places,
)
from core.store.enrolments import enrolment_lines as lines_of_places
from core.store.trainings import training_of
from core.training.audience import Concern, concern_of
from core.training.enrolment import (
    Enrolment,
    EnrolmentEvent,
    EnrolmentKind,
    Place,
    PlaceKind,
)
from core.training.person import Applicant, Person, checked_applicants
from core.training.training import Training, closes_at
from core.training.vocabulary import SessionFormat, TrainingState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN, FiscalYear, japan_day


@dataclass(frozen=True)
class Enrolled:
    """What came of one application.

    Attributes:
        enrolment_id: What changing and cancelling refer to.
        place: 参加確定 or キャンセル待ち with its rank.
    """

    enrolment_id: str
    place: Place


@requires("enrolment:change", municipality="lg_code")
def enrol(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    session_id: str,
    applicants: Sequence[Applicant],
    request_id: str,
    now: datetime,
) -> tuple[Enrolled, ...]:
    """Enrol colleagues of one municipality in one session, all or none.

    Whoever finds no seat is put on the waiting list in the order given.

    Args:
        request_id: The same id again enrols nobody and answers with the places as they are now.

    Returns:
        In the order of ``applicants``.

    Raises:
        InvalidInputError: All problems; fields ``people.2.mail``, counted from 1.
        ConflictError: Not open for 申込, closed, or not for this municipality.
    """
    with writing(engine) as session:
        training = _open_training(session, principal, session_id, now)
        if (
            earlier := earlier_result(session, principal, request_id, action="enrolment:enrol")
        ) is not None:
            return _places_of(session, session_id, json.loads(earlier))
        _refuse_outsiders(session, principal, training, session_id, lg_code, now)
        others = _people_of(session, session_id, lg_code)
        formats = training.held(session_id).formats
        checked = checked_applicants(applicants, formats, list(others.values()))
        ids = [uuid.uuid4().hex for _ in checked]
        for enrolment_id, applicant in zip(ids, checked, strict=True):
            keep_person(session, enrolment_id, session_id, lg_code, applicant.person)
            add_enrolment_event(
                session,
                EnrolmentEvent(
                    event_id=0,
                    enrolment_id=enrolment_id,
                    session_id=session_id,
                    version=training.version,
                    lg_code=lg_code,
                    kind=EnrolmentKind.ENROLLED,
                    attending=applicant.attending,
                    recorded_at=now,
                    recorded_by=principal.username,
                ),
            )
        remember_result(session, principal, now, "enrolment:enrol", request_id, json.dumps(ids))
        detail = {"session": session_id, "lg_code": lg_code, "people": len(ids)}
        record_audit(session, principal, now, "enrolment:enrol", training.training_id, detail)
        return _places_of(session, session_id, ids)


@requires("enrolment:change", municipality="lg_code")
def change_enrolment(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    enrolment_id: str,
    applicant: Applicant,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Change who comes or how; the place in the order stays.

    Args:
        seen_event: ``last_event`` the form showed.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: All problems, fields ``people.1.…``; or no such enrolment of this
            municipality.
        ConflictError: Changed meanwhile, cancelled, closed.
    """
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="enrolment:change") is not None:
            return
        training, enrolment = _own(session, principal, lg_code, enrolment_id, seen_event, now)
        others = _people_of(session, enrolment.session_id, lg_code)
        others.pop(enrolment_id, None)
        formats = training.held(enrolment.session_id).formats
        (checked,) = checked_applicants([applicant], formats, list(others.values()))
        keep_person(session, enrolment_id, enrolment.session_id, lg_code, checked.person)
        _say(session, principal, training, enrolment, EnrolmentKind.CHANGED, checked.attending, now)
        _close(session, principal, training, enrolment, "enrolment:change", request_id, now)


@requires("enrolment:change", municipality="lg_code")
def cancel_enrolment(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    enrolment_id: str,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Cancel one enrolment; the waiting list moves up by itself.

    Args:
        seen_event: ``last_event`` the form showed.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: No such enrolment of this municipality.
        ConflictError: Changed meanwhile, already cancelled, closed.
    """
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="enrolment:cancel") is not None:
            return
        training, enrolment = _own(session, principal, lg_code, enrolment_id, seen_event, now)
        _say(
            session,
            principal,
            training,
            enrolment,
            EnrolmentKind.CANCELLED,
            enrolment.attending,
            now,
        )
        _close(session, principal, training, enrolment, "enrolment:cancel", request_id, now)


@requires("enrolment:export")
def export_enrolments(
    engine: Engine, principal: Principal, *, session_id: str, now: datetime
) -> tuple[EnrolmentLine, ...]:
    """Everybody enrolled in a session, for a file; who took it when is audited.

    Returns:
        In order of application, cancelled ones left out.

    Raises:
        InvalidInputError: There is no such session.
    """
    with writing(engine) as session:
        training = _training(session, session_id)
        placed = _placed(session, session_id)
        lines = [
            line
            for line in lines_of_places(session, [placed])
            if line.place.kind is not PlaceKind.CANCELLED
        ]
        detail = {"session": session_id, "people": len(lines)}
        record_audit(
            session,
            principal,
            now,
            "enrolment:export",
            training.training_id,
            detail,
            data_changed=False,
        )
    return tuple(lines)


def _training(session: Session, session_id: str) -> Training:
    training = training_of(session, session_id)
    if training is None:
        raise InvalidInputError(
            {"session_id": "この日程は見つかりません。一覧から選び直してください。"}
        )
    return training


def _placed(session: Session, session_id: str) -> SessionPlaces:
    return session_places(session, [session_id])[session_id]


def _places_of(session: Session, session_id: str, ids: Sequence[str]) -> tuple[Enrolled, ...]:
    found = _placed(session, session_id).places
    return tuple(Enrolled(each, found[each]) for each in ids)


def _people_of(session: Session, session_id: str, lg_code: str) -> dict[str, Person]:
    """The municipality's colleagues in a session whose enrolment counts."""
    active = [
        each.enrolment_id
        for each in _placed(session, session_id).enrolments
        if each.lg_code == lg_code and not each.cancelled
    ]
    return people(session, active)


def _open_training(
    session: Session, principal: Principal, session_id: str, now: datetime
) -> Training:
    """The training of a session that takes 申込 from this principal now.

    The secretariat may record what it was told by telephone after the deadline.
    """
    training = _training(session, session_id)
    held, content = training.held(session_id), training.content
    if training.state in (TrainingState.DRAFT, TrainingState.DISCARDED):
        raise InvalidInputError(
            {"session_id": "この日程は見つかりません。一覧から選び直してください。"}
        )
    if training.state is TrainingState.CANCELLED or held.cancelled:
        raise ConflictError(f"{held.date.isoformat()}の日程は中止になったため、申込を扱えません。")
    closes = closes_at(held.date, held.start, content.deadline, content.deadline_time)
    if now >= closes and not allows(principal, "training:manage"):
        raise ConflictError(
            f"{held.date.isoformat()}の日程の申込・変更・取消しは"
            f"{closes.astimezone(JAPAN):%Y-%m-%d %H:%M}で締め切りました。事務局に連絡してください。"
        )
    return training


def _refuse_outsiders(
    session: Session,
    principal: Principal,
    training: Training,
    session_id: str,
    lg_code: str,
    now: datetime,
) -> None:
    """Refuse an officer whose municipality is certainly not addressed; unknown is let in."""
    shipped().municipality(lg_code)
    if allows(principal, "training:manage"):
        return
    content = training.content
    concern = concern_of(
        content.audience,
        content.named,
        shipped().trainings.programme_of(content.theme),
        int(FiscalYear.of(training.held(session_id).date)),
        standing_of(session, lg_code, now.astimezone(JAPAN).date()),
    )
    if concern is Concern.NOT_CONCERNED and content.audience is not None:
        raise ConflictError(
            f"この研修の対象は「{content.audience.label}」で、記録では対象に当たりません。"
            "参加を希望する場合は事務局に連絡してください。"
        )


def _own(
    session: Session,
    principal: Principal,
    lg_code: str,
    enrolment_id: str,
    seen_event: int,
    now: datetime,
) -> tuple[Training, Enrolment]:
    """The municipality's enrolment as the form saw it; a neighbour's does not exist."""
    missing = InvalidInputError(
        {"enrolment_id": "この申込は見つかりません。画面を更新してください。"}
    )
    session_id = session_of_enrolment(session, enrolment_id)
    if session_id is None:
        raise missing
    training = _training(session, session_id)
    found = {e.enrolment_id: e for e in _placed(session, session_id).enrolments}
    enrolment = found[enrolment_id]
    if enrolment.lg_code != lg_code:
        raise missing
    _open_training(session, principal, session_id, now)
    if enrolment.last_event != seen_event or enrolment.cancelled:
        what = "取り消して" if enrolment.cancelled else "変更して"
        raise ConflictError(
            f"この申込は{japan_day(enrolment.recorded_at)}に{enrolment.recorded_by}が{what}います。"
            "画面を更新して確認してください。"
        )
    return training, enrolment


def _say(
    session: Session,
    principal: Principal,
    training: Training,
    enrolment: Enrolment,
    kind: EnrolmentKind,
    attending: SessionFormat | None,
    now: datetime,
) -> None:
    add_enrolment_event(
        session,
        EnrolmentEvent(
            event_id=0,
            enrolment_id=enrolment.enrolment_id,
            session_id=enrolment.session_id,
            version=training.version,
            lg_code=enrolment.lg_code,
            kind=kind,
            attending=attending,
            recorded_at=now,
            recorded_by=principal.username,
        ),
    )


def _close(
    session: Session,
    principal: Principal,
    training: Training,
    enrolment: Enrolment,
    action: str,
    request_id: str,
    now: datetime,
) -> None:
    remember_result(session, principal, now, action, request_id, "")
    detail = {
        "session": enrolment.session_id,
        "lg_code": enrolment.lg_code,
        "enrolment": enrolment.enrolment_id,
    }
    record_audit(session, principal, now, action, training.training_id, detail)
