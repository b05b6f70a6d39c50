"""引き継ぐ: from a merger on, what the former municipalities had in force counts for the successor.

Nothing recorded is touched. Of those that become one, the path of whoever stood furthest goes on as
the successor's; what is recorded from the day on of any of them follows it as far as it can. Before
the day everybody has the own path.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from core.procurement.event import EventKind, LedgerEvent, in_order
from core.procurement.standing import (
    NO_RECORD,
    TAKING_PART,
    Standing,
    State,
    state_on,
    steps,
)
from core.values.errors import ConflictError
from core.values.succession import Succession

Cell = Mapping[str, Sequence[LedgerEvent]]
"""Code → all events of it in one programme."""

_FURTHEST = (
    Standing.PAID_INITIAL, Standing.PAID_LATE, Standing.FREE, Standing.MANDATE, Standing.PLANNED,
    Standing.INTEREST, Standing.LEFT, Standing.WITHDRAWN, Standing.ABSENT, Standing.NONE,
)  # fmt: skip
_KEEPS = (EventKind.LIVE, EventKind.LOT_CHANGED)
"""Events that change nothing of whose participation it is."""
_ONE_DAY = timedelta(days=1)


def carried(
    succession: Succession, cell: Cell, lg_code: str
) -> list[tuple[date, list[LedgerEvent]]]:
    """From which day on which events make a municipality's path; only those that count.

    Returns:
        The first from the beginning of time on: its own. One more for each merger into it.
    """
    mergers = [each for each in succession.mergers if each.successor == lg_code]
    own = in_order(cell.get(lg_code, ()))
    found = [(date.min, _before(own, mergers[0].day) if mergers else own)]
    for merger in mergers:
        former = [carried(succession, cell, code)[-1][1] for code in merger.predecessors]
        found.append((merger.day, _joined(merger.day, [found[-1][1], *former], own)))
    return found


def carried_on(
    succession: Succession, cell: Cell, lg_code: str, day: date
) -> Sequence[LedgerEvent]:
    """The events that make a municipality's path as it is looked at on a day."""
    if lg_code not in succession.merging:
        return cell.get(lg_code, ())
    return [events for begins, events in carried(succession, cell, lg_code) if begins <= day][-1]


def paths_of(
    succession: Succession, events: Iterable[LedgerEvent], lg_code: str, day: date
) -> dict[str, Sequence[LedgerEvent]]:
    """Programme → the events that make a municipality's path as it is looked at on a day.

    Args:
        events: Its own and those of whoever became part of it, of all programmes.
    """
    cells: dict[str, dict[str, list[LedgerEvent]]] = {}
    for event in events:
        cells.setdefault(event.programme, {}).setdefault(event.participant, []).append(event)
    return {
        programme: carried_on(succession, cell, lg_code, day) for programme, cell in cells.items()
    }


def check_follows(
    succession: Succession, cell: Cell, lg_code: str, added: Sequence[LedgerEvent]
) -> None:
    """Refuse events that cannot stand in the path they would be added to.

    Args:
        cell: With the events of whoever became part of the municipality.

    Raises:
        ConflictError: Names the event before it.
    """
    if lg_code not in succession.merging:
        steps([*cell.get(lg_code, ()), *added])
        return
    phases = carried(succession, cell, lg_code)
    following = [*(begins for begins, _ in phases[1:]), date.max]
    for (begins, events), ends in zip(phases, following, strict=True):
        new = [event for event in added if begins <= event.effective.first < ends]
        if new:
            steps([*_before(events, ends), *new])


def path_with_mergers(
    succession: Succession, cell: Cell, lg_code: str
) -> tuple[list[date], list[State]]:
    """The days and states of a municipality's path, through every merger, to its own end."""
    end = succession.of_code[lg_code][-1].last if lg_code in succession.of_code else date.max
    phases = carried(succession, cell, lg_code)
    following = [*(begins for begins, _ in phases[1:]), date.max]
    found: dict[date, State] = {}
    for (begins, events), ends in zip(phases, following, strict=True):
        taken_over = _whose(succession, lg_code, begins, cell, events)
        states = {begins: NO_RECORD} if begins > date.min else {}
        for day, state in taken_over.items():
            states[max(day, begins)] = state
        found |= {day: state for day, state in states.items() if day < ends}
    if end < date.max:
        found = {day: state for day, state in found.items() if day <= end}
        found[end + _ONE_DAY] = NO_RECORD
    days = sorted(found)
    return days, [found[day] for day in days]


def _joined(
    day: date, paths: Sequence[Sequence[LedgerEvent]], own: Sequence[LedgerEvent]
) -> list[LedgerEvent]:
    """The path that stood furthest on the day before, followed by what is of the day or later.

    Args:
        paths: Of those that become one, the successor's first.
        own: Everything recorded of the successor.
    """
    standing = [_standing(_before(events, day), day - _ONE_DAY) for events in paths]
    chosen = min(range(len(paths)), key=lambda place: _FURTHEST.index(standing[place]))
    found = _before(paths[chosen], day)
    everything = [*own, *(event for events in paths[1:] for event in events)]
    for event in in_order(event for event in everything if event.effective.first >= day):
        try:
            steps([*found, event])
        except ConflictError:
            continue  # it says what the path already says, or no longer can be
        found.append(event)
    return found


def _before(events: Iterable[LedgerEvent], day: date) -> list[LedgerEvent]:
    return [event for event in events if event.effective.first < day]


def _standing(events: Iterable[LedgerEvent], day: date) -> Standing:
    return state_on(steps(events), day).standing


def _whose(
    succession: Succession, lg_code: str, begins: date, cell: Cell, events: Iterable[LedgerEvent]
) -> dict[date, State]:
    """Day → state, each with the names of the former municipalities whose participation it is."""
    found: dict[date, State] = {}
    former = ""
    for step in steps(events):
        if step.event.kind not in _KEEPS:
            former = ""
            if step.event.participant != lg_code:
                former = _names(succession, lg_code, begins, cell, step.event, step.state)
        found[step.event.effective.first] = replace(step.state, former=former)
    return found


def _names(
    succession: Succession,
    lg_code: str,
    begins: date,
    cell: Cell,
    event: LedgerEvent,
    state: State,
) -> str:
    """旧 and the name of whose it is, and of the others that took part beside it."""
    whose: Collection[str] = (event.participant,)
    if state.standing in TAKING_PART:
        day = begins - _ONE_DAY
        whose = [
            code
            for code in succession.forebears(lg_code, begins)
            if code == event.participant
            or (code != lg_code and _standing(cell.get(code, ()), day) in TAKING_PART)
        ]
    return "・".join(f"旧{succession.called(code, begins)}" for code in whose)
