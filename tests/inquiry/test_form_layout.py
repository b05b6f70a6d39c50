"""What of an empty form is found: cells, labels, kinds, lists; and how a sheet is drawn."""

from __future__ import annotations

import json
import re

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from core.imports.form.book import RawBook
from core.imports.form.found import MOST_FIELDS, layout_of
from core.imports.form.reading import found_layout, marked, sheet_picture
from core.inquiry.form.field import FieldKind, FormField, FormLayout, FoundBy
from core.inquiry.form.template import with_date, with_ticks
from core.values.errors import InvalidInputError
from tests.support.form_damage import repacked
from tests.support.forms import (
    MAKERS,
    OPEN,
    AForm,
    graph_paper,
    headings,
    many_rows,
    named,
    one_row,
    saved,
    two_sheets,
    unmarked,
)


def by_label(form: AForm) -> dict[str, FormField]:
    return {field.label: field for field in form.layout.fields}


def refusal(body: bytes) -> str:
    with pytest.raises(InvalidInputError) as refused:
        found_layout(body)
    return refused.value.problems["file"]


def test_unlocked_cells_take_their_names_from_merged_headings_and_their_rows() -> None:
    fields = by_label(headings())
    found = {label: (field.address, field.kind, field.unit) for label, field in fields.items()}
    assert (
        found.items()
        >= {
            "団体コード": ("B3", FieldKind.TEXT, ""),
            "基準日": ("D4", FieldKind.DATE, ""),
            "正規職員 令和7年度 人数(人)": ("B8", FieldKind.NUMBER, "人"),
            "外部人材 令和8年度(見込み) 予算額（千円）": ("E11", FieldKind.YEN, "千円"),
            "会計年度任用職員 方法": ("F10", FieldKind.CHOICE, ""),
            "備考": ("B14", FieldKind.TEXT, ""),
        }.items()
    )
    assert fields["正規職員 方法"].options == ("採用", "派遣", "委託", "兼業・副業")
    assert headings().layout.found_by is FoundBy.UNLOCKED
    assert len(fields) == 25


def test_what_stays_is_kept_by_address() -> None:
    (sheet,) = headings().layout.sheets
    assert sheet.protected
    assert sheet.fixed["A12"] == "合　計"
    assert sheet.formulas["E12"] == "SUM(E8:E11)"
    assert "B14:F15" in sheet.merged
    assert not set(sheet.fixed) & {"B3", "B8"}


def test_lists_on_a_hidden_sheet_are_read_and_its_cells_are_no_fields() -> None:
    layout = two_sheets().layout
    assert [sheet.shown for sheet in layout.sheets] == [True, True, False]
    assert layout.by_key["s1_B6"].options == ("導入済み", "導入予定", "検討中", "予定なし")
    assert {field.sheet for field in layout.fields} == {"基本情報", "明細"}
    assert layout.by_key["s2_C4"].unit == "千円"  # said once for the sheet
    assert layout.by_key["s2_C8"].adds_up
    assert layout.by_key["s1_B7"].kind is FieldKind.DATE


