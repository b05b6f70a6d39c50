"""Forms as ministries send them, made here: each with something that general tools lose."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Pixels

from core.imports.form.book import RawBook
from core.imports.form.found import Marks, layout_of
from core.inquiry.form.answer import SEPARATOR
from core.inquiry.form.field import FieldKind, FormField, FormLayout
from core.inquiry.form.recognise import given_values

EDGE = Border(*[Side("thin")] * 4)
GREY = PatternFill("solid", fgColor="E6E6E6")
OPEN = Protection(locked=False)


@dataclass(frozen=True)
class AForm:
    """A form and how its fields are found."""

    name: str
    body: bytes
    marks: Marks | None = None

    @property
    def layout(self) -> FormLayout:
        return layout_of(RawBook(self.body), self.marks)


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet(book: Workbook, title: str) -> Worksheet:
    sheet = book.active if book.sheetnames == ["Sheet"] else book.create_sheet()
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    return sheet


def _texts(sheet: Worksheet, texts: Mapping[str, object]) -> None:
    for at, text in texts.items():
        sheet[at] = text
        sheet[at].border, sheet[at].fill = EDGE, GREY


def _open(sheet: Worksheet, *ranges: str, shown_as: str = "") -> None:
    for ref in ranges:
        cells = sheet[ref] if ":" in ref else ((sheet[ref],),)
        for row in cells:
            for cell in row:
                cell.protection, cell.border = OPEN, EDGE
                if shown_as:
                    cell.number_format = shown_as


def headings() -> AForm:
    """Merged headings over two years, a list, sums, a picture; protected."""
    book = Workbook()
    sheet = _sheet(book, "様式1")
    _texts(sheet, {
        "A1": "デジタル人材の確保に関する調査票", "A3": "団体コード", "C3": "団体名", "A4": "担当課", "C4": "基準日",
        "A6": "区　分", "B6": "令和7年度", "D6": "令和8年度(見込み)", "F6": "方法",
        "B7": "人数(人)", "C7": "予算額（千円）", "D7": "人数(人)", "E7": "予算額（千円）",
        "A8": "正規職員", "A9": "任期付職員", "A10": "会計年度任用職員", "A11": "外部人材", "A12": "合　計",
        "A14": "備考",
    })  # fmt: skip
    for ref in ("A1:F1", "A6:A7", "B6:C6", "D6:E6", "F6:F7", "B14:F15"):
        sheet.merge_cells(ref)
    _open(sheet, "B3", "D3", "B4", "B14:F15")
    sheet["B3"].number_format = "@"
    _open(sheet, "D4", shown_as="yyyy/m/d")
    _open(sheet, "B8:E11", shown_as="#,##0")
    _open(sheet, "F8:F11")
    chosen = DataValidation("list", formula1='"採用,派遣,委託,兼業・副業"', allow_blank=True)
    chosen.add("F8:F11")
    sheet.add_data_validation(chosen)
    for column in "BCDE":
        sheet[f"{column}12"] = f"=SUM({column}8:{column}11)"
    sheet["F12"] = '=IF(B12=0,"",ROUND(C12/B12,1))'
    picture = io.BytesIO()
    Pixels.new("RGB", (8, 8), (200, 30, 30)).save(picture, "PNG")
    sheet.add_image(Image(picture), "H2")
    sheet.protection.sheet = True
    sheet.print_area = "A1:F15"
    sheet.oddHeader.center.text = "令和7年度調査"
    for column in "ABCDEF":
        sheet.column_dimensions[column].width = 15
    return AForm("headings", saved(book))


def two_sheets() -> AForm:
    """Two sheets that compute from each other, lists on a hidden third, a chart; protected."""
    book = Workbook()
    first, second, lists = _sheet(book, "基本情報"), _sheet(book, "明細"), _sheet(book, "選択肢")
    _texts(first, {"A1": "１　基本情報", "A2": "市町村名", "A3": "記入者氏名", "A4": "人口", "C4": "人",
                   "A5": "１人当たり経費", "C5": "円", "A6": "導入の状況", "A7": "提出日"})  # fmt: skip
    _open(first, "B2:B4", "B6", "B7")
    first["B7"].number_format = '[$-411]ggge"年"m"月"d"日"'
    first["B4"].number_format = "#,##0"
    first["B5"] = "=IF(N(B4)=0,0,ROUND(明細!C9*1000/B4,0))"
    _texts(second, {"A1": "２　経費の明細", "C1": "（単位：千円）", "A3": "No.", "B3": "システム", "C3": "経費", "D3": "開始日",
                    "B9": "計"})  # fmt: skip
    for number in range(1, 6):
        second[f"A{number + 3}"] = number
    _open(second, "B4:B8")
    _open(second, "C4:C8", shown_as='#,##0;"△"#,##0')
    _open(second, "D4:D8", shown_as="yyyy/mm/dd")
    second["C9"] = "=SUM(C4:C8)"
    for place, text in enumerate(("導入済み", "導入予定", "検討中", "予定なし"), start=1):
        lists[f"A{place}"] = text
    lists.sheet_state = "hidden"
    chosen = DataValidation("list", formula1="選択肢!$A$1:$A$4")
    chosen.add("B6")
    first.add_data_validation(chosen)
    chart = BarChart()
    chart.add_data(Reference(second, min_col=3, min_row=4, max_row=8))
    second.add_chart(chart, "F3")
    for sheet in (first, second):
        sheet.protection.sheet = True
        sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 20
    return AForm("two_sheets", saved(book))


def many_rows(number: int = 48) -> AForm:
    """A table of many rows, each with its name; 200 cells to fill in."""
    book = Workbook()
    sheet = _sheet(book, "システム調査")
    _texts(sheet, {"A1": "システムの状況", "A2": "団体名", "D2": "団体コード", "A4": "番号", "B4": "業務", "C4": "利用者数",
                   "D4": "年間費用\n（円）", "E4": "方式", "F4": "備考"})  # fmt: skip
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("B2:C2")
    _open(sheet, "B2:C2", "E2")
    last = 4 + number
    for row in range(5, last + 1):
        _texts(sheet, {f"A{row}": row - 4, f"B{row}": f"業務{row - 4:02}"})
    _open(sheet, f"C5:D{last}", shown_as="#,##0")
    _open(sheet, f"E5:F{last}")
    chosen = DataValidation("list", formula1='"クラウド,庁内,共同利用"')
    chosen.add(f"E5:E{last}")
    sheet.add_data_validation(chosen)
    _texts(sheet, {f"B{last + 1}": "合計"})
    sheet[f"C{last + 1}"] = f"=SUM(C5:C{last})"
    sheet[f"D{last + 1}"] = f"=SUM(D5:D{last})"
    sheet.protection.sheet = True
    sheet.column_dimensions["B"].width = sheet.column_dimensions["F"].width = 20
    return AForm("many_rows", saved(book))


def named() -> AForm:
    """Without protection; its cells have names."""
    book = Workbook()
    sheet = _sheet(book, "回答票")
    _texts(sheet, {"B2": "研修の実施に関する回答", "B4": "団体名", "B5": "実施回数", "D5": "回", "B6": "参加者数", "D6": "人",
                   "B7": "満足度", "B8": "次回の希望", "B9": "1回当たり"})  # fmt: skip
    sheet["C7"].number_format = "0.0%"
    sheet["C9"] = "=IF(N(C5)=0,0,N(C6)/C5)"
    for name, at in {
        "団体名": "$C$4",
        "実施回数": "$C$5",
        "参加者数": "$C$6",
        "満足度": "$C$7",
        "次回の希望": "$C$8",
    }.items():
        sheet[at.replace("$", "")].border = EDGE
        book.defined_names[name] = DefinedName(name, attr_text=f"回答票!{at}")
    chosen = DataValidation("list", formula1='"希望する,希望しない,未定"')
    chosen.add("C8")
    sheet.add_data_validation(chosen)
    return AForm("named", saved(book))


def unmarked() -> AForm:
    """Neither protection nor names: the cells are marked by hand."""
    book = Workbook()
    sheet = _sheet(book, "別紙")
    _texts(sheet, {"A1": "窓口の状況について", "A3": "市区町村名", "A4": "窓口の数", "A5": "うち電子化済み", "A6": "開始年月日",
                   "A7": "今後の予定", "A9": "支所", "B9": "職員数", "C9": "来庁者数"})  # fmt: skip
    for row in range(10, 15):
        _texts(sheet, {f"A{row}": f"支所{row - 9}"})
    sheet["B6"].number_format = "yyyy/m/d"
    sheet["B15"] = "=SUM(B10:B14)"
    sheet["C15"] = "=SUM(C10:C14)"
    sheet.merge_cells("B7:C7")
    marks = [("別紙", "B3"), ("別紙", "B4:B6"), ("別紙", "B7"), ("別紙", "B10:C14")]
    return AForm("unmarked", saved(book), marks)


def graph_paper() -> AForm:
    """方眼紙: narrow columns merged by the dozen, gaps within texts, boxes, one figure a cell."""
    book = Workbook()
    sheet = _sheet(book, "様式第３号")
    for column in range(1, 41):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = 2.6

    def put(ref: str, text: str = "", *, answer: bool = False) -> None:
        first = ref.partition(":")[0]
        if text:
            sheet[first] = text
        if ":" in ref:
            sheet.merge_cells(ref)
        sheet[first].alignment = Alignment(wrap_text=True, vertical="center")
        sheet[first].border = EDGE
        if answer:
            sheet[first].protection = OPEN
        else:
            sheet[first].fill, sheet[first].font = GREY, Font(bold=True)

    put("A1:AN1", "情報セキュリティ対策実施状況報告書")
    put("X2:AN2", "令和　　年　　月　　日", answer=True)
    put("A4:F4", "団　体　名")
    put("G4:T4", answer=True)
    put("U4:Z4", "団体コード")
    for column in ("AA", "AB", "AC", "AD", "AE", "AF"):
        put(f"{column}4", answer=True)
    put("A5:F6", "責任者")
    put("G5:J5", "職")
    put("K5:T5", answer=True)
    put("G6:J6", "氏名")
    put("K6:T6", answer=True)
    put("U5:Z5", "委任の有無")
    put("AA5:AN5", "□有　　□無", answer=True)
    put("U6:Z6", "運用開始")
    put("AA6:AN6", "令和　年　月", answer=True)
    put("A8:F10", "実施した対策\n（複数可）")
    for row, words in ((8, "研修の実施"), (9, "監査の実施"), (10, "訓練の実施")):
        put(f"G{row}", "□", answer=True)
        put(f"H{row}:T{row}", words)
        put(f"U{row}:Z{row}", "回数")
        put(f"AA{row}:AF{row}", answer=True)
        put(f"AG{row}:AH{row}", "回")
    put("A12:F12", "対策経費")
    for column in "GHIJKLMN":
        put(f"{column}12", answer=True)
    put("O12:P12", "円")
    put("A13:F16", "意見")
    put("G13:AN16", answer=True)
    sheet.protection.sheet = True
    return AForm("graph_paper", saved(book))


def one_row() -> AForm:
    """A single row to fill in under merged headings, a total below, notes beneath."""
    book = Workbook()
    sheet = _sheet(book, "一覧")
    _texts(sheet, {"A1": "共同調達の参加意向一覧", "A3": "団体コード", "B3": "団体名", "C3": "経費（千円）", "C4": "令和7", "D4": "令和8",
                   "E3": "計", "F3": "意向", "A6": "合　計", "A8": "※　千円未満は切り捨てること。"})  # fmt: skip
    for ref in ("A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4", "A6:B6", "A8:F8"):
        sheet.merge_cells(ref)
    _open(sheet, "A5:B5", "F5")
    _open(sheet, "C5:D5", shown_as="#,##0")
    sheet["A5"].number_format = "@"
    sheet["E5"] = "=SUM(C5:D5)"
    sheet["C6"], sheet["D6"], sheet["E6"] = "=SUM(C5:C5)", "=D5", "=SUM(E5)"
    chosen = DataValidation("list", formula1='"参加する,参加しない,検討中"')
    chosen.add("F5")
    sheet.add_data_validation(chosen)
    other = _sheet(book, "総括")
    _texts(other, {"A1": "総額"})
    other["B1"] = "=一覧!E6"
    sheet.protection.sheet = True
    sheet.print_area = "A1:F8"
    return AForm("one_row", saved(book))


MAKERS: Sequence[Callable[[], AForm]] = (
    headings, two_sheets, many_rows, named, unmarked, graph_paper,
)  # fmt: skip


WORDS = (
    "クラウド移行を検討中",
    "=cmd|' /C calc'!A0",
    "庁内で協議",
    "2,000人規模の研修",
    "髙﨑課長に確認",
    "改行\nのある意見",
    "0123",
)


def answers(layout: FormLayout, lg_code: str, name: str, draw: Random) -> dict[str, str]:
    """What a municipality may answer: a value, 0, 該当なし or nothing in each field."""
    found = {}
    for field in layout.fields:
        value = _answer(field, draw)
        if value:
            found[field.key] = value
    return found | given_values(layout, lg_code, name)


def _answer(field: FormField, draw: Random) -> str:
    chance = draw.random()
    if chance < 0.1:
        return ""
    if chance < 0.15:
        return "該当なし"
    match field.kind:
        case FieldKind.DIGITS:
            return str(draw.randrange(10 ** draw.randint(1, len(field.cells))))
        case FieldKind.CHOICE:
            return draw.choice(field.options)
        case FieldKind.CHECKBOX:
            many = draw.randint(0, len(field.options)) if len(field.options) > 2 else 1
            ticked = draw.sample(field.options, many)
            return SEPARATOR.join(option for option in field.options if option in ticked)
        case FieldKind.DATE | FieldKind.ERA_DATE:
            day = date(2025, 3, 25) + timedelta(days=draw.randrange(12))
            return day.isoformat() if "日" in (field.template or "日") else day.isoformat()[:7]
        case FieldKind.NUMBER | FieldKind.YEN:
            if chance < 0.25:
                return "0"
            if field.percent:
                return f"0.{draw.randint(1, 9)}"
            return str(draw.choice((draw.randrange(1, 50), draw.randrange(1, 10**9), -5, "1234.5")))
        case _:
            return draw.choice(WORDS)
