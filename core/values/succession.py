"""市町村の変更・合併: which municipalities there are on a day, and who counts for one that ended."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType

from core.values.fiscal import era_date
from core.values.municipality import Municipality


@dataclass(frozen=True)
class Term:
    """A municipality as it is for a while.

    Attributes:
        since: First day, inclusive; None: as long as anything is known.
        until: Last day, inclusive; None: no end is known.
        successor: Code of the municipality it became part of on the day after; empty for none.
    """

    municipality: Municipality
    since: date | None = None
    until: date | None = None
    successor: str = ""

    @property
    def lg_code(self) -> str:
        """Whose term it is."""
        return self.municipality.lg_code

    @property
    def first(self) -> date:
        """First day, inclusive."""
        return self.since or date.min

    @property
    def last(self) -> date:
        """Last day, inclusive."""
        return self.until or date.max

    def holds(self, day: date) -> bool:
        """Whether it is so on a day."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Merger:
    """That municipalities became part of one."""

    day: date  # first day on which they are one
    successor: str
    predecessors: tuple[str, ...]  # codes that ended with the day before, in file order


@dataclass(frozen=True)
class Succession:
    """Every municipality there ever was, term by term; the one place that knows who counts for whom.

    A pack says what cannot be, before one is made (core/reference/municipalities.py).
    """

    terms: tuple[Term, ...]

    @classmethod
    def of(cls, municipalities: Iterable[Municipality]) -> Succession:
        """Municipalities that never change."""
        return cls(tuple(map(Term, municipalities)))

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Days on which something becomes otherwise, in order."""
        begun = {term.since for term in self.terms if term.since}
        ended = {term.until + timedelta(days=1) for term in self.terms if term.until}
        return tuple(sorted(begun | ended))

    def position(self, day: date) -> int:
        """Which of the times between two of :attr:`days` a day is in: 0 before the first."""
        return bisect_right(self.days, day)

    def on(self, day: date) -> tuple[Municipality, ...]:
        """The municipalities in force on a day, in file order."""
        return self._times[self.position(day)]

    def by_code(self, day: date) -> Mapping[str, Municipality]:
        """The same by code."""
        return self._codes[self.position(day)]

    @property
    def last(self) -> tuple[Municipality, ...]:
        """Those without a known end."""
        return self._times[-1]

    @cached_property
    def of_code(self) -> Mapping[str, tuple[Term, ...]]:
        """Code → its terms, in order of time; codes in file order."""
        found: dict[str, list[Term]] = {}
        for term in self.terms:
            found.setdefault(term.lg_code, []).append(term)
        return MappingProxyType(
            {code: tuple(sorted(own, key=lambda t: t.first)) for code, own in found.items()}
        )

    @cached_property
    def mergers(self) -> tuple[Merger, ...]:
        """Every merger, in order of time."""
        found: dict[tuple[date, str], list[str]] = {}
        for code, own in self.of_code.items():
            if own[-1].successor:
                day = own[-1].last + timedelta(days=1)
                found.setdefault((day, own[-1].successor), []).append(code)
        return tuple(Merger(*key, tuple(codes)) for key, codes in sorted(found.items()))

    @cached_property
    def merging(self) -> frozenset[str]:
        """Codes that a merger concerns."""
        return frozenset(
            code for each in self.mergers for code in (each.successor, *each.predecessors)
        )

    def heir(self, lg_code: str, day: date) -> str:
        """The code that counts for a code on a day: itself, or who followed it by then."""
        own = self.of_code.get(lg_code)
        if own is None or not own[-1].successor or day <= own[-1].last:
            return lg_code
        return self.heir(own[-1].successor, day)

    def forebears(self, lg_code: str, day: date) -> tuple[str, ...]:
        """Codes that a code counts for on a day: itself, and whoever became part of it by then."""
        return self._gathered[self.position(day)].get(lg_code, ())

    def former(self, lg_code: str) -> tuple[str, ...]:
        """Codes of all that ever became part of a municipality, also by another's way."""
        own = self.of_code.get(lg_code)
        found = self.forebears(lg_code, own[-1].last) if own else ()
        return tuple(code for code in found if code != lg_code)

    def called(self, lg_code: str, day: date) -> str:
        """The name of a code on a day, or the nearest one it had; the code for an unknown one.

        Of one that ended it is the last: what was recorded of it keeps its name.
        """
        own = self.of_code.get(lg_code)
        if own is None:
            return lg_code
        begun = [term for term in own if term.first <= day]
        return (begun[-1] if begun else own[0]).municipality.name

    def told(self, lg_code: str, day: date) -> str:
        """The name, behind 旧 where somebody else counts for it on the day.

        Examples:
            >>> succession = Succession.of(())
            >>> succession.told("271004", date(2024, 1, 1))
            '271004'
        """
        name = self.called(lg_code, day)
        return name if self.heir(lg_code, day) == lg_code else f"旧{name}"

    def absence(self, lg_code: str, day: date) -> str:
        """Why a municipality is none on a day, and who to turn to; empty where it is one."""
        own = self.of_code.get(lg_code, ())
        if not own or any(term.holds(day) for term in own):
            return ""
        name = self.called(lg_code, day)
        if day < own[0].first:
            return f"{name}は{era_date(own[0].first)}からの団体です。この日は、まだありません。"
        successor = self.called(own[-1].successor, day)
        since = own[-1].last + timedelta(days=1)
        return (
            f"{name}は{era_date(since)}に{successor}になりました。"
            f"この日からは{successor}({own[-1].successor})のものです。"
        )

    @cached_property
    def _times(self) -> tuple[tuple[Municipality, ...], ...]:
        looked_at = (date.min, *self.days)
        return tuple(
            tuple(
                term.municipality
                for own in self.of_code.values()
                for term in own
                if term.holds(day)
            )
            for day in looked_at
        )

    @cached_property
    def _gathered(self) -> tuple[Mapping[str, tuple[str, ...]], ...]:
        """For each time: who counts → the codes it counts for."""
        found = []
        for day in (date.min, *self.days):
            by_heir: dict[str, tuple[str, ...]] = {}
            for code in self.of_code:
                heir = self.heir(code, day)
                by_heir[heir] = (*by_heir.get(heir, ()), code)
            found.append(MappingProxyType(by_heir))
        return tuple(found)

    @cached_property
    def _codes(self) -> tuple[Mapping[str, Municipality], ...]:
        return tuple(
            MappingProxyType({each.lg_code: each for each in those}) for those in self._times
        )
