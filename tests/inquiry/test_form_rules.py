"""Whose a file is, what differs between two times, and what a tally says."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.exports.form.formula import renamed, with_rows
from core.inquiry.composition import Composition
from core.inquiry.form.answer import NOT_APPLICABLE, FormRow, RowChangeKind, row_changes
from core.inquiry.form.damage import FormReading
from core.inquiry.form.recognise import Confidence, given_values, identity_fields, recognised
from core.inquiry.form.tally import CellState, outliers, tally
from core.inquiry.kinds.kind import Scope
from core.inquiry.question import Question
from core.inquiry.reading import differences
from core.values.fiscal import JAPAN
from tests.support.forms import graph_paper, headings, named, one_row
from tests.support.reference import REFERENCE

OPENS = datetime(2026, 4, 1, tzinfo=JAPAN)

NAMED = named().layout
TOWNS = REFERENCE.municipalities


@pytest.mark.parametrize(
    ("values", "words", "file_name", "found", "confidence"),
    [
        ({"s1_C4": "堺市"}, (), "様式.xlsx", "271403", Confidence.CERTAIN),
        ({"s1_C4": "東大阪市"}, (), "27227_様式.xlsx", "272272", Confidence.CERTAIN),
        ({"s1_C4": "大阪狭山市長"}, (), "", "272311", Confidence.CERTAIN),
        ({}, (), "(能勢町)様式.xlsx", "273228", Confidence.LIKELY),
        ({}, ("27140 3", "堺市役所"), "様式.xlsx", "271403", Confidence.LIKELY),
        ({"s1_C4": "堺市"}, (), "岸和田市.xlsx", None, Confidence.TWO),
        ({"s1_C4": "堺市及び岸和田市"}, (), "", None, Confidence.TWO),
        ({}, ("堺市", "岸和田市と協議"), "様式.xlsx", None, Confidence.TWO),
        ({}, ("堺市", "岸和田市と協議"), "堺市.xlsx", "271403", Confidence.LIKELY),
        ({}, ("27140", "1,500"), "様式.xlsx", None, Confidence.NONE),
        ({}, ("堺市",), "岸和田市.xlsx", None, Confidence.TWO),
        ({"s1_C4": "どこかの市"}, ("1234567",), "様式(1).xlsx", None, Confidence.NONE),
    ],
)
def test_a_municipality_is_recognised_or_nobody_is_named(
    values: dict[str, str],
    words: tuple[str, ...],
    file_name: str,
    found: str | None,
    confidence: Confidence,
) -> None:
    told = recognised(NAMED, FormReading(values, (), words), file_name, TOWNS)
    assert (told.lg_code, told.confidence) == (found, confidence)
    assert told.said.endswith("。")


def test_a_code_and_a_name_of_two_municipalities_are_not_chosen_between() -> None:
    layout = headings().layout
    told = recognised(
        layout, FormReading({"s1_B3": "271403", "s1_D3": "岸和田市"}), "様式.xlsx", TOWNS
    )
    assert (told.lg_code, told.candidates) == (None, ("271403", "272027"))
    assert "堺市、岸和田市" in told.said


def test_a_form_is_handed_out_with_code_name_and_what_still_fits_of_last_year() -> None:
    layout = headings().layout
    code, name = identity_fields(layout)
    assert code is not None
    assert name is not None
    last = {
        "s1_B8": "3",
        "s1_F8": "派遣",
        "s1_F9": "なくなった選択肢",
        "s9_Z9": "1",
        "s1_D3": "旧名",
    }
    assert given_values(layout, "271403", "堺市", last) == {
        "s1_B8": "3", "s1_F8": "派遣", "s1_B3": "271403", "s1_D3": "堺市",
    }  # fmt: skip
    assert given_values(graph_paper().layout, "271403", "堺市")["s1_AA4"] == "271403"


def test_a_late_or_corrected_file_changes_one_row_and_says_which() -> None:
    before = [
        FormRow("271403", "堺市", {"s1_C5": "1"}), FormRow("272027", "岸和田市", None),
        FormRow("272035", "豊中市", {"s1_C5": "2", "s1_C6": "9"}),
    ]  # fmt: skip
    late = [before[0], FormRow("272027", "岸和田市", {"s1_C5": "5"}), before[2]]
    (change,) = row_changes(NAMED, before, late)
    assert (change.lg_code, change.kind) == ("272027", RowChangeKind.ADDED)
    assert change.said == "岸和田市(272027)の行が新しく入りました(1欄)。"
    corrected = [*late[:2], FormRow("272035", "豊中市", {"s1_C5": "3"})]
    (change,) = row_changes(NAMED, late, corrected)
    assert [(v.label, v.before, v.after) for v in change.values] == [
        ("実施回数", "2", "3"), ("参加者数", "9", None),
    ]  # fmt: skip
    assert row_changes(NAMED, late, late) == ()
    (gone,) = row_changes(NAMED, late, late[:2])
    assert (gone.lg_code, gone.kind) == ("272035", RowChangeKind.REMOVED)


def test_blank_missing_not_applicable_and_zero_are_four_things() -> None:
    rows = [
        FormRow("1", "零", {"s1_C5": "0", "s1_C8": "未定"}), FormRow("2", "空", {}),
        FormRow("3", "該当なし", {"s1_C5": NOT_APPLICABLE, "s1_C8": NOT_APPLICABLE}),
        FormRow("4", "未回答", None), FormRow("5", "値", {"s1_C5": "7.5", "s1_C8": "未定"}),
    ]  # fmt: skip
    counted = tally(NAMED, rows)
    times = next(each for each in counted.fields if each.field.key == "s1_C5")
    assert [times.count(state) for state in CellState] == [1, 1, 1, 1, 1]
    assert (times.total, times.given) == (Decimal("7.5"), 2)
    hopes = next(each for each in counted.fields if each.field.key == "s1_C8")
    assert hopes.chosen == {"希望する": 0, "希望しない": 0, "未定": 2}
    assert hopes.total is None
    share = next(each for each in counted.fields if each.field.key == "s1_C7")
    assert share.total is None
    assert [row.name for row in counted.missing] == ["未回答"]
    nobody = tally(NAMED, rows[1:2])
    assert [each.total for each in nobody.fields] == [None] * 5  # unknown is not zero


def test_a_value_a_thousand_times_too_large_stands_out_and_a_large_town_does_not() -> None:
    heads = {str(n): 10_000 * 2**n for n in range(10)}
    per_head = {code: Decimal(count // 100) for code, count in heads.items()}
    assert outliers(per_head, heads) == ()
    assert outliers(per_head | {"3": per_head["3"] * 1000}, heads) == ("3",)
    assert outliers({str(n): Decimal(5) for n in range(12)} | {"x": Decimal(9)}) == ()
    assert outliers({str(n): Decimal(10**n) for n in range(5)}) == ()  # too few to tell


def test_formulas_move_with_their_rows_and_follow_a_renamed_sheet() -> None:
    def moved(formula: str, own: int | None = None) -> str:
        return with_rows(formula, 5, 10, concerns=lambda name: name in ("", "表"), own=own)

    assert moved("SUM($C$4:$C$5)+LOG10(C6)+C5") == "SUM($C$4:$C$15)+LOG10(C16)+C5"
    assert moved('表!A9&"A9"&別!A9') == '表!A19&"A9"&別!A9'
    assert moved("SUM(A:A)+SUM(5:6)") == "SUM(A:A)+SUM(5:16)"
    assert moved("B5-B$5+B4", own=3) == "B8-B$5+B4"
    assert renamed(
        "'様式 1'!A1+様式2!A1+SUM(Table1[様式2])", {"様式 1": "堺", "様式2": "岸'和"}
    ) == ("'堺'!A1+'岸''和'!A1+SUM(Table1[様式2])")


def test_a_single_row_names_whose_it_is() -> None:
    assert [field.label for field in identity_fields(one_row().layout) if field] == [
        "団体コード", "団体名",
    ]  # fmt: skip


def test_two_answers_with_as_many_cells_filled_say_which_cells_differ() -> None:
    form = headings()
    asked = Question("f", "excel_form", "別紙", form=1, layout=form.layout.as_json())
    composition = Composition("様式", 2026, OPENS, OPENS + timedelta(days=9), questions=(asked,))
    number = next(field for field in form.layout.fields if field.is_number)
    text = next(field for field in form.layout.fields if field.label == "備考")
    before = {"f": {"values": {number.key: "1200"}}}
    after = {"f": {"values": {number.key: "3,400", text.key: "増員"}}}
    [found] = differences(composition, before, after, Scope(REFERENCE))
    assert number.address in found.before
    assert ("1,200" in found.before, "3,400" in found.after) == (True, True)
    assert (f"{text.address}) 空欄" in found.before, "増員" in found.after) == (True, True)
    [gone] = differences(composition, before, {}, Scope(REFERENCE))
    assert (gone.before, gone.after) == (f"{len(form.layout.fields)}欄のうち1欄に記入", "")
