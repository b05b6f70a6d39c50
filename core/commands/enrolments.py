"""Enrol colleagues, change and cancel (申込・変更・取消し); places follow from the events alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal, allows
from core.reference.pack import Reference
from core.store.audience import standing_of
from core.store.enrolments import (
    ENROLMENTS,
    EnrolmentLine,
    SessionPlaces,
    keep_person,
    people,
    session_of_enrolment,
    session_places,
)
from core.store.enrolments import enrolment_lines as lines_of_places
from core.store.trainings import training_of
from core.store.work import Work, command, refuse_stale
from core.training.audience import Concern, concern_of
from core.training.enrolment import Enrolment, EnrolmentEvent, EnrolmentKind, Place, PlaceKind
from core.training.person import Applicant, Person, checked_applicants
from core.training.training import (
    NO_SESSION,
    Training,
    closes_at,
    moment_words,
    taking_place,
)
from core.training.vocabulary import SessionFormat
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear
from core.views.enrolments import OwnEnrolment, own_enrolments_view


@dataclass(frozen=True)
class Enrolled:
    """What came of one application."""

    enrolment_id: str  # what changing and cancelling refer to
    place: Place  # 参加確定 or キャンセル待ち with its rank, when it was made


@command("enrolment:enrol", "研修の申込", "enrolment:change")
def enrol(
    work: Work,
    *,
    lg_code: str,
    session_id: str,
    applicants: Sequence[Applicant],
    together: bool = False,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> tuple[Enrolled, ...]:
    """Enrol colleagues of one municipality in one session, all or none.

    Whoever finds no seat is put on the waiting list in the order given.

    Args:
        together: 一緒でなければ申し込まない: unless there is a seat for each of them, nobody is
            enrolled.

    Returns:
        In the order of ``applicants``.

    Raises:
        InvalidInputError: All problems; fields ``people.2.mail``, counted from 1.
        ConflictError: Not open for 申込, closed, not for this municipality, or no seats for all.
    """
    training = _open_training(work, session_id)
    _refuse_outsiders(work, reference, training, session_id, lg_code)
    others = _people_of(work.session, session_id, lg_code)
    formats = training.held(session_id).formats
    checked = checked_applicants(applicants, formats, list(others.values()))
    ids = [uuid.uuid4().hex for _ in checked]
    for enrolment_id, applicant in zip(ids, checked, strict=True):
        keep_person(work.session, enrolment_id, session_id, lg_code, applicant.person)
        ENROLMENTS.add(
            work.session,
            EnrolmentEvent(
                event_id=0,
                enrolment_id=enrolment_id,
                session_id=session_id,
                version=training.version,
                lg_code=lg_code,
                kind=EnrolmentKind.ENROLLED,
                attending=applicant.attending,
                recorded_at=work.now,
                recorded_by=work.by,
            ),
        )
    work.audit(training.training_id, session=session_id, lg_code=lg_code, people=len(ids))
    places = _placed(work.session, session_id).places
    seated = sum(places[each].kind is PlaceKind.SEATED for each in ids)
    if together and seated < len(ids):
        raise ConflictError(
            f"{len(ids)}人一緒の席がありません(いま確定できるのは{seated}人)。誰も申し込んでいません。"
            "1人ずつでもよければ「全員一緒でなければ申し込まない」を外して申し込んでください。"
        )
    return tuple(Enrolled(each, places[each]) for each in ids)


@command("enrolment:change", "研修の申込の変更", "enrolment:change")
def change_enrolment(
    work: Work,
    *,
    lg_code: str,
    enrolment_id: str,
    applicant: Applicant,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Change who comes or how; the place in the order stays.

    Raises:
        InvalidInputError: All problems, fields ``people.1.…``; or no such enrolment of this
            municipality.
        ConflictError: Changed meanwhile, cancelled, closed.
    """
    training, enrolment = _own(work, lg_code, enrolment_id, seen_event)
    session_id = enrolment.session_id
    others = _people_of(work.session, session_id, lg_code)
    others.pop(enrolment_id, None)
    formats = training.held(session_id).formats
    (checked,) = checked_applicants([applicant], formats, list(others.values()))
    keep_person(work.session, enrolment_id, session_id, lg_code, checked.person)
    _say(work, training, enrolment, EnrolmentKind.CHANGED, checked.attending)


@command("enrolment:accept", "研修の空席の受諾", "enrolment:change")
def accept_offer(
    work: Work, *, lg_code: str, enrolment_id: str, seen_event: int, request_id: str, now: datetime
) -> None:
    """Take the seat that came free and is held for one who waits; until the session begins.

    Raises:
        InvalidInputError: No such enrolment of this municipality.
        ConflictError: Changed meanwhile, cancelled, nothing is held for it, or the session began.
    """
    training, enrolment = _own(work, lg_code, enrolment_id, seen_event, closes=False)
    place = _placed(work.session, enrolment.session_id).places[enrolment_id]
    if not place.offered(work.now):
        begun = place.offer is not None
        raise ConflictError(
            "研修が始まったため、空席の案内は終わりました。"
            if begun
            else f"この申込は「{place.label}」で、案内している空席はありません。画面を更新してください。"
        )
    _say(work, training, enrolment, EnrolmentKind.ACCEPTED, enrolment.attending)


