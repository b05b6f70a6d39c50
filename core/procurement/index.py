"""The ledger folded once, so that any day is answered by bisection instead of reading it again.

Each participant's path in a programme is kept as days and the state from each on; each count as
days and the sums from each on. An index is never changed: :meth:`LedgerIndex.with_cells` gives a
new one in which only the programmes concerned are new, so readers never wait.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from core.municipality import Municipality
from core.procurement.counting import Counts
from core.procurement.event import PREFECTURE, LedgerEvent
from core.procurement.standing import FORESEEN, NO_RECORD, PAID, TAKING_PART, Standing, State, steps

Row = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """One participant in one programme: from ``days[i]`` on the state is ``states[i]``."""

    days: tuple[date, ...]
    states: tuple[State, ...]

    def on(self, day: date) -> State:
        """The state on a day; the same as ``standing.state_on``."""
        position = bisect_right(self.days, day)
        return self.states[position - 1] if position else NO_RECORD


NO_PATH = Path((), ())


def path_of(events: Iterable[LedgerEvent], known: dict[State, State] | None = None) -> Path:
    """Fold the events of one participant in one programme.

    Args:
        events: In any order, corrected ones included.
        known: Equal states are kept once here.

    Raises:
        ConflictError: They make no valid path.
    """
    days: list[date] = []
    states: list[State] = []
    for step in steps(events):
        state = step.state if known is None else known.setdefault(step.state, step.state)
        day = step.event.effective.first
        if days and days[-1] == day:
            states[-1] = state
        else:
            days.append(day)
            states.append(state)
    return Path(tuple(days), tuple(states))


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over many paths: from ``days[i]`` on they are ``rows[i]``."""

    days: tuple[date, ...]
    rows: tuple[Row, ...]

    def on(self, day: date) -> Row | None:
        """The sums on a day; None before the first."""
        position = bisect_right(self.days, day)
        return self.rows[position - 1] if position else None


def tally(paths: Iterable[tuple[Path, int]], measure: Callable[[State, int], Row]) -> Tally:
    """Add up what each state measures, day by day.

    Args:
        paths: Path and population of each municipality.
        measure: State and population → numbers to add, always as many.
    """
    changes: dict[date, list[int]] = {}
    for path, population in paths:
        before: Row | None = None
        for day, state in zip(path.days, path.states, strict=True):
            after = measure(state, population)
            if after == before:
                continue
            change = changes.setdefault(day, [0] * len(after))
            for place, number in enumerate(after):
                change[place] += number - (before[place] if before else 0)
            before = after
    days = tuple(sorted(changes))
    rows: list[Row] = []
    for day in days:
        added = changes[day]
        rows.append(
            tuple(a + b for a, b in zip(rows[-1], added, strict=True)) if rows else tuple(added)
        )
    return Tally(days, tuple(rows))


_PLACES = {
    Standing.PAID_INITIAL: 0,
    Standing.PAID_LATE: 1,
    Standing.FREE: 2,
    Standing.PLANNED: 3,
    Standing.MANDATE: 3,
    Standing.INTEREST: 4,
    Standing.LEFT: 5,
    Standing.WITHDRAWN: 6,
}
"""Standing → its place among the fields of Counts."""


def _measure(state: State, population: int) -> Row:
    row = [0] * 10
    place = _PLACES.get(state.standing)
    if place is not None:
        row[place] = 1
    row[7] = int(state.live)
    row[8] = int(state.foreseen is not None)
    row[9] = population if state.standing in PAID else 0
    return tuple(row)


_NOTHING: Row = (0,) * 10


