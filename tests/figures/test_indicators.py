"""Indicators: complete definitions, values worked out by hand, drill-down that adds up."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.consultation.event import ConsultationState
from core.consultation.theme import Theme
from core.figures import talent
from core.figures.history import history
from core.figures.indicator import (
    EVERYBODY,
    Fold,
    Indicator,
    KpiFilter,
    Place,
    SizeClass,
    Subject,
    folded,
)
from core.figures.known import Known
from core.figures.papers import papers
from core.figures.reading import breakdowns, reading
from core.figures.registry import Said, indicators, of_subject
from core.figures.registry import indicator as indicator_of
from core.figures.scenes.registry import scenes_of
from core.figures.talent import answers
from core.params import Basis, Parameter
from core.procurement.counting import CountBasis
from core.support.wish import WishState
from core.training.reach import KnownSession
from core.values.figure import LEDGER_SOURCE, Value
from dashboard.frame import navigation
from tests.support.facts import (
    HIRAKATA,
    SAKAI,
    SUITA,
    consultation,
    declared,
    facts,
    shipped_ledger,
    wish,
)
from tests.support.opened import OPENED
from tests.support.reference import REFERENCE

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
# a failing law shows the world it failed in, and that holds all reference data
EVERY = tuple(indicators(REFERENCE).values())
OPTIONAL = {"denominator", "foreseen", "born", "points"}
FEBRUARY, JUNE = date(2023, 2, 28), date(2023, 6, 30)
UNKNOWN = None


@pytest.fixture(scope="module")
def data() -> Known:
    return facts()


def indicator(key: str) -> Indicator:
    return indicator_of(REFERENCE, key)


def value(key: str, known: Known, as_of: date, chosen: KpiFilter = EVERYBODY) -> Value:
    found = indicator(key)
    return found.value(found.parts(known, as_of, chosen))


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.key)
def test_every_indicator_has_everything_a_reader_is_owed(each: Indicator) -> None:
    for field in fields(each):
        found = getattr(each, field.name)
        if field.name not in OPTIONAL:
            assert found is not None, field.name
        if isinstance(found, str):
            assert found.strip(), field.name
    assert (each.denominator is not None) == (each.fold in (Fold.SHARE, Fold.MEAN))
    assert each.source == LEDGER_SOURCE or each.source in REFERENCE.sources
    assert each.screen in {screen.name for screen in navigation.SCREENS}
    assert each.definition.endswith("。")
    assert each.unit == "%" or each.fold is not Fold.SHARE


def test_names_are_told_apart() -> None:
    names = [each.name for each in EVERY]
    assert len(set(names)) == len(names)
    assert sum(
        len(of_subject(REFERENCE, subject)) for subject in {e.subject for e in EVERY}
    ) == len(EVERY)


# 22 municipalities in the release of 2021-04-27: 20 from May, 吹田市 and 柏原市 from July 2021.
CHAT_POPULATION = (
    826161 + 401558 + 74412 + 352698 + 143096 + 397289 + 287730 + 264642 + 108699 + 229733
    + 117641 + 108736 + 119764 + 87456 + 63688 + 55177 + 58435 + 30927 + 16567 + 13009
    + 385567 + 68775
)  # fmt: skip
EVERYBODY_IN_OSAKA = 8_837_685
BY_HAND = {
    # fact: value on 2023-02-28, value on 2023-06-30
    "chat_paid": (30, 34),  # 30 of February 2023, 34 of 2023-06-01, 22 of them named
    "chat_named": (22, 22),
    "chat_initial": (UNKNOWN, UNKNOWN),  # 22 of them are named; who the others are is not known
    "chat_late": (UNKNOWN, UNKNOWN),
    "chat_late_published": (8, 8),  # of the 30, in 令和4年度
    "chat_paid_or_free": (UNKNOWN, 43),  # 43 of March 2023, the free edition among them
    "chat_published": (30, 34),
    "chat_unnamed": (8, 12),
    "eapply_paid": (25, 35),
    "eapply_named": (0, 0),
    "eapply_late": (UNKNOWN, UNKNOWN),
    "eapply_late_published": (14, 14),  # of the 25
    "eapply_published": (25, 35),
    "eapply_unnamed": (25, 35),
    "docs_paid": (3, 6),
    "docs_published": (3, 6),
    "docs_unnamed": (3, 6),
    "econtract_paid": (UNKNOWN, UNKNOWN),  # 13 was announced as planned, on another basis
    "econtract_named": (0, 2),  # 枚方市, 四條畷市
    "econtract_planned": (0, 11),
    "econtract_published": (UNKNOWN, UNKNOWN),
    "econtract_unnamed": (UNKNOWN, UNKNOWN),
    "talent_paid": (UNKNOWN, UNKNOWN),  # 13 are published as taking part from July 2023
    "talent_published": (UNKNOWN, UNKNOWN),
    "participations": (UNKNOWN, UNKNOWN),  # nobody knows 電子契約
    "late_share": (Fraction((8 + 14) * 100, 30 + 25),) * 2,
    "chat_population": (UNKNOWN, UNKNOWN),
    "population": (UNKNOWN, UNKNOWN),
    "in_none": (43 - 22, 43 - 22),
    "in_some": (22, 22),
    "in_all": (0, 0),
    "participation_records": (22, 22 + 2),
    "overdue": (0, 0),
    "mandate_missing": (0, 11),  # 電子契約
    "saving": (UNKNOWN, UNKNOWN),
    "talent_municipalities": (0, 0),
    "talent_considering": (0, 0),
    "talent_withdrawn_municipalities": (0, 0),
    "talent_unanswered": (UNKNOWN, UNKNOWN),  # nobody was asked here before the first wish
    "talent_by_plan": (0, 0),
    "talent_budget": (UNKNOWN, UNKNOWN),
    "talent_budget_left": (UNKNOWN, UNKNOWN),
    "talent_budget_share": (UNKNOWN, UNKNOWN),
    "talent_published_municipalities": (UNKNOWN, 13),  # said on 2023-04-04
    "talent_published_plans": (UNKNOWN, 4 + 3 + 1 + 5 + 3 + 7 + 1),
    "talent_published_subsidy": (UNKNOWN, 24 * 1_200_000 // 2),
    "trainings_held": (21, 0),  # 23 sessions in FY2022, two of them in March
    "trainings_ahead": (2, 0),
    "trainings_people": (UNKNOWN, 0),
    "trainings_reached": (UNKNOWN, 0),
    "consultations_received": (0, 0),
    "consultations_first_answer": (UNKNOWN, UNKNOWN),
    "consultations_quota": (5, 5),
}
PLANS = (4, 3, 1, 5, 3, 7, 1)


@pytest.mark.parametrize("key", BY_HAND)
def test_values_of_the_reference_data_worked_out_by_hand(data: Known, key: str) -> None:
    assert (value(key, data, FEBRUARY), value(key, data, JUNE)) == BY_HAND[key]


def test_what_is_unknown_says_why(data: Known) -> None:
    for each in EVERY:
        found = reading(each, data, JUNE)
        assert (found.value is None) == bool(found.why), each.key


def test_the_table_of_the_founding_document_is_a_fact(data: Known) -> None:
    parts = reading(indicator("talent_published_plans"), data, JUNE).parts
    assert [part.numerator for part in parts] == list(PLANS)


def test_what_nobody_published_of_a_year_just_opened_is_unknown(data: Known) -> None:
    known, before = replace(data, reference=OPENED), date(2026, 12, 1)
    for key in ("municipalities", "plans", "subsidy"):
        each = indicator(f"talent_published_{key}")
        found = reading(each, known, date(2027, 4, 1))
        assert found.value is None
        assert "令和9年度の参加予定と希望はまだ公表されていない" in found.why
        assert reading(each, known, before).value == reading(each, data, before).value
        assert date(2027, 4, 1) in each.changes(known)


def test_a_sum_with_one_plan_unknown_is_unknown(data: Known) -> None:
    sixth = REFERENCE.plans[5]
    nothing = sixth.model_copy(update={"wishes": None, "wishes_as_of": None, "wishes_status": None})
    plans = tuple(nothing if plan is sixth else plan for plan in REFERENCE.plans)
    assert REFERENCE.sharing is not None
    sharing = REFERENCE.sharing.model_copy(update={"plans": plans})
    known = replace(data, reference=replace(REFERENCE, sharing=sharing))
    for key in ("talent_published_plans", "talent_published_subsidy"):
        found = reading(indicator(key), known, JUNE)
        assert found.value is None
        assert "プラン6" in found.why
        assert "希望団体数は公表されていない" in found.why


def test_printed_figures_are_papers_and_no_numbers_of_a_day() -> None:
    printed = {paper.key: paper.text for paper in papers(REFERENCE)}
    assert printed["budget_smart_city_subsidy"] == "40,213千円"
    assert printed["budget_advisors"] == "10,071千円"
    assert [printed[f"survey_{key}"] for key in (
        "dx_issues_1", "dx_issues_2", "regional_wishes_1", "shortage_1"
    )] == ["33票", "18票", "28票", "8割"]  # fmt: skip
    assert not printed.keys() & indicators(REFERENCE).keys()


@pytest.mark.parametrize(
    ("key", "as_of", "birth"),
    [
        # where the number comes from, its day, the names within, what else is published
        ("chat_paid", FEBRUARY, ("published", "令和5年2月時点", 22, [])),
        ("chat_paid", JUNE, ("published", "令和5年6月1日時点", 22, [])),
        ("chat_paid_or_free", JUNE, ("published", "令和5年3月時点", 22, [])),
        ("docs_paid", JUNE, ("published", "令和5年6月1日時点", 0, [])),
        ("econtract_paid", JUNE, (None, "令和5年6月30日時点", 2, [])),
        ("talent_paid", JUNE, (None, "令和5年6月30日時点", 0, [13])),  # 予定 of 2023-04-04
    ],
)
def test_a_headline_says_what_is_known_best_and_where_from(
    data: Known, key: str, as_of: date, birth: tuple[object, ...]
) -> None:
    found = reading(indicator(key), data, as_of).birth
    said = [total.value for total in found.published]
    assert (found.origin, found.as_of, found.named, said) == birth


def test_under_coverage_the_ledger_is_the_number_and_its_parts_are_known() -> None:
    known = facts(coverage=declared(date(2023, 3, 1), "chat", "econtract"))
    assert value("chat_paid", known, FEBRUARY) == 30
    for key, counted in {
        "chat_paid": 22,
        "chat_paid_or_free": 22,
        "chat_initial": 22,
        "chat_late": 0,
        "chat_population": Fraction(CHAT_POPULATION * 100, EVERYBODY_IN_OSAKA),
        "econtract_paid": 2,
        "econtract_population": Fraction((397289 + 55177) * 100, EVERYBODY_IN_OSAKA),
        "participations": 22 + 35 + 6 + 2,
        "late_share": Fraction((0 + 14) * 100, 22 + 2 + 25),
    }.items():
        assert value(key, known, JUNE) == counted, key
    assert value("population", known, JUNE) is UNKNOWN  # two systems are not covered
    assert reading(indicator("chat_paid"), known, JUNE).birth.origin == "ledger"
    everything = facts(coverage=declared(date(2023, 3, 1), "chat", "eapply", "docs", "econtract"))
    assert value("eapply_paid", everything, JUNE) == 0  # the secretariat's word, not a gap
    assert value("participations", everything, JUNE) == 24
    assert value("late_share", everything, JUNE) == 0
    population = Fraction(CHAT_POPULATION * 100, EVERYBODY_IN_OSAKA)
    assert value("population", everything, JUNE) == population


def test_a_line_is_drawn_where_the_ledger_names_everyone_and_not_between_published_counts() -> None:
    known = facts(coverage=declared(date(2023, 6, 10), "chat"))
    each, first = indicator("chat_paid"), date(2021, 4, 1)
    told = [(p.day.isoformat(), p.value) for p in history(each, known, first, JUNE, EVERYBODY)]
    assert told == [
        ("2021-04-01", None),
        ("2021-04-27", 22),
        ("2023-02-01", 30),
        ("2023-06-01", 34),
        ("2023-06-10", 22),
        ("2023-06-30", 22),
    ]
    line = history(each, known, first, JUNE, EVERYBODY, drawn=True)
    assert [(p.day.isoformat(), p.value) for p in line] == [
        ("2021-04-01", None),
        ("2023-06-10", 22),
        ("2023-06-30", 22),
    ]
    assert each.points is not None
    published = [(t.as_of.label, t.value, t.status.value) for t in each.points(known)]
    assert published == [
        ("令和3年4月27日", 22, "actual"),
        ("令和5年2月", 30, "actual"),
        ("令和6年3月", 33, "planned"),
        ("令和5年6月1日", 34, "actual"),
    ]


def test_a_filter_narrows_the_same_parts(data: Known) -> None:
    north = KpiFilter(area="北河内")
    assert value("chat_named", data, JUNE, north) == 5  # 守口, 枚方, 寝屋川, 門真, 四條畷
    towns = KpiFilter(category="町")
    assert value("chat_named", data, JUNE, towns) == 3  # 島本, 忠岡, 太子
    assert value("chat_named", data, JUNE, KpiFilter(size=SizeClass.LARGE)) == 5
    both = KpiFilter(area="北河内", size=SizeClass.LARGE)
    assert value("chat_named", data, JUNE, both) == 1  # 枚方
    assert value("chat_published", data, JUNE, towns) == 34  # cannot be narrowed
    assert value("chat_paid", data, JUNE, towns) is UNKNOWN  # published for all of them only
    assert breakdowns(indicator("chat_paid"), data, JUNE, EVERYBODY) == ()


def test_wished_considered_withdrawn_and_unanswered_never_meet() -> None:
    day = date(2023, 11, 1)
    said = facts(
        wishes=[
            wish(1, SAKAI, 6, WishState.BUDGET_REQUESTED, day),
            wish(2, SAKAI, 4, WishState.APPROVED, day, gross=1_100_000, subsidy=550_000),
            wish(3, HIRAKATA, 1, WishState.WITHDRAWN, day),
            wish(4, SUITA, 1, WishState.CONSIDERING, day, subsidy=500_000),
            wish(5, SUITA, 2, WishState.CONTRACTED, day, year=2023),  # another year
            wish(6, SUITA, 1, WishState.WISHED, day + timedelta(9)),
        ]
    )

    def found(on: date, *keys: str) -> list[Value]:
        return [value(f"talent_{key}", said, on) for key in keys]

    four = ("municipalities", "considering", "withdrawn_municipalities", "unanswered")
    assert found(day, *four) == [1, 1, 1, 40]
    assert found(day, "plans", "considering_plans", "withdrawn") == [2, 1, 1]
    assert found(day, "gross", "subsidy", "net") == [2_300_000, 1_150_000, 1_150_000]
    assert found(day, *(f"considering_{key}" for key in ("gross", "subsidy", "net"))) == [
        1_200_000,
        500_000,
        700_000,
    ]
    assert found(day, "withdrawn_subsidy", "decided", "pending") == [600_000, 550_000, 600_000]
    later = day + timedelta(9)
    assert found(later, *four) == [2, 0, 1, 40]
    assert found(later, "plans", "pending") == [3, 1_200_000]
    # nothing of a later day: before the first word nobody was asked here
    assert found(day - timedelta(1), *four) == [0, 0, 0, None]


def test_plans_by_the_municipalities_that_wish_for_them() -> None:
    day = date(2023, 11, 1)
    said = facts(
        wishes=[
            wish(1, SAKAI, 6, WishState.WISHED, day),
            wish(2, HIRAKATA, 6, WishState.APPROVED, day),
            wish(3, SUITA, 6, WishState.CONSIDERING, day),
            wish(4, SUITA, 2, WishState.WISHED, day),
        ]
    )
    parts = reading(indicator("talent_by_plan"), said, day).parts
    assert [(part.key, part.group) for part in parts] == [
        (f"2:{SUITA}", "プラン2 標準化"),
        (f"6:{SAKAI}", parts[1].group),
        (f"6:{HIRAKATA}", parts[1].group),
    ]


def test_a_round_begins_in_october_and_the_very_first_with_the_first_wish() -> None:
    known = facts(wishes=[wish(1, SAKAI, 6, WishState.WISHED, date(2023, 11, 1), year=2024)])
    points = history(
        indicator("talent_unanswered"), known, date(2023, 4, 1), date(2025, 3, 31), EVERYBODY
    )
    assert [(p.day.isoformat(), p.value) for p in points] == [
        ("2023-04-01", None),
        ("2023-11-01", 42),
        ("2024-10-01", 43),
        ("2025-03-31", 43),
    ]


def test_the_budget_is_that_of_the_year_or_unknown() -> None:
    day = date(2023, 11, 1)
    wishes = [wish(1, SAKAI, 6, WishState.WISHED, day)]

    def budget(amount: int | None, valid_from: date) -> Known:
        own = Parameter(
            "talent.programme_budget", amount, valid_from, Basis.OFFICIAL, "府予算", "", None
        )
        return facts(wishes=wishes, parameters=(*REFERENCE.parameters, own))

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
        KnownSession("a", date(2023, 5, 1), "A", "ai", True, {SAKAI: 3, SUITA: 0}, {SAKAI: 4}),
        KnownSession("b", date(2023, 6, 1), "B", "security", True, {SAKAI: 1, HIRAKATA: 2}, {}),
        KnownSession("c", date(2023, 6, 2), "C", "online_procedures", False, {}, {}),
        KnownSession("d", date(2023, 7, 1), "D", "ai", True, {SUITA: 9}, {}),
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


def test_one_meeting_too_many_leaves_none_and_says_so() -> None:
    asked, held = date(2023, 5, 1), ConsultationState.HELD
    steps = [
        consultation(n, SAKAI, Theme.SECURITY, asked, (date(2023, 6, n), held, date(2023, 6, n)))
        for n in range(1, 7)
    ]
    found = reading(indicator("consultations_quota"), facts(consultations=steps), JUNE)
    assert found.value == 0
    assert [part.group for part in found.parts].count("超過") == 1


# --- laws -----------------------------------------------------------------------------------

DAYS = st.dates(date(2021, 4, 1), date(2026, 12, 31))
FILTERS = st.builds(
    KpiFilter,
    area=st.sampled_from([None, *(group.label for group in REFERENCE.areas)]),
    category=st.sampled_from([None, *(group.label for group in REFERENCE.categories)]),
    size=st.sampled_from([None, *SizeClass]),
)
CODES = st.sampled_from([m.lg_code for m in REFERENCE.municipalities])
CLOSE_DAYS = st.sampled_from([date(2024, 3, 28) + timedelta(n) for n in range(9)])


EVERYONE = declared(date(2022, 4, 1), "chat", "eapply", "docs", "econtract", "talent")


@st.composite
def worlds(draw: st.DrawFn) -> Known:
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
        KnownSession(
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
        coverage=draw(
            st.sampled_from([(), declared(date(2023, 6, 10), "chat", "econtract"), EVERYONE])
        ),
        wishes=wishes,
        sessions=sorted(sessions, key=lambda s: s.day),
        consultations=asked,
    )


@given(known=worlds(), as_of=st.one_of(DAYS, CLOSE_DAYS), chosen=FILTERS)
def test_the_rows_add_up_to_the_number_for_every_indicator_day_and_filter(
    known: Known, as_of: date, chosen: KpiFilter
) -> None:
    inside = {m.lg_code for m in chosen.chosen(known, as_of)}
    for each in EVERY:
        rows = each.parts(known, as_of, chosen)
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
            assert rows == each.parts(known, as_of, EVERYBODY), each.key


@given(known=worlds(), as_of=st.one_of(DAYS, CLOSE_DAYS))
@settings(max_examples=40)
def test_the_areas_add_up_to_the_whole(known: Known, as_of: date) -> None:
    parts = [KpiFilter(area=group.label) for group in REFERENCE.areas]
    for each in EVERY:
        if not each.filterable or each.fold is not Fold.TOTAL:
            continue
        whole = each.value(each.parts(known, as_of, EVERYBODY))
        if reading(each, known, as_of).birth.origin == "published":
            continue  # published for all of them only
        found = [each.value(each.parts(known, as_of, part)) for part in parts]
        if whole is None:
            assert set(found) == {None}, each.key
        else:
            assert sum(part for part in found if part is not None) == whole, each.key


COVERED = facts(
    coverage=declared(date(2021, 4, 1), "chat", "eapply", "docs", "econtract", "talent")
)


@given(as_of=DAYS, chosen=FILTERS)
def test_under_coverage_participation_is_what_the_index_of_the_ledger_counts(
    as_of: date, chosen: KpiFilter
) -> None:
    for system in REFERENCE.procurements.programmes:
        index = COVERED.ledger.programme(system.key)
        counts = index.counts(as_of)
        for key, counted in (
            ("paid", counts.on(CountBasis.PAID)),
            ("named", counts.paid),
            ("initial", counts.initial),
            ("late", counts.late),
            ("planned", counts.planned),
            ("population", Fraction(counts.population * 100, EVERYBODY_IN_OSAKA)),
        ):
            assert value(f"{system.key}_{key}", COVERED, as_of) == counted
        narrowed = value(f"{system.key}_paid", COVERED, as_of, KpiFilter(area=chosen.area))
        if chosen.area:
            assert narrowed == index.counts(as_of, "area", chosen.area).paid


@given(known=worlds(), as_of=st.one_of(DAYS, CLOSE_DAYS))
def test_the_four_answers_are_everybody_or_there_was_no_round(known: Known, as_of: date) -> None:
    said = Said(known, as_of)
    four = [
        said[f"talent_{key}"]
        for key in ("municipalities", "considering", "withdrawn_municipalities", "unanswered")
    ]
    told = [{part.lg_code for part in each.parts} - {None} for each in four]
    assert len(set().union(*told)) == sum(map(len, told))
    assert len(set().union(*told)) == (0 if four[3].value is None else 43)
    assert len(answers(known, as_of)) == sum(map(len, told[:3]))
    assert said["talent_by_plan"].value == said["talent_plans"].value
    undecided, decided = said["talent_pending"].value, said["talent_decided"].value
    assert undecided is not None
    assert decided is not None
    assert undecided + decided == said["talent_subsidy"].value


@given(known=worlds(), first=DAYS, length=st.integers(0, 400), inside=st.integers(0, 400))
@settings(max_examples=40)
def test_between_two_days_of_change_nothing_changes(
    known: Known, first: date, length: int, inside: int
) -> None:
    """The history is looked at on days of change only: no other day may bring another value."""
    as_of = first + timedelta(length)
    day = first + timedelta(min(inside, length))
    for each in EVERY:
        points = history(each, known, first, as_of, EVERYBODY)
        assert points[-1].day == as_of
        assert points[0].day == first
        shown = [point for point in points if point.day <= day][-1]
        assert shown.value == each.value(each.parts(known, day, EVERYBODY)), each.key


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


def test_what_is_foreseen_is_apart_and_by_the_month_it_was_announced_for(data: Known) -> None:
    foreseen = indicator("econtract_named").foreseen
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
    assert value("econtract_named", data, JUNE) == 2
    counted = indicator("econtract_paid").foreseen
    assert counted is not None
    assert counted(data, JUNE, EVERYBODY) == ()  # the 13 may be among others nobody names
    covered = facts(coverage=declared(date(2023, 6, 1), "econtract"))
    assert counted(covered, JUNE, EVERYBODY) == foreseen(data, JUNE, EVERYBODY)


def test_one_unknown_part_makes_the_whole_unknown_and_unknown_is_not_zero(data: Known) -> None:
    rows = indicator("talent_budget_left").parts(data, JUNE, EVERYBODY)
    assert folded(Fold.TOTAL, rows) is None
    assert indicator("talent_budget").text(None) == "不明"
    assert indicator("talent_budget").text(0) == "0円"
    assert indicator("chat_paid").change_text(22, None) == "不明"
    assert indicator("chat_paid").change_text(22, 22) == "±0団体"
    assert indicator("population").change_text(Fraction(50), Fraction(101, 2)) == "−0.5ポイント"


def test_a_new_fact_in_one_file_is_on_home_wall_and_in_the_list(
    data: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = replace(
        indicator("talent_plans"),
        key="talent_new",
        name="新しい指標",
        shows=frozenset({Place.HOME, Place.WALL, Place.CARD}),
    )
    before = talent.indicators
    monkeypatch.setattr(talent, "indicators", lambda reference: (*before(reference), new))
    assert indicators(REFERENCE)["talent_new"] == new
    assert [each.key for each in Said(data, JUNE).shown(Place.HOME)][-1] == "talent_new"
    [scene] = scenes_of(["talent_new"], Said(data, JUNE))
    assert scene.figures[0].figure.label == "新しい指標"
    assert of_subject(REFERENCE, Subject.TALENT)[-1] == new
