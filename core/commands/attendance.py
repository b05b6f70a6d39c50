"""Record attendance (出席): marked by the secretariat, or entered with the code on the wall."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from core.store.attendance import (
    CODES,
    MARKS,
    WRONG_CODES,
    WrongCode,
    current_code,
    recent_failures,
)
from core.store.enrolments import session_places
from core.store.trainings import training_of
from core.store.work import Work, command
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
from core.training.training import Training, taking_place
from core.values.errors import InvalidInputError


@command("attendance:mark", "出席の記録")
def mark_attendance(
    work: Work,
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

    Raises:
        InvalidInputError: Nobody marked, somebody not enrolled, or the session is yet to come.
        ConflictError: The session does not take place.
    """
    if not marks:
        raise InvalidInputError({"marks": "出席または欠席を付ける人を選んでください。"})
    training = _held_training(work, session_id)
    placed = session_places(work.session, [session_id])[session_id]
    active = {e.enrolment_id: e for e in placed.enrolments if not e.cancelled}
    if missing := marks.keys() - active.keys():
        raise InvalidInputError(
            {
                "marks": f"この日程に申し込んでいないか、取り消された申込が{len(missing)}件あります。"
                "画面を更新して確認してください。"
            }
        )
    for enrolment_id, mark in marks.items():
        _mark(work, active[enrolment_id].lg_code, enrolment_id, session_id, mark, means)
    counts = {mark.value: list(marks.values()).count(mark) for mark in set(marks.values())}
    work.audit(training.training_id, session=session_id, means=means, **counts)


@command("attendance:issue", "出席コードの発行", "attendance:mark")
def issue_attendance_code(
    work: Work, *, session_id: str, valid_for: timedelta, now: datetime
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
    code = AttendanceCode(new_code(), work.now + valid_for)
    training = _held_training(work, session_id)
    CODES.add(work.session, code, session_id=session_id, issued_at=work.now, issued_by=work.by)
    work.audit(training.training_id, session=session_id, expires_at=code.expires_at)
    return code


@command(
    "attendance:confirm", "出席コードの入力", refused=("attendance:refused", "出席コードの誤り")
)
def confirm_attendance(
    work: Work,
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

    Raises:
        InvalidInputError: Fields ``code``, ``enrolment_ids``.
        ConflictError: The session does not take place.
    """
    training = _held_training(work, session_id)
    about = {"session": session_id, "lg_code": lg_code}
    if recent_failures(work.session, session_id, lg_code, work.now) >= ATTEMPTS:
        minutes = int(ATTEMPTS_WITHIN.total_seconds() // 60)
        raise InvalidInputError(
            {
                "code": f"コードの誤りが{ATTEMPTS}回続いたため、受付を止めています。"
                f"{minutes}分ほどおいてから入力するか、事務局に連絡してください。"
            }
        )
    shown = current_code(work.session, session_id, work.now)
    typed = typed_code(code[:100]).encode()
    if shown is None or not hmac.compare_digest(shown.code.encode(), typed):
        WRONG_CODES.add(work.session, WrongCode(session_id, lg_code, work.now, work.by))
        wrong = (
            "コードが違うか、有効時間が過ぎています。会場に表示されているコードを確かめてください。"
        )
        work.refuse(InvalidInputError({"code": wrong}), training.training_id, **about)
    placed = session_places(work.session, [session_id])[session_id]
    own = {
        each.enrolment_id
        for each in placed.enrolments
        if each.lg_code == lg_code and placed.places[each.enrolment_id].kind is PlaceKind.SEATED
    }
    there = dict.fromkeys(enrolment_ids)
    if not there or not there.keys() <= own:
        raise InvalidInputError(
            {"enrolment_ids": "出席した人を、参加が確定している人の中から選んでください。"}
        )
    for each in there:
        _mark(work, lg_code, each, session_id, AttendanceMark.PRESENT, AttendanceMeans.CODE)
    work.audit(training.training_id, people=len(there), **about)


def _held_training(work: Work, session_id: str) -> Training:
    """The training of a session whose day has come and which takes place."""
    training = taking_place(
        training_of(work.session, session_id), session_id, "出席を記録できません"
    )
    held = training.held(session_id)
    if work.today < held.date:
        raise InvalidInputError(
            {"session_id": f"出席は開催日({held.date.isoformat()})から記録できます。"}
        )
    return training


def _mark(
    work: Work,
    lg_code: str,
    enrolment_id: str,
    session_id: str,
    mark: AttendanceMark,
    means: AttendanceMeans,
) -> None:
    MARKS.add(
        work.session,
        AttendanceEvent(
            event_id=0,
            enrolment_id=enrolment_id,
            session_id=session_id,
            lg_code=lg_code,
            mark=mark,
            means=means,
            recorded_at=work.now,
            recorded_by=work.by,
        ),
    )
