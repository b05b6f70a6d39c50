"""The scenes there are, in the order a new meeting shows them."""

from __future__ import annotations

from collections.abc import Iterable

from core.scenes import number, osaka, participation, talent, tiles, timeline, trainings
from core.scenes.material import Material
from core.scenes.scene import Scene, SceneMaker
from core.values.errors import InvalidInputError

SCENES: tuple[SceneMaker, ...] = (
    number.MAKER,
    tiles.MAKER,
    talent.MAKER,
    participation.MAKER,
    osaka.MAKER,
    timeline.MAKER,
    trainings.MAKER,
)
"""Another scene is one more file and one more line here."""

_BY_KEY = {maker.key: maker for maker in SCENES}


def scene_keys() -> tuple[str, ...]:
    """Keys of all scenes, in order."""
    return tuple(_BY_KEY)


def check_scenes(keys: Iterable[str]) -> None:
    """Refuse a choice of scenes that cannot be shown.

    Raises:
        InvalidInputError: Field ``scenes``: none, one twice, or one there is not.
    """
    chosen = list(keys)
    if not chosen:
        raise InvalidInputError({"scenes": "場面を1つ以上選んでください。"})
    if len(set(chosen)) != len(chosen):
        raise InvalidInputError({"scenes": "同じ場面が2回選ばれています。1つにしてください。"})
    if unknown := [key for key in chosen if key not in _BY_KEY]:
        raise InvalidInputError(
            {"scenes": f"場面「{unknown[0]}」はありません。一覧から選び直してください。"}
        )


def scenes_of(keys: Iterable[str], material: Material) -> tuple[Scene, ...]:
    """The scenes of some keys, in that order; a key whose scene no longer exists is left out."""
    return tuple(_BY_KEY[key].make(material) for key in keys if key in _BY_KEY)
