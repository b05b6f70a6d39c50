"""Keep the scenes of a meeting, uncover hidden ones, keep a moment of it (場面構成・控え)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from core.figures.scenes.registry import check_scenes
from core.reference.pack import Reference
from core.store.estimates import KeptState
from core.store.inquiry_tallies import asked_makers
from core.store.meetings import (
    SETS,
    UNCOVERINGS,
    FrozenMoment,
    MeetingSet,
    Uncovering,
    meeting_sets,
    revision_now,
)
from core.store.moments import keep_moment
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import japan_day
from core.values.free_text import Text

NAME = Text("会議の名前", 60, example="例: 令和8年度第3回 連携会議")
MOMENT_NAME = replace(NAME, optional=True)
SECONDS = (5, 600)
"""Shortest and longest stay of a scene that changes by itself; 0 is "does not"."""


@command("meeting:keep", "場面構成の保存", "meeting:manage")
def keep_meeting_set(
    work: Work,
    *,
    set_id: str | None,
    name: Annotated[str, NAME],
    scenes: tuple[str, ...],
    seconds: int,
    seen_row: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> str:
    """Keep scenes and their order under a name, new or in place of a set; its ``set_id``.

    Args:
        set_id: The set that changes; None for a new one.
        seconds: How long each stays; 0 when they do not change by themselves.

    Raises:
        InvalidInputError: Fields ``name``, ``scenes``, ``seconds``; all problems at once.
        ConflictError: The name is taken, or the set changed meanwhile.
    """
    _check(work, scenes, seconds, reference)
    kept = MeetingSet(
        row_id=0,
        set_id=set_id or uuid.uuid4().hex,
        name=name,
        scenes=scenes,
        seconds=seconds,
        state=KeptState.KEPT,
        recorded_at=work.now,
        recorded_by=work.by,
    )
    present = meeting_sets(work.session)
    if set_id is not None:
        _as_seen(present.get(set_id), seen_row)
    _refuse_taken(kept, present.values())
    return _keep(work, kept)


@command("meeting:discard", "場面構成の削除", "meeting:manage")
def discard_meeting_set(
    work: Work, *, set_id: str, seen_row: int, request_id: str, now: datetime
) -> None:
    """Take a set off the list; what it held stays in the history.

    Raises:
        ConflictError: There is no such set any more, or it changed meanwhile.
    """
    before = _as_seen(meeting_sets(work.session).get(set_id), seen_row)
    _keep(
        work, replace(before, state=KeptState.DISCARDED, recorded_at=work.now, recorded_by=work.by)
    )


@command("meeting:reveal", "隠した場面を開く・隠す", "meeting:manage")
def reveal_scene(
    work: Work,
    *,
    set_id: str,
    scene: str,
    is_open: bool,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Uncover a hidden scene on every wall of a set, or cover it again, until the day ends.

    Args:
        set_id: Of the set; empty for the wall of every scene.

    Raises:
        InvalidInputError: Field ``scenes``: there is no such scene.
        ConflictError: There is no such set any more.
    """
    check_scenes(reference, (scene,))
    kept = meeting_sets(work.session).get(set_id)
    if set_id and (kept is None or kept.state is KeptState.DISCARDED):
        raise ConflictError("この場面構成は削除されています。画面を更新して確認してください。")
    UNCOVERINGS.add(work.session, Uncovering(0, set_id, scene, is_open, work.now, work.by))
    work.audit(set_id or "all", scene=scene, open=is_open)


@command("meeting:freeze", "会議の控え", "meeting:manage")
def freeze_meeting(
    work: Work,
    *,
    name: Annotated[str, MOMENT_NAME],
    scenes: tuple[str, ...],
    as_of: date,
    set_id: str,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Keep what all scenes say at this moment (控えを取る).

    They are computed here, in the transaction: no write lies between two of them, and what is kept
    are the values themselves, so that nothing recorded afterwards can change them; a hidden scene
    that stands open in ``set_id`` is kept as open. An empty name becomes one of the moment; the
    answer is its number.

    Raises:
        InvalidInputError: Fields ``name``, ``scenes``.
    """
    named = name or f"{japan_day(work.now)}の会議"
    number = keep_moment(work.session, reference, _moment(work, named, as_of), scenes, set_id)
    work.audit(
        str(number),
        name=named,
        revision=revision_now(work.session),
        as_of=as_of,
        scenes=list(scenes),
    )
    return number


def _moment(work: Work, name: str, as_of: date) -> FrozenMoment:
    return FrozenMoment(0, name, as_of, revision_now(work.session), work.now, work.by)


def _check(work: Work, scenes: tuple[str, ...], seconds: int, reference: Reference) -> None:
    problems: dict[str, str] = {}
    try:
        check_scenes(reference, scenes, asked_makers(work.session, reference, scenes))
    except InvalidInputError as error:
        problems |= error.problems
    shortest, longest = SECONDS
    if seconds and not shortest <= seconds <= longest:
        problems["seconds"] = (
            f"自動で切り替える間隔は{shortest}秒から{longest}秒、切り替えないときは0にしてください"
            f"(現在{seconds}秒)。"
        )
    if problems:
        raise InvalidInputError(problems)


def _as_seen(before: MeetingSet | None, seen_row: int) -> MeetingSet:
    if before is None or before.state is KeptState.DISCARDED:
        raise ConflictError("この場面構成は削除されています。画面を更新して確認してください。")
    refuse_stale(before, before.row_id, seen_row, f"場面構成「{before.name}」", "変更して")
    return before


def _refuse_taken(kept: MeetingSet, present: Iterable[MeetingSet]) -> None:
    for other in present:
        same = other.name == kept.name and other.state is KeptState.KEPT
        if same and other.set_id != kept.set_id:
            raise ConflictError(
                f"「{kept.name}」という場面構成は既にあります。別の名前を付けてください。"
            )


def _keep(work: Work, kept: MeetingSet) -> str:
    SETS.add(work.session, kept)
    work.audit(kept.set_id, name=kept.name, scenes=list(kept.scenes), seconds=kept.seconds)
    return kept.set_id
