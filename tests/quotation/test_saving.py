"""What joint procurement saves, and that a sum of it gives nobody's away."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quotation.cut import Slot, best_by_way, changed
from core.quotation.event import quotations_of
from core.quotation.price import Way
from core.quotation.saving import hides, saving, savings_told
from core.values.succession import Succession
from tests.support.quotations import Words, a_year

CHAT = Slot("chat", None)
ALL = Succession(())


def told(words: Words) -> list[tuple[int, int | None]]:
    found = savings_told(words.events, ALL, CHAT)
    return [(each.municipalities, each.yearly) for each in found]


def saves(words: Words, who: str, before: int, joint: int, way: Way = Way.ALONE) -> None:
    words.keep(who, a_year(before, way=way))
    words.keep(who, a_year(joint))


def test_alone_is_what_is_saved_from_and_the_standard_price_where_it_is_unknown() -> None:
    def of(**prices: int) -> int | None:
        words = Words()
        for way, yearly in prices.items():
            words.keep("a", a_year(yearly, way=Way(way)))
        return saving(best_by_way(quotations_of(words.events), CHAT)).yearly

    assert of(alone=1_000, standard=900, joint=700) == 300
    assert of(standard=900, joint=700) == 200
    assert of(alone=700, joint=1_000) == -300
    assert of(joint=700) is None
    assert of(alone=700) is None


def test_a_sum_is_told_of_five_and_cut_off_below_a_hundred_thousand() -> None:
    words = Words()
    for who, joint in zip("abcd", (700_000, 650_000, 600_000, 710_000), strict=True):
        saves(words, who, 1_000_000, joint)
    words.keep("f", a_year(1_000_000, way=Way.ALONE))  # knows only one of the two
    assert told(words) == []
    saves(words, "e", 1_000_000, 690_000, Way.STANDARD)
    assert told(words) == [(5, 1_600_000)]  # 300 + 350 + 400 + 290 + 310 = 1,650 thousand


def test_a_sum_that_one_makes_up_is_not_told() -> None:
    words = Words()
    for who in "abcd":
        saves(words, who, 100_000, 90_000)
    saves(words, "e", 90_000_000, 10_000_000)
    assert told(words) == []


def test_trying_own_prices_until_a_sum_is_told_finds_none() -> None:
    """Told at just that height, it would say what the others save beside the largest of them."""
    words = Words()
    for who, joint in zip("abcd", (9_000_000, 9_500_000, 9_600_000, 9_800_000), strict=True):
        saves(words, who, 10_000_000, joint)
    saves(words, "e", 90_000_000, 10_000_000)
    for before in range(20_000_000, 9_000_000, -250_000):
        words.keep("e", a_year(before, way=Way.ALONE))
        words.keep("e", a_year(before - 1, way=Way.JOINT))
        words.keep("e", a_year(9_000_000, way=Way.JOINT))
    assert told(words) == []


def test_a_sixth_to_ninth_change_nothing_a_tenth_does() -> None:
    words = Words()
    for who in "abcdefghi":
        saves(words, who, 1_000_000, 700_000)
    assert told(words) == [(5, 1_500_000)]
    saves(words, "j", 1_000_000, 700_000)
    assert told(words) == [(5, 1_500_000), (10, 3_000_000)]


def test_one_who_leaves_takes_the_sum_along() -> None:
    words = Words()
    for who in "abcde":
        saves(words, who, 1_000_000, 700_000)
    words.withdraw("e")
    assert told(words) == [(5, 1_500_000), (0, None)]


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefghijkl"), st.integers(-2, 60)), min_size=5, max_size=40
    )
)
def test_between_any_two_sums_five_changed_and_none_of_them_makes_the_difference(
    acts: list[tuple[str, int]],
) -> None:
    """So neither a sum nor what two of them differ by shows one number, whoever knows two of them."""
    words = Words()
    for who in "abcdefghijkl":
        words.keep(who, a_year(10_000_000, way=Way.ALONE))
    sums: list[dict[str, int]] = []
    now: dict[str, int] = {}
    length = 0
    for who, by in acts:
        words.keep(who, a_year(10_000_000 - by * 100_000))
        now[who] = by * 100_000
        if len(found := told(words)) > length:
            length = len(found)
            assert found[-1] == (len(now), sum(now.values()))
            sums.append(dict(now))
    for one in sums:
        assert hides(one.values())
    for one, other in combinations(sums, 2):
        assert hides(changed(one, other).values())


@pytest.mark.parametrize("known", [0, 1])
def test_who_knows_the_second_largest_cannot_tell_the_largest_within_a_quarter(known: int) -> None:
    """The widest of the rule: what the others may add up to is a third of the largest."""
    numbers = [900, 880 - known, 100, 100, 100]
    assert hides(numbers)
    most = sum(numbers) - numbers[1]
    assert (most - numbers[0]) * 4 >= most
