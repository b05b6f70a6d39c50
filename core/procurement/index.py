"""The ledger folded once, so that any day is answered by bisection instead of reading it again.

Each participant's path in a programme is kept as days and the state from each on; each count as
days and the sums from each on. An index is never changed: :meth:`LedgerIndex.with_cells` gives a
new one in which only the programmes concerned are new, so readers never wait.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Generic, TypeVar

from core.procurement.carried import path_with_mergers
from core.procurement.counting import Counts, counts
from core.procurement.coverage import CoverageEvent
from core.procurement.event import LedgerEvent
from core.procurement.standing import (
    FORESEEN,
    NO_RECORD,
    PAID,
    TAKING_PART,
    Standing,
    State,
    seen_from,
    steps,
)
from core.values.fiscal import PartialDate
from core.values.municipality import Municipality, is_prefecture
from core.values.succession import Succession, Term

Row = tuple[int, ...]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Timeline(Generic[Value]):
    """A value over time: from ``days[i]`` on it is ``values[i]``, before the first ``nothing``."""

    days: tuple[date, ...]
    values: tuple[Value, ...]
    nothing: Value

    def on(self, day: date) -> Value:
        """The value on a day."""
        position = bisect_right(self.days, day)
        return self.values[position - 1] if position else self.nothing


Path = Timeline[State]
"""One participant in one programme; what it says of a day is what ``standing.state_on`` says."""
NO_PATH: Path = Timeline((), (), NO_RECORD)


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
    return Timeline(tuple(days), tuple(states), NO_RECORD)


def path_through(succession: Succession, events: Iterable[LedgerEvent], lg_code: str) -> Path:
    """The path of one participant in one programme, through every merger.

    Args:
        events: Its own and those of whoever became part of it.
    """
    cell: dict[str, list[LedgerEvent]] = {}
    for event in events:
        cell.setdefault(event.participant, []).append(event)
    if lg_code not in succession.merging:
        return path_of(cell.get(lg_code, ()))
    days, states = path_with_mergers(succession, cell, lg_code)
    return Timeline((*days,), (*states,), NO_RECORD)


class _Sums:
    """Changes of several numbers by day, added up in the end."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._changes: dict[date, list[int]] = {}

    def add(self, day: date, before: Row, after: Row) -> None:
        change = self._changes.get(day)
        if change is None:
            change = self._changes[day] = [0] * self._width
        for place, (old, new) in enumerate(zip(before, after, strict=True)):
            change[place] += new - old

    def over_time(self, made: Callable[..., Value]) -> Timeline[Value]:
        """From each day something changed on, what the sums make; before, what zeros make."""
        sums = [0] * self._width
        nothing, values = made(*sums), []
        days = sorted(self._changes)
        for day in days:
            sums = [total + change for total, change in zip(sums, self._changes[day], strict=True)]
            values.append(made(*sums))
        return Timeline(tuple(days), tuple(values), nothing)


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
_NOTHING: Row = (0,) * 11
_PREFECTURE: Row = (*_NOTHING[:10], 1)


def _measure(state: State, population: int) -> Row:
    row = [0] * 11
    place = _PLACES.get(state.standing)
    if place is not None:
        row[place] = 1
    row[7] = int(state.live)
    row[8] = int(state.foreseen is not None)
    row[9] = population if state.standing in PAID else 0
    return tuple(row)


