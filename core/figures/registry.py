"""指標の一覧: every fact there is. Screens, walls, files and the command line read this one list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Protocol

from core.figures import consultations, participation, support, surveys, talent, trainings
from core.figures.indicator import EVERYBODY, Indicator, KpiFilter, Place, Subject
from core.figures.known import Known
from core.figures.reading import Reading, reading
from core.reference.names import Names
from core.reference.pack import Reference
from core.values.errors import InvalidInputError


def indicators(reference: Reference) -> Mapping[str, Indicator]:
    """By key, in the order readers see; none about what is not offered."""
    listed = (
        each for subject in subjects(reference) for each in _OF[subject].indicators(reference)
    )
    return MappingProxyType({each.key: each for each in listed})


def subjects(reference: Reference) -> tuple[Subject, ...]:
    """The 分野 there are facts about."""
    offered = (each for each in Subject if each.need in (None, *reference.offers))
    return tuple(
        each for each in offered if each is not Subject.SURVEYS or surveys.indicators(reference)
    )


class _Facts(Protocol):
    """A module of this folder."""

    def indicators(self, reference: Reference) -> tuple[Indicator, ...]: ...


_OF: Mapping[Subject, _Facts] = MappingProxyType(
    {
        Subject.PARTICIPATION: participation,
        Subject.TALENT: talent,
        Subject.SUPPORT: support,
        Subject.TRAININGS: trainings,
        Subject.CONSULTATIONS: consultations,
        Subject.SURVEYS: surveys,
    }
)


def indicator(reference: Reference, key: str) -> Indicator:
    """The fact of a key.

    Raises:
        InvalidInputError: There is none.
    """
    found = indicators(reference).get(key)
    if found is None:
        raise InvalidInputError(
            {"indicator": f"指標「{key[:40]}」はありません。一覧から選び直してください。"}
        )
    return found


def of_subject(reference: Reference, subject: Subject) -> tuple[Indicator, ...]:
    """The facts of a 分野."""
    return tuple(each for each in indicators(reference).values() if each.subject is subject)


def shown(reference: Reference, place: Place) -> tuple[Indicator, ...]:
    """The facts that show somewhere beside the list of all."""
    return tuple(each for each in indicators(reference).values() if place in each.shows)


class Said:
    """Facts as of one day, read when asked for by key; what a scene and a view draw from.

    ``chosen`` narrows those that a filter of municipalities means anything for.
    """

    def __init__(self, known: Known, as_of: date, chosen: KpiFilter = EVERYBODY) -> None:
        self.known = known
        self.as_of = as_of
        self.chosen = chosen
        self.reference = known.reference.on(as_of)
        """With the municipalities there are that day."""
        self._indicators = indicators(self.reference)
        self._read: dict[str, Reading] = {}
        self.asked: set[str] = set()
        """Keys asked for; whoever wants to know what a scene tells empties it first."""

    @property
    def names(self) -> Names:
        """What the prefecture, its municipalities and their alliance are called."""
        return self.reference.names

    def __contains__(self, key: str) -> bool:
        return key in self._indicators

    def __getitem__(self, key: str) -> Reading:
        self.asked.add(key)
        if key not in self._read:
            self._read[key] = reading(self._indicators[key], self.known, self.as_of, self.chosen)
        return self._read[key]

    def shown(self, place: Place) -> tuple[Reading, ...]:
        """Everything that shows somewhere beside the list of all."""
        return tuple(self[key] for key, each in self._indicators.items() if place in each.shows)
