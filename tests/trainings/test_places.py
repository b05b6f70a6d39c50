"""Places follow from the order of application: laws, examples, and a model that keeps a queue."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.enrolment import (
    EnrolmentEvent,
    EnrolmentKind,
    Limits,
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
E, C, X = EnrolmentKind.ENROLLED, EnrolmentKind.CHANGED, EnrolmentKind.CANCELLED


def event(
    number: int, who: str, kind: EnrolmentKind = E, town: str = "A",
    attending: SessionFormat | None = None,
    version: int = 1,
) -> EnrolmentEvent:  # fmt: skip
    return EnrolmentEvent(number, who, "s", version, town, kind, attending, MOMENT, "tanto")


def labels(
    events: list[EnrolmentEvent], capacity: int | None, per_town: int | None = None
) -> dict[str, str]:
    found = places(events, [Limits(1, capacity, per_town)])
    return {who: place.label for who, place in found.items()}


def test_the_first_sit_and_the_next_wait_in_order() -> None:
    events = [event(1, "a"), event(2, "b"), event(3, "c"), event(4, "d")]
    assert labels(events, 2) == {
        "a": "参加確定", "b": "参加確定", "c": "キャンセル待ち1番", "d": "キャンセル待ち2番",
    }  # fmt: skip
    assert set(labels(events, None).values()) == {"参加確定"}


def test_a_cancellation_moves_the_first_in_the_queue_up_and_nobody_else() -> None:
    events = [event(1, "a"), event(2, "b"), event(3, "c"), event(4, "d"), event(5, "a", X)]
    assert labels(events, 2) == {
        "a": "取消し", "b": "参加確定", "c": "参加確定", "d": "キャンセル待ち1番",
    }  # fmt: skip


def test_a_full_municipality_is_passed_by_the_next_one() -> None:
    events = [event(1, "a"), event(2, "b"), event(3, "c", town="B"), event(4, "d", town="B")]
    found = places(events, [Limits(1, 2, 1)])
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
    assert labels(again, 1) == {"a": "取消し", "b": "参加確定", "a2": "キャンセル待ち1番"}


def test_nothing_brings_a_cancelled_enrolment_back() -> None:
    events = [event(1, "a"), event(2, "a", X), event(3, "a", C), event(4, "a", E)]
    assert labels(events, 1) == {"a": "取消し"}


def test_seats_are_counted_by_what_they_came_to() -> None:
    events = [event(1, "a"), event(2, "b"), event(3, "c", town="B"), event(4, "d", town="B"),
              event(5, "d", X)]  # fmt: skip
    enrolled = enrolments(events)
    found = seats(enrolled, places(events, [Limits(1, 2, None)]), 2)
    assert (found.seated, found.waiting, found.most_of_one, found.left) == (2, 1, 2, 0)
    assert seats([], {}, None).left is None


STEPS = st.lists(
    st.tuples(st.sampled_from(["come", "come", "go"]), st.integers(0, 30), st.sampled_from("ABC")),
    max_size=40,
)
LIMIT = st.none() | st.integers(1, 6)


def played(
    steps: list[tuple[str, int, str]], room: WaitingRoom
) -> tuple[list[EnrolmentEvent], WaitingRoom]:
    events: list[EnrolmentEvent] = []
    towns: dict[str, str] = {}
    for number, (what, choice, town) in enumerate(steps, start=1):
        if what == "come":
            who = f"p{number}"
            towns[who] = town
            events.append(event(number, who, town=town))
            room.come(who, town)
        else:
            here = [who for who in towns if who not in room.gone]
            if here:
                who = here[choice % len(here)]
                events.append(event(number, who, X, towns[who]))
                room.go(who)
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


@given(STEPS, LIMIT, LIMIT)
def test_nobody_who_sits_ever_loses_the_seat_to_what_others_do(
    steps: list[tuple[str, int, str]], capacity: int | None, per_town: int | None
) -> None:
    events, _ = played(steps, WaitingRoom(capacity, per_town))
    sat: set[str] = set()
    for upto in range(len(events) + 1):
        found = places(events[:upto], [Limits(1, capacity, per_town)])
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
    found = places(events, [Limits(1, capacity, per_town)])
    count = seats(enrolled, found, capacity)
    assert capacity is None or count.seated <= capacity
    assert per_town is None or count.most_of_one <= per_town
    waiting = [e for e in enrolled if found[e.enrolment_id].kind is PlaceKind.WAITING]
    if count.left != 0:
        assert all(found[each.enrolment_id].own_seats_full for each in waiting)
    ranks = [found[each.enrolment_id].rank for each in waiting]
    assert ranks == list(range(1, len(waiting) + 1))


@pytest.mark.parametrize("kind", list(PlaceKind))
def test_only_who_waits_has_a_rank(kind: PlaceKind) -> None:
    assert Place(kind).label == kind.label


def in_turn(events: list[EnrolmentEvent], capacity: int | None, own: int | None) -> set[str]:
    """Who sits when the limits never changed: everybody who still comes, seated in turn."""
    gone = {each.enrolment_id for each in events if each.kind is X}
    sitting: dict[str, str] = {}
    for each in events:
        if each.kind is E and each.enrolment_id not in gone:
            free = capacity is None or len(sitting) < capacity
            if free and (own is None or list(sitting.values()).count(each.lg_code) < own):
                sitting[each.enrolment_id] = each.lg_code
    return set(sitting)


@given(STEPS, LIMIT, LIMIT)
def test_with_limits_that_never_change_everybody_is_seated_in_turn(
    steps: list[tuple[str, int, str]], capacity: int | None, per_town: int | None
) -> None:
    events, _ = played(steps, WaitingRoom(capacity, per_town))
    found = labels(events, capacity, per_town)
    sitting = {who for who, label in found.items() if label == "参加確定"}
    assert sitting == in_turn(events, capacity, per_town)


def test_more_seats_for_each_municipality_take_nobody_elses_seat() -> None:
    """Seated in turn under the new limits, a2 would push b out of a full room."""
    events = [event(1, "a"), event(2, "a2"), event(3, "b", town="B")]
    limits = [Limits(1, 2, 1), Limits(2, 2, 2)]
    found = {who: place.label for who, place in places(events, limits).items()}
    assert found == {"a": "参加確定", "a2": "キャンセル待ち1番", "b": "参加確定"}
    left = [*events, event(4, "b", X, "B", version=2)]
    assert places(left, limits)["a2"].kind is PlaceKind.SEATED


def test_a_limit_counts_from_the_version_that_brought_it() -> None:
    limits = [Limits(1, 1, None), Limits(2, 2, None)]
    before = [event(1, "a"), event(2, "b", version=1)]
    assert places(before, limits[:1])["b"].kind is PlaceKind.WAITING
    assert places(before, limits)["b"].kind is PlaceKind.SEATED
