"""費用と効果 as figures: sums that are told, who keeps prices, hours; unknown is not zero."""

from __future__ import annotations

from datetime import date, timedelta

from core.figures.indicator import KpiFilter
from core.figures.known import Known
from core.figures.reading import Reading, reading, without_names
from core.figures.registry import indicator
from core.quotation.hours import HoursEvent
from core.quotation.price import Way
from core.values.fiscal import FiscalYear
from tests.support.facts import facts
from tests.support.quotations import BEGIN, Words, a_year
from tests.support.reference import REFERENCE

TOWNS = [each.lg_code for each in REFERENCE.municipalities]
LAST = date(2024, 3, 31)


def read(key: str, known: Known, day: date = LAST, chosen: KpiFilter | None = None) -> Reading:
    return reading(indicator(REFERENCE, key), known, day, chosen or KpiFilter())


def saving_of(many: int) -> Known:
    words = Words()
    for code in TOWNS[:many]:
        words.keep(code, a_year(1_000_000, way=Way.ALONE))
        words.keep(code, a_year(640_000))
    return facts(quotations=tuple(words.events))


def test_a_sum_is_unknown_of_four_and_told_of_five_with_how_many_and_its_day() -> None:
    four, five = read("saving_chat", saving_of(4)), read("saving_chat", saving_of(5))
    assert four.value is None
    assert "5未満" in four.why
    assert five.value == 1_800_000
    assert [part.label for part in five.parts] == ["5団体の合計"]
    assert five.birth.as_of == "令和5年6月10日時点"
    assert read("saving_docs", saving_of(5)).value is None


def test_no_filter_and_no_earlier_day_tells_another_sum() -> None:
    known = saving_of(9)
    told = {
        read("saving_chat", known, BEGIN.date() + timedelta(days=days)).value for days in range(30)
    }
    assert told == {None, 1_800_000}
    area = REFERENCE.municipalities[0].area
    assert read("saving_chat", known, LAST, KpiFilter(area=area)).value == 1_800_000


def test_who_keeps_prices_is_counted_and_named_to_the_secretariat_alone() -> None:
    found = read("quotations_kept", saving_of(3))
    assert found.value == 3
    assert found.indicator.private
    shown = " ".join(
        f"{part.key} {part.label} {part.detail}" for part in without_names(found.parts)
    )
    assert not any(code in shown for code in TOWNS[:3])


def test_hours_are_added_with_how_many_stated_them_and_are_unknown_of_none() -> None:
    def stated(number: int, code: str, hours: int | None, year: int = 2023) -> HoursEvent:
        at = BEGIN + timedelta(days=number)
        return HoursEvent(number, code, "chat", FiscalYear(year), hours, "実測", "", at, "x")

    said = (
        stated(1, TOWNS[0], 400), stated(2, TOWNS[1], 0), stated(3, TOWNS[2], 90),
        stated(4, TOWNS[2], None), stated(5, TOWNS[0], 450), stated(6, TOWNS[3], 7, 2022),
    )  # fmt: skip
    known = facts(hours=said)
    assert read("hours_saved", known).value == 450
    assert read("hours_stated", known).value == 2
    assert read("hours_saved", facts()).value is None
    assert read("hours_stated", facts()).value == 0
    assert read("hours_saved", known, BEGIN.date() + timedelta(days=3)).value == 490
