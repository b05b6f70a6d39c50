"""What the page 会議 shows: scenes live or frozen, the sets there are, then beside now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.figures.registry import Said
from core.figures.scenes.difference import Difference, differences
from core.figures.scenes.registry import makers, scenes_of
from core.figures.scenes.scene import Scene
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.estimates import KeptState
from core.store.kpi import known
from core.store.meetings import (
    Frozen,
    FrozenMoment,
    MeetingSet,
    frozen,
    frozen_moments,
    meeting_sets,
    revision_now,
)
from core.values.errors import InvalidInputError

USUAL_SECONDS = 20
"""How long a scene stays when nobody said."""


@requires("meeting:read")
def meeting_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    scenes: tuple[str, ...],
    as_of: date,
) -> tuple[Scene, ...]:
    """Scenes as of a day, in the order asked for; one that no longer exists is left out."""
    with reading(engine) as session:
        return scenes_of(scenes, Said(known(session, reference), as_of))


@dataclass(frozen=True)
class WallAnswer:
    """What a wall shows at one revision."""

    set_id: str  # of the set shown; empty for every scene, when nobody prepared the meeting
    name: str  # of the meeting; empty likewise
    seconds: int  # how long each scene stays; 0 when they do not change by themselves
    as_of: date  # 基準日
    revision: int  # データ改訂番号 the scenes were computed at, or an earlier one
    scenes: tuple[Scene, ...]


@requires("meeting:read")
def wall_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    set_id: str | None,
    as_of: date,
) -> WallAnswer:
    """The scenes of a set as of a day.

    Args:
        set_id: The set asked for; None, or one that is no longer kept, is the one changed last.
    """
    with reading(engine) as session:
        revision = revision_now(session)
        kept = _kept(session)
        chosen = next((s for s in kept if s.set_id == set_id), next(iter(kept), None))
        keys = chosen.scenes if chosen else tuple(makers(reference))
        return WallAnswer(
            set_id=chosen.set_id if chosen else "",
            name=chosen.name if chosen else "",
            seconds=chosen.seconds if chosen else USUAL_SECONDS,
            as_of=as_of,
            revision=revision,
            scenes=scenes_of(keys, Said(known(session, reference), as_of)),
        )


def _kept(session: Session) -> tuple[MeetingSet, ...]:
    """Sets that are kept, the one changed last first."""
    kept = [s for s in meeting_sets(session).values() if s.state is KeptState.KEPT]
    return tuple(sorted(kept, key=lambda s: -s.row_id))


@dataclass(frozen=True)
class MeetingsAnswer:
    """What can be opened."""

    sets: tuple[MeetingSet, ...]  # sets that are kept, the one changed last first
    moments: tuple[FrozenMoment, ...]  # frozen moments, the newest first


@requires("meeting:read")
def meetings_view(engine: Engine, principal: Principal) -> MeetingsAnswer:  # noqa: ARG001
    """Meeting sets and frozen moments."""
    with reading(engine) as session:
        return MeetingsAnswer(_kept(session), tuple(frozen_moments(session)))


@requires("meeting:read")
def frozen_view(engine: Engine, principal: Principal, *, freeze_id: int) -> Frozen:  # noqa: ARG001
    """A frozen moment as it was.

    Raises:
        InvalidInputError: Field ``freeze``: there is none of that number.
    """
    with reading(engine) as session:
        found = frozen(session, freeze_id)
    if found is None:
        raise InvalidInputError(
            {
                "freeze": f"固定した画面「{freeze_id}」はありません。会議の準備の一覧から開いてください。"
            }
        )
    return found


@dataclass(frozen=True)
class ComparedAnswer:
    """A frozen moment beside now."""

    frozen: Frozen
    as_of: date  # 基準日 of now
    differences: tuple[Difference, ...]


@requires("meeting:read")
def compared_view(
    engine: Engine, principal: Principal, reference: Reference, *, freeze_id: int, as_of: date
) -> ComparedAnswer:
    """A frozen moment, and what of it is different today (今と比べる).

    Raises:
        InvalidInputError: Field ``freeze``: there is none of that number.
    """
    then = frozen_view(engine, principal, freeze_id=freeze_id)
    keys = tuple(scene.key for scene in then.scenes)
    now = meeting_view(engine, principal, reference, scenes=keys, as_of=as_of)
    return ComparedAnswer(then, as_of, differences(then.scenes, now))
