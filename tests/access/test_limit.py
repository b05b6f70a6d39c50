"""The laws of the limits on signing in: nobody is let through faster, nobody waits longer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access.limit import (
    LIMITS,
    Bucket,
    Limit,
    LimitKind,
    Origin,
    buckets,
    site_of,
    stand_in,
)
from core.values.fiscal import JAPAN

START = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
SECOND = timedelta(seconds=1)
some_limits = st.builds(Limit, st.integers(1, 30), st.integers(1, 300).map(lambda s: s * SECOND))
moments = st.lists(st.integers(0, 4000), min_size=1, max_size=80).map(sorted)
"""Seconds after START at which somebody tries."""


class Guard:
    """One bucket as it is used: a try that has to wait is not looked at."""

    def __init__(self, limit: Limit) -> None:
        self.limit, self.spent_until = limit, None
        self.looked_at: list[datetime] = []

    def wait(self, now: datetime) -> timedelta:
        return self.limit.opens_at(self.spent_until, now) - now

    def fails(self, now: datetime) -> bool:
        """A wrong password; whether it was looked at."""
        if self.wait(now):
            return False
        self.spent_until = self.limit.spent_by(self.spent_until, now)
        self.looked_at.append(now)
        return True


@given(some_limits, moments)
def test_in_any_time_no_more_are_looked_at_than_the_bucket_holds_and_fills(
    limit: Limit, seconds: list[int]
) -> None:
    guard = Guard(limit)
    for second in seconds:
        guard.fails(START + second * SECOND)
    for first in range(len(guard.looked_at)):
        for last in range(first, len(guard.looked_at)):
            took = guard.looked_at[last] - guard.looked_at[first]
            assert last - first + 1 <= limit.free + took / limit.every


@given(some_limits, moments)
def test_no_wait_is_longer_than_one_filling_and_none_is_left_after_it(
    limit: Limit, seconds: list[int]
) -> None:
    guard = Guard(limit)
    for second in seconds:
        now = START + second * SECOND
        guard.fails(now)
        assert timedelta() <= guard.wait(now) <= limit.every
    assert guard.wait(now + limit.every) == timedelta()


@given(some_limits, moments, st.integers(1, 10**6), st.integers(0, 10**6))
def test_a_clock_set_back_makes_no_wait_longer(
    limit: Limit, seconds: list[int], back: int, later: int
) -> None:
    guard = Guard(limit)
    for second in seconds:
        guard.fails(START + second * SECOND)
    moment = START + (later - back) * SECOND
    assert guard.wait(moment) <= limit.every
    assert not guard.wait(moment) or not guard.wait(moment + limit.free * limit.every)


@given(some_limits)
def test_a_bucket_left_alone_is_full_again(limit: Limit) -> None:
    guard = Guard(limit)
    while guard.fails(START):
        pass
    assert len(guard.looked_at) == limit.free
    assert guard.spent_until == START + limit.free * limit.every
    later = START + limit.free * limit.every
    assert [guard.fails(later) for _ in range(limit.free + 1)] == [True] * limit.free + [False]


def test_the_limits_are_these() -> None:
    assert {kind: (limit.free, limit.every / SECOND) for kind, limit in LIMITS.items()} == {
        LimitKind.BROWSER: (10, 60),
        LimitKind.PAIR: (5, 60),
        LimitKind.ACCOUNT: (20, 60),
        LimitKind.ADDRESS: (20, 15),
    }


@pytest.mark.parametrize(
    ("origin", "kinds"),
    [
        (Origin("10.0.0.1", "b"), {LimitKind.PAIR, LimitKind.ADDRESS, LimitKind.ACCOUNT}),
        (Origin("10.0.0.1", "b", known_address=True), {LimitKind.PAIR, LimitKind.ADDRESS}),
        (Origin("10.0.0.1", "b", known_browser=True), {LimitKind.BROWSER}),
        (Origin("10.0.0.1", "b", True, True), {LimitKind.BROWSER}),
        (Origin(""), {LimitKind.PAIR, LimitKind.ADDRESS, LimitKind.ACCOUNT}),
    ],
)
def test_whom_a_try_has_to_pass(origin: Origin, kinds: set[LimitKind]) -> None:
    assert {each.kind for each in buckets("tanto", origin)} == kinds


def test_a_known_browser_shares_its_count_with_nobody() -> None:
    (mine,) = buckets("tanto", Origin("10.0.0.1", "mine", known_browser=True))
    assert mine == Bucket(LimitKind.BROWSER, "tanto", "mine")
    others = [
        *buckets("tanto", Origin("10.0.0.1")),
        *buckets("tanto", Origin("10.0.0.1", "other", known_browser=True)),
        *buckets("tonari", Origin("10.0.0.1", "mine", known_browser=True)),
    ]
    assert mine not in others


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
        ("testclient", ""),
        ("10.1.2.3' OR 1=1", ""),
        ("あ", ""),
    ],
)
def test_an_address_is_a_machine_or_a_site(written: str, site: str) -> None:
    assert site_of(written) == site


@given(st.text(max_size=80))
def test_of_a_name_that_does_not_exist_four_letters_are_kept_which_are_no_account_s(
    name: str,
) -> None:
    kept = stand_in(name)
    assert len(kept) == 5
    assert kept[0] == "?"  # no account's name begins so
    assert kept == stand_in(name)


@given(st.text(max_size=200))
def test_any_address_is_read(text: str) -> None:
    assert site_of(text) == site_of(site_of(text).partition("/")[0])
