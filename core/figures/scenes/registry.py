"""The scenes there are, in the order a new meeting shows them."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import MappingProxyType

from core.figures import registry
from core.figures.indicator import Place
from core.figures.registry import Said
from core.figures.scenes import number
from core.figures.scenes.scene import Scene, SceneMaker
from core.reference.pack import Reference
from core.values.errors import InvalidInputError

NONE_ASKED: Mapping[str, SceneMaker] = MappingProxyType({})


@cache
def _own() -> tuple[SceneMaker, ...]:
    """The ``MAKER`` of every module of this folder: another scene is one more file."""
    package = import_module("core.figures.scenes")
    modules = (
        import_module(f"{package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    )
    found = (getattr(module, "MAKER", None) for module in modules)
    return tuple(sorted((m for m in found if m is not None), key=lambda m: (m.order, m.key)))


def makers(reference: Reference) -> Mapping[str, SceneMaker]:
    """By key: scenes with a file of their own, then one for each fact that shows on the wall.

    None about what is not offered.
    """
    offered = (each for each in _own() if each.need in (None, *reference.offers))
    facts = registry.shown(reference, Place.WALL)
    own = (_filled(maker, reference) for maker in offered)
    return {maker.key: maker for maker in (*own, *map(number.maker_of, facts))}


def _filled(maker: SceneMaker, reference: Reference) -> SceneMaker:
    names = reference.names
    words = {
        "all_towns": reference.all_towns,
        "towns": names.towns,
        "subsidy": names.subsidy,
        "kind": names.kind,
    }
    return replace(maker, title=maker.title.format(**words), purpose=maker.purpose.format(**words))


def check_scenes(
    reference: Reference, keys: Iterable[str], asked: Mapping[str, SceneMaker] = NONE_ASKED
) -> None:
    """Refuse a choice of scenes that cannot be shown.

    Args:
        asked: Scenes of inquiries (:func:`core.figures.scenes.inquiries.inquiry_makers`).

    Raises:
        InvalidInputError: Field ``scenes``: none, one twice, or one there is not.
    """
    chosen = list(keys)
    if not chosen:
        raise InvalidInputError({"scenes": "場面を1つ以上選んでください。"})
    if len(set(chosen)) != len(chosen):
        raise InvalidInputError({"scenes": "同じ場面が2回選ばれています。1つにしてください。"})
    known = {**makers(reference), **asked}
    if unknown := [key for key in chosen if key not in known]:
        raise InvalidInputError(
            {"scenes": f"場面「{unknown[0]}」はありません。一覧から選び直してください。"}
        )


def scenes_of(
    keys: Iterable[str], said: Said, asked: Mapping[str, SceneMaker] = NONE_ASKED
) -> tuple[Scene, ...]:
    """The scenes of some keys, in that order; a key whose scene no longer exists is left out.

    Args:
        asked: As :func:`check_scenes` takes it.
    """
    known = {**makers(said.reference), **asked}
    return tuple(_made(known[key], said) for key in keys if key in known)


def _made(maker: SceneMaker, said: Said) -> Scene:
    """A scene with the facts it asked for: what it tells is never listed by hand."""
    said.asked.clear()
    made = maker.make(said)
    return replace(made, title=maker.title, tells=tuple(sorted(said.asked)))
