"""Create, revise, copy, publish, cancel and discard trainings; every change is a version."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.reference.catalogue import shipped
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.engine import writing
from core.store.enrolments import session_places
from core.store.trainings import add_training, find_training
from core.training.copying import copied
from core.training.enrolment import Seats
from core.training.form import FormRules, checked_content
from core.training.training import Training, TrainingContent
from core.training.vocabulary import TrainingState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, japan_day
from core.values.free_text import LINE, cleaned, text_problem


@requires("training:manage")
def create_training(
    engine: Engine,
    principal: Principal,
    *,
    content: TrainingContent,
    request_id: str,
    now: datetime,
) -> str:
    """Begin a training as a draft; sessions receive their lasting ids.

    Args:
        request_id: The same id again answers with the first training.

    Returns:
        The new ``training_id``.

    Raises:
        InvalidInputError: All problems of the form.
    """
    checked = checked_content(content, _rules())
    with writing(engine) as session:
        if (
            earlier := earlier_result(session, principal, request_id, action="training:create")
        ) is not None:
            return earlier
        training = _begun(checked, principal, now)
        _add(session, principal, training, "training:create")
        remember_result(
            session, principal, now, "training:create", request_id, training.training_id
        )
        return training.training_id


@requires("training:manage")
def revise_training(
    engine: Engine,
    principal: Principal,
    *,
    training_id: str,
    content: TrainingContent,
    seen_version: int,
    request_id: str,
    now: datetime,
) -> None:
    """Write a draft or a published training anew; its state stays, SEQUENCE rises.

    Sessions keep their ids; those with an empty id are new. A published session can be taken off
    (取りやめ) but not removed.

    Args:
        seen_version: Version the form showed.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: All problems of the form.
        ConflictError: Changed meanwhile, 中止 or 破棄.
    """
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="training:revise") is not None:
            return
        before = _unchanged(session, training_id, seen_version)
        _refuse_over(before)
        known = frozenset(each.session_id for each in before.content.sessions)
        published = before.state is TrainingState.PUBLISHED
        rules = replace(
            _rules(),
            taken=_taken(session, before),
            known=known,
            lasting=known if published else frozenset(),
        )
        checked = checked_content(content, rules)
        after = _next(before, principal, now, content=_with_ids(checked))
        _add(session, principal, after, "training:revise")
        remember_result(session, principal, now, "training:revise", request_id, "")


@requires("training:manage")
def copy_training(
    engine: Engine,
    principal: Principal,
    *,
    training_id: str,
    fiscal_year: int,
    request_id: str,
    now: datetime,
) -> str:
    """Copy a training of another year into a new draft: same weekdays, nobody enrolled.

    Args:
        fiscal_year: 年度 of the first session of the copy.
        request_id: The same id again answers with the first copy.

    Returns:
        The new ``training_id``.

    Raises:
        InvalidInputError: No such training, or dates or contents that cannot be.
    """
    with writing(engine) as session:
        if (
            earlier := earlier_result(session, principal, request_id, action="training:copy")
        ) is not None:
            return earlier
        original = _found(session, training_id)
        try:
            moved = copied(original.content, FiscalYear(fiscal_year))
        except ValueError as error:
            raise InvalidInputError({"fiscal_year": str(error)}) from None
        training = _begun(checked_content(moved, _rules()), principal, now)
        _add(session, principal, training, "training:copy", copied_from=training_id)
        remember_result(session, principal, now, "training:copy", request_id, training.training_id)
        return training.training_id


@requires("training:manage")
def publish_training(
    engine: Engine, principal: Principal, *, training_id: str, seen_version: int, now: datetime
) -> None:
    """Show a draft to everybody and open it for 申込.

    Raises:
        ConflictError: Changed meanwhile, or not a draft.
    """
    with writing(engine) as session:
        before = _unchanged(session, training_id, seen_version)
        _refuse_unless(before, TrainingState.DRAFT, "公開")
        after = _next(before, principal, now, state=TrainingState.PUBLISHED)
        _add(session, principal, after, "training:publish")


@requires("training:manage")
def cancel_training(
    engine: Engine,
    principal: Principal,
    *,
    training_id: str,
    reason: str,
    seen_version: int,
    now: datetime,
) -> None:
    """Call a published training off; it stays visible with the reason.

    Raises:
        InvalidInputError: Field ``reason``.
        ConflictError: Changed meanwhile, or not published.
    """
    words = cleaned(reason)
    if problem := text_problem("中止の理由", words, LINE, required=True):
        raise InvalidInputError({"reason": problem})
    with writing(engine) as session:
        before = _unchanged(session, training_id, seen_version)
        _refuse_unless(before, TrainingState.PUBLISHED, "中止")
        after = _next(before, principal, now, state=TrainingState.CANCELLED, reason=words)
        _add(session, principal, after, "training:cancel")


@requires("training:manage")
def discard_training(
    engine: Engine, principal: Principal, *, training_id: str, seen_version: int, now: datetime
) -> None:
    """Take a draft off the list; its versions stay.

    Raises:
        ConflictError: Changed meanwhile, or not a draft.
    """
    with writing(engine) as session:
        before = _unchanged(session, training_id, seen_version)
        _refuse_unless(before, TrainingState.DRAFT, "破棄")
        after = _next(before, principal, now, state=TrainingState.DISCARDED)
        _add(session, principal, after, "training:discard")


def _rules() -> FormRules:
    reference = shipped()
    return FormRules(
        themes=frozenset(reference.trainings.theme_labels),
        municipalities=frozenset(m.lg_code for m in reference.municipalities),
    )


def _taken(session: Session, training: Training) -> dict[str, Seats]:
    ids = [each.session_id for each in training.content.sessions]
    placed = session_places(session, ids)
    return {session_id: one.seats for session_id, one in placed.items()}


def _with_ids(content: TrainingContent) -> TrainingContent:
    sessions = tuple(
        each if each.session_id else replace(each, session_id=uuid.uuid4().hex)
        for each in content.sessions
    )
    return replace(content, sessions=sessions)


def _begun(content: TrainingContent, principal: Principal, now: datetime) -> Training:
    return Training(
        training_id=uuid.uuid4().hex,
        version=1,
        content=_with_ids(content),
        state=TrainingState.DRAFT,
        reason="",
        number=None,
        source="",
        recorded_at=now,
        recorded_by=principal.username,
    )


def _next(
    before: Training,
    principal: Principal,
    now: datetime,
    *,
    content: TrainingContent | None = None,
    state: TrainingState | None = None,
    reason: str = "",
) -> Training:
    return replace(
        before,
        version=before.version + 1,
        content=content or before.content,
        state=state or before.state,
        reason=reason,
        recorded_at=now,
        recorded_by=principal.username,
    )


def _add(
    session: Session,
    principal: Principal,
    training: Training,
    action: str,
    *,
    copied_from: str = "",
) -> None:
    add_training(session, training, shipped().trainings.theme_labels)
    detail = {
        "name": training.content.title,
        "version": training.version,
        "state": training.state,
        "sessions": [each.date for each in training.content.sessions],
        "reason": training.reason,
        "copied_from": copied_from,
    }
    record_audit(session, principal, training.recorded_at, action, training.training_id, detail)


def _found(session: Session, training_id: str) -> Training:
    training = find_training(session, training_id)
    if training is None:
        raise InvalidInputError(
            {"training_id": "この研修は見つかりません。一覧から選び直してください。"}
        )
    return training


def _unchanged(session: Session, training_id: str, seen_version: int) -> Training:
    training = _found(session, training_id)
    if training.version != seen_version:
        raise ConflictError(
            f"この研修は{japan_day(training.recorded_at)}に{training.recorded_by}が変更しています"
            f"(第{training.version}版、{training.state.label})。画面を更新して確認してください。"
        )
    return training


def _refuse_over(training: Training) -> None:
    if training.state in (TrainingState.CANCELLED, TrainingState.DISCARDED):
        raise ConflictError(
            f"{training.state.label}にした研修は変更できません。必要な場合は複製して作り直してください。"
        )


def _refuse_unless(training: Training, needed: TrainingState, verb: str) -> None:
    if training.state is not needed:
        raise ConflictError(
            f"{verb}できるのは「{needed.label}」の研修だけです。"
            f"この研修は「{training.state.label}」です。"
        )
