"""What a document says of a price: parts, tax, a year; what it does not say stays unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.quotation.event import best, quotations_of
from core.quotation.price import MAX_MONTHS, MAX_YEN, Document, Price, Tax, read_price
from core.values.errors import InvalidInputError
from tests.support.quotations import A_PRICE, Words, a_year
from tests.support.reference import REFERENCE

SYSTEMS = REFERENCE.procurements.systems
TODAY = date(2023, 6, 1)
PARTS = replace(A_PRICE, total=None, initial=500_000, monthly=30_000, months=60)


def test_a_year_is_the_total_by_the_months_of_the_term() -> None:
    assert PARTS.printed_total == 500_000 + 30_000 * 60
    assert PARTS.yearly == 460_000  # 2,300,000 over five years


def test_tax_is_added_where_it_is_not_in_and_less_than_a_yen_is_cut_off() -> None:
    assert replace(PARTS, tax=Tax.EXCLUDED).yearly == 506_000
    price = replace(A_PRICE, total=100, months=7, tax=Tax.EXCLUDED)
    assert price.yearly == 188  # 110 × 12 ÷ 7 = 188.57…
    assert price.with_tax(105) == 115
    assert price.with_tax(None) is None


@pytest.mark.parametrize("unknown", ["initial", "monthly", "months"])
def test_one_unknown_part_makes_the_year_unknown_and_not_zero(unknown: str) -> None:
    assert replace(PARTS, **{unknown: None}).yearly is None  # type: ignore[arg-type]


def test_a_year_of_nothing_is_zero() -> None:
    assert replace(PARTS, initial=0, monthly=0).yearly == 0


def test_only_a_sum_may_be_known() -> None:
    assert read_price(replace(A_PRICE, months=None), SYSTEMS, TODAY).yearly is None


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(A_PRICE, total=None), "initial"),
        (replace(PARTS, total=2_300_001), "total"),
        (replace(A_PRICE, total=MAX_YEN + 1), "total"),
        (replace(PARTS, monthly=-1), "monthly"),
        (replace(PARTS, initial=10**40), "initial"),
        (replace(A_PRICE, months=0), "months"),
        (replace(A_PRICE, months=MAX_MONTHS + 1), "months"),
        (replace(A_PRICE, programme="fax"), "programme"),
        (replace(A_PRICE, programme="eapply"), "lot"),
        (replace(A_PRICE, lot="A"), "lot"),
        (replace(A_PRICE, dated=date(2023, 6, 2)), "dated"),
        (replace(A_PRICE, dated=date(1900, 1, 1)), "dated"),
        (replace(A_PRICE, first_day=date(9999, 1, 1)), "first_day"),
        (replace(A_PRICE, basis="  "), "basis"),
        (replace(A_PRICE, basis="あ" * 501), "basis"),
        (replace(A_PRICE, vendor="二行\n目"), "vendor"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(form: Price, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_price(form, SYSTEMS, TODAY)
    assert set(refused.value.problems) == {field}


def test_every_problem_is_said_at_once() -> None:
    form = replace(A_PRICE, programme="fax", total=None, basis="", dated=date(2030, 1, 1))
    with pytest.raises(InvalidInputError) as refused:
        read_price(form, SYSTEMS, TODAY)
    assert set(refused.value.problems) == {"programme", "initial", "basis", "dated"}


def test_what_was_contracted_outranks_a_later_offer_and_a_later_offer_an_earlier_one() -> None:
    contract = a_year(3, dated=date(2022, 1, 1))
    early = a_year(1, document=Document.QUOTED, dated=date(2023, 1, 1))
    late = a_year(2, document=Document.QUOTED, dated=date(2023, 2, 1))
    unknown = a_year(9, months=None, dated=date(2023, 5, 1))

    def counted(*prices: Price) -> Price | None:
        words = Words()
        for number, price in enumerate(prices):
            words.keep(str(number), price)
        found = best(quotations_of(words.events))
        return None if found is None else found.price

    assert counted(late, early, contract, unknown) == contract
    assert counted(early, late) == counted(late, early) == late
    assert counted(unknown) is None
