"""申込: events in, places and waiting list out. Who sits where is derived, never stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.training.vocabulary import SessionFormat
from core.values.label import Labelled


class EnrolmentKind(Labelled):
    """What was said of an enrolment (申込の記録)."""

    ENROLLED = "enrolled", "申込"
    CHANGED = "changed", "変更"
    CANCELLED = "cancelled", "取消し"


@dataclass(frozen=True)
class EnrolmentEvent:
    """One thing said of one enrolment. Holds nothing personal."""

    event_id: int
    enrolment_id: str  # the person is kept apart under the same id
    session_id: str
    version: int  # of the training in force then; decides which limits held
    lg_code: str
    kind: EnrolmentKind
    attending: SessionFormat | None  # None when the session's formats are not known
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class Enrolment:
    """An enrolment after its last event."""

    enrolment_id: str
    session_id: str
    lg_code: str
    attending: SessionFormat | None
    first_event: int  # decides the order of places; changing keeps it
    last_event: int  # what a form saw
    cancelled: bool
    enrolled_at: datetime
    recorded_at: datetime
    recorded_by: str


def enrolments(events: Iterable[EnrolmentEvent]) -> list[Enrolment]:
    """Every enrolment in order of application, cancelled ones included.

    Args:
        events: In any order. What follows a 取消し does not bring an enrolment back.
    """
    found: dict[str, Enrolment] = {}
    for event in sorted(events, key=lambda each: each.event_id):
        before = found.get(event.enrolment_id)
        if before is None:
            found[event.enrolment_id] = Enrolment(
                enrolment_id=event.enrolment_id,
                session_id=event.session_id,
                lg_code=event.lg_code,
                attending=event.attending,
                first_event=event.event_id,
                last_event=event.event_id,
                cancelled=event.kind is EnrolmentKind.CANCELLED,
                enrolled_at=event.recorded_at,
                recorded_at=event.recorded_at,
                recorded_by=event.recorded_by,
            )
        elif not before.cancelled:
            found[event.enrolment_id] = replace(
                before,
                attending=event.attending,
                last_event=event.event_id,
                cancelled=event.kind is EnrolmentKind.CANCELLED,
                recorded_at=event.recorded_at,
                recorded_by=event.recorded_by,
            )
    return list(found.values())


class PlaceKind(Labelled):
    """What an enrolment has come to (申込の結果)."""

    SEATED = "seated", "参加確定"
    WAITING = "waiting", "キャンセル待ち"
    CANCELLED = "cancelled", "取消し"


@dataclass(frozen=True)
class Place:
    """Where one enrolment stands."""

    kind: PlaceKind
    rank: int | None = None  # on the waiting list of the session, from 1; None when not waiting
    own_seats_full: bool = False  # it waits because its municipality has all its seats

    @property
    def label(self) -> str:
        """As a reader sees it.

        Examples:
            >>> Place(PlaceKind.WAITING, 2).label
            'キャンセル待ち2番'
        """
        return self.kind.label if self.rank is None else f"{self.kind.label}{self.rank}番"


@dataclass(frozen=True)
class Limits:
    """What bounds the places of one session from a version of its training on."""

    version: int  # from which version
    capacity: int | None  # 定員; None when none was given: then nobody waits
    seats_per_municipality: int | None  # None for no limit


def places(events: Iterable[EnrolmentEvent], limits: Iterable[Limits]) -> dict[str, Place]:
    """Who sits and who waits in one session.

    Applications, cancellations and changed limits in the order they were recorded: whoever comes
    gets a seat while the session and the own municipality have one, and waits otherwise. When a
    seat is given back or the limits grow, the list moves up in order; whoever stands behind a
    municipality that is full passes it. Nobody who sits loses the seat to somebody else.

    Args:
        events: Of one session, in any order.
        limits: Of every version of its training, in any order.

    Returns:
        Place by ``enrolment_id``, in order of application.
    """
    room = _Room()
    ahead = sorted(limits, key=lambda each: each.version)
    for event in sorted(events, key=lambda each: each.event_id):
        while ahead and ahead[0].version <= event.version:
            room.bound(ahead.pop(0))
        room.take(event)
    for each in ahead:
        room.bound(each)
    return room.places()


class _Room:
    """One session while its events are gone through."""

    def __init__(self) -> None:
        self._limits = Limits(0, None, None)
        self._towns: dict[str, str] = {}
        self._seated: set[str] = set()
        self._waiting: dict[str, None] = {}
        self._taken: Counter[str] = Counter()

    def bound(self, limits: Limits) -> None:
        self._limits = limits
        self._move_up()

    def take(self, event: EnrolmentEvent) -> None:
        who = event.enrolment_id
        if event.kind is EnrolmentKind.CANCELLED:
            self._towns.setdefault(who, event.lg_code)
            self._waiting.pop(who, None)
            if who in self._seated:
                self._seated.remove(who)
                self._taken[self._towns[who]] -= 1
                self._move_up()
        elif who not in self._towns:
            self._towns[who] = event.lg_code
            self._waiting[who] = None
            self._seat(who)

    def _move_up(self) -> None:
        for who in list(self._waiting):
            self._seat(who)

    def _seat(self, who: str) -> None:
        town, capacity = self._towns[who], self._limits.capacity
        if (capacity is None or len(self._seated) < capacity) and not self._own_full(town):
            del self._waiting[who]
            self._seated.add(who)
            self._taken[town] += 1

    def _own_full(self, town: str) -> bool:
        own = self._limits.seats_per_municipality
        return own is not None and self._taken[town] >= own

    def places(self) -> dict[str, Place]:
        ranks = {who: rank for rank, who in enumerate(self._waiting, start=1)}
        found = {}
        for who, town in self._towns.items():
            if who in self._seated:
                found[who] = Place(PlaceKind.SEATED)
            elif who in ranks:
                found[who] = Place(PlaceKind.WAITING, ranks[who], self._own_full(town))
            else:
                found[who] = Place(PlaceKind.CANCELLED)
        return found


@dataclass(frozen=True)
class Seats:
    """How full one session is."""

    capacity: int | None  # 定員; None when none was given: then nobody waits
    seated: int = 0  # 参加確定, persons
    waiting: int = 0  # キャンセル待ち, persons
    most_of_one: int = 0  # seats of the municipality that has most

    @property
    def left(self) -> int | None:
        """残席; None when no 定員 was given."""
        return None if self.capacity is None else max(0, self.capacity - self.seated)


def seats(enrolled: Iterable[Enrolment], found: Mapping[str, Place], capacity: int | None) -> Seats:
    """Count the places of one session."""
    kinds = Counter(place.kind for place in found.values())
    own = Counter(
        each.lg_code for each in enrolled if found[each.enrolment_id].kind is PlaceKind.SEATED
    )
    return Seats(
        capacity, kinds[PlaceKind.SEATED], kinds[PlaceKind.WAITING], max(own.values(), default=0)
    )
