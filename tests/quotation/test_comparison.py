"""From what all officers are told, no single price can be worked out.

The attacker here is stronger than any: it knows every price but one, may say of its own whatever it
likes as often as it likes, and reads what is told after every word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quotation.band import EDGES, band_number
from core.quotation.comparison import Spread, spread
from core.quotation.cut import Slot
from core.quotation.event import QuotationEvent
from core.quotation.price import Way
from core.values.fiscal import JAPAN
from core.values.succession import Succession
from tests.support.mergers import HANNAN, MISAKI, SAKAI, after_merger
from tests.support.quotations import Words, a_year

NOBODY_MERGES = Succession(())
CHAT = Slot("chat", None)
VICTIM = "v"
OTHERS = "abcdefgh"
AMOUNTS = st.one_of(st.integers(0, 3_000_000), st.sampled_from(EDGES[:-12]), st.integers(0, 10**9))


def told(events: Sequence[QuotationEvent], named: Sequence[str] = ()) -> Spread | None:
    return spread(events, NOBODY_MERGES, CHAT, Way.JOINT, named)


def all_told(events: Sequence[QuotationEvent], named: Sequence[str] = ()) -> list[Spread | None]:
    """After every word: all there ever is to read."""
    return [told(events[:number], named) for number in range(1, len(events) + 1)]


def five(*yearly: int) -> Words:
    words = Words()
    words.keep_all(zip("abcdefghijklm", yearly, strict=False))
    return words


def test_four_are_told_nothing_five_are_and_a_sixth_changes_nothing() -> None:
    words = five(100_000, 400_000, 1_000_000, 2_500_000)
    assert told(words.events) is None
    words.keep("e", a_year(9_000_000))
    first = told(words.events)
    assert first is not None
    assert (first.municipalities, first.span.low, first.span.high) == (5, 300_000, 3_000_000)
    assert (first.median.low, first.median.high) == (1_000_000, 1_500_000)
    words.keep("f", a_year(60_000_000))
    assert told(words.events) == first
    words.keep("g", a_year(60_000_000))
    assert told(words.events) == first
    words.keep("h", a_year(60_000_000))
    eight = told(words.events)
    assert eight is not None
    assert (eight.municipalities, eight.span.high) == (8, 70_000_000)


def test_one_that_leaves_takes_the_range_away_and_back_again_only_as_it_was() -> None:
    words = five(100_000, 400_000, 1_000_000, 2_500_000, 9_000_000)
    first = told(words.events)
    words.withdraw("e")
    assert told(words.events) is None
    words.keep("e", a_year(2))
    again = told(words.events)
    assert first is not None
    assert again is not None
    assert again == replace(first, day=again.day)


@given(st.lists(AMOUNTS, min_size=4, max_size=7), st.data())
def test_an_outlier_is_never_seen(others: list[int], data: st.DataObject) -> None:
    highest = data.draw(st.integers(max(others), 10**12))
    more = data.draw(st.integers(max(others), 10**12))
    assert told(five(*others, highest).events) == told(five(*others, more).events)


@st.composite
def _acts(draw: st.DrawFn) -> list[tuple[str, int | None]]:
    """Who says what: an amount, or None for taking it back; the one attacked among them."""
    who = st.sampled_from([*OTHERS, VICTIM])
    begin = [(each, draw(AMOUNTS)) for each in (VICTIM, *"abcd")]
    acts = st.lists(st.tuples(who, st.one_of(st.none(), AMOUNTS)), max_size=16)
    return [*draw(st.permutations(begin)), *draw(acts)]


def _said(acts: list[tuple[str, int | None]], price: int) -> list[QuotationEvent]:
    words = Words()
    for who, amount in acts:
        if amount is None:
            words.withdraw(who)
        else:
            words.keep(who, a_year(price if who == VICTIM else amount))
    return words.events


@given(_acts(), st.integers(0, len(EDGES) - 12), st.data())
def test_nothing_told_ever_tells_two_prices_of_one_band_apart(
    acts: list[tuple[str, int | None]], band: int, data: st.DataObject
) -> None:
    """Whatever all the others say, in whatever order, whoever is shown by name: the same is told."""
    within = st.integers(EDGES[band], EDGES[band + 1] - 1)
    one, other = data.draw(within), data.draw(within)
    named = data.draw(st.lists(st.sampled_from(OTHERS), unique=True))
    assert all_told(_said(acts, one), named) == all_told(_said(acts, other), named)


def test_every_band_is_at_least_a_third_of_its_lower_edge_wide() -> None:
    assert all((high - low) * 3 >= low for low, high in pairwise(EDGES))
    assert EDGES[1] >= 100_000


@pytest.mark.parametrize("knowing", [1, 2, 3])
def test_trying_own_prices_one_after_the_other_finds_no_more_than_a_band(knowing: int) -> None:
    """Some of five tell each other theirs and try every height; what fits what they read is wide."""
    random = Random(13)
    for _ in range(8):
        hidden = [random.randrange(200_000, 40_000_000) for _ in range(5 - knowing)]
        tries = [random.randrange(100_000, 60_000_000) for _ in range(12)]

        def read(
            first: int, hidden: list[int] = hidden, tries: list[int] = tries
        ) -> list[Spread | None]:
            words = Words()
            words.keep_all(zip("vwxyz", [first, *hidden[1:]], strict=False))
            for each in tries:
                words.keep_all((str(own), each) for own in range(knowing))
            return all_told(words.events)

        truth = read(hidden[0])
        low = EDGES[band_number(hidden[0])]
        high = EDGES[band_number(hidden[0]) + 1] - 1
        assert read(low) == read(high) == truth


@given(st.lists(AMOUNTS, min_size=5, max_size=9), st.data())
def test_municipalities_shown_by_name_hide_nobody(prices: list[int], data: st.DataObject) -> None:
    names = "abcdefghi"[: len(prices)]
    named = data.draw(st.lists(st.sampled_from(names), unique=True))
    counted = names[: 8 if len(prices) >= 8 else 5]
    hidden = sum(each not in named for each in counted)
    assert (told(five(*prices).events, named) is not None) == (hidden >= 5)


@given(st.lists(AMOUNTS, min_size=5, max_size=12))
def test_the_range_holds_all_but_the_two_at_its_ends_and_the_median_lies_in_it(
    prices: list[int],
) -> None:
    found = told(five(*prices).events)
    assert found is not None
    counted = sorted(prices[: found.municipalities])
    assert all(found.span.low <= each < found.span.high for each in counted[1:-1])
    middle = counted[len(counted) // 2]
    assert found.median.low <= middle < found.median.high
    assert found.span.low <= found.median.low < found.median.high <= found.span.high
    assert {found.span.low, found.span.high} <= set(EDGES)


def test_other_ways_systems_and_unknown_years_are_not_in() -> None:
    words = five(100_000, 400_000, 1_000_000, 2_500_000)
    words.keep("e", a_year(500_000, way=Way.ALONE))
    words.keep("f", a_year(500_000, programme="docs"))
    words.keep("g", a_year(500_000, months=None))
    assert told(words.events) is None
    words.keep("g", a_year(500_000))
    assert told(words.events) is not None


def test_a_system_of_which_a_price_is_corrected_to_another_loses_it() -> None:
    words = five(100_000, 400_000, 1_000_000, 2_500_000, 9_000_000)
    words.keep("e", a_year(9_000_000, programme="docs"))
    assert told(words.events) is None


def test_municipalities_that_merge_count_once() -> None:
    """Two of five become one: from the first word after it on, four are left."""
    succession = after_merger().succession
    words = Words(datetime(2023, 12, 27, 9, tzinfo=JAPAN))
    codes = [MISAKI, HANNAN, SAKAI, "271004", "272027"]
    words.keep_all((code, 1_000_000) for code in codes)  # the fifth on the eve of the merger
    assert spread(words.events, succession, CHAT, Way.JOINT) is not None
    words.keep(SAKAI, a_year(1_000_001))
    assert spread(words.events, succession, CHAT, Way.JOINT) is None
    words.keep("272035", a_year(1_000_000))
    found = spread(words.events, succession, CHAT, Way.JOINT)
    assert found is not None
    assert found.municipalities == 5
