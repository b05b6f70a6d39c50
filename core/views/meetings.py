"""What the page 会議 shows: scenes live or frozen, the sets there are, then beside now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.errors import InvalidInputError
from core.permission import requires
from core.principal import Principal
from core.scenes.difference import Difference, differences
from core.scenes.registry import scenes_of
from core.scenes.scene import Scene
from core.store.engine import reading
from core.store.meetings import (
    Frozen,
    FrozenMoment,
    MeetingSet,
    frozen,
    frozen_moments,
    material,
    meeting_sets,
)
from core.store.tables import KeptState


@requires("meeting:read")
def meeting_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    scenes: tuple[str, ...],
    as_of: date,
) -> tuple[Scene, ...]:
    """Scenes as of a day, in the order asked for.

    Args:
        scenes: Keys of scenes; one that no longer exists is left out.
        as_of: 基準日, inclusive.
    """
    with reading(engine) as session:
        return scenes_of(scenes, material(session, as_of))


@dataclass(frozen=True)
class MeetingsAnswer:
    """What can be opened.

    Attributes:
        sets: Sets that are kept, the one changed last first.
        moments: Frozen moments, the newest first.
    """

    sets: tuple[MeetingSet, ...]
    moments: tuple[FrozenMoment, ...]


@requires("meeting:read")
def meetings_view(engine: Engine, principal: Principal) -> MeetingsAnswer:  # noqa: ARG001
    """Meeting sets and frozen moments."""
    with reading(engine) as session:
        kept = [s for s in meeting_sets(session).values() if s.state is KeptState.KEPT]
        moments = frozen_moments(session)
    return MeetingsAnswer(tuple(sorted(kept, key=lambda s: -s.row_id)), tuple(moments))


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
    """A frozen moment beside now.

    Attributes:
        frozen: As it was.
        as_of: 基準日 of now.
        differences: Everything that differs; empty when nothing does.
    """

    frozen: Frozen
    as_of: date
    differences: tuple[Difference, ...]


@requires("meeting:read")
def compared_view(
    engine: Engine, principal: Principal, *, freeze_id: int, as_of: date
) -> ComparedAnswer:
    """A frozen moment, and what of it is different today (今と比べる).

    Raises:
        InvalidInputError: Field ``freeze``: there is none of that number.
    """
    then = frozen_view(engine, principal, freeze_id=freeze_id)
    keys = tuple(scene.key for scene in then.scenes)
    now = meeting_view(engine, principal, scenes=keys, as_of=as_of)
    return ComparedAnswer(then, as_of, differences(then.scenes, now))
