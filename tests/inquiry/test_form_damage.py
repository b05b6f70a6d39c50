"""A file that came back: every value is what was typed, or its field is named; nothing in silence."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.exports.form.handed_out import handed_out
from core.imports.form.book import RawBook
from core.imports.form.check import reading_of
from core.imports.form.reading import read_form, read_forms
from core.imports.form.sheet import RawCell
from core.imports.form.values import value_of
from core.inquiry.form.damage import DamageKind, FormReading
from core.inquiry.form.field import FieldKind, FormField, FormLayout
from tests.support.form_damage import (
    FEWEST,
    HARMS,
    Damaged,
    harms,
    inserted,
    macro_added,
    saved_as_csv,
    with_result,
)
from tests.support.forms import (
    MAKERS,
    AForm,
    answers,
    graph_paper,
    headings,
    many_rows,
    named,
    one_row,
    saved,
    two_sheets,
)

EVERY = [*MAKERS, one_row]


def wrong_values(
    layout: FormLayout, done: Damaged, values: dict[str, str], reading: FormReading
) -> list[str]:
    """Fields that are neither what was typed nor named as unreadable."""
    told = {damage.key for damage in reading.to_put_right}
    refused = not reading.values and any(not damage.key for damage in reading.to_put_right)
    wrong = []
    for key in layout.by_key:
        meant = done.meant.get(key, values.get(key))
        got = reading.values.get(key)
        may_be_lost = key in done.lost and got is None and (key in told or refused)
        if got != meant and not may_be_lost:
            wrong.append(f"{key}: {meant!r} became {got!r}")
        if key in done.meant and done.meant[key] is None and not (key in told or refused):
            wrong.append(f"{key}: gone, and not named")
    return wrong


@pytest.mark.parametrize("make", EVERY, ids=lambda make: make.__name__)
def test_each_damage_is_named_and_no_value_is_another_one(make: Callable[[], AForm]) -> None:
    form = make()
    layout = form.layout
    values = answers(layout, "271403", "堺市", Random(make.__name__))
    happened = dict(harms(layout, handed_out(layout, form.body, values), values))
    assert len(happened) >= FEWEST
    readings = read_forms(layout, [done.body for done in happened.values()])
    for (name, done), reading in zip(happened.items(), readings, strict=True):
        assert done.kind in {damage.kind for damage in reading.damages}, name
        assert wrong_values(layout, done, values, reading) == [], name


def test_every_damage_happens_to_some_form() -> None:
    happened = set()
    for form in (headings(), one_row()):
        values = answers(form.layout, "271403", "堺市", Random(1))
        happened |= {name for name, _ in harms(form.layout, form.body, values)}
    assert happened == {harm.__name__ for harm in HARMS}


@pytest.mark.parametrize("make", EVERY, ids=lambda make: make.__name__)
def test_a_file_nothing_happened_to_has_no_damage(make: Callable[[], AForm]) -> None:
    form = make()
    layout = form.layout
    assert read_form(layout, form.body) == FormReading({}, (), ())
    for number in range(5):
        values = answers(layout, "271403", "堺市", Random(number))
        reading = reading_of(layout, RawBook(handed_out(layout, form.body, values)))
        assert (reading.values, reading.damages) == (values, ())


def test_a_damage_says_address_label_what_and_what_was_done() -> None:
    form = headings()
    book = load_workbook(io.BytesIO(form.body))
    book["様式1"]["B8"] = "１２人"
    book["様式1"]["C8"] = "120万円"
    reading = reading_of(form.layout, RawBook(saved(book)))
    unit, other = reading.damages
    assert unit.said == (
        "シート「様式1」B8「正規職員 令和7年度 人数(人)」: 「１２人」に単位が付いています。12として読みました。"
    )
    assert (unit.mended, unit.key, unit.address) == (True, "s1_B8", "B8")
    assert "この欄の単位は千円です" in other.said
    assert (other.mended, "s1_C8" in reading.values) == (False, False)
    assert not reading.can_be_taken


def test_a_required_field_that_is_blank_is_named() -> None:
    form = named()
    layout = form.layout.with_fields(replace(field, required=True) for field in form.layout.fields)
    values = {"s1_C4": "堺市", "s1_C5": "0", "s1_C7": "該当なし"}
    reading = reading_of(layout, RawBook(handed_out(layout, form.body, values)))
    assert [(d.kind, d.label) for d in reading.damages] == [
        (DamageKind.REQUIRED, "参加者数"), (DamageKind.REQUIRED, "次回の希望"),
    ]  # fmt: skip
    assert reading.values == values  # 0 and 該当なし are answers


def test_a_cell_merged_over_others_is_refused_by_name() -> None:
    form = headings()
    body = handed_out(form.layout, form.body, {"s1_B8": "1", "s1_C8": "2"})
    book = load_workbook(io.BytesIO(body))
    book["様式1"].merge_cells("B8:C8")
    reading = reading_of(form.layout, RawBook(saved(book)))
    assert reading.values == {"s1_B8": "1"}
    assert [(d.kind, d.key) for d in reading.damages] == [(DamageKind.MERGED_OVER, "s1_C8")]


def test_a_copy_of_the_sheet_is_not_passed_over() -> None:
    form = named()
    book = load_workbook(io.BytesIO(form.body))
    copy = book.copy_worksheet(book["回答票"])
    copy["C5"] = 7
    (damage,) = reading_of(form.layout, RawBook(saved(book))).damages
    assert (damage.kind, damage.mended) == (DamageKind.SHEET_ADDED, False)
    assert "様式の写し" in damage.said


def test_values_in_both_halves_of_a_split_cell_are_not_chosen_between() -> None:
    form = headings()
    book = load_workbook(io.BytesIO(form.body))
    sheet = book["様式1"]
    sheet.unmerge_cells("B14:F15")
    sheet["B14"], sheet["D14"] = "一つ目", "二つ目"
    reading = reading_of(form.layout, RawBook(saved(book)))
    assert reading.values == {}
    assert [(d.kind, d.mended) for d in reading.damages] == [(DamageKind.MERGE_SPLIT, False)]


def test_rows_that_all_look_the_same_are_refused_when_one_is_put_in_among_them() -> None:
    form = two_sheets()
    book = load_workbook(io.BytesIO(handed_out(form.layout, form.body, {"s2_C5": "7"})))
    sheet = book["明細"]
    for row in range(4, 9):
        sheet[f"A{row}"] = None  # nothing tells the rows apart
    body = saved(book)
    layout = AForm("", body).layout
    book = load_workbook(io.BytesIO(body))
    inserted(book["明細"], row=6)
    reading = reading_of(layout, RawBook(saved(book)))
    told = [d for d in reading.to_put_right if d.kind is DamageKind.ROWS_MOVED]
    assert {d.key for d in told} == {f.key for f in layout.fields_of("明細")}
    assert all("増やした行は削除し、消した行は元に戻すか" in d.said for d in told)
    assert reading.values == {}


def test_rows_sorted_by_somebody_keep_their_values() -> None:
    form = many_rows(12)
    layout = form.layout
    values = answers(layout, "271403", "堺市", Random(3))
    book = load_workbook(io.BytesIO(handed_out(layout, form.body, values)))
    sheet = book["システム調査"]
    held = [[cell.value for cell in row] for row in sheet["A5:F16"]]
    for row, texts in zip(sheet["A5:F16"], held[::-1], strict=True):
        for cell, text in zip(row, texts, strict=True):
            cell.value = text
    reading = reading_of(layout, RawBook(saved(book)))
    assert reading.values == values
    assert {damage.kind for damage in reading.damages} == {DamageKind.ROWS_MOVED}


def test_a_number_where_no_field_is_is_not_passed_over() -> None:
    form = headings()
    book = load_workbook(io.BytesIO(form.body))
    book["様式1"]["G8"] = 12
    (damage,) = reading_of(form.layout, RawBook(saved(book))).damages
    assert (damage.kind, damage.address, damage.mended) == (DamageKind.STRAY, "G8", False)


def test_a_formula_in_a_field_is_read_by_its_result_or_refused() -> None:
    form = headings()
    book = load_workbook(io.BytesIO(form.body))
    book["様式1"]["B8"] = "=1+2"
    body = saved(book)
    (damage,) = reading_of(form.layout, RawBook(body)).damages
    assert (damage.kind, damage.mended) == (DamageKind.FORMULA_TYPED, False)
    reading = reading_of(form.layout, RawBook(with_result(body, b"1+2", b"3")))
    assert reading.values == {"s1_B8": "3"}
    assert reading.damages[0].mended


def test_one_bad_file_among_many_does_not_harm_the_others() -> None:
    form = named()
    layout = form.layout
    good = handed_out(layout, form.body, {"s1_C5": "5"})
    bad = [
        macro_added(layout, good, {}).body,
        saved_as_csv(layout, good, {}).body,
        b"",
        bytes(11_000_000),
    ]
    readings = read_forms(layout, [good, *bad, good])
    assert [reading.values for reading in readings] == [
        {"s1_C5": "5"},
        {},
        {},
        {},
        {},
        {"s1_C5": "5"},
    ]
    assert [reading.damages[0].kind for reading in readings[1:-1]] == [
        DamageKind.MACRO, DamageKind.NOT_A_WORKBOOK, DamageKind.NOT_A_WORKBOOK, DamageKind.UNREADABLE,
    ]  # fmt: skip


# ── values ────────────────────────────────────────────────────────────────────────────────────

NUMBER = FormField("s1_B2", "様式", ("B2",), "人数", FieldKind.NUMBER, unit="人")
DATE = FormField("s1_B3", "様式", ("B3",), "日付", FieldKind.DATE)
GAP = FormField("s1_B4", "様式", ("B4",), "日付", FieldKind.ERA_DATE, template="令和　年　月　日")
BOXES = FormField(
    "s1_B5", "様式", ("B5",), "方法", FieldKind.CHECKBOX,
    options=("郵送", "窓口", "その他（ ）"), template="□郵送　□窓口　□その他（　）",
)  # fmt: skip
CHOICE = FormField("s1_B6", "様式", ("B6",), "有無", FieldKind.CHOICE, options=("有", "無", "1"))
FIGURES = FormField("s1_B7", "様式", ("B7", "C7", "D7"), "番号", FieldKind.DIGITS)


@pytest.mark.parametrize(
    ("field", "typed", "value", "kinds"),
    [
        (NUMBER, "１，２３４", "1234", ["text_number"]),
        (NUMBER, "12 名", "12", ["unit"]),
        (NUMBER, "▲3", "-3", ["text_number"]),
        (NUMBER, "該当なし", "該当なし", []),
        (NUMBER, "12千人", None, ["unit"]),
        (NUMBER, "12件", None, ["unit"]),
        (NUMBER, "約12", None, ["wrong_type"]),
        (NUMBER, "1,23", None, ["wrong_type"]),
        (NUMBER, "(12)", None, ["wrong_type"]),
        (NUMBER, "10～20", None, ["wrong_type"]),
        (NUMBER, "－", None, ["wrong_type"]),
        (DATE, "R7.4.1", "2025-04-01", ["text_date"]),
        (DATE, "令和7年4月", None, ["incomplete"]),
        (DATE, "4/1", None, ["wrong_type"]),
        (GAP, "令和　年　月　日", None, []),
        (GAP, "令和 7 年 4 月 1 日", "2025-04-01", []),
        (GAP, "令和元年5月1日", "2019-05-01", []),
        (GAP, "令和7年　月　日", None, ["incomplete"]),
        (GAP, "令和7年2月30日", None, ["wrong_type"]),
        (GAP, "令和7年4月1日予定", "2025-04-01", ["text_date"]),
        (BOXES, "■郵送　□窓口　□その他（　）", "郵送", []),
        (BOXES, "☑郵送 ☑窓口 □その他（ ）", "郵送\n窓口", []),
        (BOXES, "□郵送　□窓口　□その他（　）", None, []),
        (BOXES, "□郵送　□窓口　■その他（電子）", "その他（電子）", []),
        (BOXES, "□郵送　□窓口　□その他（電子）", None, ["incomplete"]),
        (BOXES, "電話　■郵送　□窓口　□その他（　）", None, ["fixed_text"]),
        (BOXES, "窓口", "窓口", ["fixed_text"]),
        (BOXES, "■郵送　□支所　□その他（　）", None, ["fixed_text"]),
        (CHOICE, "有", "有", []),
        (CHOICE, " １", "1", ["not_in_list"]),
        (CHOICE, "有り", None, ["not_in_list"]),
    ],
)  # fmt: skip
def test_what_is_typed_is_read_as_it_is_meant_or_told(
    field: FormField, typed: str, value: str | None, kinds: list[str]
) -> None:
    said = value_of(field, [RawCell("s", typed)])
    assert (said.value, [str(kind) for kind, _, _ in said.told]) == (value, kinds)


@pytest.mark.parametrize(
    ("figures", "value", "kinds"),
    [
        (("1", "2", "3"), "123", []),
        (("", "0", "7"), "07", []),
        (("", "", ""), None, []),
        (("１", "", "3"), None, ["incomplete"]),
        (("123", "", ""), "123", ["text_number"]),
        (("12", "3", ""), None, ["wrong_type"]),
        (("", "該当なし", ""), "該当なし", []),
    ],
)
def test_figures_in_cells_of_their_own(
    figures: tuple[str, ...], value: str | None, kinds: list[str]
) -> None:
    said = value_of(FIGURES, [RawCell("s", figure) for figure in figures])
    assert (said.value, [str(kind) for kind, _, _ in said.told]) == (value, kinds)


def test_numbers_that_are_shown_as_something_else_are_told() -> None:
    assert value_of(NUMBER, [RawCell("d", "2025-01-02")]).value is None
    percent = value_of(NUMBER, [RawCell("n", "0.05", "0%")])
    assert (percent.value, percent.told[0][1]) == (
        "0.05", "「5%」と入力されています。0.05として読みました。",
    )  # fmt: skip
    assert value_of(NUMBER, [RawCell("n", "12", struck=True)]).value is None
    assert value_of(DATE, [RawCell("n", "45748")]).value is None


@given(st.text(alphabet="0123456789０１２９,，.．-－△人名円千万% 　約~", max_size=12))
def test_a_text_in_a_number_is_that_number_or_refused(typed: str) -> None:
    said = value_of(NUMBER, [RawCell("s", typed)])
    if said.value is None:
        assert not typed.strip(" 　") or [told for told in said.told if not told[2]]
        return
    digits = re.sub(r"\D", "", typed.translate(str.maketrans("０１２９", "0129")))
    assert re.sub(r"\D", "", f"{abs(Decimal(said.value)):f}").strip("0") == digits.strip("0")
    assert "千" not in typed
    assert "万" not in typed


@settings(max_examples=40, deadline=None)
@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3
    )
)
def test_a_number_comes_back_as_it_went_out(number: Decimal) -> None:
    layout = _NAMED.layout
    text = f"{number:f}".rstrip("0").rstrip(".") if number else "0"
    reading = reading_of(layout, RawBook(handed_out(layout, _NAMED.body, {"s1_C5": text})))
    assert reading.values == {"s1_C5": text}


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=40))
def test_a_text_comes_back_as_it_went_out_and_is_never_a_formula(text: str) -> None:
    layout = _PAPER.layout
    kept = value_of(replace(NUMBER, kind=FieldKind.TEXT), [RawCell("s", text)]).value
    if kept is None or kept == "該当なし":
        return
    body = handed_out(layout, _PAPER.body, {"s1_G13": kept})
    assert load_workbook(io.BytesIO(body))["様式第３号"]["G13"].data_type == "s"
    assert reading_of(layout, RawBook(body)).values == {"s1_G13": kept}


_NAMED, _PAPER = named(), graph_paper()
