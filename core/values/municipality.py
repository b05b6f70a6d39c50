"""市町村: the municipalities of the prefecture, their codes, and which are alike."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.values.fiscal import era_date
from core.values.label import Labelled

LIKE_POPULATION_FACTOR = 2
"""Two populations are alike when neither is more than this many times the other (仮定)."""


@dataclass(frozen=True)
class Municipality:
    """One 市町村.

    Attributes:
        lg_code: 全国地方公共団体コード, 6 digits with check digit, as text.
        kana: 読み, hiragana.
        category: 政令指定都市, 中核市, 施行時特例市, 一般市, 町, 村.
        area: 地域 within the prefecture.
        population: 人.
        lat: Degrees north of the town hall, WGS84.
        lng: Degrees east of the town hall, WGS84.
        census: Year of the 国勢調査 that counted the population.
        source: Of the population; key of sources.yaml.
    """

    lg_code: str
    name: str
    kana: str
    category: str
    area: str
    population: int
    lat: float
    lng: float
    census: int = 2020
    source: str = "kokusei-2020"

    @property
    def census_label(self) -> str:
        """令和2年国勢調査."""
        return census_text(self.census)


def era_year(year: int) -> str:
    """A calendar year as officials write it, by its census day, October 1st.

    Examples:
        >>> era_year(2020), era_year(2025)
        ('令和2年', '令和7年')
    """
    return era_date(date(year, 10, 1)).partition("年")[0] + "年"


def census_text(year: int) -> str:
    """令和2年国勢調査.

    Examples:
        >>> census_text(2025)
        '令和7年国勢調査'
    """
    return f"{era_year(year)}国勢調査"


def check_digit(first_five: str) -> str:
    """検査数字 of a 5-digit local government code (JIS X 0402, modulus 11).

    Examples:
        >>> check_digit("27100"), check_digit("27383")
        ('4', '0')
    """
    weighted = sum(
        int(digit) * weight for digit, weight in zip(first_five, (6, 5, 4, 3, 2), strict=True)
    )
    return str((11 - weighted % 11) % 10)


def is_prefecture(code: str) -> bool:
    """Whether a local government code is a prefecture's; any other is a municipality's.

    Examples:
        >>> is_prefecture("130001"), is_prefecture("131016")
        (True, False)
    """
    return code[2:5] == "000"


@dataclass(frozen=True)
class Likeness:
    """How one municipality resembles another.

    Attributes:
        population_alike: Neither has more than twice the other's population.
        population_ratio: Theirs by ours.
    """

    municipality: Municipality
    same_category: bool
    same_area: bool
    population_alike: bool
    population_ratio: float

    @property
    def reasons(self) -> tuple[str, ...]:
        """What they share, in words."""
        named = (
            (self.same_category, "区分が同じ"),
            (self.same_area, "地域が同じ"),
            (self.population_alike, "人口規模が近い"),
        )
        return tuple(words for shared, words in named if shared)


def likenesses(ours: Municipality, others: Iterable[Municipality]) -> list[Likeness]:
    """Every other municipality, most alike first.

    Order: how many of category, area and population are alike; then the nearer population (by
    ratio); then the code.

    Args:
        ours: The municipality that asks; left out of the answer.
    """
    found = [_likeness(ours, other) for other in others if other.lg_code != ours.lg_code]
    return sorted(
        found,
        key=lambda like: (
            -len(like.reasons),
            abs(math.log(like.population_ratio)),
            like.municipality.lg_code,
        ),
    )


def most_alike(
    ours: Municipality, others: Iterable[Municipality], most: int
) -> tuple[Likeness, ...]:
    """The first of :func:`likenesses`: at most ``most``, and none that shares nothing with ours."""
    return tuple(like for like in likenesses(ours, others) if like.reasons)[:most]


def _likeness(ours: Municipality, other: Municipality) -> Likeness:
    larger = max(ours.population, other.population)
    smaller = min(ours.population, other.population)
    return Likeness(
        municipality=other,
        same_category=other.category == ours.category,
        same_area=other.area == ours.area,
        population_alike=larger <= LIKE_POPULATION_FACTOR * smaller,
        population_ratio=other.population / ours.population,
    )


class SizeClass(Labelled):
    """人口規模: our own four classes (仮定)."""

    LARGE = "large", "30万人以上"
    UPPER = "upper", "10万人以上30万人未満"
    LOWER = "lower", "5万人以上10万人未満"
    SMALL = "small", "5万人未満"


def size_of(population: int) -> SizeClass:
    """The class of a population.

    Examples:
        >>> size_of(300_000).value, size_of(299_999).value, size_of(49_999).value
        ('large', 'upper', 'small')
    """
    if population >= 300_000:
        return SizeClass.LARGE
    if population >= 100_000:
        return SizeClass.UPPER
    return SizeClass.LOWER if population >= 50_000 else SizeClass.SMALL


@dataclass(frozen=True)
class MunicipalityGroup:
    """The municipalities that share an area or a category.

    Attributes:
        label: 地域 or 区分.
        population: Together, 人.
    """

    label: str
    municipalities: int
    population: int


def groups(
    municipalities: Iterable[Municipality], attribute: Literal["area", "category"]
) -> tuple[MunicipalityGroup, ...]:
    """How many share each area or category, and their population; in the order they come."""
    found: dict[str, list[int]] = {}
    for municipality in municipalities:
        found.setdefault(getattr(municipality, attribute), []).append(municipality.population)
    return tuple(
        MunicipalityGroup(label, len(populations), sum(populations))
        for label, populations in found.items()
    )
