"""照会: compose, publish, change, extend, close, reopen, withdraw, reveal (事務局)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.commands.meetings import MOMENT_NAME
from core.consultation.attachment import CheckedFile, OfferedFile
from core.figures.scenes.inquiries import inquiry_makers
from core.imports.reading import checked_files
from core.inquiry.change import check_change
from core.inquiry.composition import (
    Composition,
    check_publishable,
    copied,
    kept_composition,
)
from core.inquiry.kinds.kind import Scope
from core.inquiry.round import (
    REASON,
    Inquiry,
    InquiryEvent,
    InquiryStep,
    check_step,
)
from core.reference.pack import Reference
from core.store.inquiries import (
    EVENTS,
    INQUIRIES,
    Clock,
    InquiryHead,
    add_inquiry_files,
    add_version,
    asked_of,
    file_contents,
    inquiry_files,
    inquiry_of,
    next_inquiry_number,
)
from core.store.inquiry_tallies import tallied
from core.store.meetings import FrozenMoment, revision_now
from core.store.moments import keep_moment
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear


@command("inquiry:compose", "照会の作成", "inquiry:manage")
def compose_inquiry(
    work: Work,
    *,
    inquiry_id: int,
    composition: Composition,
    seen_version: int,
    request_id: str,
    now: datetime,
) -> int:
    """Keep a draft, whole or not; returns the number of the inquiry.

    Args:
        inquiry_id: 0 for a new one.
        seen_version: Number of the questions the form showed; 0 for a new one.

    Raises:
        InvalidInputError: Texts that cannot be kept; no such inquiry.
        ConflictError: It is published, or somebody changed it meanwhile.
    """
    kept = kept_composition(composition)
    if inquiry_id:
        inquiry = inquiry_of(work.session, inquiry_id)
        _refuse_stale_version(inquiry, seen_version)
        if inquiry.published:
            raise ConflictError(
                "この照会は公開されています。設問の変更は「公開中の設問を変える」から行います。"
            )
    else:
        inquiry_id = _begin(work, FiscalYear(kept.fiscal_year))
    add_version(work.session, inquiry_id, kept, work.now, work.by)
    work.audit(kept.title, questions=len(kept.questions))
    return inquiry_id


def _begin(work: Work, fiscal_year: FiscalYear) -> int:
    number = next_inquiry_number(work.session, fiscal_year)
    return INQUIRIES.add(work.session, InquiryHead(0, number, work.now, work.by))


@command("inquiry:copy", "照会の写しの作成", "inquiry:manage")
def copy_inquiry(work: Work, *, inquiry_id: int, request_id: str, now: datetime) -> int:
    """Begin the inquiry of the next fiscal year from one that was; returns its number.

    Forms go with it; letters of the year before do not.

    Raises:
        InvalidInputError: No such inquiry.
    """
    source = inquiry_of(work.session, inquiry_id)
    forms = [each.form for each in source.composition.questions if each.form is not None]
    new_id = _begin(work, FiscalYear(source.composition.fiscal_year + 1))
    contents = file_contents(work.session, forms)
    moved: dict[int, int] = {}
    for each in inquiry_files(work.session, inquiry_id):
        if each.file_id in contents:
            content = contents[each.file_id]
            file = CheckedFile(each.name, each.media_type, content, each.findings)
            (moved[each.file_id],) = add_inquiry_files(
                work.session, new_id, None, each.question, [file], work.now, work.by
            )
    made = copied(source.composition, inquiry_id, moved)
    add_version(work.session, new_id, made, work.now, work.by)
    work.audit(made.title, copied_from=source.number.label)
    return new_id


@requires("inquiry:manage")
def add_inquiry_documents(
    engine: Engine,
    principal: Principal,
    *,
    inquiry_id: int,
    question: str,
    files: Sequence[OfferedFile],
    request_id: str,
    now: datetime,
) -> tuple[int, ...]:
    """Keep files of the secretariat with an inquiry; returns their numbers, to be composed with it.

    Args:
        question: Key of the question a form belongs to; empty for 添付.
        files: Looked into before the transaction begins, since writers queue.

    Raises:
        InvalidInputError: Field ``attachments``; no such inquiry.
    """
    checked = checked_files(files)
    return _add_documents(
        engine,
        principal,
        inquiry_id=inquiry_id,
        question=question,
        files=checked,
        request_id=request_id,
        now=now,
    )


@command("inquiry:document", "照会の資料の登録", "inquiry:manage")
def _add_documents(
    work: Work,
    *,
    inquiry_id: int,
    question: str,
    files: tuple[CheckedFile, ...],
    request_id: str,
    now: datetime,
) -> tuple[int, ...]:
    inquiry = inquiry_of(work.session, inquiry_id)
    found = add_inquiry_files(work.session, inquiry_id, None, question, files, work.now, work.by)
    work.audit(inquiry.number.label, files=len(files))
    return found


@command("inquiry:publish", "照会の公開", "inquiry:manage")
def publish_inquiry(
    work: Work,
    *,
    inquiry_id: int,
    seen_version: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Ask those it is meant for; returns how many that are.

    Raises:
        InvalidInputError: Everything that stands against it, by field; no such inquiry.
        ConflictError: It is published already, or somebody changed it meanwhile.
    """
    inquiry = inquiry_of(work.session, inquiry_id)
    _refuse_stale_version(inquiry, seen_version)
    check_step(inquiry, InquiryStep.PUBLISHED, work.now)
    composition = inquiry.composition
    check_publishable(composition, Scope(reference), work.now)
    audience = asked_of(work.session, composition.audience, reference, work.today)
    if not audience:
        raise InvalidInputError(
            {"audience": "照会先に当てはまる団体がありません。選び直してください。"}
        )
    event = _event(work, inquiry, InquiryStep.PUBLISHED, composition.closes_at)
    EVENTS.add(
        work.session,
        replace(event, version_id=inquiry.versions[-1].version_id, audience=audience),
    )
    work.audit(inquiry.number.label, name=composition.title, asked=len(audience))
    return len(audience)