def test_a_list_as_excel_2010_keeps_those_of_other_sheets_is_read() -> None:
    def later(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        part = re.sub(rb"<dataValidations.*</dataValidations>", b"", part)
        return part.replace(
            b"</worksheet>",
            '<extLst><ext xmlns:x14="urn:x14" xmlns:xm="urn:xm"><x14:dataValidations>'
            '<x14:dataValidation type="list"><x14:formula1><xm:f>選択肢!$A$1:$A$3</xm:f></x14:formula1>'
            "<xm:sqref>B6</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
            "</worksheet>".encode(),
        )

    layout = layout_of(RawBook(repacked(two_sheets().body, later)))
    assert layout.by_key["s1_B6"].options == ("導入済み", "導入予定", "検討中")


def test_a_table_of_many_rows_names_each_cell_by_row_and_column() -> None:
    fields = by_label(many_rows())
    assert len(fields) == 194
    assert fields["業務48 年間費用（円）"].address == "D52"
    assert fields["業務01 利用者数"].kind is FieldKind.NUMBER


def test_without_protection_named_cells_are_the_fields() -> None:
    layout = named().layout
    assert layout.found_by is FoundBy.NAMES
    assert [(field.label, field.address) for field in layout.fields] == [
        ("団体名", "C4"), ("実施回数", "C5"), ("参加者数", "C6"), ("満足度", "C7"), ("次回の希望", "C8"),
    ]  # fmt: skip
    assert (layout.by_key["s1_C5"].unit, layout.by_key["s1_C7"].percent) == ("回", True)
    assert not layout.by_key["s1_C7"].adds_up


def test_without_either_nothing_is_found_and_cells_are_marked_by_hand() -> None:
    form = unmarked()
    assert found_layout(form.body).found_by is FoundBy.NOTHING
    layout = marked(form.body, form.marks or [])
    assert layout.found_by is FoundBy.MARKS
    assert layout.by_key["s1_C12"].label == "支所3 来庁者数"
    assert layout.by_key["s1_B6"].kind is FieldKind.DATE
    with pytest.raises(InvalidInputError) as refused:
        marked(form.body, [("別紙", "B15"), ("別紙2", "A1"), ("別紙", "どこか"), ("別紙", "C7")])
    assert set(refused.value.problems) == {"cells"}
    said = refused.value.problems["cells"]
    for told in ("「B15」(数式)", "「別紙2」の「A1」", "「C7」(結合の途中)"):
        assert told in said


def test_graph_paper_has_gaps_in_texts_boxes_and_figures_in_cells() -> None:
    fields = by_label(graph_paper())
    assert fields["団体コード"].cells == ("AA4", "AB4", "AC4", "AD4", "AE4", "AF4")
    assert fields["団体コード"].kind is fields["対策経費"].kind is FieldKind.DIGITS
    assert (fields["対策経費"].unit, fields["対策経費"].adds_up) == ("円", True)
    assert not fields["団体コード"].is_number
    assert (fields["日付"].kind, fields["日付"].address) == (FieldKind.ERA_DATE, "X2")
    assert fields["委任の有無"].options == ("有", "無")
    assert fields["実施した対策（複数可） 監査の実施"].options == ("監査の実施",)
    assert fields["責任者 氏名"].kind is FieldKind.TEXT
    assert fields["訓練の実施 回数"].unit == "回"


def test_narrow_columns_of_a_table_are_no_figures_of_one_number() -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for place, month in enumerate(("4月", "5月", "6月", "7月")):
        sheet.cell(1, 2 + place, month)
        sheet.cell(2, 2 + place).protection = OPEN
        sheet.column_dimensions["BCDE"[place]].width = 4
    sheet["A2"] = "件数"
    sheet.protection.sheet = True
    layout = layout_of(RawBook(saved(book)))
    assert [field.label for field in layout.fields] == [
        "件数 4月",
        "件数 5月",
        "件数 6月",
        "件数 7月",
    ]


def test_boxes_in_cells_of_their_own_in_a_row_are_one_field() -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"], sheet["B1"], sheet["C1"], sheet["D1"], sheet["E1"] = (
        "有無",
        "□",
        "有り",
        "□",
        "無し",
    )
    sheet["B1"].protection = sheet["D1"].protection = OPEN
    sheet.protection.sheet = True
    (field,) = layout_of(RawBook(saved(book))).fields
    assert (field.label, field.cells, field.options) == ("有無", ("B1", "D1"), ("有り", "無し"))


@pytest.mark.parametrize("make", [*MAKERS, one_row], ids=lambda make: make.__name__)
def test_a_layout_is_the_same_after_json(make: object) -> None:
    layout = make().layout  # type: ignore[operator]
    assert FormLayout.of_plain(json.loads(json.dumps(layout.plain()))) == layout


def test_a_sheet_is_drawn_with_its_merges_widths_and_fills() -> None:
    (picture,) = sheet_picture(headings().body)
    cells = {cell.address: cell for row in picture.rows for cell in row.cells}
    assert (cells["B6"].text, cells["B6"].columns, cells["A6"].rows) == ("令和7年度", 2, 2)
    assert "C6" not in cells
    assert (cells["A6"].fill, cells["B8"].unlocked, cells["B12"].formula) == ("#e6e6e6", True, True)
    assert picture.widths[0] == pytest.approx(15)
    assert not picture.cut
    first, _, hidden = sheet_picture(two_sheets().body)
    assert (first.shown, hidden.shown) == (True, False)


def test_a_workbook_that_cannot_be_taken_says_what_to_do_and_nothing_of_csv() -> None:
    assert ".xlsxで保存し直してください" in refusal(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    )
    assert "PDF" in refusal(b"%PDF-1.7")
    for said in map(
        refusal, (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"%PDF-1.7", b"a,b")
    ):
        assert "CSV" not in said
        assert "添付" not in said


def test_a_form_of_far_too_many_cells_is_refused_with_what_to_do() -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in range(1, MOST_FIELDS + 2):
        sheet.cell(row, 1).protection = OPEN
    sheet.protection.sheet = True
    assert f"{MOST_FIELDS:,}個まで" in refusal(saved(book))


def test_merged_cells_of_a_million_rows_end_nowhere() -> None:
    def change(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/"):
            return part
        return part.replace(
            b"</sheetData>",
            b'</sheetData><mergeCells><mergeCell ref="H1:XFD1048576"/></mergeCells>',
        )

    content = repacked(named().body, change)
    assert len(found_layout(content).fields) == 5
    assert sheet_picture(content)[0].rows


def test_texts_that_are_completed_keep_what_stands_around() -> None:
    assert with_date("（西暦　　年　　月　　日現在）", "2025-04-01") == "（西暦2025年4月1日現在）"
    assert with_ticks("☐可　☐否", {"否"}) == "☐可　■否"
    assert with_ticks("■可　□否", {"否"}) == "□可　■否"
