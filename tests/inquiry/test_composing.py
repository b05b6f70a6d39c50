"""組立て: what is typed is kept as typed, read, and said where it cannot be; what changes once asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.inquiry.answer import NOT_APPLICABLE
from core.inquiry.change import check_change, to_look_at
from core.inquiry.composition import Audience, AudienceKind, Composition, copied
from core.inquiry.difference import composition_differences
from core.inquiry.kinds.kind import Scope
from core.inquiry.kinds.registry import KINDS
from core.inquiry.question import Condition, Option, Question
from core.inquiry.reading import read_answers
from core.inquiry.typed import TypedQuestion, options_of, read_typed, typed_from, typed_of
from core.values.errors import InvalidInputError
from core.values.fiscal import JAPAN
from tests.support.reference import REFERENCE

SCOPE = Scope(REFERENCE, {"1": "DX推進課 担当"}, {7: "要綱.pdf"})
OPENS, CLOSES = datetime(2026, 12, 1, 9, tzinfo=JAPAN), datetime(2027, 1, 1, tzinfo=JAPAN)
COLOURS = (Option("o1", "赤"), Option("o2", "緑"), Option("o3", "青"))
QUESTIONS = (
    Question("q1", "single", "色", options=COLOURS, not_applicable=True),
    Question("q2", "several", "色々", options=COLOURS, least=1, most=2),
    Question("q3", "number", "台数", unit="台", decimals=1, least=0, most=900),
    Question("q4", "yen", "額", required=False),
    Question("q5", "yes_no", "要るか"),
    Question("q6", "text", "わけ", condition=Condition("q5", ("yes",))),
    Question("q7", "ranking", "順", options=COLOURS, points=(2, 1)),
    Question("q8", "plan_wishes", "プラン", fiscal_year=2023, flows=True),
    Question("q9", "join_intention", "意向", programmes=("docs", "chat")),
    Question("q10", "day", "日"),
    Question("q11", "person", "担当"),
    Question("q12", "file", "資料"),
)
WHOLE = Composition(
    "調査", 2026, OPENS, CLOSES, Audience(AudienceKind.AREA, area="泉北"), why="国の照会",
    hidden=True, questions=QUESTIONS, attachments=(7,),
)  # fmt: skip
ANSWERS: Mapping[str, Any] = {
    "q1": "o2", "q2": ["o1", "o3"], "q3": "12.5", "q4": "120万", "q5": "yes", "q6": "足りない",
    "q7": ["o3", "o1"], "q8": [{"plan": 6, "visits": 11, "state": "wished"}],
    "q9": {"docs": {"intention": "interested"}, "chat": {"intention": "not"}},
    "q10": "2027-04-01", "q11": "1", "q12": [7],
}  # fmt: skip


def test_what_the_fields_show_is_read_as_what_is_on_record() -> None:
    shown = typed_of(WHOLE)
    assert (shown.closes_day, shown.closes_clock) == ("2026-12-31", "24:00")
    assert typed_from(asdict(shown)) == shown
    found = read_typed(shown)
    assert found.problems == {}
    assert found.composition == WHOLE
    assert {each.kind for each in QUESTIONS} <= set(KINDS)


def test_what_cannot_be_read_is_said_at_its_field_and_stays_typed() -> None:
    typed = typed_of(WHOLE).put("q7", points="2点と1").put("q3", least="すこし", decimals="9")
    typed = replace(typed, opens_day="", closes_clock="25時")
    found = read_typed(typed)
    assert set(found.problems) == {
        "opens_at", "closes_clock", "questions.q7.points", "questions.q3.least", "questions.q3.decimals",
    }  # fmt: skip
    assert found.problems["opens_at"] == "受付開始の日を選んでください。"


def test_a_kind_leaves_out_what_only_another_uses() -> None:
    typed = typed_of(WHOLE).put("q3", kind="text")
    assert read_typed(typed).composition.by_key["q3"] == Question("q3", "text", "台数")


@pytest.mark.parametrize(
    ("lines", "keys"),
    [
        ("赤\n緑\n青", ["o1", "o2", "o3"]),
        ("青\n赤", ["o3", "o1"]),
        ("赤\n緑(草色)\n青", ["o1", "o2", "o3"]),  # in other words
        ("赤\n黄\n青", ["o1", "o4", "o3"]),  # not another word for 緑
        (" 赤 \n\n緑\n緑", ["o1", "o2", "o4"]),
        ("", []),
    ],
)
def test_an_option_keeps_its_key_while_its_words_change(lines: str, keys: list[str]) -> None:
    known = tuple((each.key, each.label) for each in COLOURS)
    typed = TypedQuestion("q", "single", options=lines, known=known)
    assert [each.key for each in options_of(typed)] == keys


def test_questions_are_added_moved_duplicated_and_taken_out() -> None:
    typed, new = typed_of(WHOLE).added("text", after="q1")
    assert (new, [each.key for each in typed.questions][:3]) == ("q13", ["q1", "q13", "q2"])
    typed, copy = typed.duplicated("q3")
    assert typed.question(copy) == replace(typed.question("q3"), key="q14")  # type: ignore[type-var]
    typed = typed.moved("q1", -1).moved("q1", 1)
    assert [each.key for each in typed.questions][:2] == ["q13", "q1"]
    assert typed.without("q1").question("q1") is None


def test_two_versions_differ_in_words_of_the_form() -> None:
    after = replace(
        WHOLE,
        title="調査(再)",
        audience=Audience(),
        questions=(
            replace(QUESTIONS[0], required=False, options=(*COLOURS[:2], Option("o3", "藍"))),
            *QUESTIONS[2:],
            Question("q20", "yes_no", "ほかに"),
        ),
    )
    found = composition_differences(WHOLE, after, SCOPE)
    said = {(each.what, each.before, each.after) for each in found}
    assert said == {
        ("件名", "調査", "調査(再)"),
        ("照会先", "地域: 泉北", "全団体"),
        ("設問1の選択肢", "青", "藍"),
        ("設問1の条件", "択一・必須・該当なし可・選択肢 3", "択一・任意・該当なし可・選択肢 3"),
        # it is the fourth now
        (
            "設問5の条件",
            "自由記述・必須・設問5が「はい」のとき",
            "自由記述・必須・設問4が「はい」のとき",
        ),
        ("設問12を追加", "", "ほかに(はい・いいえ・必須)"),
        ("設問2を削除", "色々", ""),
    }
    assert composition_differences(WHOLE, WHOLE, SCOPE) == ()


# ── once it is asked ──────────────────────────────────────────────────────────────────────────

_TEXTS = st.sampled_from(["赤", "緑", "青", "黄", "あか"])
_NUMBERS = st.none() | st.integers(0, 1000)


@st.composite
def changed(draw: st.DrawFn) -> Composition:
    """Whatever somebody may make of the questions."""
    kept = []
    for question in QUESTIONS:
        changes: dict[str, Any] = {}
        if draw(st.integers(0, 3)) == 0:
            options = [o for o in question.options if draw(st.integers(0, 4))]
            more = [Option("o9", draw(_TEXTS))] if draw(st.booleans()) else []
            worded = [replace(o, label=draw(_TEXTS)) for o in options]
            systems = draw(st.lists(st.sampled_from(["docs", "chat", "eapply"]), unique=True))
            changes = draw(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "kind": st.sampled_from(sorted(KINDS)),
                        "required": st.booleans(),
                        "not_applicable": st.booleans(),
                        "unit": st.sampled_from(["台", "人"]),
                        "decimals": st.integers(0, 2),
                        "least": _NUMBERS,
                        "most": _NUMBERS,
                        "points": st.sampled_from([(2, 1), (3, 2, 1), (2,)]),
                        "fiscal_year": st.sampled_from([2023, 2024]),
                        "options": st.permutations([*worded, *more]).map(tuple),
                        "programmes": st.just(tuple(systems)),
                        "condition": st.sampled_from([None, Condition("q5", ("no",))]),
                    },
                )
            )
        if draw(st.integers(0, 19)):
            kept.append(replace(question, **changes))
    if draw(st.booleans()):
        kept.insert(draw(st.integers(0, len(kept))), Question("q30", "text", "もう1つ"))
    if draw(st.integers(0, 9)) == 0:
        kept = list(draw(st.permutations(kept)))
    return replace(WHOLE, questions=tuple(kept))


@given(changed(), st.sets(st.sampled_from(sorted(ANSWERS))), st.booleans())
@settings(max_examples=250, deadline=None)
def test_an_answer_given_before_an_accepted_change_reads_the_same_after_it(
    after: Composition, said: set[str], nothing: bool
) -> None:
    typed = {key: ANSWERS[key] for key in said}
    if nothing:
        typed["q1"] = dict(NOT_APPLICABLE)
    before = read_answers(WHOLE, typed, SCOPE)
    try:
        check_change(WHOLE, after)
    except InvalidInputError:
        return
    again = read_answers(after, before.answers, SCOPE)
    assert again.answers == before.answers
    newly = {each.key for each in to_look_at(WHOLE, after)}
    assert set(again.missing) - set(before.missing) <= newly


def test_many_changes_are_accepted_so_that_the_law_says_something() -> None:
    worded = replace(QUESTIONS[0], options=(*COLOURS[:2], Option("o3", "藍"), Option("o4", "黄")))
    wider = replace(QUESTIONS[2], least=None, most=9000, decimals=2)
    more = replace(
        WHOLE,
        questions=(worded, QUESTIONS[1], wider, *QUESTIONS[3:], Question("q30", "text", "ほか")),
    )
    check_change(WHOLE, more)
    assert [each.key for each in to_look_at(WHOLE, more)] == ["q1", "q30"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"audience": Audience()}, "audience"),
        ({"hidden": False}, "hidden"),
        ({"fiscal_year": 2027}, "fiscal_year"),
        ({"questions": QUESTIONS[1:]}, "questions"),
        ({"questions": (QUESTIONS[1], QUESTIONS[0], *QUESTIONS[2:])}, "questions"),
        ({"questions": (replace(QUESTIONS[0], options=COLOURS[1:]), *QUESTIONS[1:])},
         "questions.q1.kind"),
        ({"questions": (*QUESTIONS[:8], replace(QUESTIONS[8], programmes=("docs", "chat", "eapply")),
                        *QUESTIONS[9:])}, "questions.q9.kind"),
    ],
)  # fmt: skip
def test_what_would_make_an_answer_say_what_nobody_said_is_refused(
    change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_change(WHOLE, replace(WHOLE, **change))
    assert set(refused.value.problems) == {field}


def test_the_copy_of_next_year_keeps_what_ties_it_to_the_answers_of_this_one() -> None:
    found = copied(WHOLE, 5, {})
    assert (found.fiscal_year, found.copied_from, found.attachments) == (2027, 5, ())
    assert found.by_key["q8"].fiscal_year == 2024
    assert found.by_key["q1"].options == COLOURS
