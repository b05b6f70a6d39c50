"""What the page 会議 shows: scenes live or frozen, the sets there are, then beside now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal, allows
from core.figures.indicator import Subject
from core.figures.registry import Said
from core.figures.scenes.difference import Difference, differences
from core.figures.scenes.inquiries import (
    AskedScene,
    asked_scenes,
    inquiries_of,
    inquiry_makers,
    inquiry_of_key,
)
from core.figures.scenes.registry import makers, scenes_of
from core.figures.scenes.scene import Scene, covered
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.estimates import KeptState
from core.store.inquiries import inquiries
from core.store.inquiry_tallies import asked_makers, tallied
from core.store.kpi import known, known_at
from core.store.meetings import (
    Frozen,
    FrozenMoment,
    MeetingSet,
    frozen,
    frozen_moments,
    kept_sets,
    revealed,
    revision_now,
)
from core.values.errors import InvalidInputError

USUAL_SECONDS = 20
"""How long a scene stays when nobody said."""
_LONGEST = 18  # digits of a number that a database takes


@dataclass(frozen=True)
class WallAnswer:
    """What a wall shows at one revision."""

    set_id: str  # of the set shown; empty for every scene, when nobody prepared the meeting
    unknown_set: bool  # whether the one asked for is not kept, and this is another
    name: str  # of the meeting; empty likewise
    seconds: int  # how long each scene stays; 0 when they do not change by themselves
    as_of: date  # 基準日
    revision: int  # データ改訂番号 the scenes were computed at, or an earlier one
    scenes: tuple[Scene, ...]
    # scene of hidden answers → number of the last step of its inquiry: who opens it reveals them
    sealed: Mapping[str, int]


_ON_WALLS = tuple(each for each in Subject if each is not Subject.SUPPORT)
"""No scene tells of visits, and a wall does not wait for thousands of them."""


@requires("meeting:read")
def wall_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    set_id: str | None,
    as_of: date,
) -> WallAnswer:
    """The scenes of a set as of a day; of what is still hidden nothing, whoever asks.

    Args:
        set_id: The set asked for; None, or one that is no longer kept, is the one changed last.
            ``inquiry-12`` is all of an inquiry, for whoever may see its answers.
    """
    with reading(engine) as session:
        revision = revision_now(session)
        kept = kept_sets(session)
        if set_id and inquiry_of_key(set_id) and allows(principal, "inquiry:manage"):
            kept = (*_of_inquiry(session, reference, set_id), *kept)
        chosen = next((s for s in kept if s.set_id == set_id), next(iter(kept), None))
        keys = chosen.scenes if chosen else tuple(makers(reference))
        shown = chosen.set_id if chosen else ""
        found = tallied(session, reference, inquiries_of(keys))
        said = Said(known(session, reference, _ON_WALLS), as_of)
        scenes = scenes_of(keys, said, inquiry_makers(found))
        return WallAnswer(
            set_id=shown,
            unknown_set=set_id is not None and set_id != shown,
            name=chosen.name if chosen else "",
            seconds=chosen.seconds if chosen else USUAL_SECONDS,
            as_of=as_of,
            revision=revision,
            scenes=covered(scenes, revealed(session, shown, as_of)),
            sealed={
                key: each.inquiry.events[-1].event_id
                for each in found
                if each.hidden
                for key in inquiry_makers([each])
            },
        )


def _of_inquiry(session: Session, reference: Reference, set_id: str) -> tuple[MeetingSet, ...]:
    """All scenes of an inquiry, as if somebody had kept them; none where there is none."""
    found = tallied(session, reference, inquiries_of([set_id]))
    scenes = tuple(inquiry_makers(found))
    return tuple(
        MeetingSet(
            row_id=0,
            set_id=set_id,
            name=each.inquiry.composition.title,
            scenes=scenes,
            seconds=0,
            state=KeptState.KEPT,
            recorded_at=each.inquiry.created_at,
            recorded_by=each.inquiry.created_by,
        )
        for each in found
        if scenes
    )


@dataclass(frozen=True)
class MeetingsAnswer:
    """What can be opened."""

    sets: tuple[MeetingSet, ...]  # sets that are kept, the one changed last first
    moments: tuple[FrozenMoment, ...]  # frozen moments, the newest first
    asked: Mapping[str, AskedScene]  # of published inquiries, the newest first, for who keeps sets


@requires("meeting:read")
def meetings_view(engine: Engine, principal: Principal) -> MeetingsAnswer:
    """Meeting sets, frozen moments, and what of the inquiries a set may show."""
    with reading(engine) as session:
        manages = allows(principal, "meeting:manage")
        published = [each for each in inquiries(session) if each.published] if manages else []
        return MeetingsAnswer(
            kept_sets(session), tuple(frozen_moments(session)), asked_scenes(published[::-1])
        )


@requires("meeting:read")
def frozen_view(engine: Engine, principal: Principal, *, freeze_id: int | str) -> Frozen:
    """A moment as it was kept; what was hidden then only for those who may uncover it.

    Args:
        freeze_id: Its number, also as a link says it.

    Raises:
        InvalidInputError: Field ``freeze``: there is none of that number, or it is no number.
    """
    asked = str(freeze_id)
    number = int(asked) if asked.isdecimal() and len(asked) <= _LONGEST else 0
    with reading(engine) as session:
        found = frozen(session, number)
    if found is None:
        raise InvalidInputError(
            {
                "freeze": f"控え「{asked[:_LONGEST]}」はありません。会議の準備の一覧から開いてください。"
            }
        )
    if allows(principal, "meeting:manage"):
        return found
    return replace(found, scenes=covered(found.scenes, ()))


def _told(principal: Principal, scenes: tuple[Scene, ...]) -> tuple[Scene, ...]:
    """What of now a reader may be told who may not uncover a scene: nothing that could be hidden."""
    if allows(principal, "meeting:manage"):
        return scenes
    return tuple(scene for scene in covered(scenes, ()) if not scene.covered_by)


@dataclass(frozen=True)
class ComparedAnswer:
    """A frozen moment beside now."""

    frozen: Frozen
    as_of: date  # 基準日 of now
    changed: tuple[Difference, ...]  # because something was recorded, corrected or taken back since
    moved_on: tuple[Difference, ...]  # because the day is another one, and for no other reason


@requires("meeting:read")
def compared_view(
    engine: Engine, principal: Principal, reference: Reference, *, freeze_id: int, as_of: date
) -> ComparedAnswer:
    """A frozen moment, and what of it is different today (今と比べる).

    Raises:
        InvalidInputError: Field ``freeze``: there is none of that number.
    """
    then = frozen_view(engine, principal, freeze_id=freeze_id)
    with reading(engine) as session:
        everything = known(session, reference)
        before = known_at(session, everything, then.moment.frozen_at)
        kept = tuple(scene.key for scene in then.scenes if not scene.covered_by)
        asked = asked_makers(session, reference, kept)
        was_asked = asked_makers(session, reference, kept, then.moment.frozen_at)
    now = _told(principal, scenes_of(kept, Said(everything, as_of), asked))
    keys = tuple(scene.key for scene in now)
    found = differences(then.scenes, now)
    # the same records on another day, other records on the same day: what neither or only the
    # first of them accounts for has but moved on
    by_record = {
        (each.scene, each.what)
        for each in (
            *differences(scenes_of(keys, Said(before, as_of), was_asked), now),
            *differences(then.scenes, scenes_of(keys, Said(everything, then.moment.as_of), asked)),
        )
    }
    changed = tuple(each for each in found if (each.scene, each.what) in by_record)
    return ComparedAnswer(
        then, as_of, changed, tuple(each for each in found if each not in changed)
    )
