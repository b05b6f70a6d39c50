"""申込: events in, places and waiting list out. Who sits where is derived, never stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from core.training.vocabulary import SessionFormat
from core.values.label import Labelled


class EnrolmentKind(Labelled):
    """What was said of an enrolment (申込の記録)."""

    ENROLLED = "enrolled", "申込"
    CHANGED = "changed", "変更"
    ACCEPTED = "accepted", "空席の受諾"
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
class Offer:
    """空席の案内: a seat that came free, held for who is first in line until the session begins."""

    since: datetime
    until: datetime  # the start of the session, exclusive


@dataclass(frozen=True)
class Place:
    """Where one enrolment stands."""

    kind: PlaceKind
    rank: int | None = None  # on the waiting list of the session, from 1; None when not waiting
    own_seats_full: bool = False  # it waits because its municipality has all its seats
    offer: Offer | None = None  # a seat is held for it while it waits; None for none

    @property
    def label(self) -> str:
        """As a reader sees it.

        Examples:
            >>> Place(PlaceKind.WAITING, 2).label
            'キャンセル待ち2番'
        """
        return self.kind.label if self.rank is None else f"{self.kind.label}{self.rank}番"

    def offered(self, now: datetime) -> bool:
        """Whether the seat that is held for it can be taken at a moment."""
        return self.offer is not None and now < self.offer.until


@dataclass(frozen=True)
class Limits:
    """What bounds the places of one session from a version of its training on."""

    version: int  # from which version
    capacity: int | None  # 定員; None when none was given: then nobody waits
    seats_per_municipality: int | None  # None for no limit
    recorded_at: datetime  # when the version was recorded
    begins: datetime  # when the session begins: from then on the list stands still


def places(events: Iterable[EnrolmentEvent], limits: Iterable[Limits]) -> dict[str, Place]:
    """Who sits and who waits in one session.

    Applications, cancellations and changed limits in the order they were recorded: whoever comes
    gets a seat while the session and the own municipality have one that is held for nobody, and
    waits otherwise. A seat that is given back, or that larger limits bring, is held for the first
    in line (:class:`Offer`; whoever stands behind a municipality that is full passes it) and taken
    by 受諾 alone. From the start of the session on the list stands still: nothing is held any more.
    Nobody who sits loses the seat to somebody else.

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


_LONG_AGO, _NEVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


class _Room:
    """One session while its events are gone through."""

    def __init__(self) -> None:
        self._limits = Limits(0, None, None, _LONG_AGO, _NEVER)
        self._towns: dict[str, str] = {}
        self._seated: set[str] = set()
        self._waiting: dict[str, None] = {}
        self._taken: Counter[str] = Counter()
        self._held: dict[str, datetime] = {}  # for whom a seat is held, since when

    def bound(self, limits: Limits) -> None:
        self._limits = limits
        self._hold(limits.recorded_at)

    def take(self, event: EnrolmentEvent) -> None:
        who = event.enrolment_id
        if event.kind is EnrolmentKind.CANCELLED:
            self._towns.setdefault(who, event.lg_code)
            self._waiting.pop(who, None)
            if who in self._seated:
                self._seated.remove(who)
                self._taken[self._towns[who]] -= 1
        elif event.kind is EnrolmentKind.ACCEPTED:
            if who in self._held and not self._has_begun(event.recorded_at):
                self._seat(who)
        elif who not in self._towns:
            self._towns[who] = event.lg_code
            self._waiting[who] = None
            if self._finds_a_seat(who, event.recorded_at):
                self._seat(who)
        self._hold(event.recorded_at)

    def _has_begun(self, at: datetime) -> bool:
        return at >= self._limits.begins

    def _hold(self, at: datetime) -> None:
        firsts = [] if self._has_begun(at) else self._first_in_line()
        self._held = {who: self._held.get(who, at) for who in firsts}

    def _first_in_line(self) -> list[str]:
        """Who would sit if all that is free were given in order."""
        capacity, taken = self._limits.capacity, Counter(self._taken)
        free = len(self._waiting) if capacity is None else capacity - len(self._seated)
        firsts: list[str] = []
        for who in self._waiting:
            town = self._towns[who]
            if len(firsts) < free and not self._own_full(town, taken):
                taken[town] += 1
                firsts.append(who)
        return firsts

    def _finds_a_seat(self, who: str, at: datetime) -> bool:
        """Whether a newcomer sits: one is free, and held for nobody while seats are held."""
        if not self._has_begun(at):
            return who in self._first_in_line()
        capacity, town = self._limits.capacity, self._towns[who]
        free = capacity is None or len(self._seated) < capacity
        return free and not self._own_full(town, self._taken)

    def _seat(self, who: str) -> None:
        del self._waiting[who]
        self._seated.add(who)
        self._taken[self._towns[who]] += 1

    def _own_full(self, town: str, taken: Mapping[str, int]) -> bool:
        own = self._limits.seats_per_municipality
        return own is not None and taken.get(town, 0) >= own

    def places(self) -> dict[str, Place]:
        ranks = {who: rank for rank, who in enumerate(self._waiting, start=1)}
        found = {}
        for who, town in self._towns.items():
            if who in self._seated:
                found[who] = Place(PlaceKind.SEATED)
            elif who in ranks:
                full = self._own_full(town, self._taken)
                found[who] = Place(PlaceKind.WAITING, ranks[who], full, self._offer(who))
            else:
                found[who] = Place(PlaceKind.CANCELLED)
        return found

    def _offer(self, who: str) -> Offer | None:
        since = self._held.get(who)
        return None if since is None else Offer(since, self._limits.begins)


@dataclass(frozen=True)
class Seats:
    """How full one session is."""

    capacity: int | None  # 定員; None when none was given: then nobody waits
    seated: int = 0  # 参加確定, persons
    waiting: int = 0  # キャンセル待ち, persons
    most_of_one: int = 0  # seats of the municipality that has most
    held: int = 0  # seats held for somebody who waits (空席の案内)

    @property
    def left(self) -> int | None:
        """残席, those held for somebody not among them; None when no 定員 was given."""
        free = None if self.capacity is None else self.capacity - self.seated - self.held
        return None if free is None else max(0, free)


def seats(enrolled: Iterable[Enrolment], found: Mapping[str, Place], capacity: int | None) -> Seats:
    """Count the places of one session."""
    kinds = Counter(place.kind for place in found.values())
    own = Counter(
        each.lg_code for each in enrolled if found[each.enrolment_id].kind is PlaceKind.SEATED
    )
    return Seats(
        capacity,
        kinds[PlaceKind.SEATED],
        kinds[PlaceKind.WAITING],
        max(own.values(), default=0),
        sum(place.offer is not None for place in found.values()),
    )