@dataclass(frozen=True)
class ProgrammeIndex:
    """One programme."""

    paths: Mapping[str, Path]  # participant → path; absent for nothing recorded
    succession: Succession  # all municipalities, which are counted while they are there
    # events of those a merger concerns: their paths are made of them together
    merging: Mapping[str, Sequence[LedgerEvent]] = field(default_factory=dict, repr=False)

    def state(self, participant: str, day: date) -> State:
        """Where a participant stands on a day."""
        return self.paths.get(participant, NO_PATH).on(day)

    def seen(self, participant: str, day: date, today: date | None) -> State:
        """The same as it may be drawn: what begins after today is foreseen only."""
        then = self.state(participant, day)
        if today is None or day <= today:
            return then
        return seen_from(self.state(participant, today), then, today)

    def seen_counts(
        self, day: date, today: date | None, attribute: str = "", value: str = ""
    ) -> Counts:
        """Like :meth:`counts`, counting what :meth:`seen` says."""
        if today is None or day <= today:
            return self.counts(day, attribute, value)
        return counts(
            (
                (self.seen(code, day, today), municipality.population)
                for code, municipality in self.succession.by_code(day).items()
                if not attribute or getattr(municipality, attribute) == value
            ),
            self.seen(self._prefecture, day, today),
        )

    def paid_later(self, day: date) -> list[tuple[Municipality, PartialDate]]:
        """Municipalities not in 有償版 on a day that are recorded as joining it after; since when."""
        found = []
        for code, municipality in self.succession.by_code(day).items():
            path = self.paths.get(code, NO_PATH)
            if path.on(day).standing in PAID:
                continue
            later = path.values[bisect_right(path.days, day) :]
            since = next((state.since for state in later if state.standing in PAID), None)
            if since is not None:
                found.append((municipality, since))
        return found

    def lot_unknown(self, day: date) -> bool:
        """Whether a municipality takes part in a 区分 that nobody has recorded."""
        there = self.succession.by_code(day)
        states = (self.state(code, day) for code in self.paths if code in there)
        return any(state.standing in TAKING_PART and state.lot is None for state in states)

    def counts(self, day: date, attribute: str = "", value: str = "") -> Counts:
        """All municipalities and the prefecture apart, or those of one area, category or lot."""
        kept = self._counts.get((attribute, value))
        return kept.on(day) if kept else Counts()

    def foreseen(self, day: date) -> Mapping[date | None, tuple[int, int]]:
        """Foreseen participations by the month they are meant to begin in; None for not said.

        Returns:
            Month → (those not taking part yet, those in the free edition), zeros left out; months
            in order, None last.
        """
        return self._foreseen.on(day)

    @property
    def first_day(self) -> date | None:
        """The first day anything is counted; None for an empty programme."""
        everything = self._counts.get(("", ""))
        return everything.days[0] if everything and everything.days else None

    @cached_property
    def _prefecture(self) -> str:
        """The prefecture's code, which takes part but is no municipality; empty for no record of it."""
        return next(filter(is_prefecture, self.paths), "")

    @cached_property
    def _counts(self) -> dict[tuple[str, str], Timeline[Counts]]:
        """Everything that is counted, from one reading of the paths."""
        sums: defaultdict[tuple[str, str], _Sums] = defaultdict(lambda: _Sums(len(_NOTHING)))
        for code, path in self.paths.items():
            for term in self.succession.of_code.get(code, ()):
                town = term.municipality
                groups = ("", ""), ("area", town.area), ("category", town.category)
                _add(_within(path, term), town.population, [sums[each] for each in groups], sums)
            if code == self._prefecture:
                before = _NOTHING
                for day, state in zip(path.days, path.values, strict=True):
                    after = _PREFECTURE if state.standing in PAID else _NOTHING
                    sums["", ""].add(day, before, after)
                    before = after
        return {group: its_sums.over_time(Counts) for group, its_sums in sums.items()}

    @cached_property
    def _foreseen(self) -> Timeline[Mapping[date | None, tuple[int, int]]]:
        changes: defaultdict[date, Counter[tuple[date | None, int]]] = defaultdict(Counter)
        for code, path in self.paths.items():
            if code not in self.succession.of_code:
                continue
            before = None
            for day, state in zip(path.days, path.values, strict=True):
                after = _aim(state)
                if after == before:
                    continue
                if before is not None:
                    changes[day][before] -= 1
                if after is not None:
                    changes[day][after] += 1
                before = after
        now: Counter[tuple[date | None, int]] = Counter()
        values = []
        for day in sorted(changes):
            now.update(changes[day])
            months = sorted(
                {month for (month, _), number in now.items() if number},
                key=lambda month: (month is None, month),
            )
            values.append({month: (now[month, 0], now[month, 1]) for month in months})
        return Timeline(tuple(sorted(changes)), tuple(values), {})


def _within(path: Path, term: Term) -> Path:
    """A path while a term of its municipality lasts; before and after it nothing is recorded."""
    if term.since is None and term.until is None:
        return path
    inside = {} if term.since is None else {term.since: path.on(term.since)}
    for day, state in zip(path.days, path.values, strict=True):
        if term.first < day <= term.last:
            inside[day] = state
    if term.until is not None:
        inside[term.until + timedelta(days=1)] = NO_RECORD
    return Timeline((*inside,), (*inside.values(),), NO_RECORD)


