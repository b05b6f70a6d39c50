"""集計の読み出し: inquiries counted as a wall shows them, now or as of an earlier moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.figures.scenes.inquiries import inquiries_of, inquiry_makers
from core.figures.scenes.scene import SceneMaker
from core.inquiry.counted import Counted, counted
from core.inquiry.kinds.kind import Scope
from core.inquiry.response import responses_by_town
from core.inquiry.round import Inquiry, InquiryStep
from core.reference.pack import Reference
from core.store.inquiries import inquiries, response_events
from core.store.meetings import MOMENTS


def tallied(
    session: Session,
    reference: Reference,
    inquiry_ids: Collection[int],
    known_at: datetime | None = None,
) -> tuple[Counted, ...]:
    """Published inquiries of these numbers, counted; those that are none are left out.

    Args:
        known_at: Only what had been recorded by then counts; None for everything.
    """
    found = [each for number in dict.fromkeys(inquiry_ids) for each in inquiries(session, number)]
    then = [each if known_at is None else _as_of(each, known_at) for each in found]
    return tuple(_counted(session, each, reference, known_at) for each in then if each.published)


def asked_makers(
    session: Session,
    reference: Reference,
    keys: Collection[str],
    known_at: datetime | None = None,
) -> Mapping[str, SceneMaker]:
    """The scenes of inquiries that some keys are about; nothing is read where none is."""
    return inquiry_makers(tallied(session, reference, inquiries_of(keys), known_at))


def _counted(
    session: Session, inquiry: Inquiry, reference: Reference, known_at: datetime | None
) -> Counted:
    events = response_events(session, inquiry.inquiry_id)
    known = [each for each in events if known_at is None or each.recorded_at <= known_at]
    return counted(inquiry, responses_by_town(known, {}, inquiry), Scope(reference))


def _as_of(inquiry: Inquiry, moment: datetime) -> Inquiry:
    """An inquiry as it was known; one that was not there yet is unpublished."""
    versions = [each for each in inquiry.versions if each.recorded_at <= moment]
    events = tuple(each for each in inquiry.events if each.recorded_at <= moment)
    return replace(inquiry, versions=tuple(versions or inquiry.versions[:1]), events=events)


def result_moment(session: Session, inquiry: Inquiry) -> int | None:
    """The 控え that was kept with the step that revealed a result; None for none."""
    revealed = [e.recorded_at for e in inquiry.events if e.step is InquiryStep.REVEALED]
    if not revealed:
        return None
    kept = MOMENTS.all(session, frozen_at=revealed[0])
    return kept[0].freeze_id if kept else None
