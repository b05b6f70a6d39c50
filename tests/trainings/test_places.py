"""Places follow from the order of application: laws, examples, and a model that keeps a queue."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.enrolment import (
    EnrolmentEvent,
    EnrolmentKind,
    Limits,
    Offer,
    Place,
    PlaceKind,
    enrolments,
    places,
    seats,
)
from core.training.vocabulary import SessionFormat
from core.values.fiscal import JAPAN
from tests.support.waiting_room import WaitingRoom

MOMENT = datetime(2023, 10, 2, tzinfo=JAPAN)
BEGINS = MOMENT + timedelta(days=30)
E, C, X = EnrolmentKind.ENROLLED, EnrolmentKind.CHANGED, EnrolmentKind.CANCELLED
A = EnrolmentKind.ACCEPTED


def event(
    number: int, who: str, kind: EnrolmentKind = E, town: str = "A",
    attending: SessionFormat | None = None,
    version: int = 1, at: datetime = MOMENT,
) -> EnrolmentEvent:  # fmt: skip
    return EnrolmentEvent(number, who, "s", version, town, kind, attending, at, "tanto")


def bound(version: int, capacity: int | None, per_town: int | None = None) -> Limits:
    return Limits(version, capacity, per_town, MOMENT, BEGINS)


def offered(events: list[EnrolmentEvent], *limits: Limits) -> list[str]:
    return [who for who, place in places(events, limits).items() if place.offer is not None]


def labels(
    events: list[EnrolmentEvent], capacity: int | None, per_town: int | None = None
) -> dict[str, str]:
    found = places(events, [bound(1, capacity, per_town)])
    return {who: place.label for who, place in found.items()}


def test_the_first_sit_and_the_next_wait_in_order() -> None:
    events = [event(1, "a"), event(2, "b"), event(3, "c"), event(4, "d")]
    assert labels(events, 2) == {
        "a": "参加確定", "b": "参加確定", "c": "キャンセル待ち1番", "d": "キャンセル待ち2番",
    }  # fmt: skip
    assert set(labels(events, None).values()) == {"参加確定"}


QUEUE = [event(1, "a"), event(2, "b"), event(3, "c"), event(4, "d")]


def test_a_cancellation_moves_nobody_up_and_holds_the_seat_for_the_first_in_line() -> None:
    later = MOMENT + timedelta(days=3)
    events = [*QUEUE, event(5, "a", X, at=later)]
    assert labels(events, 2) == {
        "a": "取消し", "b": "参加確定", "c": "キャンセル待ち1番", "d": "キャンセル待ち2番",
    }  # fmt: skip
    assert offered(QUEUE, bound(1, 2)) == []
    assert offered(events, bound(1, 2)) == ["c"]
    place = places(events, [bound(1, 2)])["c"]
    assert place.offer == Offer(later, BEGINS)
    assert (place.offered(BEGINS - timedelta(seconds=1)), place.offered(BEGINS)) == (True, False)
    taken = [*events, event(6, "d", A), event(7, "c", A)]
    assert labels(taken, 2)["c"] == "参加確定"
    assert labels(taken, 2)["d"] == "キャンセル待ち1番"


def test_who_comes_later_gets_no_seat_that_is_held_for_somebody() -> None:
    events = [*QUEUE, event(5, "a", X), event(6, "e", town="B")]
    assert labels(events, 2)["e"] == "キャンセル待ち3番"
    enrolled, found = enrolments(events), places(events, [bound(1, 2)])
    assert (seats(enrolled, found, 2).held, seats(enrolled, found, 2).left) == (1, 0)
    gone = [*events[:-1], event(6, "c", X), event(7, "d", X), event(8, "e", town="B")]
    assert labels(gone, 2)["e"] == "参加確定"


def test_from_the_start_on_nothing_is_held_and_nobody_is_moved() -> None:
    events = [*QUEUE, event(5, "a", X, at=BEGINS)]
    assert offered(events, bound(1, 2)) == []
    late = [*QUEUE, event(5, "a", X), event(6, "c", A, at=BEGINS)]
    assert labels(late, 2)["c"] == "キャンセル待ち1番"
    # Who is taken in at the door sits on the chair that is free.
    door = [*events, event(6, "e", at=BEGINS)]
    assert labels(door, 2)["e"] == "参加確定"


def test_a_session_that_is_moved_stands_still_at_its_new_start() -> None:
    moved = Limits(2, 2, None, MOMENT, BEGINS + timedelta(days=7))
    events = [*QUEUE, event(5, "a", X, version=2, at=BEGINS)]
    assert offered(events, bound(1, 2), moved) == ["c"]


def test_a_full_municipality_is_passed_by_the_next_one() -> None:
    events = [event(1, "a"), event(2, "b"), event(3, "c", town="B"), event(4, "d", town="B")]
    found = places(events, [bound(1, 2, 1)])
    assert found["a"] == Place(PlaceKind.SEATED)
    assert found["b"] == Place(PlaceKind.WAITING, 1, own_seats_full=True)
    assert found["c"] == Place(PlaceKind.SEATED)
    assert found["d"] == Place(PlaceKind.WAITING, 2, own_seats_full=True)


def test_changing_keeps_the_place_and_coming_back_goes_to_the_end() -> None:
    events = [event(1, "a"), event(2, "b"), event(3, "a", C, attending=SessionFormat.ONLINE)]
    assert labels(events, 1) == {"a": "参加確定", "b": "キャンセル待ち1番"}
    (first, _) = enrolments(events)
    assert (first.first_event, first.last_event, first.attending) == (1, 3, SessionFormat.ONLINE)
    again = [*events, event(4, "a", X), event(5, "a2")]
    assert labels(again, 1) == {
        "a": "取消し", "b": "キャンセル待ち1番", "a2": "キャンセル待ち2番",
    }  # fmt: skip


def test_nothing_brings_a_cancelled_enrolment_back() -> None:
    events = [event(1, "a"), event(2, "a", X), event(3, "a", C), event(4, "a", E)]
    assert labels(events, 1) == {"a": "取消し"}


def test_seats_are_counted_by_what_they_came_to() -> None:
    events = [event(1, "a"), event(2, "b"), event(3, "c", town="B"), event(4, "d", town="B"),
              event(5, "d", X)]  # fmt: skip
    enrolled = enrolments(events)
    found = seats(enrolled, places(events, [bound(1, 2)]), 2)
    assert (found.seated, found.waiting, found.most_of_one, found.left) == (2, 1, 2, 0)
    assert seats([], {}, None).left is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["come", "come", "go", "accept"]),
        st.integers(0, 30),
        st.sampled_from("ABC"),
    ),
    max_size=40,
)
LIMIT = st.none() | st.integers(1, 6)


def played(
    steps: list[tuple[str, int, str]], room: WaitingRoom
) -> tuple[list[EnrolmentEvent], WaitingRoom]:
    events: list[EnrolmentEvent] = []
    towns: dict[str, str] = {}
    for number, (what, choice, town) in enumerate(steps, start=1):
        here = [who for who in towns if who not in room.gone]
        if what == "come":
            who = f"p{number}"
            towns[who] = town
            events.append(event(number, who, town=town))
            room.come(who, town)
        elif here:
            who = here[choice % len(here)]
            events.append(event(number, who, X if what == "go" else A, towns[who]))
            (room.go if what == "go" else room.accept)(who)
    return events, room


@given(STEPS, LIMIT, LIMIT, st.randoms(use_true_random=False))
def test_the_fold_says_what_a_queue_kept_by_hand_says(
    steps: list[tuple[str, int, str]],
    capacity: int | None,
    per_town: int | None,
    order: random.Random,
) -> None:
    events, room = played(steps, WaitingRoom(capacity, per_town))
    order.shuffle(events)
    assert labels(events, capacity, per_town) == room.standing()
    assert offered(events, bound(1, capacity, per_town)) == room.first_in_line()


@given(STEPS, LIMIT, LIMIT)
def test_nobody_who_sits_ever_loses_the_seat_to_what_others_do(
    steps: list[tuple[str, int, str]], capacity: int | None, per_town: int | None
) -> None:
    events, _ = played(steps, WaitingRoom(capacity, per_town))
    sat: set[str] = set()
    for upto in range(len(events) + 1):
        found = places(events[:upto], [bound(1, capacity, per_town)])
        sitting = {who for who, place in found.items() if place.kind is PlaceKind.SEATED}
        left = {who for who, place in found.items() if place.kind is PlaceKind.CANCELLED}
        assert sat <= sitting | left
        sat = sitting


@given(STEPS, LIMIT, LIMIT)
def test_no_limit_is_passed_and_no_free_seat_is_kept_from_somebody_who_may_sit(
    steps: list[tuple[str, int, str]], capacity: int | None, per_town: int | None
) -> None:
    events, _ = played(steps, WaitingRoom(capacity, per_town))
    enrolled = enrolments(events)
    found = places(events, [bound(1, capacity, per_town)])
    count = seats(enrolled, found, capacity)
    assert capacity is None or count.seated <= capacity
    assert per_town is None or count.most_of_one <= per_town
    waiting = [e for e in enrolled if found[e.enrolment_id].kind is PlaceKind.WAITING]
    holding = [found[each.enrolment_id] for each in waiting if found[each.enrolment_id].offer]
    assert count.held == len(holding)
    if count.left != 0:
        # What is left when each who is offered a seat took it: no town of those who wait may sit.
        took = [*events, *(event(900 + n, e.enrolment_id, A, e.lg_code)
                           for n, e in enumerate(waiting))]  # fmt: skip
        after = places(took, [bound(1, capacity, per_town)])
        still = [each for each in after.values() if each.kind is PlaceKind.WAITING]
        assert all(each.own_seats_full for each in still)
    ranks = [found[each.enrolment_id].rank for each in waiting]
    assert ranks == list(range(1, len(waiting) + 1))


@pytest.mark.parametrize("kind", list(PlaceKind))
def test_only_who_waits_has_a_rank(kind: PlaceKind) -> None:
    assert Place(kind).label == kind.label


def test_more_seats_for_each_municipality_take_nobody_elses_seat() -> None:
    """Seated in turn under the new limits, a2 would push b out of a full room."""
    events = [event(1, "a"), event(2, "a2"), event(3, "b", town="B")]
    limits = [bound(1, 2, 1), bound(2, 2, 2)]
    found = {who: place.label for who, place in places(events, limits).items()}
    assert found == {"a": "参加確定", "a2": "キャンセル待ち1番", "b": "参加確定"}
    left = [*events, event(4, "b", X, "B", version=2)]
    assert offered(left, *limits) == ["a2"]


def test_a_limit_counts_from_the_version_that_brought_it() -> None:
    limits = [bound(1, 1), bound(2, 2)]
    before = [event(1, "a"), event(2, "b", version=1)]
    assert offered(before, limits[0]) == []
    assert offered(before, *limits) == ["b"]
