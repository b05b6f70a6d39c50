"""Record attendance (出席): marked by the secretariat, or entered with the code on the wall."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.store.attendance import (
    add_attendance_event,
    add_code,
    add_failure,
    current_code,
    recent_failures,
)
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.engine import writing
from core.store.enrolments import session_places
from core.store.trainings import training_of
from core.training.attendance import (
    ATTEMPTS,
    ATTEMPTS_WITHIN,
    LONGEST_CODE,
    AttendanceCode,
    AttendanceEvent,
    AttendanceMark,
    AttendanceMeans,
    new_code,
    typed_code,
)
from core.training.enrolment import PlaceKind
from core.training.training import Training
from core.training.vocabulary import TrainingState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN


@requires("attendance:mark")
def mark_attendance(
    engine: Engine,
    principal: Principal,
    *,
    session_id: str,
    marks: Mapping[str, AttendanceMark],
    means: AttendanceMeans,
    request_id: str,
    now: datetime,
) -> None:
    """Mark several enrolments of one session, all or none.

    Args:
        marks: By ``enrolment_id``; somebody from the waiting list who came may be marked too.
        means: 一覧 or ファイル.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: Nobody marked, somebody not enrolled, or the session is yet to come.
        ConflictError: The session does not take place.
    """
    if not marks:
        raise InvalidInputError({"marks": "出席または欠席を付ける人を選んでください。"})
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="attendance:mark") is not None:
            return
        training = _held_training(session, session_id, now)
        placed = session_places(session, [session_id])[session_id]
        active = {e.enrolment_id: e for e in placed.enrolments if not e.cancelled}
        missing = marks.keys() - active.keys()
        if missing:
            raise InvalidInputError(
                {
                    "marks": f"この日程に申し込んでいないか、取り消された申込が{len(missing)}件あります。"
                    "画面を更新して確認してください。"
                }
            )
        for enrolment_id, mark in marks.items():
            _mark(session, principal, active[enrolment_id].lg_code, enrolment_id, session_id,
                  mark, means, now)  # fmt: skip
        counts = {mark.value: list(marks.values()).count(mark) for mark in set(marks.values())}
        detail = {"session": session_id, "means": means, **counts}
        _close(session, principal, training, "attendance:mark", detail, request_id, now)


@requires("attendance:mark")
def issue_attendance_code(
    engine: Engine,
    principal: Principal,
    *,
    session_id: str,
    valid_for: timedelta,
    now: datetime,
) -> AttendanceCode:
    """Make a new code for the wall; the one before is no longer taken.

    Raises:
        InvalidInputError: ``valid_for`` is not within 12 hours, or the session is yet to come.
        ConflictError: The session does not take place.
    """
    if not timedelta() < valid_for <= LONGEST_CODE:
        hours = int(LONGEST_CODE.total_seconds() // 3600)
        raise InvalidInputError(
            {"valid_for": f"コードの有効時間は1分から{hours}時間までで指定してください。"}
        )
    code = AttendanceCode(new_code(), now + valid_for)
    with writing(engine) as session:
        training = _held_training(session, session_id, now)
        add_code(session, session_id, code, now, principal.username)
        detail = {"session": session_id, "expires_at": code.expires_at}
        record_audit(session, principal, now, "attendance:issue", training.training_id, detail)
    return code


@requires("attendance:confirm", municipality="lg_code")
def confirm_attendance(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    session_id: str,
    code: str,
    enrolment_ids: Collection[str],
    request_id: str,
    now: datetime,
) -> None:
    """Record that colleagues are there, with the code shown on the wall.

    Wrong codes are counted for the municipality; after five within a quarter of an hour none is
    taken for a while, not even the right one.

    Args:
        code: As typed; width, case, blanks and hyphens make no difference.
        enrolment_ids: Whose; seats of this municipality in this session.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: Fields ``code``, ``enrolment_ids``.
        ConflictError: The session does not take place.
    """
    wrong = None
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="attendance:confirm") is not None:
            return
        training = _held_training(session, session_id, now)
        if recent_failures(session, session_id, lg_code, now) >= ATTEMPTS:
            minutes = int(ATTEMPTS_WITHIN.total_seconds() // 60)
            raise InvalidInputError(
                {
                    "code": f"コードの誤りが{ATTEMPTS}回続いたため、受付を止めています。"
                    f"{minutes}分ほどおいてから入力するか、事務局に連絡してください。"
                }
            )
        shown = current_code(session, session_id, now)
        if shown is None or not hmac.compare_digest(
            shown.code.encode(), typed_code(code[:100]).encode()
        ):
            add_failure(session, session_id, lg_code, now, principal.username)
            detail = {"session": session_id, "lg_code": lg_code}
            record_audit(
                session,
                principal,
                now,
                "attendance:refused",
                training.training_id,
                detail,
                data_changed=False,
            )
            wrong = InvalidInputError(
                {
                    "code": "コードが違うか、有効時間が過ぎています。会場に表示されているコードを確かめてください。"
                }
            )
        else:
            _confirm(session, principal, lg_code, session_id, enrolment_ids, now)
            people = len(set(enrolment_ids))
            found = {"session": session_id, "lg_code": lg_code, "people": people}
            _close(session, principal, training, "attendance:confirm", found, request_id, now)
    if wrong is not None:
        raise wrong


def _confirm(
    session: Session,
    principal: Principal,
    lg_code: str,
    session_id: str,
    enrolment_ids: Collection[str],
    now: datetime,
) -> None:
    placed = session_places(session, [session_id])[session_id]
    own = {
        each.enrolment_id
        for each in placed.enrolments
        if each.lg_code == lg_code and placed.places[each.enrolment_id].kind is PlaceKind.SEATED
    }
    if not enrolment_ids or not set(enrolment_ids) <= own:
        raise InvalidInputError(
            {"enrolment_ids": "出席した人を、参加が確定している人の中から選んでください。"}
        )
    for enrolment_id in dict.fromkeys(enrolment_ids):
        _mark(session, principal, lg_code, enrolment_id, session_id,
              AttendanceMark.PRESENT, AttendanceMeans.CODE, now)  # fmt: skip


def _held_training(session: Session, session_id: str, now: datetime) -> Training:
    """The training of a session whose day has come and which takes place."""
    training = training_of(session, session_id)
    if training is None or training.state in (TrainingState.DRAFT, TrainingState.DISCARDED):
        raise InvalidInputError(
            {"session_id": "この日程は見つかりません。一覧から選び直してください。"}
        )
    held = training.held(session_id)
    if training.state is TrainingState.CANCELLED or held.cancelled:
        raise ConflictError(
            f"{held.date.isoformat()}の日程は中止になったため、出席を記録できません。"
        )
    if now.astimezone(JAPAN).date() < held.date:
        raise InvalidInputError(
            {"session_id": f"出席は開催日({held.date.isoformat()})から記録できます。"}
        )
    return training


def _mark(
    session: Session,
    principal: Principal,
    lg_code: str,
    enrolment_id: str,
    session_id: str,
    mark: AttendanceMark,
    means: AttendanceMeans,
    now: datetime,
) -> None:
    add_attendance_event(
        session,
        AttendanceEvent(
            event_id=0,
            enrolment_id=enrolment_id,
            session_id=session_id,
            lg_code=lg_code,
            mark=mark,
            means=means,
            recorded_at=now,
            recorded_by=principal.username,
        ),
    )


def _close(
    session: Session,
    principal: Principal,
    training: Training,
    action: str,
    detail: Mapping[str, object],
    request_id: str,
    now: datetime,
) -> None:
    remember_result(session, principal, now, action, request_id, "")
    record_audit(session, principal, now, action, training.training_id, detail)
