"""集計の分け方: municipalities by area, by size and by category, for what they answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from core.values.label import Labelled
from core.values.municipality import Municipality, SizeClass, size_of


class GroupBy(Labelled):
    """集計の分け方."""

    AREA = "area", "地域"
    SIZE = "size", "人口規模"
    CATEGORY = "category", "区分"


def groups(
    municipalities: Iterable[Municipality], codes: Collection[str], by: GroupBy
) -> Mapping[str, tuple[str, ...]]:
    """Those of ``codes`` by group; sizes from the largest, others in the order of the catalogue.

    A group without anybody is left out.
    """
    wanted = frozenset(codes)
    found: dict[str, list[str]] = {}
    if by is GroupBy.SIZE:
        found = {each.label: [] for each in SizeClass}
    for each in municipalities:
        if each.lg_code in wanted:
            found.setdefault(_group(each, by), []).append(each.lg_code)
    return MappingProxyType({name: tuple(many) for name, many in found.items() if many})


def _group(each: Municipality, by: GroupBy) -> str:
    if by is GroupBy.SIZE:
        return size_of(each.population).label
    return each.area if by is GroupBy.AREA else each.category