@command("enrolment:cancel", "研修の申込の取消し", "enrolment:change")
def cancel_enrolment(
    work: Work, *, lg_code: str, enrolment_id: str, seen_event: int, request_id: str, now: datetime
) -> None:
    """Cancel one enrolment; its seat is offered to the first in line.

    Raises:
        InvalidInputError: No such enrolment of this municipality.
        ConflictError: Changed meanwhile, already cancelled, closed.
    """
    training, enrolment = _own(work, lg_code, enrolment_id, seen_event)
    _say(work, training, enrolment, EnrolmentKind.CANCELLED, enrolment.attending)


@command("enrolment:export", "研修の名簿の書き出し", changes=False)
def export_enrolments(work: Work, *, session_id: str, now: datetime) -> tuple[EnrolmentLine, ...]:
    """Everybody enrolled in a session, for a file; who took it when is audited.

    Returns:
        In order of application, cancelled ones left out.

    Raises:
        InvalidInputError: There is no such session.
    """
    training = training_of(work.session, session_id)
    if training is None:
        raise InvalidInputError(NO_SESSION)
    placed = _placed(work.session, session_id)
    lines = tuple(
        line
        for line in lines_of_places(work.session, [placed])
        if line.place.kind is not PlaceKind.CANCELLED
    )
    work.audit(training.training_id, session=session_id, people=len(lines))
    return lines


@requires("enrolment:read", municipality="lg_code")
def export_own_enrolments(
    engine: Engine, principal: Principal, *, lg_code: str, now: datetime
) -> tuple[OwnEnrolment, ...]:
    """Every enrolment of one municipality, for a file; who took it when is audited.

    Returns:
        The latest session first, cancelled ones included.
    """
    found = own_enrolments_view(engine, principal, lg_code=lg_code)
    _taken_along(engine, principal, lg_code=lg_code, people=len(found), now=now)
    return found


@command("enrolment:export", "研修の名簿の書き出し", "enrolment:read", changes=False)
def _taken_along(work: Work, *, lg_code: str, people: int, now: datetime) -> None:
    work.audit(lg_code, lg_code=lg_code, people=people)


def _placed(session: Session, session_id: str) -> SessionPlaces:
    return session_places(session, [session_id])[session_id]


def _people_of(session: Session, session_id: str, lg_code: str) -> dict[str, Person]:
    """The municipality's colleagues in a session whose enrolment counts."""
    active = [
        each.enrolment_id
        for each in _placed(session, session_id).enrolments
        if each.lg_code == lg_code and not each.cancelled
    ]
    return people(session, active)


def _taking_place(work: Work, session_id: str) -> Training:
    return taking_place(training_of(work.session, session_id), session_id, "申込を扱えません")


def _open_training(work: Work, session_id: str) -> Training:
    """The training of a session that takes 申込 from this principal now.

    The secretariat may record what it was told by telephone after the deadline.
    """
    training = _taking_place(work, session_id)
    held, content = training.held(session_id), training.content
    closes = closes_at(held.date, held.start, content.deadline, content.deadline_time)
    if work.now >= closes and not allows(work.principal, "training:manage"):
        raise ConflictError(
            f"{held.date.isoformat()}の日程の申込・変更・取消しは"
            f"{moment_words(closes)}で締め切りました。事務局に連絡してください。"
        )
    return training


def _refuse_outsiders(
    work: Work, reference: Reference, training: Training, session_id: str, lg_code: str
) -> None:
    """Refuse an officer whose municipality is certainly not addressed; unknown is let in."""
    reference.municipality(lg_code)
    if allows(work.principal, "training:manage"):
        return
    content = training.content
    concern = concern_of(
        content.audience,
        content.named,
        reference.trainings.programme_of(content.theme),
        int(FiscalYear.of(training.held(session_id).date)),
        standing_of(work.session, reference.succession, lg_code, work.today),
    )
    if concern is Concern.NOT_CONCERNED and content.audience is not None:
        raise ConflictError(
            f"この研修の対象は「{content.audience.label}」で、記録では対象に当たりません。"
            "参加を希望する場合は事務局に連絡してください。"
        )


def _own(
    work: Work, lg_code: str, enrolment_id: str, seen_event: int, *, closes: bool = True
) -> tuple[Training, Enrolment]:
    """The municipality's enrolment as the form saw it; a neighbour's does not exist.

    Args:
        closes: What is asked ends with 申込締切.
    """
    session_id = session_of_enrolment(work.session, enrolment_id)
    known = _placed(work.session, session_id).enrolments if session_id else ()
    enrolment = next((e for e in known if e.enrolment_id == enrolment_id), None)
    if enrolment is None or enrolment.lg_code != lg_code:
        raise InvalidInputError(
            {"enrolment_id": "この申込は見つかりません。画面を更新してください。"}
        )
    find = _open_training if closes else _taking_place
    training = find(work, enrolment.session_id)
    seen = -1 if enrolment.cancelled else seen_event  # what is cancelled stays so
    did = "取り消して" if enrolment.cancelled else "変更して"
    refuse_stale(enrolment, enrolment.last_event, seen, "この申込", did)
    return training, enrolment


def _say(
    work: Work,
    training: Training,
    enrolment: Enrolment,
    kind: EnrolmentKind,
    attending: SessionFormat | None,
) -> None:
    ENROLMENTS.add(
        work.session,
        EnrolmentEvent(
            event_id=0,
            enrolment_id=enrolment.enrolment_id,
            session_id=enrolment.session_id,
            version=training.version,
            lg_code=enrolment.lg_code,
            kind=kind,
            attending=attending,
            recorded_at=work.now,
            recorded_by=work.by,
        ),
    )
    work.audit(
        training.training_id,
        session=enrolment.session_id,
        lg_code=enrolment.lg_code,
        enrolment=enrolment.enrolment_id,
    )
