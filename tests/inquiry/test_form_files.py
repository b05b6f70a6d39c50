"""Forms that go out: only the cells change, pictures, lists and print settings stay, sums reach all."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from random import Random

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from core.exports.form.by_row import merged_by_row
from core.exports.form.by_sheet import merged_by_sheet
from core.exports.form.handed_out import handed_out
from core.exports.form.tally import tally_workbook
from core.imports.form.book import RawBook
from core.imports.form.check import reading_of
from core.inquiry.form.answer import FormRow
from core.values.errors import InvalidInputError
from tests.support.form_damage import repacked
from tests.support.forms import (
    AForm,
    answers,
    graph_paper,
    headings,
    named,
    one_row,
    two_sheets,
)

TOWNS = (("271004", "大阪市"), ("271403", "堺市"), ("272027", "岸和田市"))


def parts(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def rows_of(form: AForm, *, missing: bool = True) -> list[FormRow]:
    rows = [
        FormRow(code, name, answers(form.layout, code, name, Random(code))) for code, name in TOWNS
    ]
    return [*rows, *([FormRow("272035", "豊中市", None)] if missing else [])]


def sheet(body: bytes, name: str) -> Worksheet:
    found = load_workbook(io.BytesIO(body))[name]
    assert isinstance(found, Worksheet)
    return found


def test_only_the_sheets_that_are_filled_change() -> None:
    form = headings()
    before = parts(form.body)
    after = parts(
        handed_out(form.layout, form.body, {"s1_B8": "12", "s1_B14": "=cmd|' /C calc'!A0"})
    )
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {
        "xl/workbook.xml", "xl/worksheets/sheet1.xml",
    }  # fmt: skip
    assert any(name.startswith("xl/media/") for name in after)
    assert b"fullCalcOnLoad" in after["xl/workbook.xml"]


def test_everything_else_of_a_sheet_is_there_after_it_was_filled() -> None:
    form = headings()
    body = handed_out(
        form.layout, form.body, {"s1_B8": "12", "s1_B14": "=1+1", "s1_D4": "2025-04-01"}
    )
    found = sheet(body, "様式1")
    assert (found["B8"].value, found["B8"].data_type, found["B8"].number_format) == (
        12,
        "n",
        "#,##0",
    )
    assert (found["B14"].value, found["B14"].data_type) == ("=1+1", "s")
    assert found["D4"].value.date() == date(2025, 4, 1)
    assert found["B12"].value == "=SUM(B8:B11)"
    assert found.protection.sheet
    assert found.data_validations.dataValidation[0].formula1 == '"採用,派遣,委託,兼業・副業"'
    assert found.print_area == "'様式1'!$A$1:$F$15"
    assert found.oddHeader.center.text == "令和7年度調査"
    assert len(found._images) == 1  # type: ignore[attr-defined]


def test_a_result_that_was_saved_with_the_form_is_not_shown_beside_new_values() -> None:
    form = headings()

    def stale(name: str, part: bytes) -> bytes:
        return (
            re.sub(rb"(</f>)<v\s*/?>(</v>)?", rb"\1<v>777</v>", part) if "sheet1" in name else part
        )

    body = handed_out(form.layout, repacked(form.body, stale), {})
    assert b"777" not in parts(body)["xl/worksheets/sheet1.xml"]


def test_texts_with_gaps_and_boxes_are_completed() -> None:
    form = graph_paper()
    values = {
        "s1_X2": "2025-04-01", "s1_AA6": "2025-10", "s1_AA5": "無", "s1_G9": "監査の実施",
        "s1_AA4": "271403", "s1_G12": "50",
    }  # fmt: skip
    found = sheet(handed_out(form.layout, form.body, values), "様式第３号")
    texts = [
        found[at].value
        for at in ("X2", "AA6", "AA5", "G8", "G9", "AA4", "AF4", "L12", "M12", "N12")
    ]
    assert texts == [
        "令和7年4月1日", "令和7年10月", "□有　　■無", "□", "■", 2, 3, None, 5, 0,
    ]  # fmt: skip


def test_a_sheet_per_municipality_carries_everything_and_refers_to_itself() -> None:
    form = two_sheets()
    rows = rows_of(form)
    body = merged_by_sheet(form.layout, form.body, rows)
    book = load_workbook(io.BytesIO(body))
    assert book.sheetnames == [
        "271004大阪市 基本情報", "271004大阪市 明細", "271403堺市 基本情報", "271403堺市 明細",
        "272027岸和田市 基本情報", "272027岸和田市 明細", "選択肢",
    ]  # fmt: skip
    assert book["選択肢"].sheet_state == "hidden"
    second = book["271403堺市 基本情報"]
    assert "'271403堺市 明細'!C9" in str(second["B5"].value)
    assert second.data_validations.dataValidation[0].formula1 == "選択肢!$A$1:$A$4"
    charts = [part for name, part in parts(body).items() if name.startswith("xl/charts/chart")]
    spoken_of = {re.findall(rb"<(?:c:)?f>'?([^'!]+)", part)[0].decode() for part in charts}
    assert spoken_of == {"271004大阪市 明細", "271403堺市 明細", "272027岸和田市 明細"}


@pytest.mark.parametrize("make", [headings, two_sheets, named, graph_paper, one_row])
def test_what_is_merged_by_sheet_is_what_was_answered(make: object) -> None:
    form = make()  # type: ignore[operator]
    layout, rows = form.layout, rows_of(form)
    merged = merged_by_sheet(layout, form.body, rows)
    names = load_workbook(io.BytesIO(merged), read_only=True).sheetnames
    for row in rows[:3]:
        own = {name for name in names if name.startswith(f"{row.lg_code}{row.name}")}
        book = RawBook(merged)
        book.sheets = [each for each in book.sheets if each.name in own]
        assert reading_of(layout, book).values == row.values


def test_pictures_are_there_once_for_every_municipality() -> None:
    form = headings()
    merged = merged_by_sheet(form.layout, form.body, rows_of(form))
    book = load_workbook(io.BytesIO(merged))
    assert [len(each._images) for each in book.worksheets] == [1, 1, 1]  # type: ignore[attr-defined]
    assert [each.print_area for each in book.worksheets] == [
        f"'{name}'!$A$1:$F$15" for name in book.sheetnames
    ]
    assert [each.protection.sheet for each in book.worksheets] == [True] * 3


def test_the_row_of_a_form_is_had_once_per_municipality_and_its_sums_reach_all() -> None:
    form = one_row()
    rows = rows_of(form)
    for row in rows[:2]:
        assert isinstance(row.values, dict)
        del row.values["s1_B5"]  # whose a row is stands in it even if nobody wrote it
    found = sheet(merged_by_row(form.layout, form.body, rows), "一覧")
    assert [found[f"B{row}"].value for row in (5, 6, 7)] == ["大阪市", "堺市", "岸和田市"]
    assert [found[f"E{row}"].value for row in (5, 6, 7)] == [
        "=SUM(C5:D5)",
        "=SUM(C6:D6)",
        "=SUM(C7:D7)",
    ]
    assert [found[f"{c}8"].value for c in "ACDE"] == [
        "合　計", "=SUM(C5:C7)", "=SUM(D5:D7)", "=SUM(E5:E7)",
    ]  # fmt: skip
    assert found["A10"].value == "※　千円未満は切り捨てること。"
    assert {str(each) for each in found.merged_cells.ranges} >= {"A8:B8", "A10:F10", "C3:D3"}
    assert str(found.data_validations.dataValidation[0].sqref) == "F5:F7"
    assert found.print_area == "'一覧'!$A$1:$F$10"
    assert found["C6"].number_format == "#,##0"
    assert sheet(merged_by_row(form.layout, form.body, rows), "総括")["B1"].value == "=一覧!E8"


def test_formulas_that_excel_keeps_once_for_several_cells_are_written_out() -> None:
    form = one_row()

    def shared(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        part = part.replace(
            b"<f>SUM(C5:D5)</f>", b'<f t="shared" ref="E5:E6" si="0">SUM(C5:D5)</f>'
        )
        return part.replace(b"<f>SUM(E5)</f>", b'<f t="shared" si="0"/>')

    body = repacked(form.body, shared)
    found = sheet(merged_by_row(form.layout, body, rows_of(form)), "一覧")
    assert [found[f"E{row}"].value for row in (5, 6, 7, 8)] == [
        "=SUM(C5:D5)", "=SUM(C6:D6)", "=SUM(C7:D7)", "=SUM(C8:D8)",
    ]  # fmt: skip


def test_a_form_of_more_than_a_row_becomes_a_row_under_its_labels() -> None:
    form = named()
    rows = rows_of(form)
    found = sheet(merged_by_row(form.layout, form.body, rows), "回答の一覧")
    assert [found.cell(3, column).value for column in range(3, 8)] == [
        "団体名", "実施回数(回)", "参加者数(人)", "満足度", "次回の希望",
    ]  # fmt: skip
    assert [found.cell(row, 1).value for row in (4, 5, 6)] == [code for code, _ in TOWNS]
    for place, row in enumerate(rows[:3], start=4):
        value = (row.values or {}).get("s1_C5")
        shown = found.cell(place, 4).value
        assert value == (None if shown is None else str(shown).removesuffix(".0"))
    assert found["D7"].value == "=SUM(D4:D6)"
    assert found["F7"].value is None  # a share has no sum


def test_the_tally_tells_four_things_apart_and_names_who_is_missing() -> None:
    form = named()
    values = [{"s1_C5": str(100 + n), "s1_C6": "0"} for n in range(8)]
    rows = [FormRow(f"27000{n}", f"第{n}市", each) for n, each in enumerate(values)]
    rows += [
        FormRow("279001", "円の町", {"s1_C5": "100000", "s1_C6": "該当なし"}),
        FormRow("279002", "空の町", {"s1_C4": "空の町"}),
        FormRow("279003", "無の町", None),
    ]
    body = tally_workbook(
        form.layout, rows, title="研修の調査", made_on=date(2026, 1, 1), made_up=False
    )
    found = sheet(body, "集計")
    head = [cell.value for cell in found[4]]
    assert head[4:11] == ["記入あり", "0", "空欄", "該当なし", "未回答", "合計", "外れ値"]
    times, people = [cell.value for cell in found[6]], [cell.value for cell in found[7]]
    assert times[4:9] == [9, 0, 1, 0, 1]
    assert times[10] == "円の町"
    assert people[4:9] == [0, 8, 1, 1, 1]
    assert times[-2:] == ["空欄", "未回答"]
    assert people[-3:] == ["該当なし", "空欄", "未回答"]
    assert people[11] == 0
    missing = sheet(body, "未回答")
    assert [cell.value for cell in missing[5]][:2] == ["279003", "無の町"]
    book = [[cell.value for cell in row] for row in sheet(body, "項目の説明").iter_rows(min_row=5)]
    assert ["s1_C5", "回答票", "C5", "実施回数", "数", "回"] in [row[:6] for row in book]


def test_nobody_having_answered_is_said() -> None:
    form = named()
    rows = [FormRow("271403", "堺市", None)]
    for merge in (merged_by_sheet, merged_by_row):
        with pytest.raises(InvalidInputError) as refused:
            merge(form.layout, form.body, rows)
        assert set(refused.value.problems) == {"rows"}


def test_made_up_data_is_marked_on_every_sheet() -> None:
    form = one_row()
    rows = rows_of(form)
    made = [
        handed_out(form.layout, form.body, {}, made_up=True),
        merged_by_sheet(form.layout, form.body, rows, made_up=True),
        merged_by_row(form.layout, form.body, rows, made_up=True),
    ]
    for body in made:
        for each in load_workbook(io.BytesIO(body)).worksheets:
            assert "見本データ(架空)" in each.oddHeader.center.text
