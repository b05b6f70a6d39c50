"""控えを取る: what scenes say at one moment, computed in the transaction that keeps it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from core.figures.registry import Said
from core.figures.scenes.registry import check_scenes, scenes_of
from core.reference.pack import Reference
from core.store.inquiry_tallies import asked_makers
from core.store.kpi import known
from core.store.meetings import Frozen, FrozenMoment, add_frozen, revealed


def keep_moment(
    session: Session,
    reference: Reference,
    moment: FrozenMoment,
    scenes: tuple[str, ...],
    set_id: str = "",
) -> int:
    """Keep what scenes say now; the number of what is kept.

    Args:
        set_id: A hidden scene that stands open in it is kept as open.

    Raises:
        InvalidInputError: Field ``scenes``: none, one twice, or one there is not.
    """
    asked = asked_makers(session, reference, scenes)
    check_scenes(reference, scenes, asked)
    is_open = revealed(session, set_id, moment.as_of)
    made = scenes_of(scenes, Said(known(session, reference), moment.as_of), asked)
    kept = tuple(replace(x, hidden=x.hidden and x.key not in is_open) for x in made)
    return add_frozen(session, Frozen(moment, kept))
