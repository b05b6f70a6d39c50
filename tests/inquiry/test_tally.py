"""集計 and the vote, each counted by hand: every kind, the nothings apart, ties, areas, sizes, money."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from core.access.principal import CONSOLE
from core.exports.inquiries.workbook import inquiry_csv, inquiry_workbook
from core.inquiry.groups import GroupBy, groups
from core.inquiry.kinds.kind import Scope
from core.inquiry.question import Condition, Option, Question
from core.inquiry.tally import QuestionTally
from core.inquiry.wish_money import wish_money
from core.views.inquiries import TallyAnswer, inquiry_view, tally_view
from tests.support.reference import REFERENCE
from tests.support.votes import VOTE, Asked

TOWNS = tuple(REFERENCE.by_code)[:8]
ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT = TOWNS
NOT_APPLICABLE = {"not_applicable": True}
ABC = tuple(Option(key, f"選択{key}") for key in "abc")


def tally(asked: Asked, **how: Any) -> TallyAnswer:
    return tally_view(
        asked.engine,
        CONSOLE,
        REFERENCE,
        inquiry_id=asked.number,
        today=asked.now.date(),
        **how,
    )


def counted(engine: Engine, question: Question, *said: Any) -> QuestionTally:
    """One question, answered by the first municipalities in turn; None hands nothing in."""
    asked = Asked(engine, question, towns=TOWNS)
    for code, value in zip(TOWNS, said, strict=False):
        if value is not None:
            asked.hands_in(code, **{question.key: value})
    (found,) = tally(asked).questions
    return found


def lines(found: QuestionTally) -> dict[str, Any]:
    return {each.key: each.value for each in found.lines}


def option_of(kind: str, **more: Any) -> Question:
    return Question("q", kind, "設問", required=False, not_applicable=True, **more)


@pytest.mark.parametrize(
    ("question", "said", "expected"),
    [
        (option_of("single", options=ABC), ["a", "b", "a"], {"a": 2, "b": 1, "c": 0}),
        (
            option_of("several", options=ABC),
            [["a", "c"], ["c"], ["a", "b", "c"]],
            {"a": 2, "b": 1, "c": 3},
        ),
        (option_of("yes_no"), ["yes", "no", "yes"], {"yes": 2, "no": 1}),
        (
            option_of("day"),
            ["2023-11-02", "2023-11-01", "2023-11-02"],
            {"2023-11-01": 1, "2023-11-02": 2},
        ),
        (
            option_of("number", unit="人"),
            ["0", "3", "8"],
            {"sum": 11, "mean": Fraction(11, 3), "median": 3, "least": 0, "most": 8},
        ),
        (
            option_of("yen"),
            ["1,000", "0", "2万"],
            {"sum": 21_000, "mean": 7_000, "median": 1_000, "least": 0, "most": 20_000},
        ),
        (option_of("text"), ["ひとつ", "ふたつ", "みっつ"], {"": 3}),
    ],
)
def test_each_kind_is_counted_and_the_nothings_stay_apart(
    engine: Engine, question: Question, said: list[Any], expected: Mapping[str, Any]
) -> None:
    found = counted(engine, question, *said, NOT_APPLICABLE, "")
    assert lines(found) == expected
    assert found.answered == (ONE, TWO, THREE)
    assert (found.not_applicable, found.blank) == ((FOUR,), (FIVE,))
    assert found.unanswered == (SIX, SEVEN, EIGHT)
    assert found.everybody == len(TOWNS)


def test_a_number_far_off_is_named_and_five_are_needed_to_say_so(engine: Engine) -> None:
    question = option_of("number", unit="人")
    few = counted(engine, question, "1", "2", "3", "400")
    assert "far" not in lines(few)
    far = next(
        x for x in counted(engine, question, "3", "4", "5", "4", "60").lines if x.key == "far"
    )
    assert (far.value, far.codes) == (1, (FIVE,))


def test_who_was_not_asked_is_neither_blank_nor_unanswered(engine: Engine) -> None:
    first = Question("first", "yes_no", "設問")
    then = Question("then", "text", "理由", condition=Condition("first", ("yes",)), required=False)
    asked = Asked(engine, first, then, towns=TOWNS[:4])
    asked.hands_in(ONE, first="yes", then="ある")
    asked.hands_in(TWO, first="yes")
    asked.hands_in(THREE, first="no")
    _, found = tally(asked).questions
    assert (found.answered, found.blank) == ((ONE,), (TWO,))
    assert (found.not_asked, found.unanswered) == ((THREE,), (FOUR,))


def places(found: QuestionTally) -> dict[str, tuple[Any, Any]]:
    return {each.key: (each.place, each.value) for each in found.lines}


def test_a_vote_shares_its_places(engine: Engine) -> None:
    asked = Asked(engine, VOTE, towns=TOWNS)
    for code, vote in zip(TOWNS, (["a", "b"], ["b", "a"], ["c"], ["c", "d"]), strict=False):
        asked.hands_in(code, vote=vote)
    (found,) = tally(asked).questions  # a 2+1, b 1+2, c 2+2, d 1
    assert places(found) == {"c": (1, 4), "a": (2, 3), "b": (2, 3), "d": (4, 1)}
    assert [each.key for each in found.lines] == ["c", "a", "b", "d"]
    assert {each.key: each.note for each in found.lines}["a"] == "1位 1団体、2位 1団体"
    asked.hands_in(THREE, vote=["a"])  # the last word counts: a 5, b 3, c 2
    (found,) = tally(asked).questions
    assert places(found) == {"a": (1, 5), "b": (2, 3), "c": (3, 2), "d": (4, 1)}


def test_the_receipt_a_municipality_holds_stands_on_the_board_and_in_the_files(
    engine: Engine,
) -> None:
    asked = Asked(engine, VOTE, towns=(ONE, TWO, THREE))
    asked.hands_in(ONE, vote=["a"])
    other = asked.hands_in(TWO, vote=["c"])
    asked.now += timedelta(hours=1)
    last = asked.hands_in(ONE, vote=["b"])
    given = {"reference": REFERENCE, "made_up": False}
    csv_rows = inquiry_csv(tally(asked), **given).decode("utf-8-sig").splitlines()
    cells = [row.split(",")[5:8] for row in csv_rows]
    assert cells == [
        ["回答", "受領番号", "提出した時刻"],
        ["提出", str(last.number), "2023-10-02 10:00"],
        ["提出", str(other.number), "2023-10-02 09:00"],
        ["未回答"] * 3,
    ]
    body = inquiry_workbook(tally(asked), asked.now.date(), **given)
    sheet = load_workbook(io.BytesIO(body))["回答"]
    (found,) = (row for row in sheet.iter_rows(values_only=True) if str(row[0]).startswith(ONE))
    assert found[5:8] == ("提出", last.number, "2023-10-02 10:00")
    shown = inquiry_view(
        engine,
        CONSOLE,
        REFERENCE,
        inquiry_id=asked.number,
        now=asked.now,
        today=asked.now.date(),
    )
    assert shown.board is not None
    (first, *_) = shown.board.rows
    assert shown.receipts[first.response.handed_in[-1].event_id] == last.number
    assert len(shown.receipts) == 3


def test_by_area_and_by_size_the_parts_add_up(engine: Engine) -> None:
    towns = tuple(REFERENCE.by_code)
    asked = Asked(engine, VOTE, towns=towns)
    for place, code in enumerate(towns[::2]):
        asked.hands_in(code, vote=["a", "b"] if place % 3 else ["b"])
    whole = lines(tally(asked).questions[0])
    for by in GroupBy:
        found = tally(asked, by=by)
        assert list(found.parts) == list(groups(REFERENCE.municipalities, towns, by))
        parts = [each.questions[0] for each in found.parts.values()]
        assert sum(each.everybody for each in parts) == len(towns)
        assert {k: sum(lines(p)[k] for p in parts) for k in whole} == whole
    names = groups(REFERENCE.municipalities, towns, GroupBy.SIZE)
    one = tally(asked, by=GroupBy.SIZE, only="30万人以上")
    assert one.asked == names["30万人以上"]
    assert {REFERENCE.by_code[c].population >= 300_000 for c in one.asked} == {True}
    assert one.are_in == len([c for c in towns[::2] if c in one.asked])


def test_plans_come_to_what_the_one_calculation_says(engine: Engine) -> None:
    question = Question("plans", "plan_wishes", "希望", fiscal_year=2023, not_applicable=True)
    asked = Asked(engine, question, towns=TOWNS)

    def wish(*plans: tuple[int, int, str]) -> list[dict[str, Any]]:
        return [{"plan": p, "visits": v, "state": s} for p, v, s in plans]

    asked.hands_in(ONE, plans=wish((6, 12, "wished"), (4, 11, "budget_requested")))
    asked.hands_in(TWO, plans=wish((6, 5, "wished"), (1, 12, "considering")))
    asked.hands_in(THREE, plans=NOT_APPLICABLE)
    answer = tally(asked)
    money = answer.money["plans"]
    assert (money.wished.municipalities, money.wished.plans, money.wished.visits) == (2, 3, 28)
    assert money.wished.known == {"gross": 2_800_000, "subsidy": 1_400_000, "net": 1_400_000}
    assert (money.considering.plans, money.considering.known["gross"]) == (1, 1_200_000)
    line = {each.key: each for each in answer.questions[0].lines}
    assert (line["6"].value, line["4"].value, line["1"].value) == (2, 1, 0)
    assert answer.questions[0].not_applicable == (THREE,)


def test_without_a_fee_on_record_the_money_is_unknown_and_not_nought() -> None:
    question = Question("plans", "plan_wishes", "希望", fiscal_year=2023)
    said = {ONE: [{"plan": 6, "visits": 12, "state": "wished"}]}
    money = wish_money(question, said, Scope(REFERENCE), ())
    assert money.wished.money is None
    assert (money.wished.plans, money.wished.visits, money.left) == (1, 12, None)
    assert money.why
