"""Indicators: complete definitions, values worked out by hand, drill-down that adds up."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.consultation.event import ConsultationState
from core.consultation.theme import Theme
from core.kpi.facts import Facts, HeldSession
from core.kpi.history import history
from core.kpi.indicator import EVERYBODY, Fold, Indicator, KpiFilter, SizeClass, Value, folded
from core.kpi.registry import indicator, indicators, of_subject
from core.params import Basis, Parameter
from core.procurement.counting import CountBasis
from core.reference.catalogue import shipped
from core.support.wish import WishState
from core.values.figure import LEDGER_SOURCE
from dashboard.frame import navigation
from tests.support.facts import HIRAKATA, SAKAI, SUITA, consultation, facts, shipped_ledger, wish

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
# a failing law shows the world it failed in, and that holds all reference data
EVERY = tuple(indicators().values())
OPTIONAL = {"denominator", "foreseen", "published"}
FEBRUARY, JUNE = date(2023, 2, 28), date(2023, 6, 30)
UNKNOWN = None


@pytest.fixture(scope="module")
def data() -> Facts:
    return facts()


def value(key: str, known: Facts, as_of: date, chosen: KpiFilter = EVERYBODY) -> Value:
    found = indicator(key)
    return found.value(found.rows(known, as_of, chosen))


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.key)
def test_every_indicator_has_everything_a_reader_is_owed(each: Indicator) -> None:
    for field in fields(each):
        found = getattr(each, field.name)
        if field.name not in OPTIONAL:
            assert found is not None, field.name
        if isinstance(found, str):
            assert found.strip(), field.name
    assert (each.denominator is not None) == (each.fold is Fold.SHARE)
    assert each.source == LEDGER_SOURCE or each.source in shipped().sources
    assert each.screen in {screen.name for screen in navigation.SCREENS}
    assert each.definition.endswith("。")
    assert each.unit == "%" or each.fold is not Fold.SHARE


def test_names_are_told_apart() -> None:
    names = [each.name for each in EVERY]
    assert len(set(names)) == len(names)
    assert sum(len(of_subject(subject)) for subject in {e.subject for e in EVERY}) == len(EVERY)


# 22 municipalities in the release of 2021-04-27: 20 from May, 吹田市 and 柏原市 from July 2021.
CHAT_POPULATION = (
    826161 + 401558 + 74412 + 352698 + 143096 + 397289 + 287730 + 264642 + 108699 + 229733
    + 117641 + 108736 + 119764 + 87456 + 63688 + 55177 + 58435 + 30927 + 16567 + 13009
    + 385567 + 68775
)  # fmt: skip
EVERYBODY_IN_OSAKA = 8_837_685
BY_HAND = {
    # indicator: value on 2023-02-28, value on 2023-06-30
    "chat_paid": (22, 22),
    "chat_initial": (22, 22),
    "chat_late": (0, 0),
    "chat_paid_or_free": (22, 22),
    "chat_published": (30, 34),
    "chat_unnamed": (8, 12),
    "eapply_paid": (0, 0),
    "eapply_published": (25, 35),
    "eapply_unnamed": (25, 35),
    "docs_paid": (0, 0),
    "docs_published": (3, 6),
    "docs_unnamed": (3, 6),
    "econtract_paid": (0, 2),  # 枚方市, 四條畷市
    "econtract_planned": (0, 11),
    "econtract_published": (UNKNOWN, UNKNOWN),  # 13 was announced as planned, on another basis
    "econtract_unnamed": (UNKNOWN, UNKNOWN),
    "talent_paid": (0, 0),  # from July 2023
    "talent_published": (UNKNOWN, UNKNOWN),
    "late_share": (Fraction(0), Fraction(0)),
    "chat_population": (Fraction(CHAT_POPULATION * 100, EVERYBODY_IN_OSAKA),) * 2,
    "econtract_population": (
        Fraction(0),
        Fraction((397289 + 55177) * 100, EVERYBODY_IN_OSAKA),
    ),
    "population": (Fraction(CHAT_POPULATION * 100, EVERYBODY_IN_OSAKA),) * 2,
    "in_none": (43 - 22, 43 - 22),
    "in_all": (0, 0),
    "saving": (UNKNOWN, UNKNOWN),
    "saving_rate": (Fraction(30), Fraction(30)),
    "talent_municipalities": (0, 0),
    "talent_unanswered": (43, 43),
    "talent_budget": (UNKNOWN, UNKNOWN),
    "talent_budget_left": (UNKNOWN, UNKNOWN),
    "talent_budget_share": (UNKNOWN, UNKNOWN),
    "talent_published_municipalities": (UNKNOWN, 13),  # said on 2023-04-04
    "talent_published_plans": (UNKNOWN, 4 + 3 + 1 + 5 + 3 + 7 + 1),
    "talent_published_subsidy": (UNKNOWN, 24 * 1_200_000 // 2),
    "trainings_held": (21, 0),  # 23 sessions in FY2022, two of them in March
    "trainings_people": (UNKNOWN, 0),
    "trainings_reached": (UNKNOWN, 0),
    "consultations_received": (0, 0),
    "consultations_first_answer": (UNKNOWN, UNKNOWN),
    "consultations_quota": (5, 5),
    "budget_smart_city_subsidy": (40_213, 40_213),
    "budget_advisors": (10_071, 10_071),
    "survey_dx_issues_1": (33, 33),
    "survey_dx_issues_2": (18, 18),
    "survey_regional_wishes_1": (28, 28),
    "survey_shortage_1": (8, 8),
}


@pytest.mark.parametrize("key", BY_HAND)
def test_values_of_the_reference_data_worked_out_by_hand(data: Facts, key: str) -> None:
    assert (value(key, data, FEBRUARY), value(key, data, JUNE)) == BY_HAND[key]


@pytest.mark.parametrize(
    ("key", "as_of", "beside"),
    [
        ("chat_paid", FEBRUARY, [30]),
        ("chat_paid", JUNE, [34]),
        ("chat_paid_or_free", JUNE, [43]),
        ("eapply_paid", FEBRUARY, [25]),
        ("eapply_paid", JUNE, [35]),
        ("docs_paid", JUNE, [6]),
        ("econtract_paid", JUNE, []),  # nothing was published on this basis
        ("talent_paid", JUNE, [13]),  # 予定 of 2023-04-04
    ],
)
def test_published_stands_beside_the_ledger_on_the_same_basis(
    data: Facts, key: str, as_of: date, beside: list[int]
) -> None:
    published = indicator(key).published
    assert published is not None
    found = published(data, as_of)
    assert [total.value for total in found] == beside
    assert len({total.basis for total in found}) <= 1


def test_a_filter_narrows_the_same_rows(data: Facts) -> None:
    north = KpiFilter(area="北河内")
    assert value("chat_paid", data, JUNE, north) == 5  # 守口, 枚方, 寝屋川, 門真, 四條畷
    towns = KpiFilter(category="町")
    assert value("chat_paid", data, JUNE, towns) == 3  # 島本, 忠岡, 太子
    assert value("chat_paid", data, JUNE, KpiFilter(size=SizeClass.LARGE)) == 5
    both = KpiFilter(area="北河内", size=SizeClass.LARGE)
    assert value("chat_paid", data, JUNE, both) == 1  # 枚方
    assert value("chat_published", data, JUNE, towns) == 34  # cannot be narrowed


def test_what_a_councils_decision_changes_is_told_apart() -> None:
    day = date(2023, 11, 1)
    said = facts(
        wishes=[
            wish(1, SAKAI, 6, WishState.BUDGET_REQUESTED, day),
            wish(2, SAKAI, 4, WishState.APPROVED, day, gross=1_100_000, subsidy=550_000),
            wish(3, HIRAKATA, 1, WishState.WITHDRAWN, day),
            wish(4, SUITA, 1, WishState.CONSIDERING, day, subsidy=500_000),
            wish(5, SUITA, 2, WishState.CONTRACTED, day, year=2023),  # another year
            wish(6, SUITA, 1, WishState.WITHDRAWN, day + timedelta(9)),
        ]
    )
    assert [
        value(f"talent_{key}", said, day)
        for key in ("municipalities", "plans", "withdrawn", "unanswered", "gross", "net")
    ] == [2, 3, 1, 40, 3_500_000, 1_850_000]
    assert value("talent_subsidy", said, day) == 1_650_000
    assert value("talent_decided", said, day) == 550_000
    assert value("talent_pending", said, day) == 1_100_000
    later = day + timedelta(9)
    assert value("talent_pending", said, later) == 600_000
    assert value("talent_municipalities", said, day - timedelta(1)) == 0


def test_the_budget_is_that_of_the_year_or_unknown() -> None:
    day = date(2023, 11, 1)
    wishes = [wish(1, SAKAI, 6, WishState.WISHED, day)]

    def budget(amount: int | None, valid_from: date) -> Facts:
        own = Parameter(
            "talent.programme_budget", amount, valid_from, Basis.OFFICIAL, "府予算", "", None
        )
        return facts(wishes=wishes, parameters=(*shipped().parameters, own))

    registered = budget(800_000, date(2024, 4, 1))
    assert value("talent_budget", registered, day) == 800_000
    assert value("talent_budget_left", registered, day) == 200_000
    assert value("talent_budget_share", registered, day) == 75
    assert value("talent_budget_left", budget(500_000, date(2024, 4, 1)), day) == -100_000
    assert value("talent_budget_share", budget(0, date(2024, 4, 1)), day) is None
    assert value("talent_budget", budget(800_000, date(2023, 4, 1)), day) is None  # not carried
    assert value("talent_budget", budget(None, date(2024, 4, 1)), day) is None


def test_trainings_count_who_came_and_do_not_invent_who_was_not_recorded() -> None:
    held = [
        HeldSession("a", date(2023, 5, 1), "A", "ai", True, {SAKAI: 3, SUITA: 0}, {SAKAI: 4}),
        HeldSession("b", date(2023, 6, 1), "B", "security", True, {SAKAI: 1, HIRAKATA: 2}, {}),
        HeldSession("c", date(2023, 6, 2), "C", "online_procedures", False, {}, {}),
        HeldSession("d", date(2023, 7, 1), "D", "ai", True, {SUITA: 9}, {}),
    ]
    known = facts(sessions=held)
    assert [
        value(f"trainings_{key}", known, JUNE)
        for key in ("held", "people", "reached", "not_reached", "theme_ai", "theme_security")
    ] == [3, 6, 2, 41, 1, 2]
    assert value("trainings_theme_online_procedures", known, JUNE) is None
    assert value("trainings_theme_chat", known, JUNE) == 0  # none was held
    assert value("trainings_people", known, date(2024, 4, 1)) == 0  # another fiscal year


def test_consultations_as_they_stood_on_the_day() -> None:
    coordinating, scheduled, withdrawn = (
        ConsultationState.COORDINATING,
        ConsultationState.SCHEDULED,
        ConsultationState.WITHDRAWN,
    )
    met = date(2023, 6, 20)
    known = facts(
        consultations=[
            consultation(1, SAKAI, Theme.SECURITY, date(2023, 5, 1), (date(2023, 5, 8), coordinating, None), (date(2023, 6, 10), scheduled, met)),
            consultation(2, SUITA, Theme.SECURITY, date(2023, 5, 2), (date(2023, 5, 5), scheduled, met)),
            consultation(3, SUITA, Theme.DAILY_WORK, date(2023, 5, 3), (date(2023, 5, 4), withdrawn, None)),
            consultation(4, HIRAKATA, Theme.AI_RPA, date(2023, 6, 30)),
        ]
    )  # fmt: skip
    assert value("consultations_received", known, JUNE) == 4
    assert value("consultations_theme_security", known, JUNE) == 2
    assert value("consultations_first_answer", known, JUNE) == 7  # of 7 and 3 the larger
    assert value("consultations_unanswered", known, JUNE) == 1
    assert value("consultations_quota", known, JUNE) == 4  # two came together on one day
    may = date(2023, 5, 3)
    assert value("consultations_received", known, may) == 3
    assert value("consultations_first_answer", known, may) is None
    assert value("consultations_unanswered", known, may) == 3
    assert value("consultations_quota", known, may) == 5


# --- laws -----------------------------------------------------------------------------------

DAYS = st.dates(date(2021, 4, 1), date(2026, 12, 31))
FILTERS = st.builds(
    KpiFilter,
    area=st.sampled_from([None, *(group.label for group in shipped().areas)]),
    category=st.sampled_from([None, *(group.label for group in shipped().categories)]),
    size=st.sampled_from([None, *SizeClass]),
)
CODES = st.sampled_from([m.lg_code for m in shipped().municipalities])
CLOSE_DAYS = st.sampled_from([date(2024, 3, 28) + timedelta(n) for n in range(9)])


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    wishes = [
        wish(
            number,
            draw(CODES),
            draw(st.integers(1, 7)),
            draw(st.sampled_from(list(WishState))),
            draw(CLOSE_DAYS),
            year=draw(st.sampled_from([2023, 2024, 2026])),
            gross=draw(st.integers(0, 2_000_000)) + 1,
            subsidy=0,
        )
        for number in range(1, draw(st.integers(0, 5)) + 1)
    ]
    sessions = [
        HeldSession(
            str(number), draw(CLOSE_DAYS), f"研修{number}", draw(st.sampled_from(["ai", "chat"])),
            draw(st.booleans()), draw(st.dictionaries(CODES, st.integers(0, 4), max_size=3)), {},
        )
        for number in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    asked = [
        consultation(
            number, draw(CODES), draw(st.sampled_from(list(Theme))), day,
            *[(day + timedelta(draw(st.integers(0, 3))), ConsultationState.COORDINATING, None)][: draw(st.integers(0, 1))],
        )
        for number in range(1, draw(st.integers(0, 3)) + 1)
        for day in [draw(CLOSE_DAYS)]
    ]  # fmt: skip
    return facts(
        ledger=draw(st.sampled_from([(), shipped_ledger()])),
        wishes=wishes,
        sessions=sorted(sessions, key=lambda s: s.day),
        consultations=asked,
    )


@given(known=worlds(), as_of=st.one_of(DAYS, CLOSE_DAYS), chosen=FILTERS)
def test_the_rows_add_up_to_the_number_for_every_indicator_day_and_filter(
    known: Facts, as_of: date, chosen: KpiFilter
) -> None:
    inside = {m.lg_code for m in chosen.chosen(known)}
    for each in EVERY:
        rows = each.rows(known, as_of, chosen)
        parts = [row.numerator for row in rows]
        number = each.value(rows)
        assert len({(row.key, row.group) for row in rows}) == len(rows), each.key
        if None in parts:
            assert number is None, each.key
        elif each.fold is Fold.TOTAL:
            assert number == sum(part for part in parts if part is not None), each.key
        elif each.fold is Fold.SHARE:
            whole = sum(row.denominator for row in rows)
            share = Fraction(100 * sum(part or 0 for part in parts), whole) if whole else None
            assert number == share, each.key
        if each.filterable:
            assert {row.lg_code for row in rows} <= inside | {None}, each.key
        else:
            assert rows == each.rows(known, as_of, EVERYBODY), each.key


@given(known=worlds(), as_of=st.one_of(DAYS, CLOSE_DAYS))
@settings(max_examples=40)
def test_the_areas_add_up_to_the_whole(known: Facts, as_of: date) -> None:
    parts = [KpiFilter(area=group.label) for group in shipped().areas]
    for each in EVERY:
        if not each.filterable or each.fold is not Fold.TOTAL:
            continue
        whole = each.value(each.rows(known, as_of, EVERYBODY))
        found = [each.value(each.rows(known, as_of, part)) for part in parts]
        if whole is None:
            assert set(found) == {None}, each.key
        else:
            assert sum(part for part in found if part is not None) == whole, each.key


@given(as_of=DAYS, chosen=FILTERS)
def test_participation_is_what_the_index_of_the_ledger_counts(
    as_of: date, chosen: KpiFilter
) -> None:
    known = facts()
    for system in shipped().procurements.programmes:
        index = known.ledger.programme(system.key)
        counts = index.counts(as_of)
        paid = value(f"{system.key}_paid", known, as_of)
        assert paid == counts.on(CountBasis.PAID)
        assert value(f"{system.key}_late", known, as_of) == counts.late
        assert value(f"{system.key}_planned", known, as_of) == counts.planned
        share = Fraction(counts.population * 100, EVERYBODY_IN_OSAKA)
        assert value(f"{system.key}_population", known, as_of) == share
        narrowed = value(f"{system.key}_paid", known, as_of, KpiFilter(area=chosen.area))
        if chosen.area:
            assert narrowed == index.counts_in(as_of, "area", chosen.area).paid


@given(known=worlds(), first=DAYS, length=st.integers(0, 400), inside=st.integers(0, 400))
@settings(max_examples=40)
def test_between_two_days_of_change_nothing_changes(
    known: Facts, first: date, length: int, inside: int
) -> None:
    """The history is looked at on days of change only: no other day may bring another value."""
    as_of = first + timedelta(length)
    day = first + timedelta(min(inside, length))
    for each in EVERY:
        points = history(each, known, first, as_of, EVERYBODY)
        assert points[-1].day == as_of
        assert points[0].day == first
        shown = [point for point in points if point.day <= day][-1]
        assert shown.value == each.value(each.rows(known, day, EVERYBODY)), each.key


def test_the_quota_changes_in_april_with_its_plan_and_with_days_fixed_long_before() -> None:
    met = date(2026, 2, 1)
    step = (date(2023, 5, 8), ConsultationState.SCHEDULED, met)
    known = facts(consultations=[consultation(1, SAKAI, Theme.SECURITY, date(2023, 5, 1), step)])
    points = history(
        indicator("consultations_quota"), known, date(2021, 4, 1), date(2027, 1, 1), EVERYBODY
    )
    assert [(p.day.isoformat(), p.value) for p in points] == [
        ("2021-04-01", None),
        ("2022-04-01", 5),
        ("2025-04-01", 4),
        ("2026-04-01", 5),
        ("2027-01-01", 5),
    ]


def test_what_is_foreseen_is_apart_and_by_the_month_it_was_announced_for(data: Facts) -> None:
    foreseen = indicator("econtract_paid").foreseen
    assert foreseen is not None
    assert [(f.day.isoformat(), f.value) for f in foreseen(data, JUNE, EVERYBODY)] == [
        ("2023-07-01", 4),
        ("2023-08-01", 5),
        ("2023-09-01", 6),
        ("2023-10-01", 10),
        ("2023-12-01", 11),
        ("2024-01-01", 12),
        ("2024-03-01", 13),
    ]
    assert value("econtract_paid", data, JUNE) == 2


def test_one_unknown_part_makes_the_whole_unknown_and_unknown_is_not_zero(data: Facts) -> None:
    rows = indicator("talent_budget_left").rows(data, JUNE, EVERYBODY)
    assert folded(Fold.TOTAL, rows) is None
    assert indicator("talent_budget").text(None) == "不明"
    assert indicator("talent_budget").text(0) == "0円"
    assert indicator("chat_paid").change_text(22, None) == "不明"
    assert indicator("chat_paid").change_text(22, 22) == "±0団体"
    assert indicator("population").change_text(Fraction(50), Fraction(101, 2)) == "−0.5ポイント"
