"""An address reproduces its estimate, and no address can do harm."""

from __future__ import annotations

import contextlib
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.estimate.calculation import Estimate, estimate
from core.estimate.link import ESTIMATE_LINK
from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.params import RoundingScope
from core.values.errors import InvalidInputError
from core.values.money import Direction, parse_rate
from tests.support.reference import REFERENCE

KEYS = (
    "fy",
    "plans",
    "start",
    "years",
    "kind",
    "fee",
    "rate",
    "unit",
    "direction",
    "scope",
)
ANY_WHOLE = st.integers(-(10**9), 10**9)


def accepted_rate(text: str) -> Fraction | None:
    try:
        return parse_rate(text)
    except ValueError:
        return None


TYPED_RATES = st.one_of(
    st.none(),
    st.text(alphabet="0123456789./%", min_size=1, max_size=12).map(accepted_rate),
    st.fractions(0, 1, max_denominator=10**6),
)


@given(
    st.builds(
        EstimateRequest,
        fiscal_year=ANY_WHOLE,
        choices=st.lists(st.builds(PlanChoice, ANY_WHOLE, ANY_WHOLE), max_size=9).map(tuple),
        start_month=ANY_WHOLE,
        years=ANY_WHOLE,
        kind=st.sampled_from(ExpenditureKind),
        unit_price=st.one_of(st.none(), ANY_WHOLE),
        rate=TYPED_RATES,
        rounding_unit=st.one_of(st.none(), ANY_WHOLE),
        rounding_direction=st.one_of(st.none(), st.sampled_from(Direction)),
        rounding_scope=st.one_of(st.none(), st.sampled_from(RoundingScope)),
    )
)
def test_a_link_reproduces_any_request(request: EstimateRequest) -> None:
    link = ESTIMATE_LINK.write(request)
    assert set(link) <= set(KEYS)
    assert all(type(text) is str for text in link.values())
    assert ESTIMATE_LINK.read(link, 1) == request


def test_a_rate_with_many_decimals_survives_its_link() -> None:
    request = EstimateRequest(2023, rate=parse_rate("0.333333333"))
    assert ESTIMATE_LINK.read(ESTIMATE_LINK.write(request), 2023) == request


def test_what_equals_the_default_is_left_out() -> None:
    assert ESTIMATE_LINK.write(EstimateRequest(2023)) == {"fy": "2023"}
    full = EstimateRequest(
        2024,
        (PlanChoice(6, 12),),
        7,
        3,
        ExpenditureKind.CONTRIBUTION,
        0,
        Fraction(0),
        1,
        Direction.UP,
        RoundingScope.PLAN,
    )
    assert ESTIMATE_LINK.write(full) == {
        "fy": "2024",
        "plans": "6:12",
        "start": "7",
        "years": "3",
        "kind": "contribution",
        "fee": "0",
        "rate": "0",
        "unit": "1",
        "direction": "up",
        "scope": "plan",
    }


def test_an_empty_link_is_an_empty_request_of_the_default_year() -> None:
    assert ESTIMATE_LINK.read({}, 2024) == EstimateRequest(2024)
    assert ESTIMATE_LINK.read({"plans": ""}, 2024) == EstimateRequest(2024)
    assert ESTIMATE_LINK.read({"utm_source": "mail", "embed": "true"}, 2024) == EstimateRequest(
        2024
    )


HOSTILE = [
    "9" * 10_000,
    "-" + "9" * 10_000,
    "1e999999999",
    "1/0",
    "0x10",
    "abc",
    "😀",
    "😀" * 10_000,
    "a" * 10_000,
    "１２回",
    "nan",
    "inf",
    "None",
    "1;DROP TABLE wish",
    "<script>alert(1)</script>",
    "\x00",
    "1.5",
    ":",
    "1:",
    ":1",
    "1:2:3",
    "1:2;3:4",
    "1:" * 5_000,
    "../../etc/passwd",
]


def opened(link: dict[str, str]) -> Estimate:
    """What a page does with an address."""
    return estimate(ESTIMATE_LINK.read(link, 2023), REFERENCE.plan_offers, REFERENCE.parameters)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text[:10]!r}x{len(text)}")
def test_a_hostile_link_is_refused_at_once_or_by_the_estimate(key: str, text: str) -> None:
    begun = time.thread_time()
    with pytest.raises(InvalidInputError) as refusal:
        opened({"plans": "6:12", key: text})
    assert len(str(refusal.value)) < 500
    assert time.thread_time() - begun < 10  # some 0.001 s


@pytest.mark.parametrize(
    "plans",
    [
        ",".join(["1:1"] * 2_500),
        ",".join(f"{n}:{n}" for n in range(2_000)),
        "1:" + "9" * 4_000,
        "9" * 4_000 + ":1",
    ],
    ids=["repeated", "all", "many visits", "high plan"],
)
def test_ten_thousand_characters_of_plans_neither_hang_nor_fill_the_screen(plans: str) -> None:
    begun = time.thread_time()
    with pytest.raises(InvalidInputError) as refusal:
        opened({"plans": plans})
    assert all(len(problem) < 500 for problem in refusal.value.problems.values())
    assert time.thread_time() - begun < 10  # some 0.001 s


def test_ten_thousand_commas_are_an_empty_choice() -> None:
    assert opened({"plans": "," * 10_000}).gross == 0


@given(st.dictionaries(st.sampled_from(KEYS), st.text(max_size=30)))
def test_any_text_at_all_gives_an_answer_or_a_refusal(link: dict[str, str]) -> None:
    with contextlib.suppress(InvalidInputError):
        opened(link)


def test_all_unreadable_parts_of_a_link_are_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        ESTIMATE_LINK.read(dict.fromkeys(KEYS, "x"), 2023)
    assert set(refusal.value.problems) == set(KEYS)
    assert refusal.value.problems["rate"] == "リンクの「補助率」を読めません: x"
