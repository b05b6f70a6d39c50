"""似た市町村との比較: one's own municipality beside the like ones, naming nobody's inner affairs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import median_high

from core.figures.indicator import Indicator, Part
from core.figures.registry import Said
from core.procurement.standing import State
from core.values.municipality import Municipality, most_alike

ALIKE = 8
"""At most so many like ones are looked at; fewer where fewer share anything."""
LEAST = 3
"""Of fewer like ones nothing is put together: the number would be that of one whom all can name."""
MEASURES = ("participation_records", "talent_plans", "trainings_people", "consultations_received")
"""Keys of the facts compared: each municipality's own part of them."""


@dataclass(frozen=True)
class PeerMeasure:
    """One fact, ours beside that of the like ones."""

    indicator: Indicator
    ours: int | None
    # of the like ones, of two middle ones the larger; None is unknown, or there are too few of them
    median: int | None
    above_zero: int | None  # how many of the like ones have any; None likewise


@dataclass(frozen=True)
class PeerRow:
    """Where a municipality stands in each joint procurement; published, so named."""

    municipality: Municipality  # which; the first row is ours
    states: tuple[State, ...]  # in the order of the procurements
    systems: int  # in how many it takes part, paid or free


@dataclass(frozen=True)
class Peers:
    """Ours beside the like ones."""

    as_of: date
    systems: tuple[str, ...]
    rows: tuple[PeerRow, ...]
    measures: tuple[PeerMeasure, ...]  # of the like ones together; none of them is named

    @property
    def others(self) -> int:
        """How many like ones there are."""
        return len(self.rows) - 1

    @property
    def together(self) -> bool:
        """Whether the like ones are enough to be put together without telling whose a number is."""
        return self.others >= LEAST


def peers(said: Said, ours: Municipality) -> Peers:
    """A municipality beside the like ones as of a day."""
    known = said.known
    likes = most_alike(ours, said.reference.municipalities, ALIKE)
    alike = [like.municipality for like in likes]
    programmes = known.reference.procurements.programmes

    def row(municipality: Municipality) -> PeerRow:
        code = municipality.lg_code
        return PeerRow(
            municipality,
            tuple(known.state(p.key, code, said.as_of) for p in programmes),
            known.systems_of(code, said.as_of),
        )

    return Peers(
        as_of=said.as_of,
        systems=tuple(each.short_label for each in programmes),
        rows=tuple(row(each) for each in (ours, *alike)),
        measures=tuple(_measure(said, key, ours, alike) for key in MEASURES if key in said),
    )


def _measure(said: Said, key: str, ours: Municipality, alike: list[Municipality]) -> PeerMeasure:
    found = said[key]
    if found.value is None:
        return PeerMeasure(found.indicator, None, None, None)
    own, others = _own(found.parts, ours), [_own(found.parts, each) for each in alike]
    if len(others) < LEAST:
        return PeerMeasure(found.indicator, own, None, None)
    return PeerMeasure(
        found.indicator, own, median_high(others), sum(number > 0 for number in others)
    )


def _own(parts: tuple[Part, ...], municipality: Municipality) -> int:
    return sum(part.numerator or 0 for part in parts if part.lg_code == municipality.lg_code)


def too_few(others: int, towns: str) -> str:
    """Why nothing stands beside ours.

    Args:
        towns: What municipalities are called.
    """
    if not others:
        return f"区分・地域・人口規模のどれかが似た{towns}はありません。"
    return (
        f"似た{towns}は{others}団体だけです。{LEAST}団体より少ないと、まとめた値からどの団体の値かが"
        "わかるため示しません。"
    )
