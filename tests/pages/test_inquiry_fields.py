"""回答欄: every kind of question has a field, and each keeps what was typed and says what it is read as."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.inquiry.answer import NOT_APPLICABLE, Value, is_blank, is_not_applicable
from core.inquiry.composition import Composition
from core.inquiry.form.field import FieldKind, FormField, FormLayout, FormSheet, FoundBy
from core.inquiry.kinds.kind import Scope
from core.inquiry.kinds.registry import KINDS
from core.inquiry.question import Option, Question
from core.inquiry.reading import read_answers
from core.values.fiscal import JAPAN
from dashboard.inquiries.fields.registry import FIELDS
from tests.support.forms import named
from tests.support.reference import REFERENCE
from tests.support.screens import Screens, as_read, shown_text

Make = Callable[[str], Screens]
COLOURS = (Option("r", "赤"), Option("g", "緑"), Option("b", "青"))
FORM = FormLayout(
    (FormSheet("様式1", shown=True, protected=True, fixed={}, formulas={}, merged=()),),
    (
        FormField("s1_B2", "様式1", ("B2",), "職員数", FieldKind.NUMBER, unit="人"),
        FormField("s1_B3", "様式1", ("B3",), "体制", FieldKind.CHOICE, options=("専任", "兼任")),
        FormField(
            "s1_B4", "様式1", ("B4",), "用途", FieldKind.CHECKBOX, options=("文書", "議事録")
        ),
    ),
    FoundBy.UNLOCKED,
)
QUESTIONS = {
    "text": Question("q", "text", "ご意見", not_applicable=True),
    "single": Question("q", "single", "色", options=COLOURS, required=False),
    "several": Question("q", "several", "色々", options=COLOURS, most=2),
    "yes_no": Question("q", "yes_no", "導入済みですか"),
    "number": Question("q", "number", "台数", unit="台", least=0),
    "yen": Question("q", "yen", "予算額"),
    "day": Question("q", "day", "導入日"),
    "person": Question("q", "person", "担当"),
    "file": Question("q", "file", "要綱"),
    "ranking": Question("q", "ranking", "次の共同調達", options=COLOURS, points=(2, 1)),
    "plan_wishes": Question("q", "plan_wishes", "プラン", fiscal_year=2023),
    "join_intention": Question("q", "join_intention", "参加意向", programmes=("eapply", "docs")),
    "excel_form": Question("q", "excel_form", "様式", form=7, layout=named().layout.as_json()),
}
SCOPE = Scope(REFERENCE, {"p1": "DX推進課 前田"}, {7: "要綱.pdf"})
PLANS = [{"plan": 6, "visits": 11, "state": "wished"}]
JOINING = {"eapply": {"intention": "join", "lot": "A", "when": "令和9年4月"}}
GIVEN: dict[str, Value] = {  # as kept of the year before
    "text": "とくにありません。",
    "single": "g",
    "several": ["r", "b"],
    "yes_no": "no",
    "number": "0",
    "yen": 1_200_000,
    "day": "2027-04-01",
    "person": "p1",
    "file": [7],
    "ranking": ["b", "r"],
    "plan_wishes": PLANS,
    "join_intention": {**JOINING, "docs": {"intention": "not"}},
    "excel_form": {"values": {"s1_C5": "0", "s1_C6": "該当なし", "s1_C8": "希望する"}},
}


def test_every_kind_of_question_has_its_field_and_no_other() -> None:
    assert set(FIELDS) == set(KINDS) == set(QUESTIONS)


def _one() -> None:
    import streamlit as st

    from dashboard.inquiries.fields.registry import draw_field

    given = st.session_state["given"]
    st.session_state["found"] = draw_field(given["question"], given["typed"], given["scope"], key="f", earlier=given["earlier"], place=3)  # fmt: skip


@pytest.fixture
def field(screens_on: Make) -> Callable[..., AppTest]:
    screens_on("empty")

    def drawn(kind: str, typed: Value = None, earlier: Value = None, **more: Any) -> AppTest:
        app = AppTest.from_function(_one, default_timeout=60)
        question = more.get("question", QUESTIONS[kind])
        app.session_state["given"] = {
            "question": question,
            "typed": typed,
            "scope": SCOPE,
            "earlier": earlier,
        }
        app.run()
        assert not app.exception
        return app

    return drawn


def found(app: AppTest) -> Value:
    assert not app.exception
    return app.session_state["found"]


def said(app: AppTest) -> str:
    return as_read(shown_text(app))


@pytest.mark.parametrize("kind", QUESTIONS)
def test_nothing_is_blank_and_what_was_kept_comes_back_as_it_was(
    field: Callable[..., AppTest], kind: str
) -> None:
    assert is_blank(found(field(kind)))
    app = field(kind, typed=GIVEN[kind])
    read = read_answers(_asking(kind), {"q": found(app)}, SCOPE)
    assert read.answers == {"q": GIVEN[kind]}
    assert not app.error


def _asking(kind: str) -> Composition:
    moment = datetime(2026, 11, 1, tzinfo=JAPAN)
    return Composition("照会", 2026, moment, moment, questions=(QUESTIONS[kind],))


@pytest.mark.parametrize("kind", QUESTIONS)
def test_last_years_answer_stands_beside_and_is_taken_with_one_press(
    field: Callable[..., AppTest], kind: str
) -> None:
    app = field(kind, earlier=GIVEN[kind])
    assert "前年の回答: " in said(app)
    assert is_blank(found(app))
    app.button(key="f.same").click().run()
    assert read_answers(_asking(kind), {"q": found(app)}, SCOPE).answers == {"q": GIVEN[kind]}


def test_not_applicable_is_a_choice_of_its_own_and_keeps_what_was_typed(
    field: Callable[..., AppTest],
) -> None:
    app = field("text")
    app.text_area(key="f").set_value("書きかけ").run()
    app.checkbox(key="f.not_applicable").check().run()
    assert is_not_applicable(found(app))
    assert app.text_area(key="f").disabled
    app.checkbox(key="f.not_applicable").uncheck().run()
    assert found(app) == "書きかけ"
    assert is_not_applicable(found(field("text", typed=dict(NOT_APPLICABLE))))
    assert "該当なし" not in said(field("yen"))  # where it may not be given, it is not there


@pytest.mark.parametrize(
    ("kind", "typed", "shown"),
    [
        ("yen", "120万", "120万 = 1,200,000円"),
        ("number", "1,000", ""),
        ("number", "千二百", "千二百 = 1,200台"),
        ("day", "令和9年4月1日", "2027-04-01"),
    ],
)
def test_a_line_says_what_was_understood(
    field: Callable[..., AppTest], kind: str, typed: str, shown: str
) -> None:
    app = field(kind)
    app.text_input(key="f").set_value(typed).run()
    assert found(app) == typed  # as it was typed
    assert shown in said(app)
    assert not app.error


@pytest.mark.parametrize(
    ("kind", "typed", "problem"),
    [
        ("yen", "およそ百万", "金額として読めません"),
        ("number", "-1", "0台以上の数を書いてください"),
        ("day", "令和9年4月", "年月日まで入力してください"),
    ],
)
def test_what_cannot_be_read_stays_and_is_said(
    field: Callable[..., AppTest], kind: str, typed: str, problem: str
) -> None:
    app = field(kind)
    app.text_input(key="f").set_value(typed).run()
    assert found(app) == typed
    assert [problem in as_read(each.value) for each in app.error] == [True]


def test_a_choice_that_need_not_be_made_is_taken_back(field: Callable[..., AppTest]) -> None:
    app = field("single")
    app.radio(key="f").set_value("r").run()
    assert found(app) == "r"
    app.radio(key="f").set_value("").run()
    assert is_blank(found(app))


def test_one_too_many_and_one_twice_are_said_at_once(field: Callable[..., AppTest]) -> None:
    app = field("several", typed=["r", "g"])
    assert not app.error
    app.checkbox(key="f.b").check().run()
    assert ["選べるのは2個まで" in as_read(each.value) for each in app.error] == [True]
    app = field("ranking", typed=["b", "r"])
    app.selectbox(key="f.2").select("b").run()
    assert ["「青」が1位と2位にあります" in as_read(e.value) for e in app.error] == [True]


def test_plans_are_estimated_while_they_are_chosen(field: Callable[..., AppTest]) -> None:
    app = field("plan_wishes")
    assert "費用の試算" not in said(app)
    app.checkbox(key="f.6.on").check().run()
    app.text_input(key="f.6.visits").set_value("11回").run()
    assert found(app) == [{"plan": 6, "visits": 11, "state": ""}]
    for amount in ("歳出 1,100,000円", "550,000円 = 一般財源 **550,000円**"):
        assert amount in said(app)
    app.text_input(key="f.6.visits").set_value("13").run()
    assert found(app)[0]["visits"] == "13"
    assert app.error
    assert "費用の試算" not in said(app)  # an amount of what cannot be read is none


def test_only_who_thinks_of_joining_is_asked_when(field: Callable[..., AppTest]) -> None:
    app = field("join_intention", typed={"eapply": {"intention": "not"}})
    assert not app.text_input
    app = field("join_intention", typed=JOINING)
    app.text_input(key="f.eapply.when").set_value("2027-04").run()
    assert found(app)["eapply"]["when"] == "2027-04"
    assert "2027-04 = 令和9年4月" in said(app)
