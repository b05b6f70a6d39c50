"""How far a plan is, and the year planned in one step: tables by hand and laws."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.support.contract import ContractLine, ContractTerms
from core.support.pace import Pace, PaceState, is_soon, is_unrecorded, pace_of
from core.support.visit import Held, Planned, Visit, VisitEvent, VisitStep
from core.support.year_plan import DayRule, check_usual, closed_on, planned_months
from core.values.errors import InvalidInputError
from core.values.fiscal import PartialDate, Precision
from core.values.money import Yen
from tests.support.contracts import HELD, PLANNED, SIGNED, TERMS

S = PaceState
YEAR = ContractTerms(
    date(2023, 4, 1),
    date(2023, 4, 1),
    date(2024, 3, 31),
    TERMS.kind,
    (ContractLine(6, 12, Yen(0)),),
)


def a_visit(
    number: int, *, held: date | None = None, when: PartialDate | None = None, plan: int = 6
) -> Visit:
    step = VisitStep.HELD if held else VisitStep.PLANNED
    done = Held(held, 60, HELD.meeting, "", "議題", "内容") if held else None
    planned = None if held else Planned(when or PartialDate(date(2024, 3, 1), Precision.MONTH))
    said = VisitEvent(number, number, step, planned, done, None, "", SIGNED, "tanto")
    return Visit(number, 1, "271403", plan, number, (said,))


def held_in(*months: tuple[int, int]) -> list[Visit]:
    return [a_visit(n, held=date(y, m, 10)) for n, (y, m) in enumerate(months, start=1)]


MONTHS = [(2023, m) for m in range(4, 13)] + [(2024, m) for m in range(1, 4)]


@pytest.mark.parametrize(
    ("visits", "held", "today", "state", "months_left"),
    [
        (12, 0, date(2023, 4, 1), S.ON_PACE, 12),
        (12, 1, date(2023, 4, 20), S.ON_PACE, 11),  # April is used
        (12, 0, date(2023, 5, 1), S.TIGHT, 11),
        (12, 6, date(2023, 10, 1), S.ON_PACE, 6),
        (12, 5, date(2023, 10, 1), S.TIGHT, 6),
        (7, 3, date(2023, 10, 1), S.ON_PACE, 6),  # 7 × 6/12 = 3
        (7, 2, date(2023, 10, 1), S.BEHIND, 6),
        (7, 7, date(2023, 10, 1), S.DONE, 5),  # October is used
        (12, 11, date(2024, 3, 31), S.ON_PACE, 1),
        (12, 11, date(2024, 4, 1), S.OVER, 0),
        (12, 12, date(2024, 4, 1), S.DONE, 0),
        (0, 0, date(2023, 6, 1), S.DONE, 10),
        (12, 0, date(2023, 1, 1), S.ON_PACE, 12),  # before the term: all months are left
    ],
)
def test_a_plan_is_as_far_as_its_visits_and_months_say(
    visits: int, held: int, today: date, state: PaceState, months_left: int
) -> None:
    found = pace_of(ContractLine(6, visits, Yen(0)), YEAR, held_in(*MONTHS[:held]), today)
    assert (found.state, found.months_left, found.left) == (state, months_left, visits - held)


def test_another_plans_visits_do_not_count() -> None:
    others = [a_visit(1, held=date(2023, 4, 10), plan=4)]
    assert pace_of(YEAR.lines[0], YEAR, others, date(2023, 4, 20)).held == 0


def test_what_does_not_fit_is_said_with_its_number() -> None:
    assert Pace(6, 12, 5, 0, 0, 6, S.TIGHT).said == (
        "残り7回に対して残り6か月。月1回では1回入りません。"
        "同じ月に2回予定するか、変更契約で減らします。"
    )


@pytest.mark.parametrize(
    ("when", "unrecorded", "soon"),
    [
        (PartialDate(date(2023, 10, 1), Precision.DAY), True, False),
        (PartialDate(date(2023, 10, 2), Precision.DAY), False, True),
        (PartialDate(date(2023, 10, 9), Precision.DAY), False, True),
        (PartialDate(date(2023, 10, 10), Precision.DAY), False, False),
        (PartialDate(date(2023, 9, 1), Precision.MONTH), True, False),
        (PartialDate(date(2023, 10, 1), Precision.MONTH), False, False),
    ],
)
def test_a_day_that_is_over_waits_and_one_ahead_is_soon(
    when: PartialDate, unrecorded: bool, soon: bool
) -> None:
    visit, today = a_visit(1, when=when), date(2023, 10, 2)
    assert (is_unrecorded(visit, today), is_soon(visit, today, 7)) == (unrecorded, soon)


@given(
    visits=st.integers(0, 14),
    held=st.integers(0, 12),
    planned=st.integers(0, 4),
    offset=st.integers(-40, 420),
)
def test_held_and_left_add_up_and_the_state_follows(
    visits: int, held: int, planned: int, offset: int
) -> None:
    held = min(held, visits)
    today = date(2023, 4, 1) + timedelta(days=offset)
    done = held_in(*MONTHS[:held])
    ahead = [a_visit(100 + n) for n in range(min(planned, visits - held))]
    found = pace_of(ContractLine(6, visits, Yen(0)), YEAR, [*done, *ahead], today)
    assert found.held + found.left == visits
    assert found.planned + found.unplanned == found.left
    assert (found.state is S.DONE) == (found.left == 0)
    assert (found.state is S.OVER) == (found.left > 0 and today > YEAR.last_day)
    assert (found.state is S.TIGHT) == (found.left > found.months_left and today <= YEAR.last_day)
    assert found.said


def test_a_year_is_planned_month_by_month_and_closed_days_give_way() -> None:
    found = planned_months(
        YEAR.lines[0],
        YEAR,
        (),
        first_month=date(2023, 4, 1),
        rule=DayRule(2, 1),
        today=date(2023, 4, 1),
    )
    assert [when.first.isoformat() for when in found] == [
        "2023-04-05",
        "2023-05-08",  # 5月3日 to 5月7日 are holidays and a weekend
        "2023-06-07",
        "2023-07-05",
        "2023-08-02",
        "2023-09-06",
        "2023-10-04",
        "2023-11-01",
        "2023-12-06",
        "2024-01-04",  # 1月3日 is 年末年始
        "2024-02-07",
        "2024-03-06",
    ]


def test_months_that_have_a_visit_and_those_that_are_over_are_left_out() -> None:
    there = [a_visit(1, held=date(2023, 10, 2)), a_visit(2, when=_day(2023, 12, 6))]
    found = planned_months(
        YEAR.lines[0],
        YEAR,
        there,
        first_month=date(2023, 5, 1),
        rule=DayRule(),
        today=date(2023, 10, 20),
    )
    assert [(w.first.month, w.precision) for w in found] == [
        (m, Precision.MONTH) for m in (11, 1, 2, 3)
    ]


def _day(year: int, month: int, day: int) -> PartialDate:
    return PartialDate(date(year, month, day), Precision.DAY)


RULES = st.builds(DayRule, st.sampled_from([None, 0, 1, 2, 3, 4]), st.integers(1, 5))


@given(
    rule=RULES,
    visits=st.integers(0, 14),
    held=st.integers(0, 6),
    first=st.integers(0, 364),
    today=st.integers(-30, 364),
)
def test_whatever_is_planned_can_be_held(
    rule: DayRule, visits: int, held: int, first: int, today: int
) -> None:
    held = min(held, visits)
    day = date(2023, 4, 1) + timedelta(days=today)
    done = held_in(*MONTHS[:held])
    found = planned_months(
        ContractLine(6, visits, Yen(0)),
        YEAR,
        done,
        first_month=date(2023, 4, 1) + timedelta(days=first),
        rule=rule,
        today=day,
    )
    assert len(found) <= visits - held
    months = [(w.first.year, w.first.month) for w in found]
    assert len(set(months)) == len(months)
    assert not set(months) & set(MONTHS[:held])
    for when in found:
        assert when.last >= day
        if when.precision is Precision.DAY:
            assert YEAR.first_day <= when.first <= YEAR.last_day
            assert not closed_on(when.first)


@pytest.mark.parametrize(
    ("plans", "rule", "field"),
    [
        ((), DayRule(), "plan"),
        ((6,), DayRule(5, 1), "rule"),
        ((6,), DayRule(2, 0), "rule"),
        ((6,), DayRule(2, 6), "rule"),
        ((6,), DayRule(), "start"),
    ],
)
def test_a_rule_that_names_no_day_is_refused(
    plans: tuple[int, ...], rule: DayRule, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check_usual(PLANNED, plans, rule)
    assert field in refusal.value.problems
