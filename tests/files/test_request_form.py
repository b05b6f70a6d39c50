"""A municipality's own form: what is found in it, what is told of it, and what is put in."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table

from core.consultation.attachment import OfferedFile
from core.estimate.calculation import estimate
from core.estimate.request import EstimateRequest, PlanChoice
from core.estimate.request_form import FormField, missing_fields
from core.exports.request_form import (
    budget_form_values,
    request_form_file_name,
    request_form_workbook,
)
from core.imports.reading import ReadForm, request_form
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from tests.support.office import convert
from tests.support.reference import REFERENCE
from tests.support.request_forms import NAMES, a_form

DAY = date(2026, 11, 23)
FOUND = estimate(
    EstimateRequest(2027, (PlanChoice(6, 12), PlanChoice(4, 11)), unit_price=123_457),
    REFERENCE.plan_offers,
    REFERENCE.parameters,
)


def read(content: bytes, name: str = "様式第1号.xlsx") -> ReadForm:
    return request_form(OfferedFile(name, content))


def refusal(content: bytes, name: str = "様式第1号.xlsx") -> str:
    with pytest.raises(InvalidInputError) as refused:
        read(content, name)
    assert list(refused.value.problems) == ["file"]
    return refused.value.problems["file"]


def filled(content: bytes, *, made_up: bool = False) -> bytes:
    values = budget_form_values(
        FOUND, reference=REFERENCE, municipality="堺市", made_on=DAY, link="https://noriai.example/",
        made_up=made_up,
    )  # fmt: skip
    return request_form_workbook(content, read(content).places, values, made_up=made_up)


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            body = old.read(info)
            new.writestr(info, change(body) if info.filename == part else body)
    return stream.getvalue()


def test_marks_and_names_are_found_wherever_they_stand() -> None:
    form = read(a_form())
    assert {place.cell: [field.label for field in place.fields] for place in form.places} == {
        "A1": ["年度"],
        "B3": ["団体名"],
        "B4": ["事業名"],
        "B6": ["要求額千円"],
        "C6": ["一般財源"],
        "B7": ["積算基礎"],
        "B8": ["前提と注意"],
        "B10": ["都道府県支出金"],
    }
    assert FormField.LATER in missing_fields(form.places)
    assert form.notes == form.findings == ()


def test_only_the_marked_cells_change_and_numbers_are_numbers() -> None:
    content = a_form()
    sheet = load_workbook(io.BytesIO(filled(content))).active
    year = FOUND.first
    thousands = year.thousands
    assert sheet is not None
    assert sheet["A1"].value == "予算要求見積書(令和9年度)"
    assert (sheet["B3"].value, sheet["B4"].value) == ("堺市", REFERENCE.talent.name)
    assert (sheet["B6"].value, sheet["B6"].data_type) == (thousands.gross, "n")
    assert sheet["C6"].value == f"千円(うち一般財源 {year.net:,}円)"
    assert sheet["B10"].value == int(year.subsidy)
    assert "123,457円 × 12回" in str(sheet["B7"].value)
    assert "準用" in str(sheet["B8"].value)
    assert ("\n" in str(sheet["B7"].value), "\n" in str(sheet["B8"].value)) == (False, True)
    assert (sheet["B6"].font.bold, sheet["B6"].number_format) == (True, "#,##0")
    assert sheet["B11"].value == "=B6*1000-B10"
    before, after = (
        {info.filename: archive.read(info) for info in archive.infolist()}
        for archive in (zipfile.ZipFile(io.BytesIO(b)) for b in (content, filled(content)))
    )
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {
        "xl/workbook.xml", "xl/worksheets/sheet1.xml",
    }  # fmt: skip


def test_a_result_that_was_saved_with_the_form_is_not_shown_beside_new_amounts() -> None:
    stale = changed(
        a_form(),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb"(</f>)<v\s*/?>(</v>)?", rb"\1<v>777</v>", xml),
    )
    assert load_workbook(io.BytesIO(stale), data_only=True)["様式 1"]["B11"].value == 777
    book = load_workbook(io.BytesIO(filled(stale)), data_only=True)
    assert book["様式 1"]["B11"].value is None
    assert load_workbook(io.BytesIO(filled(stale))).calculation.fullCalcOnLoad


@pytest.mark.office
def test_another_program_opens_it_and_computes_its_formulas(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(filled(a_form()))
    (made,) = convert([path], "xlsx", tmp_path / "out")
    sheet = load_workbook(made, data_only=True)["様式 1"]
    thousand, subsidy = FOUND.first.thousands.gross, int(FOUND.first.subsidy)
    assert (sheet["B6"].value, sheet["B10"].value) == (thousand, subsidy)
    assert sheet["B11"].value == thousand * 1000 - subsidy


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"D20": "{{要求がく}}"}, "シート「様式 1」のD20: 「{{要求がく}}」という項目はありません。「{{要求額}}」ではありませんか。"),
        ({"D20": "{{担当課長の印}}"}, "シート「様式 1」のD20: 「{{担当課長の印}}」という項目はありません。"),
        ({"D20": "{{要求額}"}, "シート「様式 1」のD20: 「{{要求額}」の括弧が対になっていません。"),
        ({"D20": "{{ {{要求額}}"}, "シート「様式 1」のD20: "),
        ({"D20": '=IF(1=1,"{{要求額}}","")'}, ""),
    ],
)  # fmt: skip
def test_a_mark_that_is_misspelt_is_told_with_its_place(
    cells: Mapping[str, str], said: str
) -> None:
    content = a_form(cells)
    if said:
        assert refusal(content).startswith(said)
    else:
        assert "D20" not in [place.cell for place in read(content).places]


def test_all_that_is_wrong_is_told_at_once() -> None:
    said = refusal(a_form({"D20": "{{がく}}", "D21": "{{目}"}, {"要求額": "様式2!$A$1"}))
    assert [part in said for part in ("D20", "D21", "名前「要求額」")] == [True] * 3


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("#REF!", "1つのセルではありません"),
        ("'様式 1'!$B$6,'様式 1'!$B$7", "1つのセルではありません"),
        ("[1]様式!$B$6", "1つのセルではありません"),
        ("'様式 1'!$B$11", "数式のセルには入れられません"),
    ],
)
def test_a_name_that_leads_nowhere_is_told(target: str, why: str) -> None:
    assert why in refusal(a_form(names={"府支出金": target}))


def test_a_name_nearly_right_is_told_of_and_the_form_taken() -> None:
    form = read(a_form(names={**NAMES, "要求額合計": "'様式 1'!$D$6"}))
    assert ["要求額合計" in note for note in form.notes] == [True]


def test_a_form_without_a_place_for_the_amount_is_refused() -> None:
    assert "要求額を入れる場所がありません" in refusal(a_form({"A1": "{{年度}}"}, {}, base=False))
    assert "要求額を入れる場所がありません" in refusal(a_form({"A1": "様式"}, {}, base=False))


def test_a_mark_where_nothing_can_be_put_is_told_with_its_place() -> None:
    book = load_workbook(io.BytesIO(a_form()))
    sheet = book["様式 1"]
    sheet["B3"].comment = Comment("ここに{{団体名}}", "財政課")
    sheet.oddHeader.center.text = "{{年度}}"
    sheet["F1"], sheet["F2"] = "{{団体名}}", "x"
    sheet.add_table(Table(displayName="表1", ref="F1:F2"))
    content = io.BytesIO()
    book.save(content)
    said = refusal(content.getvalue())
    assert "シート「様式 1」のコメント" in said
    assert "シート「様式 1」のヘッダー・フッター" in said
    assert "シート「様式 1」のテーブルの見出し" in said


def test_a_name_may_lead_to_a_cell_that_is_not_there_yet() -> None:
    content = a_form(names={"府支出金": "'様式 1'!$F$30", "要求額": "'様式 1'!$B$5"})
    sheet = load_workbook(io.BytesIO(filled(content)))["様式 1"]
    assert sheet["F30"].value == int(FOUND.first.subsidy)
    assert sheet["B5"].value == int(FOUND.first.gross)
    rows = [int(row) for row in re.findall(
        r'<(?:\w+:)?row [^>]*?r="(\d+)"', zipfile.ZipFile(io.BytesIO(filled(content))).read(
            "xl/worksheets/sheet1.xml").decode())]  # fmt: skip
    assert rows == sorted(rows)


def test_texts_without_a_shared_list_and_a_prefix_are_read_and_filled() -> None:
    inline = changed(
        a_form({"D20": "x"}),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(
            rb'<c r="D20"[^>]*>.*?</c>',
            '<c r="D20" t="inlineStr"><is><t>{{補助</t><rPh><t>ほ</t></rPh><t>率}}</t></is></c>'.encode(),
            xml,
        ),
    )
    assert load_workbook(io.BytesIO(filled(inline)))["様式 1"]["D20"].value == "1/2"


def macro(content: bytes) -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (macro(a_form()), "様式.xlsx", "マクロが入っています"),
        (a_form(), "様式.xlsm", "Excelブック(.xlsx)ではありません"),
        (b"%PDF-1.7", "様式.xlsx", "中身はPDFです"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "様式.xlsx", "旧形式(.xls)"),
        (b"", "様式.xlsx", "空のファイル"),
        (a_form({"D20": "=cmd|'/c calc'!A0"}), "様式.xlsx", "DDE"),
        (
            changed(
                a_form(), "xl/worksheets/sheet1.xml",
                lambda xml: b'<!DOCTYPE x [<!ENTITY a "{{">]>' + xml[xml.index(b"<worksheet") :],
            ),
            "様式.xlsx",
            "読めません",
        ),
        (
            changed(a_form(), "xl/worksheets/sheet1.xml", lambda _: b"<" + b" " * 200_000_000),
            "様式.xlsx",
            "大きすぎる",
        ),
    ],
    ids=["macro", "xlsm", "pdf", "xls", "empty", "dde", "doctype", "bomb"],
)  # fmt: skip
def test_what_acts_or_is_no_workbook_is_refused(content: bytes, name: str, why: str) -> None:
    assert why in refusal(content, name)


def test_made_up_figures_are_marked_on_the_paper_too() -> None:
    sheet = load_workbook(io.BytesIO(filled(a_form(), made_up=True)))["様式 1"]
    assert sheet.oddHeader.center.text == "見本データ(架空)"
    assert str(sheet["B4"].value).startswith("【見本データ(架空)】")


def test_its_name_is_the_forms_own() -> None:
    name = request_form_file_name("様式第1号.xlsx", FiscalYear(2027), "堺市", DAY, made_up=False)
    assert name == "様式第1号_令和9年度_堺市_20261123.xlsx"


def test_a_sheet_that_is_not_the_first_is_filled_too() -> None:
    book = load_workbook(io.BytesIO(a_form()))
    assert isinstance(book, Workbook)
    more: Any = book.create_sheet("別紙")
    more["C3"] = "{{団体名}}"
    content = io.BytesIO()
    book.save(content)
    assert load_workbook(io.BytesIO(filled(content.getvalue())))["別紙"]["C3"].value == "堺市"