def _add(
    path: Path,
    population: int,
    groups: Iterable[_Sums],
    sums: Mapping[tuple[str, str], _Sums],
) -> None:
    before, lot = _NOTHING, None
    for day, state in zip(path.days, path.values, strict=True):
        after = _measure(state, population)
        if after != before:
            for its_sums in groups:
                its_sums.add(day, before, after)
        if lot is not None:
            sums["lot", lot].add(day, before, _NOTHING)
        if state.lot is not None:
            sums["lot", state.lot].add(day, _NOTHING, after)
        before, lot = after, state.lot


def _aim(state: State) -> tuple[date | None, int] | None:
    """The month a foreseen participation aims at, and 1 for one in the free edition."""
    if state.standing not in FORESEEN and state.foreseen is None:
        return None
    month = None if state.target is None else state.target.first.replace(day=1)
    return month, int(state.standing is Standing.FREE)


Cells = Mapping[str, Mapping[str, Sequence[LedgerEvent]]]
"""Programme → participant → all events of that cell."""


@dataclass(frozen=True)
class LedgerIndex:
    """All programmes."""

    succession: Succession  # all municipalities, which are counted while they are there
    # key → index; absent for nothing recorded
    programmes: Mapping[str, ProgrammeIndex] = field(default_factory=dict)
    last_event: int = 0  # number of the newest event it knows
    coverage: tuple[CoverageEvent, ...] = ()  # what was said of 台帳の網羅, oldest first
    _systems: dict[str, Timeline[int]] = field(default_factory=dict, compare=False, repr=False)

    def programme(self, key: str) -> ProgrammeIndex:
        """One programme; an empty one when nothing is recorded."""
        return self.programmes.get(key) or ProgrammeIndex({}, self.succession)

    @property
    def last_coverage(self) -> int:
        """Number of the newest word on coverage; 0 for none."""
        return self.coverage[-1].event_id if self.coverage else 0

    def systems_of(self, participant: str, day: date) -> int:
        """In how many programmes a participant takes part, paid or free."""
        kept = self._systems.get(participant)
        if kept is None:
            kept = self._systems[participant] = self._systems_over_time(participant)
        return kept.on(day)

    def _systems_over_time(self, participant: str) -> Timeline[int]:
        sums = _Sums(1)
        for programme in self.programmes.values():
            path, before = programme.paths.get(participant, NO_PATH), (0,)
            for day, state in zip(path.days, path.values, strict=True):
                after = (int(state.standing in TAKING_PART),)
                sums.add(day, before, after)
                before = after
        return sums.over_time(int)

    def with_cells(self, cells: Cells, last_event: int) -> LedgerIndex:
        """A new index in which these cells are folded anew."""
        programmes = dict(self.programmes)
        changed: set[str] = set()
        for key, participants in cells.items():
            known: dict[State, State] = {}
            before = programmes.get(key)
            paths = dict(before.paths) if before else {}
            merging = self.succession.merging
            paths.update(
                (code, path_of(events, known))
                for code, events in participants.items()
                if code not in merging
            )
            kept = dict(before.merging) if before else {}
            kept.update((code, events) for code, events in participants.items() if code in merging)
            if not merging.isdisjoint(participants):
                paths.update(_with_mergers(self.succession, kept))
                changed |= merging
            programmes[key] = ProgrammeIndex(paths, self.succession, kept)
            changed.update(participants)
        systems = {code: kept for code, kept in self._systems.items() if code not in changed}
        return replace(self, programmes=programmes, last_event=last_event, _systems=systems)


def _with_mergers(
    succession: Succession, cell: Mapping[str, Sequence[LedgerEvent]]
) -> Mapping[str, Path]:
    events = [event for own in cell.values() for event in own]
    return {code: path_through(succession, events, code) for code in succession.merging}


def indexed(
    events: Iterable[LedgerEvent],
    succession: Succession,
    coverage: Iterable[CoverageEvent] = (),
) -> LedgerIndex:
    """An index of all these events."""
    cells: dict[str, dict[str, list[LedgerEvent]]] = {}
    last = 0
    for event in events:
        cells.setdefault(event.programme, {}).setdefault(event.participant, []).append(event)
        last = max(last, event.event_id)
    empty = LedgerIndex(succession, coverage=tuple(coverage))
    return empty.with_cells(cells, last)
