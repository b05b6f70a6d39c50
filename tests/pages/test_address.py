"""A page's question: what is written is read again, what cannot be used is said and left out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from core.access.principal import PUBLIC, Principal, Role
from core.figures.registry import indicators
from core.training.vocabulary import Audience, SessionFormat
from core.values.municipality import SizeClass
from dashboard.kit import address, narrowing
from dashboard.kpi import question as kpi
from dashboard.trainings import question as trainings
from tests.support.reference import REFERENCE

OFFICER = Principal("sakai", "堺", Role.OFFICER, "271403")
OFFICE = Principal("office", "事務局", Role.SECRETARIAT, None)


def none_or(values: SearchStrategy[object]) -> SearchStrategy[object]:
    return st.none() | values


@st.composite
def a_training_question(draw: DrawFn) -> trainings.Question:
    return trainings.Question(
        view=draw(st.sampled_from(trainings.views(OFFICER))),
        words=draw(st.text(max_size=40)).strip(),
        themes=tuple(
            draw(st.lists(st.sampled_from(list(REFERENCE.trainings.theme_labels)), unique=True))
        ),
        format=draw(none_or(st.sampled_from(SessionFormat))),
        audience=draw(none_or(st.sampled_from(Audience))),
        fiscal_year=draw(none_or(st.integers(2013, 2090))),
        ours=draw(st.booleans()),
        month=draw(none_or(st.dates(date(2020, 1, 1), date(2090, 1, 1)).map(first_of_month))),
        training=draw(st.sampled_from(["", "2022-13"])),
    )


def first_of_month(day: date) -> date:
    return day.replace(day=1)


@st.composite
def a_kpi_question(draw: DrawFn) -> kpi.Question:
    days = st.dates(narrowing.EARLIEST, narrowing.last_day())
    return kpi.Question(
        as_of=draw(days),
        compared_with=draw(none_or(days)),
        area=draw(none_or(st.sampled_from([each.label for each in REFERENCE.areas]))),
        category=draw(none_or(st.sampled_from([each.label for each in REFERENCE.categories]))),
        size=draw(none_or(st.sampled_from(SizeClass))),
        span=draw(st.sampled_from(kpi.Span)),
    )


@given(asked=st.one_of(a_training_question(), a_kpi_question()))
def test_what_an_address_says_is_read_again(asked: address.Question) -> None:
    assert address.parsed(type(asked), asked.query(), OFFICER) == (asked, [])


def test_the_usual_question_has_no_address() -> None:
    assert trainings.Question().query() == {}
    assert kpi.Question().query() == {}


@pytest.mark.parametrize(
    ("question", "reader", "query", "said"),
    [
        (
            trainings.Question,
            OFFICER,
            {"view": "desk"},
            "リンクの「作成・下書き」は、事務局としてサインインすると使えます。一覧を表示しています。",
        ),
        (trainings.Question, OFFICER, {"theme": "ai,fax"}, "リンクのテーマ「fax」は使えません。"),
        (trainings.Question, OFFICER, {"format": "telepathy"}, "リンクの開催形式「telepathy」"),
        (trainings.Question, OFFICER, {"fy": "1899"}, "リンクの年度「1899」は使えません(例"),
        (trainings.Question, OFFICER, {"fy": "令和"}, "リンクの年度「令和」は使えません(例"),
        (trainings.Question, OFFICER, {"month": "2022-13"}, "リンクの月「2022-13」は使えません"),
        (trainings.Question, PUBLIC, {"ours": "1"}, "市町村職員としてサインインすると使えます"),
        (kpi.Question, OFFICE, {"as_of": "きのう"}, "「きのう」は日付として読めません"),
        (kpi.Question, OFFICE, {"as_of": "2021-03-31"}, "2021-04-01から"),
        (kpi.Question, OFFICE, {"compared_with": "2999-01-01"}, "リンクの比べる日「2999-01-01」"),
        (kpi.Question, OFFICE, {"indicator": "x" * 900}, f"リンクの指標「{'x' * 40}」は使えません"),
    ],
)
def test_what_cannot_be_used_is_said_and_the_usual_stands(
    question: type[address.Question], reader: Principal, query: dict[str, str], said: str
) -> None:
    found, problems = address.parsed(question, query, reader)
    assert found == question()
    assert len(problems) == 1
    assert said in problems[0]


def test_several_refusals_are_all_said_and_the_rest_is_taken() -> None:
    query = {"area": "東京", "span": "week", "as_of": "2023-06-30", "indicator": "eapply_paid"}
    found, problems = address.parsed(kpi.Question, query, OFFICE)
    assert (found.as_of, found.area, found.indicator) == (date(2023, 6, 30), None, "eapply_paid")
    assert len(problems) == 2
    assert "eapply_paid" in indicators(REFERENCE)