@command("inquiry:change", "公開した照会の設問の変更", "inquiry:manage")
def change_inquiry(
    work: Work,
    *,
    inquiry_id: int,
    composition: Composition,
    seen_version: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Change what is asked, in ways that keep given answers valid; how many must look again.

    The deadline is changed by :func:`take_inquiry_step`, not here.

    Raises:
        InvalidInputError: Everything that stands against it, by field; no such inquiry.
        ConflictError: It is not open, nothing changes, or somebody changed it meanwhile.
    """
    inquiry = inquiry_of(work.session, inquiry_id)
    _refuse_stale_version(inquiry, seen_version)
    check_step(inquiry, InquiryStep.CHANGED, work.now)
    before = inquiry.composition
    kept = kept_composition(
        replace(composition, opens_at=before.opens_at, closes_at=inquiry.closes_at)
    )
    if kept == replace(before, closes_at=inquiry.closes_at):
        raise ConflictError("変更がありません。変える項目を入力してから押してください。")
    check_change(before, kept)
    check_publishable(kept, Scope(reference), work.now)
    version = add_version(work.session, inquiry_id, kept, work.now, work.by)
    event = _event(work, inquiry, InquiryStep.CHANGED, None)
    EVENTS.add(work.session, replace(event, version_id=version))
    work.audit(inquiry.number.label, name=kept.title, questions=len(kept.questions))
    return len(inquiry.audience)


@command("inquiry:step", "照会の経過の記録", "inquiry:manage")
def take_inquiry_step(
    work: Work,
    *,
    inquiry_id: int,
    step: InquiryStep,
    closes_at: datetime | None = None,
    reason: Annotated[str, REASON] = "",
    seen_event: int,
    reference: Reference,
    clock: Clock,
    request_id: str,
    now: datetime,
) -> None:
    """Extend, close, reopen, withdraw, or reveal what was hidden and keep it as it is then.

    Args:
        closes_at: The new deadline of 締切の変更 and 受付再開.
        seen_event: Number of the last step the screen showed.

    Raises:
        InvalidInputError: Fields ``closes_at``, ``reason``; no such inquiry.
        ConflictError: It cannot follow, or somebody did something meanwhile.
    """
    inquiry = inquiry_of(work.session, inquiry_id)
    work.now = clock(work.session)
    if step in (InquiryStep.PUBLISHED, InquiryStep.CHANGED):
        raise ConflictError("公開と設問の変更は、組立ての画面から行います。")
    if inquiry.events:
        last = inquiry.events[-1]
        did = f"「{last.step.label}」を記録して"
        refuse_stale(last, last.event_id, seen_event, "この照会", did)
    check_step(inquiry, step, work.now, closes_at=closes_at, reason=reason)
    moves = step in (InquiryStep.EXTENDED, InquiryStep.REOPENED)
    event = _event(work, inquiry, step, closes_at if moves else None)
    EVENTS.add(work.session, replace(event, reason=reason))
    kept = _keep_result(work, inquiry, reference) if step is InquiryStep.REVEALED else None
    work.audit(
        inquiry.number.label, state=step, reason=reason, closes_at=event.closes_at, moment=kept
    )


def _keep_result(work: Work, inquiry: Inquiry, reference: Reference) -> int | None:
    """The result as a 控え at the moment it is revealed; None where no question is counted."""
    found = tallied(work.session, reference, [inquiry.inquiry_id])
    if not (scenes := tuple(inquiry_makers(found))):
        return None
    name = f"結果の公開 {inquiry.number.label} {inquiry.composition.title}"[: MOMENT_NAME.longest]
    revision = revision_now(work.session)
    moment = FrozenMoment(0, name, work.today, revision, work.now, work.by)
    return keep_moment(work.session, reference, moment, scenes)


def _event(
    work: Work, inquiry: Inquiry, step: InquiryStep, closes_at: datetime | None
) -> InquiryEvent:
    return InquiryEvent(
        event_id=0,
        inquiry_id=inquiry.inquiry_id,
        step=step,
        version_id=None,
        closes_at=closes_at,
        audience=(),
        reason="",
        recorded_at=work.now,
        recorded_by=work.by,
    )


def _refuse_stale_version(inquiry: Inquiry, seen: int) -> None:
    last = inquiry.versions[-1]
    refuse_stale(last, last.version_id, seen, "この照会の設問", "変更して")
