"""会議: chosen scenes, hidden ones that were uncovered, and moments that were kept (控え)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, select
from sqlalchemy.orm import Session

from core.figures.scenes.kept import from_json, to_json
from core.figures.scenes.scene import Scene
from core.store.columns import AsText, Words
from core.store.engine import RevisionRow
from core.store.estimates import KeptState
from core.store.table import Stored
from core.values.fiscal import day_in_japan


def revision_now(session: Session) -> int:
    """データ改訂番号 as this session sees it."""
    return session.scalar(select(RevisionRow.value).where(RevisionRow.id == 1)) or 0


@dataclass(frozen=True)
class MeetingSet:
    """Scenes chosen and ordered for a meeting (会議の場面構成)."""

    row_id: int  # number of the row that holds the last word; what a form saw. 0 before it is kept
    set_id: str  # stays the same over changes
    name: str
    scenes: tuple[str, ...]  # keys of scenes, in order
    seconds: int  # how long each scene stays; 0 when they do not change by themselves
    state: KeptState
    recorded_at: datetime
    recorded_by: str


SETS = Stored(
    "meeting_set",
    MeetingSet,
    Index("meeting_set_key", "set_id"),
    CheckConstraint("seconds >= 0", name="seconds_not_negative"),
    key="row_id",
    columns={"scenes": AsText(json.dumps, lambda text: tuple(json.loads(text)))},
)


def meeting_sets(session: Session) -> dict[str, MeetingSet]:
    """Every set by id: the last row of each, discarded ones included."""
    return {kept.set_id: kept for kept in SETS.all(session)}


def kept_sets(session: Session) -> tuple[MeetingSet, ...]:
    """Sets that are kept, the one changed last first."""
    kept = [s for s in meeting_sets(session).values() if s.state is KeptState.KEPT]
    return tuple(sorted(kept, key=lambda s: -s.row_id))


@dataclass(frozen=True)
class Uncovering:
    """A hidden scene opened before a meeting, or covered again (開いた場面)."""

    row_id: int  # 0 before it is recorded
    set_id: str  # of the wall; empty for the one of every scene
    scene: str
    revealed: bool  # covered again when not
    recorded_at: datetime
    recorded_by: str


UNCOVERINGS = Stored(
    "meeting_reveal", Uncovering, Index("meeting_reveal_set", "set_id"), key="row_id"
)


def revealed(session: Session, set_id: str, day: date) -> frozenset[str]:
    """Hidden scenes of a set that stand open on a day; a new day begins with all of them covered."""
    last = {
        each.scene: each.revealed
        for each in UNCOVERINGS.all(session, set_id=set_id)
        if day_in_japan(each.recorded_at) == day
    }
    return frozenset(scene for scene, is_open in last.items() if is_open)


@dataclass(frozen=True)
class FrozenMoment:
    """When something was kept, and by whom (控え)."""

    freeze_id: int
    name: str  # of the meeting
    as_of: date  # 基準日 of the figures
    revision: int  # データ改訂番号 the figures were computed at
    frozen_at: datetime
    frozen_by: str


@dataclass(frozen=True)
class Frozen:
    """A frozen moment and what was shown then, as values."""

    moment: FrozenMoment
    scenes: tuple[Scene, ...]


MOMENTS = Stored(
    "meeting_freeze",
    FrozenMoment,
    Column("scenes", Words, nullable=False),
    key="freeze_id",
    columns={"revision": BigInteger()},
)


def frozen_moments(session: Session) -> list[FrozenMoment]:
    """Every frozen moment, the newest first, without its scenes."""
    return MOMENTS.all(session)[::-1]


def frozen(session: Session, freeze_id: int) -> Frozen | None:
    """A frozen moment with its scenes; None when there is none of that number."""
    this = MOMENTS.c.id == freeze_id
    moment = MOMENTS.first(session, MOMENTS.query.where(this))
    if moment is None:
        return None
    return Frozen(moment, from_json(session.scalar(select(MOMENTS.c.scenes).where(this)) or ""))


def add_frozen(session: Session, made: Frozen) -> int:
    """Insert one; returns its number."""
    return MOMENTS.add(session, made.moment, scenes=to_json(made.scenes))
