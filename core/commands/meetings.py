"""Keep the scenes of a meeting, and freeze a moment of it (場面構成の保存・固定)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.scenes.registry import check_scenes, scenes_of
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.engine import writing
from core.store.estimates import KeptState
from core.store.meetings import (
    Frozen,
    FrozenMoment,
    MeetingSet,
    add_frozen,
    add_meeting_set,
    material,
    meeting_sets,
    revision_now,
)
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import japan_day

MAX_NAME = 60
"""Longest name of a set or a frozen moment, characters."""
SECONDS = (5, 600)
"""Shortest and longest stay of a scene that changes by itself; 0 is "does not"."""


@requires("meeting:manage")
def keep_meeting_set(
    engine: Engine,
    principal: Principal,
    *,
    set_id: str | None,
    name: str,
    scenes: tuple[str, ...],
    seconds: int,
    seen_row: int,
    request_id: str,
    now: datetime,
) -> str:
    """Keep scenes and their order under a name, new or in place of what a set held.

    Args:
        set_id: The set that changes; None for a new one.
        scenes: Keys of scenes, in order.
        seconds: How long each stays; 0 when they do not change by themselves.
        seen_row: Number of the row the form showed; 0 for a new set.
        request_id: The same id again answers with the first set.

    Returns:
        The ``set_id``.

    Raises:
        InvalidInputError: Fields ``name``, ``scenes``, ``seconds``; all problems at once.
        ConflictError: The name is taken, or the set changed meanwhile.
    """
    kept = MeetingSet(
        row_id=0,
        set_id=set_id or uuid.uuid4().hex,
        name=name.strip(),
        scenes=scenes,
        seconds=seconds,
        state=KeptState.KEPT,
        recorded_at=now,
        recorded_by=principal.username,
    )
    _check(kept)
    with writing(engine) as session:
        if (
            earlier := earlier_result(session, principal, request_id, action="meeting:keep")
        ) is not None:
            return earlier
        present = meeting_sets(session)
        if set_id is not None:
            _as_seen(present.get(set_id), seen_row)
        _refuse_taken(kept, present.values())
        add_meeting_set(session, kept)
        _close(session, principal, "meeting:keep", kept, request_id, now)
    return kept.set_id


@requires("meeting:manage")
def discard_meeting_set(
    engine: Engine,
    principal: Principal,
    *,
    set_id: str,
    seen_row: int,
    request_id: str,
    now: datetime,
) -> None:
    """Take a set off the list; what it held stays in the history.

    Raises:
        ConflictError: There is no such set any more, or it changed meanwhile.
    """
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="meeting:discard") is not None:
            return
        before = _as_seen(meeting_sets(session).get(set_id), seen_row)
        after = replace(
            before, state=KeptState.DISCARDED, recorded_at=now, recorded_by=principal.username
        )
        add_meeting_set(session, after)
        _close(session, principal, "meeting:discard", after, request_id, now)


@requires("meeting:manage")
def freeze_meeting(
    engine: Engine,
    principal: Principal,
    *,
    name: str,
    scenes: tuple[str, ...],
    as_of: date,
    request_id: str,
    now: datetime,
) -> int:
    """Freeze what all scenes say at this moment (固定).

    They are computed here, in the transaction: no write lies between two of them, and what is kept
    are the values themselves, so that nothing recorded afterwards can change them.

    Args:
        name: Of the meeting; empty is named by the moment.
        scenes: Keys of scenes, in order.
        as_of: 基準日 of the figures.
        request_id: The same id again answers with the first number.

    Returns:
        The number of the frozen moment.

    Raises:
        InvalidInputError: Fields ``name``, ``scenes``.
    """
    check_scenes(scenes)
    named = name.strip() or f"{japan_day(now)}の会議"
    if len(named) > MAX_NAME:
        raise InvalidInputError({"name": _too_long(named)})
    with writing(engine) as session:
        if (
            earlier := earlier_result(session, principal, request_id, action="meeting:freeze")
        ) is not None:
            return int(earlier)
        revision = revision_now(session)
        moment = FrozenMoment(0, named, as_of, revision, now, principal.username)
        made = Frozen(moment, scenes_of(scenes, material(session, as_of)))
        number = add_frozen(session, made)
        remember_result(session, principal, now, "meeting:freeze", request_id, str(number))
        detail = {"name": named, "revision": revision, "as_of": as_of, "scenes": list(scenes)}
        record_audit(session, principal, now, "meeting:freeze", str(number), detail)
    return number


def _check(kept: MeetingSet) -> None:
    problems: dict[str, str] = {}
    if not kept.name:
        problems["name"] = "会議の名前を入力してください(例: 令和8年度第3回 GovTech大阪会議)。"
    elif len(kept.name) > MAX_NAME:
        problems["name"] = _too_long(kept.name)
    try:
        check_scenes(kept.scenes)
    except InvalidInputError as error:
        problems |= error.problems
    shortest, longest = SECONDS
    if kept.seconds and not shortest <= kept.seconds <= longest:
        problems["seconds"] = (
            f"自動で切り替える間隔は{shortest}秒から{longest}秒、切り替えないときは0にしてください"
            f"(現在{kept.seconds}秒)。"
        )
    if problems:
        raise InvalidInputError(problems)


def _too_long(name: str) -> str:
    return f"名前は{MAX_NAME}文字以内で入力してください(現在{len(name)}文字)。"


def _as_seen(before: MeetingSet | None, seen_row: int) -> MeetingSet:
    if before is None or before.state is KeptState.DISCARDED:
        raise ConflictError("この場面構成は削除されています。画面を更新して確認してください。")
    if before.row_id != seen_row:
        raise ConflictError(
            f"場面構成「{before.name}」は{japan_day(before.recorded_at)}に{before.recorded_by}が"
            "変更しています。画面を更新して確認してください。"
        )
    return before


def _refuse_taken(kept: MeetingSet, present: Iterable[MeetingSet]) -> None:
    for other in present:
        same = other.name == kept.name and other.state is KeptState.KEPT
        if same and other.set_id != kept.set_id:
            raise ConflictError(
                f"「{kept.name}」という場面構成は既にあります。別の名前を付けてください。"
            )


def _close(
    session: Session,
    principal: Principal,
    action: str,
    kept: MeetingSet,
    request_id: str,
    now: datetime,
) -> None:
    remember_result(session, principal, now, action, request_id, kept.set_id)
    detail = {"name": kept.name, "scenes": list(kept.scenes), "seconds": kept.seconds}
    record_audit(session, principal, now, action, kept.set_id, detail)
