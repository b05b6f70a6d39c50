"""Create, revise, copy, publish, cancel and discard trainings; every change is a version."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from core.reference.pack import Reference
from core.store.enrolments import session_places
from core.store.trainings import add_training, find_training
from core.store.work import Work, command, refuse_stale
from core.training.copying import copied
from core.training.form import FormRules, checked_content
from core.training.training import NO_TRAINING, Training, TrainingContent
from core.training.vocabulary import TrainingState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.free_text import LINE, Text

REASON = Text("中止の理由", LINE)


@command("training:create", "研修の作成", "training:manage")
def create_training(
    work: Work, *, content: TrainingContent, reference: Reference, request_id: str, now: datetime
) -> str:
    """Begin a training as a draft, under a new id; sessions receive their lasting ids.

    Raises:
        InvalidInputError: All problems of the form.
    """
    return _begin(work, reference, content)


@command("training:revise", "研修の変更", "training:manage")
def revise_training(
    work: Work,
    *,
    training_id: str,
    content: TrainingContent,
    seen_version: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Write a draft or a published training anew; its state stays, SEQUENCE rises.

    Sessions keep their ids; those with an empty id are new. A published session can be taken off
    (取りやめ) but not removed.

    Raises:
        InvalidInputError: All problems of the form.
        ConflictError: Changed meanwhile, 中止 or 破棄.
    """
    before = _unchanged(work, training_id, seen_version)
    if before.state in (TrainingState.CANCELLED, TrainingState.DISCARDED):
        raise ConflictError(
            f"{before.state.label}にした研修は変更できません。必要な場合は複製して作り直してください。"
        )
    known = frozenset(each.session_id for each in before.content.sessions)
    placed = session_places(work.session, list(known))
    rules = replace(
        _rules(reference),
        taken={session_id: one.seats for session_id, one in placed.items()},
        known=known,
        lasting=known if before.state is TrainingState.PUBLISHED else frozenset(),
    )
    _add(work, reference, _next(work, before, content=_with_ids(checked_content(content, rules))))


@command("training:copy", "研修の複製", "training:manage")
def copy_training(
    work: Work,
    *,
    training_id: str,
    fiscal_year: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> str:
    """Copy a training into a new draft, under a new id: same weekdays, nobody enrolled.

    The first session of the copy is in ``fiscal_year``.

    Raises:
        InvalidInputError: No such training, or dates or contents that cannot be.
    """
    original = _found(work, training_id)
    try:
        moved = copied(original.content, FiscalYear(fiscal_year))
    except ValueError as error:
        raise InvalidInputError({"fiscal_year": str(error)}) from None
    return _begin(work, reference, moved, copied_from=training_id)


@command("training:publish", "研修の公開", "training:manage")
def publish_training(
    work: Work,
    *,
    training_id: str,
    seen_version: int,
    reference: Reference,
    request_id: str = "",
    now: datetime,
) -> None:
    """Show a draft to everybody and open it for 申込.

    Raises:
        ConflictError: Changed meanwhile, or not a draft.
    """
    before = _unchanged(work, training_id, seen_version, TrainingState.DRAFT, "公開")
    _add(work, reference, _next(work, before, state=TrainingState.PUBLISHED))


@command("training:cancel", "研修の中止", "training:manage")
def cancel_training(
    work: Work,
    *,
    training_id: str,
    reason: Annotated[str, REASON],
    seen_version: int,
    reference: Reference,
    request_id: str = "",
    now: datetime,
) -> None:
    """Call a published training off; it stays visible with the reason.

    Raises:
        InvalidInputError: Field ``reason``.
        ConflictError: Changed meanwhile, or not published.
    """
    before = _unchanged(work, training_id, seen_version, TrainingState.PUBLISHED, "中止")
    _add(work, reference, _next(work, before, state=TrainingState.CANCELLED, reason=reason))


@command("training:discard", "研修の下書きの破棄", "training:manage")
def discard_training(
    work: Work,
    *,
    training_id: str,
    seen_version: int,
    reference: Reference,
    request_id: str = "",
    now: datetime,
) -> None:
    """Take a draft off the list; its versions stay.

    Raises:
        ConflictError: Changed meanwhile, or not a draft.
    """
    before = _unchanged(work, training_id, seen_version, TrainingState.DRAFT, "破棄")
    _add(work, reference, _next(work, before, state=TrainingState.DISCARDED))


def _rules(reference: Reference) -> FormRules:
    return FormRules(
        themes=frozenset(reference.trainings.theme_labels),
        municipalities=frozenset(m.lg_code for m in reference.municipalities),
    )


def _with_ids(content: TrainingContent) -> TrainingContent:
    sessions = tuple(
        each if each.session_id else replace(each, session_id=uuid.uuid4().hex)
        for each in content.sessions
    )
    return replace(content, sessions=sessions)


def _begin(
    work: Work, reference: Reference, content: TrainingContent, copied_from: str = ""
) -> str:
    training = Training(
        training_id=uuid.uuid4().hex,
        version=1,
        content=_with_ids(checked_content(content, _rules(reference))),
        state=TrainingState.DRAFT,
        reason="",
        number=None,
        source="",
        recorded_at=work.now,
        recorded_by=work.by,
    )
    _add(work, reference, training, copied_from=copied_from)
    return training.training_id


def _next(
    work: Work,
    before: Training,
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
        recorded_at=work.now,
        recorded_by=work.by,
    )


def _add(work: Work, reference: Reference, training: Training, *, copied_from: str = "") -> None:
    add_training(work.session, training, reference.trainings.theme_labels)
    work.audit(
        training.training_id,
        name=training.content.title,
        version=training.version,
        state=training.state,
        sessions=[each.date for each in training.content.sessions],
        reason=training.reason,
        copied_from=copied_from,
    )


def _found(work: Work, training_id: str) -> Training:
    training = find_training(work.session, training_id)
    if training is None:
        raise InvalidInputError(NO_TRAINING)
    return training


def _unchanged(
    work: Work,
    training_id: str,
    seen_version: int,
    needed: TrainingState | None = None,
    verb: str = "",
) -> Training:
    """The training the form showed, in the state that is needed for what it asks."""
    training = _found(work, training_id)
    did = f"第{training.version}版({training.state.label})に変更して"
    refuse_stale(training, training.version, seen_version, "この研修", did)
    if needed not in (None, training.state):
        raise ConflictError(
            f"{verb}できるのは「{needed.label}」の研修だけです。"
            f"この研修は「{training.state.label}」です。"
        )
    return training
