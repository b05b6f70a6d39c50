"""What an expert gives, what is asked of the pool, and what is left without a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.support.expert import (
    Expert,
    ExpertEvent,
    ExpertField,
    ExpertForm,
    ExpertPerson,
    ExpertStep,
    Offer,
    left,
    persons_due,
    read_expert,
)
from core.support.load import Asked, Demand, asked_by_wishes, months_left, pool_load, spread
from core.support.wish import WishEvent, WishState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN, FiscalYear
from core.values.money import Yen
from tests.support.reference import REFERENCE

NOW = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
OCTOBER, NOVEMBER = date(2023, 10, 1), date(2023, 11, 1)
OFFER = Offer((ExpertField.DATA,), (1, 2), 3, (), (), date(2023, 4, 1))
FORM = ExpertForm("株式会社みほん", "山田 花子", "市で5年", 5, OFFER)


def expert(number: int, plans: tuple[int, ...], per_month: int, **more: object) -> Expert:
    offer = replace(OFFER, plans=plans, per_month=per_month, **more)
    event = ExpertEvent(number, number, ExpertStep.ADDED, offer, "", NOW, "data")
    person = ExpertPerson(number, 1, f"人{number}", "", None, NOW, "data")
    return Expert(number, 1, (event,), person)


def asked(plan: int, visits: int, who: int | None = None, month: date = OCTOBER) -> Asked:
    return Asked(plan, month, visits, Demand.CONTRACTED, who)


@pytest.mark.parametrize(
    ("changes", "month", "days"),
    [
        ({}, OCTOBER, 3),
        ({"per_month": 30}, OCTOBER, 21),  # 22 weekdays, one of them スポーツの日
        ({"per_month": 30, "weekdays": (0,)}, OCTOBER, 4),  # five Mondays, the 9th is a holiday
        ({"per_month": 2, "weekdays": (2,)}, OCTOBER, 2),
        ({"per_month": 30, "begins": date(2023, 10, 30)}, OCTOBER, 2),
        ({"per_month": 30, "ends": date(2023, 10, 3)}, OCTOBER, 2),
        ({"ends": date(2023, 9, 30)}, OCTOBER, 0),
        ({"begins": NOVEMBER}, OCTOBER, 0),
        ({"days": (date(2023, 10, 7), date(2023, 10, 8), NOVEMBER)}, OCTOBER, 2),
        ({"days": (NOVEMBER,)}, OCTOBER, 0),
    ],
)
def test_days_that_can_be_given_in_a_month(
    changes: dict[str, object], month: date, days: int
) -> None:
    assert replace(OFFER, **changes).days_in(month) == days


@pytest.mark.parametrize(
    ("changes", "offered", "field"),
    [
        ({"name": ""}, {}, "name"),
        ({"name": "山田\n花子"}, {}, "name"),
        ({"vendor": ""}, {}, "vendor"),
        ({"years": 61}, {}, "years"),
        ({"years": -1}, {}, "years"),
        ({}, {"fields": ()}, "fields"),
        ({}, {"plans": ()}, "plans"),
        ({}, {"plans": (1, 99)}, "plans"),
        ({}, {"weekdays": (5,)}, "weekdays"),
        ({}, {"per_month": 0}, "per_month"),
        ({}, {"per_month": 10**20}, "per_month"),
        ({}, {"ends": date(2023, 3, 31)}, "ends"),
        ({}, {"days": (date(2023, 3, 31),)}, "days"),
        ({}, {"begins": date(1900, 1, 1)}, "begins"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(
    changes: dict[str, object], offered: dict[str, object], field: str
) -> None:
    form = replace(FORM, **changes, offer=replace(OFFER, **offered))
    with pytest.raises(InvalidInputError) as refused:
        read_expert(form, [plan.number for plan in REFERENCE.plans])
    assert [*refused.value.problems] == [field]


def test_listed_days_take_the_place_of_so_many_a_month() -> None:
    days = (date(2023, 10, 5), date(2023, 10, 2), date(2023, 10, 5))
    kept = read_expert(replace(FORM, offer=replace(OFFER, days=days, weekdays=(1,))), [1, 2])
    assert kept.offer.days == (date(2023, 10, 2), date(2023, 10, 5))
    assert (kept.offer.per_month, kept.offer.weekdays) == (0, ())


def test_who_leaves_gives_nothing_after_the_last_day_and_leaves_once() -> None:
    leaving = expert(1, (1,), 3, days=(date(2023, 10, 5), date(2023, 11, 5)))
    offer = left(leaving, date(2023, 10, 31))
    assert (offer.days_in(OCTOBER), offer.days_in(NOVEMBER)) == (1, 0)
    gone = left(expert(1, (1,), 3, days=(date(2023, 10, 5),)), date(2023, 10, 1))
    assert gone.days_in(OCTOBER) == 0
    event = ExpertEvent(2, 1, ExpertStep.LEFT, offer, "異動", NOW, "data")
    after = replace(leaving, events=(*leaving.events, event))
    with pytest.raises(ConflictError, match="もう一度追加"):
        left(after, date(2023, 12, 1))
    with pytest.raises(InvalidInputError, match="始まりの日以後"):
        left(expert(1, (1,), 3), date(2023, 3, 31))


def test_names_are_due_only_after_the_period_and_only_of_who_left() -> None:
    days = next(p for p in REFERENCE.parameters if p.name == "contact.retention_days").value
    last = date(2023, 10, 31)
    here, gone = expert(1, (1,), 3), expert(2, (1,), 3, ends=last)
    due = last + timedelta(days=int(days) + 1)
    assert persons_due([here, gone], REFERENCE.parameters, due - timedelta(days=1)) == []
    assert persons_due([here, gone], REFERENCE.parameters, due) == [gone]
    assert persons_due([here, gone], (), due) == []


@given(st.integers(0, 400), st.integers(1, 12))
def test_visits_are_spread_evenly_and_add_up(visits: int, months: int) -> None:
    found = spread(visits, [date(2023, month, 1) for month in range(1, months + 1)])
    assert sum(found.values()) == visits
    assert max(found.values()) - min(found.values()) <= 1


def test_months_are_those_from_this_one_on() -> None:
    year = FiscalYear(2023)
    assert months_left(year, date(2024, 2, 29)) == (date(2024, 2, 1), date(2024, 3, 1))
    assert len(months_left(year, date(2023, 3, 31))) == 12
    assert months_left(year, date(2024, 4, 1)) == ()


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (WishState.CONSIDERING, None),
        (WishState.WISHED, Demand.WISHED),
        (WishState.BUDGET_REQUESTED, Demand.WISHED),
        (WishState.APPROVED, Demand.APPROVED),
        (WishState.CONTRACTED, None),  # its contract asks for it
        (WishState.WITHDRAWN, None),
    ],
)
def test_what_a_wish_asks_for(state: WishState, stage: Demand | None) -> None:
    zero = Yen(0)
    wish = WishEvent(1, "271403", FiscalYear(2023), 4, state, 5, zero, zero, zero, "", NOW, "tanto")
    found = asked_by_wishes([wish], [OCTOBER, NOVEMBER])
    told = [(each.plan, each.visits, each.stage) for each in found]
    assert told == ([] if stage is None else [(4, 3, stage), (4, 2, stage)])


def test_a_visit_is_moved_to_another_expert_when_that_helps() -> None:
    both, only_first = expert(1, (1, 2), 1), expert(2, (1,), 1)
    load = pool_load([asked(1, 1), asked(2, 1)], [both, only_first], [OCTOBER])
    assert load.unmet == 0  # plan 1 gives way to the second expert, so that plan 2 finds the first


def test_a_plan_nobody_serves_is_told_apart_from_one_without_days() -> None:
    load = pool_load([asked(1, 3), asked(3, 1)], [expert(1, (1,), 2)], [OCTOBER])
    by_plan = {each.plan: each for each in load.plans}
    assert (by_plan[1].unmet, by_plan[1].nobody) == (1, False)
    assert (by_plan[3].unmet, by_plan[3].nobody) == (1, True)
    assert load.months[0].days == 2


def test_assigned_visits_take_the_days_of_who_is_assigned() -> None:
    first, second = expert(1, (1,), 2), expert(2, (1,), 2)
    load = pool_load([asked(1, 3, who=1), asked(1, 2)], [first, second], [OCTOBER])
    (month,) = load.months
    assert month.over == {1: 1}
    assert load.unmet == 0
    more = pool_load([asked(1, 3, who=1), asked(1, 3)], [first, second], [OCTOBER])
    assert more.months[0].unmet == {1: 1}


@given(
    st.dictionaries(st.integers(1, 3), st.integers(0, 3), min_size=1),
    st.lists(
        st.tuples(st.sets(st.integers(1, 3), min_size=1), st.integers(0, 2)), min_size=1, max_size=3
    ),
)
def test_as_few_as_possible_find_nobody(
    wanted: dict[int, int], people: list[tuple[set[int], int]]
) -> None:
    """Against trying everything."""
    pool = [expert(n, tuple(sorted(p)), d) for n, (p, d) in enumerate(people, 1)]
    load = pool_load([asked(plan, n) for plan, n in wanted.items()], pool, [OCTOBER])
    slots = [plans for plans, days in people for _ in range(days)]
    visits = [plan for plan, number in wanted.items() for _ in range(number)]
    assert load.unmet == len(visits) - _matched(visits, slots)


def _matched(visits: list[int], slots: list[set[int]]) -> int:
    """Largest matching, slot by slot, by trying everything."""
    if not slots:
        return 0
    first, rest = slots[0], slots[1:]
    best = _matched(visits, rest)
    for plan in first & set(visits):
        remaining = [*visits]
        remaining.remove(plan)
        best = max(best, 1 + _matched(remaining, rest))
    return best
