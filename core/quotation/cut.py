"""締め: when what is told of many is worked out anew, so that one change more tells nothing of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.quotation.event import Quotation, QuotationEvent, best
from core.quotation.price import Way
from core.values.fiscal import day_in_japan
from core.values.succession import Succession

FEWEST = 5
"""Municipalities from which on anything is told of their prices."""

Values = Mapping[str, int]
"""Municipality that counts → its number."""


@dataclass(frozen=True)
class Slot:
    """What is compared with each other: one system, one 区分."""

    programme: str
    lot: str | None


@dataclass(frozen=True)
class Cut:
    """What was told from a day on: every municipality's number at one moment."""

    day: date
    values: Values


Best = Mapping[Way, Quotation]
"""The quotation that counts, by way."""


def cuts(
    events: Iterable[QuotationEvent],
    succession: Succession,
    slot: Slot,
    number: Callable[[Best], int | None],
    changes: int,
    holds: Callable[[Values, Sequence[Cut]], bool] = lambda _values, _told: True,
) -> tuple[Cut, ...]:
    """All that was ever told, oldest first; a fold over what was recorded, so it never changes.

    Args:
        events: Of all municipalities, in the order of recording.
        number: What counts of one municipality; None: it has nothing.
        changes: Municipalities, or a tenth of them if more, that changed since it was last looked at
            whether anything may be told.
        holds: Whether the numbers of a moment may be told after all that was told before.

    Returns:
        Each as it was told; without values where nothing is told from that day on.
    """
    state = _State(succession, slot, number)
    told: list[Cut] = []
    last: Cut | None = None
    for event in events:
        if not state.take(event):
            continue
        day, values = day_in_japan(event.recorded_at), state.values
        if len(values) < FEWEST:
            if told and told[-1].values:
                told.append(Cut(day, {}))
            continue
        fresh = len(state.changed) >= max(changes, len(values) // 10)
        if fresh:  # whether it may be told tells something, too: asked only when so many changed
            state.begin_anew(dict(values))
        if fresh and holds(values, [each for each in told if each.values]):
            last = Cut(day, dict(values))
            told.append(last)
        elif last is not None and not told[-1].values:
            told.append(Cut(day, last.values))  # what was told before tells nothing new
    return tuple(told)


class _State:
    """Every municipality's number as words come in."""

    def __init__(
        self, succession: Succession, slot: Slot, number: Callable[[Best], int | None]
    ) -> None:
        self.values: dict[str, int] = {}
        self._succession, self._slot, self._number = succession, slot, number
        self._own: dict[str, dict[int, list[QuotationEvent]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._ours: set[int] = set()
        self._time: int | None = None
        self._before: Values = {}
        self.changed: set[str] = set()
        """Whose number is not what it was when :meth:`begin_anew` was called last."""

    def begin_anew(self, values: Values) -> None:
        """These were looked at."""
        self._before, self.changed = values, set()

    def take(self, event: QuotationEvent) -> bool:
        """One word more; whether any number may have changed."""
        day = day_in_japan(event.recorded_at)
        if _of_slot(event, self._slot):
            self._ours.add(event.about)
        elif event.about not in self._ours:
            return False
        self._own[event.lg_code][event.about].append(event)
        codes: Collection[str] = (event.lg_code,)
        if (time := self._succession.position(day)) != self._time:
            self._time, codes = time, [*self._own]
            self.values.clear()
            self.changed = set(self._before)
        for code in {self._succession.heir(each, day) for each in codes}:
            self._count(code, day)
        return True

    def _count(self, code: str, day: date) -> None:
        codes = {code, *self._succession.forebears(code, day)} & self._own.keys()
        words = (each for own in codes for each in self._own[own].values())
        found = self._number(best_by_way((Quotation(tuple(each)) for each in words), self._slot))
        self.values.pop(code, None)
        if found is not None:
            self.values[code] = int(found)  # of yen, whose sums are slow
        same = self.values.get(code) == self._before.get(code)
        (self.changed.discard if same else self.changed.add)(code)


def _of_slot(event: QuotationEvent, slot: Slot) -> bool:
    price = event.price
    return price is not None and (price.programme, price.lot) == (slot.programme, slot.lot)


def best_by_way(quotations: Iterable[Quotation], slot: Slot) -> Best:
    """The quotation of one municipality that counts, by way."""
    found: dict[Way, list[Quotation]] = defaultdict(list)
    for each in quotations:
        if each.price is not None and (each.price.programme, each.price.lot) == (
            slot.programme,
            slot.lot,
        ):
            found[each.price.way].append(each)
    chosen = ((way, best(those)) for way, those in found.items())
    return {way: each for way, each in chosen if each is not None}


def changed(before: Values, after: Values) -> dict[str, int]:
    """What became otherwise: the difference by municipality; one that is not in has 0."""
    differences = {
        code: after.get(code, 0) - before.get(code, 0) for code in before.keys() | after.keys()
    }
    new = before.keys() ^ after.keys()
    return {code: by for code, by in differences.items() if by or code in new}