@dataclass(frozen=True)
class ProgrammeIndex:
    """One programme.

    Attributes:
        paths: Participant → path; absent for nothing recorded.
        municipalities: Code → municipality, of all that are counted.
    """

    paths: Mapping[str, Path]
    municipalities: Mapping[str, Municipality]
    _kept: dict[tuple[str, str], Tally] = field(default_factory=dict, compare=False, repr=False)

    def state(self, participant: str, day: date) -> State:
        """Where a participant stands on a day."""
        return self.paths.get(participant, NO_PATH).on(day)

    def counts(self, day: date) -> Counts:
        """All municipalities, and the prefecture apart."""
        row = self._tally("", "").on(day) or _NOTHING
        return Counts(*(*row, int(self.state(PREFECTURE, day).standing in PAID)))

    def counts_in(self, day: date, attribute: str, value: str) -> Counts:
        """The municipalities of one ``area`` or ``category``, or of one ``lot``."""
        return Counts(*(self._tally(attribute, value).on(day) or _NOTHING))

    def foreseen(self, day: date) -> dict[date | None, tuple[int, int]]:
        """Foreseen participations by the month they are meant to begin in; None for not said.

        Returns:
            Month → (those not taking part yet, those in the free edition), zeros left out.
        """
        found = {}
        for month, kept in self._targets().items():
            row = kept.on(day)
            if row is not None and any(row):
                found[month] = (row[0], row[1])
        return found

    @property
    def first_day(self) -> date | None:
        """The first day anything is counted; None for an empty programme."""
        days = self._tally("", "").days
        return days[0] if days else None

    def _members(self, attribute: str = "", value: str = "") -> list[tuple[Path, int]]:
        return [
            (path, municipality.population)
            for code, path in self.paths.items()
            if (municipality := self.municipalities.get(code)) is not None
            and (not attribute or getattr(municipality, attribute) == value)
        ]

    def _tally(self, attribute: str, value: str) -> Tally:
        kept = self._kept.get((attribute, value))
        if kept is None:
            if attribute == "lot":

                def of_lot(state: State, population: int) -> Row:
                    return _measure(state, population) if state.lot == value else _NOTHING

                kept = tally(self._members(), of_lot)
            else:
                kept = tally(self._members(attribute, value), _measure)
            self._kept[attribute, value] = kept
        return kept

    def _targets(self) -> dict[date | None, Tally]:
        kept: dict[date | None, Tally] | None = self.__dict__.get("_by_target")
        if kept is None:
            members = self._members()
            months = {
                _month(state) for path, _ in members for state in path.states if _foreseen(state)
            }
            kept = {
                month: tally(members, _aimed_at(month))
                for month in sorted(months, key=lambda m: (m is None, m))
            }
            self.__dict__["_by_target"] = kept
        return kept


def _foreseen(state: State) -> bool:
    return state.standing in FORESEEN or state.foreseen is not None


def _month(state: State) -> date | None:
    return None if state.target is None else state.target.first.replace(day=1)


def _aimed_at(month: date | None) -> Callable[[State, int], Row]:
    def measure(state: State, _population: int) -> Row:
        if not _foreseen(state) or _month(state) != month:
            return (0, 0)
        return (0, 1) if state.standing is Standing.FREE else (1, 0)

    return measure


Cells = Mapping[str, Mapping[str, Sequence[LedgerEvent]]]
"""Programme → participant → all events of that cell."""


@dataclass(frozen=True)
class LedgerIndex:
    """All programmes.

    Attributes:
        municipalities: Code → municipality, of all that are counted.
        programmes: Key → index; absent for nothing recorded.
        last_event: Number of the newest event it knows.
    """

    municipalities: Mapping[str, Municipality]
    programmes: Mapping[str, ProgrammeIndex] = field(default_factory=dict)
    last_event: int = 0
    _systems: dict[str, Tally] = field(default_factory=dict, compare=False, repr=False)

    def programme(self, key: str) -> ProgrammeIndex:
        """One programme; an empty one when nothing is recorded."""
        return self.programmes.get(key) or ProgrammeIndex({}, self.municipalities)

    def systems_of(self, participant: str, day: date) -> int:
        """In how many programmes a participant takes part, paid or free."""
        kept = self._systems.get(participant)
        if kept is None:
            paths = [
                (programme.paths[participant], 0)
                for programme in self.programmes.values()
                if participant in programme.paths
            ]
            kept = tally(paths, lambda state, _: (int(state.standing in TAKING_PART),))
            self._systems[participant] = kept
        return (kept.on(day) or (0,))[0]

    def with_cells(self, cells: Cells, last_event: int) -> LedgerIndex:
        """A new index in which these cells are folded anew."""
        programmes = dict(self.programmes)
        changed: set[str] = set()
        for key, participants in cells.items():
            known: dict[State, State] = {}
            before = programmes.get(key)
            paths = dict(before.paths) if before else {}
            paths.update((code, path_of(events, known)) for code, events in participants.items())
            programmes[key] = ProgrammeIndex(paths, self.municipalities)
            changed.update(participants)
        kept = {code: kept for code, kept in self._systems.items() if code not in changed}
        return replace(self, programmes=programmes, last_event=last_event, _systems=kept)


def indexed(events: Iterable[LedgerEvent], municipalities: Iterable[Municipality]) -> LedgerIndex:
    """An index of all these events."""
    cells: dict[str, dict[str, list[LedgerEvent]]] = {}
    last = 0
    for event in events:
        cells.setdefault(event.programme, {}).setdefault(event.participant, []).append(event)
        last = max(last, event.event_id)
    empty = LedgerIndex({municipality.lg_code: municipality for municipality in municipalities})
    return empty.with_cells(cells, last)
