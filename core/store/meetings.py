"""Rows of meeting sets and frozen moments."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.figures.scenes.kept import from_json, to_json
from core.figures.scenes.scene import Scene
from core.store.tables import KeptState, MeetingFreezeRow, MeetingSetRow, RevisionRow


def revision_now(session: Session) -> int:
    """データ改訂番号 as this session sees it."""
    return session.scalar(select(RevisionRow.value).where(RevisionRow.id == 1)) or 0


@dataclass(frozen=True)
class MeetingSet:
    """Scenes chosen and ordered for a meeting (会議の場面構成).

    Attributes:
        row_id: Number of the row that holds the last word; what a form saw. 0 before it is kept.
        set_id: Stays the same over changes.
        name: As the secretariat named it.
        scenes: Keys of scenes, in order.
        seconds: How long each scene stays; 0 when they do not change by themselves.
        state: Kept or discarded.
        recorded_at: When the last word was said.
        recorded_by: By whom.
    """

    row_id: int
    set_id: str
    name: str
    scenes: tuple[str, ...]
    seconds: int
    state: KeptState
    recorded_at: datetime
    recorded_by: str


def meeting_sets(session: Session) -> dict[str, MeetingSet]:
    """Every set by id: the last row of each, discarded ones included."""
    rows = session.scalars(select(MeetingSetRow).order_by(MeetingSetRow.id))
    return {row.set_id: _set(row) for row in rows}


def add_meeting_set(session: Session, kept: MeetingSet) -> None:
    """Insert one row."""
    session.add(
        MeetingSetRow(
            set_id=kept.set_id,
            name=kept.name,
            scenes=json.dumps(kept.scenes),
            seconds=kept.seconds,
            state=kept.state,
            recorded_at=kept.recorded_at,
            recorded_by=kept.recorded_by,
        )
    )


def _set(row: MeetingSetRow) -> MeetingSet:
    return MeetingSet(
        row_id=row.id,
        set_id=row.set_id,
        name=row.name,
        scenes=tuple(json.loads(row.scenes)),
        seconds=row.seconds,
        state=row.state,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )


@dataclass(frozen=True)
class FrozenMoment:
    """When something was frozen, and by whom (固定).

    Attributes:
        freeze_id: Its number; 0 before it is recorded.
        name: Of the meeting.
        as_of: 基準日 of the figures.
        revision: データ改訂番号 the figures were computed at.
        frozen_at: When.
        frozen_by: Account name.
    """

    freeze_id: int
    name: str
    as_of: date
    revision: int
    frozen_at: datetime
    frozen_by: str


@dataclass(frozen=True)
class Frozen:
    """A frozen moment and what was shown then, as values."""

    moment: FrozenMoment
    scenes: tuple[Scene, ...]


def frozen_moments(session: Session) -> list[FrozenMoment]:
    """Every frozen moment, the newest first, without its scenes."""
    columns = [column for column in MeetingFreezeRow.__table__.columns if column.name != "scenes"]
    rows = session.execute(select(*columns).order_by(MeetingFreezeRow.id.desc()))
    return [_moment(row) for row in rows]


def frozen(session: Session, freeze_id: int) -> Frozen | None:
    """A frozen moment with its scenes; None when there is none of that number."""
    row = session.get(MeetingFreezeRow, freeze_id)
    return None if row is None else Frozen(_moment(row), from_json(row.scenes))


def add_frozen(session: Session, made: Frozen) -> int:
    """Insert one; returns its number."""
    row = MeetingFreezeRow(
        name=made.moment.name,
        as_of=made.moment.as_of,
        revision=made.moment.revision,
        scenes=to_json(made.scenes),
        recorded_at=made.moment.frozen_at,
        recorded_by=made.moment.frozen_by,
    )
    session.add(row)
    session.flush()
    return row.id


def _moment(row: MeetingFreezeRow | Row[Any]) -> FrozenMoment:
    return FrozenMoment(
        freeze_id=row.id,
        name=row.name,
        as_of=row.as_of,
        revision=row.revision,
        frozen_at=row.recorded_at,
        frozen_by=row.recorded_by,
    )
