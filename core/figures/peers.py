"""似た市町村との比較: one's own municipality beside the like ones, naming nobody's inner affairs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import median_high

from core.figures.indicator import Indicator, Part
from core.figures.registry import Said
from core.procurement.standing import State
from core.values.municipality import Municipality, likenesses

ALIKE = 8
"""How many like ones are looked at."""
MEASURES = ("participation_records", "talent_plans", "trainings_people", "consultations_received")
"""Keys of the facts compared: each municipality's own part of them."""


@dataclass(frozen=True)
class PeerMeasure:
    """One fact, ours beside that of the like ones."""

    indicator: Indicator
    ours: int | None
    median: int | None  # of the like ones, of two middle ones the larger; None is unknown
    above_zero: int | None  # how many of the like ones have any


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


def peers(said: Said, ours: Municipality) -> Peers:
    """A municipality beside the like ones as of a day."""
    known = said.known
    likes = [like.municipality for like in likenesses(ours, known.reference.municipalities)]
    alike = likes[:ALIKE]
    programmes = known.reference.procurements.programmes

    def row(municipality: Municipality) -> PeerRow:
        code = municipality.lg_code
        return PeerRow(
            municipality,
            tuple(known.state(p.key, code, said.as_of) for p in programmes),
            known.ledger.systems_of(code, said.as_of),
        )

    return Peers(
        as_of=said.as_of,
        systems=tuple(each.short_label for each in programmes),
        rows=tuple(row(each) for each in (ours, *alike)),
        measures=tuple(_measure(said, key, ours, alike) for key in MEASURES),
    )


def _measure(said: Said, key: str, ours: Municipality, alike: list[Municipality]) -> PeerMeasure:
    found = said[key]
    if found.value is None:
        return PeerMeasure(found.indicator, None, None, None)
    others = [_own(found.parts, each) for each in alike]
    return PeerMeasure(
        found.indicator,
        _own(found.parts, ours),
        median_high(others) if others else None,
        sum(number > 0 for number in others),
    )


def _own(parts: tuple[Part, ...], municipality: Municipality) -> int:
    return sum(part.numerator or 0 for part in parts if part.lg_code == municipality.lg_code)
