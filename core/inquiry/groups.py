"""集計の分け方: municipalities by area, by size and by category, for what they answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from core.values.label import Labelled
from core.values.municipality import Municipality

SIZES: tuple[tuple[int, str], ...] = (
    (10_000, "1万人未満"),
    (50_000, "1万人以上5万人未満"),
    (100_000, "5万人以上10万人未満"),
    (300_000, "10万人以上30万人未満"),
)
"""人口規模: more than which number of people it ends below, and its name (仮定: no source divides so)."""
LARGEST = "30万人以上"


class GroupBy(Labelled):
    """集計の分け方."""

    AREA = "area", "地域"
    SIZE = "size", "人口規模"
    CATEGORY = "category", "区分"


def size_class(population: int) -> str:
    """The class of a population.

    Examples:
        >>> size_class(9_999), size_class(10_000), size_class(2_752_412)
        ('1万人未満', '1万人以上5万人未満', '30万人以上')
    """
    return next((name for bound, name in SIZES if population < bound), LARGEST)


def groups(
    municipalities: Iterable[Municipality], codes: Collection[str], by: GroupBy
) -> Mapping[str, tuple[str, ...]]:
    """Those of ``codes`` by group; sizes from the smallest, others in the order of the catalogue.

    A group without anybody is left out.
    """
    wanted = frozenset(codes)
    found: dict[str, list[str]] = {}
    if by is GroupBy.SIZE:
        found = {name: [] for name in (*(name for _, name in SIZES), LARGEST)}
    for each in municipalities:
        if each.lg_code in wanted:
            found.setdefault(_group(each, by), []).append(each.lg_code)
    return MappingProxyType({name: tuple(many) for name, many in found.items() if many})


def _group(each: Municipality, by: GroupBy) -> str:
    if by is GroupBy.SIZE:
        return size_class(each.population)
    return each.area if by is GroupBy.AREA else each.category
