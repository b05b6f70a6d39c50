"""From the council to the money: 13 municipalities, 24 plans, by the commands alone.

Every amount is worked out by hand. 1/2 of the eligible cost, below 1,000 yen cut off, of each
application; 100,000 yen a visit, 150,000 yen of plan 7.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from core.store.engine import reading
from core.store.verification import verify
from core.subsidy.budget import over_alert
from core.subsidy.case import CaseState
from core.subsidy.due import Turn
from core.subsidy.money import AskedLine, by_member
from core.subsidy.step import CaseStep
from core.support.pace import PaceState
from core.support.wish import WishState
from core.values.errors import ConflictError, InvalidInputError
from core.values.money import Yen
from tests.support.played_year import KYODO, THIRTEEN, PlayedYear

PLANS = (  # 4·3·1·5·3·7·1, as in the round of wishes
    (6,), (6,), (6,), (6,), (6,), (6,), (6, 4), (4, 1), (4, 1), (4, 1), (4, 1, 5, 2), (5, 2, 3), (5, 2, 7),
)  # fmt: skip
SAID_NO = (0, 7)
"""Councils that say no in March; the first one says yes in September, to half a year."""

CONTRACTS: dict[int, dict[int, tuple[int, int]]] = {
    1: {6: (12, 1_200_000)},
    2: {6: (12, 1_146_000)},  # 95,500 a visit
    3: {6: (12, 1_200_000)},
    4: {6: (12, 1_199_999)},
    5: {6: (12, 1_200_000)},
    6: {4: (12, 1_200_000), 6: (12, 1_200_000)},
    8: {1: (12, 1_200_000), 4: (12, 1_200_000)},
    9: {1: (12, 1_200_000), 4: (12, 1_200_000)},
    10: dict.fromkeys((1, 2, 4, 5), (12, 1_200_000)),
    11: dict.fromkeys((2, 3, 5), (12, 1_200_000)),
    12: {2: (12, 1_200_000), 5: (12, 1_200_000), 7: (12, 1_800_000)},
}
APPLIED = {  # half of the contract
    1: 600_000,
    2: 573_000,
    3: 600_000,
    4: 599_000,  # 599,999.5
    5: 600_000,
    6: 1_200_000,
    8: 1_200_000,
    9: 1_200_000,
    10: 2_400_000,
    11: 1_800_000,
    12: 2_100_000,
}
ALL_APPLIED = 12_872_000
BUDGET = 11_584_807
"""Nine tenths of what is applied for and 7 yen more, so that the cut does not come out even."""
DECIDED = {  # × 11,584,807 / 12,872,000: nine tenths, and 7 yen × share by largest remainder
    1: 540_001,  # .3263, first of three that are equal
    2: 515_700,  # .3116
    3: 540_000,
    4: 539_100,  # .3257
    5: 540_000,
    6: 1_080_001,  # .6526
    8: 1_080_001,
    9: 1_080_001,
    10: 2_160_001,  # 1.3052
    11: 1_620_001,  # .9789
    12: 1_890_001,  # 1.1420
}
FINAL = {
    0: 220_001,  # 300,000 asked for, 220,001 left
    1: 540_001,
    2: 515_700,
    3: 350_000,  # seven visits
    4: 539_100,
    5: 500_000,  # paid 1,000,000 for twelve visits
    6: 1_050_000,  # (1,200,000 + 900,000) / 2
    8: 1_080_001,  # 11 of 12 visits of a plan: 2,300,000 / 2 = 1,150,000, above the decision
    9: 1_000_000,  # 8 of 12 visits of a plan: (1,200,000 + 800,000) / 2
    10: 2_160_001,
    11: 1_620_001,
    12: 1_890_001,
}
ALL_FINAL = 11_464_806


def until_the_councils(year: PlayedYear) -> None:
    year.at(11, 1, 2022)
    for code, plans in zip(THIRTEEN, PLANS, strict=True):
        year.wishes(code, plans, WishState.WISHED)
    year.at(11, 21, 2022)
    for code, plans in zip(THIRTEEN, PLANS, strict=True):
        year.wishes(code, plans, WishState.BUDGET_REQUESTED)


def until_april(year: PlayedYear) -> None:
    year.at(3, 22)
    for place, plans in enumerate(PLANS):
        no = place in SAID_NO
        year.council(THIRTEEN[place], plans, WishState.WITHDRAWN if no else WishState.APPROVED)
    year.at(3, 27)
    year.budget(BUDGET)
    year.at(4, 3)
    for place, lines in CONTRACTS.items():
        why = "入札の結果" if place in (2, 4) else ""
        year.conclude(THIRTEEN[place], lines, why)


def applications(year: PlayedYear) -> None:
    year.at(4, 10)
    for place in CONTRACTS:
        year.applies(THIRTEEN[place])


def amounts(year: PlayedYear, of: str) -> dict[int, int | None]:
    """Place in THIRTEEN → an amount of its case; those without a case are absent."""
    found = {}
    for row in year.board().rows:
        if row.case is not None:
            amount = getattr(row.case, of)
            found[THIRTEEN.index(row.lg_code)] = None if amount is None else int(amount)
    return dict(sorted(found.items()))


def standing(year: PlayedYear, on: date | None = None) -> tuple[int | None, ...]:
    """Applied for, decided, final, paid, left."""
    found = year.board(on).standing
    return found.applied, found.decided, found.final, found.paid, found.left


def said_of_the_year(year: PlayedYear, on: date | None = None) -> tuple[Any, ...]:
    """Forecast, what is left by it, what no council decided on and of how many."""
    found = year.board(on).forecast
    return found.amount, found.left, found.undecided, found.undecided_municipalities


def test_a_year_from_the_councils_to_the_money(engine: Engine) -> None:
    year = PlayedYear(engine)
    told: dict[date, tuple[Any, ...]] = {}

    def tell() -> tuple[Any, ...]:
        told[year.day] = (standing(year), said_of_the_year(year))
        return told[year.day]

    # --- wishes: 7 × 600,000 + 4 × 1,200,000 + 2,400,000 + 1,800,000 + 2,100,000, less one 600,000
    assert Counter(plan for plans in PLANS for plan in plans) == {
        1: 4, 2: 3, 3: 1, 4: 5, 5: 3, 6: 7, 7: 1,
    }  # fmt: skip
    until_the_councils(year)
    year.at(3, 20)
    assert said_of_the_year(year) == (0, None, 14_700_000, 13)

    # --- eleven councils say yes: 14,700,000 − 600,000 − 1,200,000
    until_april(year)
    assert tell() == ((0, 0, 0, 0, 11_584_807), (12_900_000, -1_315_193, 0, 0))

    # --- applications rest on contracts: 27,000 and 1,000 less than the wishes
    applications(year)
    assert amounts(year, "decided") == dict.fromkeys(CONTRACTS)
    asked = {place: year.case(THIRTEEN[place]).last.amount for place in CONTRACTS}
    assert asked == APPLIED
    assert sum(APPLIED.values()) == ALL_APPLIED
    assert tell() == ((12_872_000, 0, 0, 0, 11_584_807), (12_872_000, -1_287_193, 0, 0))
    twelfth = year.case(THIRTEEN[12]).last.lines
    assert [(line.item, line.eligible, line.amount) for line in twelfth] == [
        ("2", 1_200_000, 600_000), ("5", 1_200_000, 600_000), ("7", 1_800_000, 900_000),
    ]  # fmt: skip
    planned = [year.plans_the_year(THIRTEEN[n], date(2023, 4, 1)) for n in CONTRACTS]
    assert planned == [12, 12, 12, 12, 12, 24, 24, 24, 48, 36, 36]

    # --- a tenth short: nobody gets all, all are cut alike
    year.at(5, 8)
    with pytest.raises(InvalidInputError, match="減額する理由"):
        year.decides_all()
    year.decides_all(reason="予算の範囲内で按分")
    assert amounts(year, "decided") == DECIDED
    assert tell() == ((0, 11_584_807, 0, 0, 0), (11_584_807, 0, 0, 0))
    lines = [[line.amount for line in year.case(THIRTEEN[n]).last.lines] for n in (6, 10, 12)]
    assert lines == [
        [540_001, 540_000],
        [540_001, 540_000, 540_000, 540_000],
        [540_000, 540_000, 810_001],  # .2857, .2857, .4286 of a yen
    ]

    # --- 概算払 where money is needed before the end; never more than was decided
    year.at(6, 12)
    with pytest.raises(InvalidInputError, match="1円から1,080,001円"):
        year.step(THIRTEEN[9], CaseStep.ADVANCE_CLAIMED, 1_080_002)
    for place, yen in ((9, 1_050_000), (10, 1_000_000)):
        year.step(THIRTEEN[place], CaseStep.ADVANCE_CLAIMED, yen)
        year.step(THIRTEEN[place], CaseStep.ADVANCE_PAID)
    assert tell() == ((0, 11_584_807, 0, 2_050_000, 0), (11_584_807, 0, 0, 0))

    # --- the first council says yes after all, to half a year: 6 × 100,000 / 2
    year.at(9, 25)
    one = THIRTEEN[0]
    year.wishes(one, (6,), WishState.WISHED, visits=6, start_month=10)
    assert said_of_the_year(year) == (11_584_807, 0, 300_000, 1)
    year.wishes(one, (6,), WishState.BUDGET_REQUESTED, visits=6, start_month=10)
    year.council(one, (6,), WishState.APPROVED)
    assert tell() == ((0, 11_584_807, 0, 2_050_000, 0), (11_884_807, -300_000, 0, 0))
    year.at(10, 2)
    year.conclude(one, {6: (6, 600_000)})
    assert year.plans_the_year(one, year.day) == 6
    year.applies(one)
    with pytest.raises(InvalidInputError, match="予算の残り0円を超えます"):
        year.step(one, CaseStep.DECIDED, 300_000, reason="予算の範囲内")
    with pytest.raises(ConflictError, match="0円になる申請があります"):
        year.decides_all(reason="予算の範囲内")

    # --- one plan ends after seven visits, another is changed to nine: 190,000 + 30,001 are free
    year.at(10, 31)
    hold(year)
    year.at(11, 6)
    assert year.changes(THIRTEEN[3], 6, 7, 700_000, "担当課の廃止") == 5
    year.at(12, 1)
    with pytest.raises(InvalidInputError, match="7回実施しています"):
        year.changes(THIRTEEN[6], 4, 6, 600_000, "")
    assert year.changes(THIRTEEN[6], 4, 9, 900_000, "対象業務の縮小") == 3
    for place in (3, 6):
        year.step(THIRTEEN[place], CaseStep.CHANGE_APPLIED, reason="契約の変更")
    assert year.case(THIRTEEN[3]).last.amount == 350_000  # 700,000 / 2
    assert year.case(THIRTEEN[6]).last.amount == 1_050_000  # (1,200,000 + 900,000) / 2
    year.at(12, 15)
    year.step(THIRTEEN[3], CaseStep.CHANGE_DECIDED)
    year.step(THIRTEEN[6], CaseStep.CHANGE_DECIDED)
    assert tell()[0] == (300_000, 11_364_806, 0, 2_050_000, 220_001)
    year.decides_all(reason="予算の残りまで")
    assert tell() == ((0, 11_584_807, 0, 2_050_000, 0), (11_584_807, 0, 0, 0))

    # --- the year's end: one visit less of plan 1 in the ninth, four less of plan 4 in the tenth
    year.at(3, 25, 2024)
    drop(year, THIRTEEN[8], 1, 1)
    drop(year, THIRTEEN[9], 4, 4)
    hold(year)
    assert paces(year) == {PaceState.DONE: 20, PaceState.ON_PACE: 1, PaceState.TIGHT: 1}
    for place in FINAL:
        whole = {line.plan: int(line.amount) for line in year.contract(THIRTEEN[place]).terms.lines}
        year.pays(THIRTEEN[place], {6: 1_000_000} if place == 5 else whole)
    year.at(3, 29, 2024)
    for place in FINAL:
        year.step(THIRTEEN[place], CaseStep.REPORTED)
    reported = {n: year.case(THIRTEEN[n]).last.amount for n in (4, 5, 8, 9)}
    assert reported == {4: 599_000, 5: 500_000, 8: 1_150_000, 9: 1_000_000}
    assert tell() == ((0, 11_584_807, 0, 2_050_000, 0), (11_464_806, 120_001, 0, 0))
    assert over_alert(year.board().forecast.amount, Yen(BUDGET))

    # --- final, claimed, paid; what was paid in advance is taken off, what was too much comes back
    year.at(4, 8, 2024)
    for place in FINAL:
        year.step(THIRTEEN[place], CaseStep.FINALISED)
    assert amounts(year, "final") == FINAL
    assert sum(FINAL.values()) == ALL_FINAL
    assert amounts(year, "due") == FINAL | {9: -50_000, 10: 1_160_001}
    year.at(4, 15, 2024)
    with pytest.raises(ConflictError, match="請求できる額がありません"):
        year.step(THIRTEEN[9], CaseStep.CLAIMED)
    year.step(THIRTEEN[9], CaseStep.REPAID)
    for place in FINAL:
        if place != 9:
            year.step(THIRTEEN[place], CaseStep.CLAIMED)
    assert year.case(THIRTEEN[10]).last.amount == 1_160_001
    assert tell()[0] == (0, 11_584_807, 11_464_806, 2_000_000, 120_001)
    year.at(5, 20, 2024)
    for place in FINAL:
        if place != 9:
            year.step(THIRTEEN[place], CaseStep.PAID)
    assert amounts(year, "paid") == FINAL
    assert tell() == (
        (0, 11_584_807, 11_464_806, 11_464_806, 120_001),
        (11_464_806, 120_001, 0, 0),
    )

    # --- nobody has anything left to do; what was said of a day is said of it later as well
    board = year.board()
    assert {row.due.turn for row in board.rows if row.due} == {Turn.NOBODY}
    states = Counter(row.case.state for row in board.rows if row.case)
    assert states == {CaseState.PAID: 11, CaseState.SETTLED: 1}
    for row in board.rows:
        if row.case:
            assert row.case.decided >= row.case.final >= row.case.paid
            for event in row.case.events:
                assert not event.lines or by_member(event.lines) == {row.lg_code: event.amount}
    for day, said in told.items():
        assert (standing(year, day), said_of_the_year(year, day)) == said, day
    with reading(engine) as session:
        assert verify(session).findings == []


def hold(year: PlayedYear) -> None:
    """Hold every visit whose day has come."""
    for place in FINAL:
        for visit in year.open_visits(THIRTEEN[place]):
            year.holds(THIRTEEN[place], visit)


def drop(year: PlayedYear, code: str, plan: int, number: int) -> None:
    """The last visits of a plan do not take place."""
    for visit in [each for each in year.open_visits(code) if each.plan == plan][-number:]:
        year.cancels(code, visit)


def paces(year: PlayedYear) -> Counter[PaceState]:
    return Counter(
        pace.state
        for place in FINAL
        for found in year.contracts(THIRTEEN[place])
        for pace in found.paces
    )


def test_several_municipalities_apply_together_and_nobody_gets_more_than_was_decided_for_it(
    engine: Engine,
) -> None:
    year = PlayedYear(engine)
    lead, with_it = THIRTEEN[7], THIRTEEN[2]

    def costs(equipment: int, usage: int, theirs: int) -> tuple[AskedLine, ...]:
        return (
            AskedLine(lead, "機器", Yen(equipment)),
            AskedLine(lead, "利用料", Yen(usage)),
            AskedLine(with_it, "委託料", Yen(theirs)),
        )

    def parts() -> list[int]:
        return [int(line.amount) for line in year.case(lead, "kyodo").last.lines]

    year.at(6, 1)
    year.applies(lead, "kyodo", costs(1_000_000, 500_000, 1_234_567))
    # 2/3 of 1,500,000 is 1,000,000; of 1,234,567 it is 823,044.67, below 1,000 yen cut off
    assert parts() == [666_667, 333_333, 823_000]
    assert year.case(with_it, "kyodo") == year.case(lead, "kyodo")
    year.at(6, 20)
    year.decides_all("kyodo", "予算の範囲内で按分")
    # × 1,500,000 / 1,823,000: 548,546.63, 274,272.90, 677,180.47
    assert parts() == [548_547, 274_273, 677_180]
    assert year.board(programme="kyodo").standing.left == 0
    year.at(3, 1, 2024)
    with pytest.raises(ConflictError, match="共同申請の手続は代表の団体が行います"):
        year.step(with_it, CaseStep.REPORTED, programme="kyodo")
    # The lead spent all, the other half: 400,000 of 677,180. What is left is not the lead's.
    year.step(lead, CaseStep.REPORTED, programme="kyodo", asked=costs(1_000_000, 500_000, 600_000))
    assert parts() == [666_667, 333_333, 400_000]
    year.step(lead, CaseStep.FINALISED, programme="kyodo")
    # 548,547 + 274,273 = 822,820, split as 666,667 to 333,333: 548,546.94, 274,273.06
    assert parts() == [548_547, 274_273, 400_000]
    year.step(lead, CaseStep.CLAIMED, programme="kyodo")
    year.step(lead, CaseStep.PAID, programme="kyodo")
    case = year.case(with_it, "kyodo")
    assert (case.decided, case.final, case.paid, case.due) == (1_500_000, 1_222_820, 1_222_820, 0)
    assert year.board(programme="kyodo").standing.left == 277_180
    assert KYODO.budget == 1_500_000
