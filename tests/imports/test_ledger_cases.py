"""Files as people send them: each is read rightly, or refused with its reason.

One row a file, in the words of `noriai ledger import --dry-run --json`; every case stands for a
kind that somebody met. What is expected of 堺市, docs, 予定, 2023-06-01 is not written out.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from csv import reader
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from xlsxwriter.workbook import Workbook

from core.cli import ledger as cli
from core.exports.ledger import Words, ledger_csv, ledger_template, ledger_workbook
from core.imports.ledger.names import _VARIANTS, Known, Names
from core.imports.ledger.plan import Preview, plan
from core.imports.ledger.rows import read_rows
from core.imports.ledger.table import plain_table, table_of
from core.procurement.event import LedgerEvent
from core.values.errors import InvalidInputError
from core.values.fiscal import JAPAN
from tests.support.office import convert
from tests.support.reference import REFERENCE

NOW = datetime(2023, 11, 1, 9, 0, tzinfo=JAPAN)
KNOWN = Known.of(REFERENCE)
HEAD = "団体名,共同調達,区分,種類,適用日,開始予定,出典,備考\n"
HEADINGS = ["団体名", "共同調達", "種類", "適用日", "出典"]
ROW: list[Any] = ["堺市", "docs", "予定", "R5.6.1", "通知"]
TEXT = ",".join(HEADINGS) + "\n" + ",".join(ROW) + "\n"
USUAL = {
    "outcome": "new", "lg_code": "271403", "programme": "docs", "lot": None, "kind": "planned",
    "effective": "2023-06-01", "precision": "day", "foreseen": None, "source": "通知", "note": "",
}  # fmt: skip


def planned(
    content: bytes, existing: Sequence[LedgerEvent] = (), *, accept_names: bool = False
) -> Preview:
    """What would become of a file, beside these records; nothing leaves this process."""
    answer = json.loads(json.dumps([*plain_table([content], None)]))
    rows, told = table_of(iter(answer))
    cells: dict[tuple[str, str], list[LedgerEvent]] = {}
    for event in existing:
        cells.setdefault((event.programme, event.participant), []).append(event)
    return plan(
        [*read_rows(rows, Names(KNOWN))], told, cells, KNOWN, last_event=0,
        accept_names=accept_names, recorded_at=NOW, recorded_by="a",
    )  # fmt: skip


def read(content: bytes, *, accept_names: bool = False) -> dict[str, Any]:
    """What the command line would print, with an empty ledger."""
    return cli._preview_json(planned(content, accept_names=accept_names))


def csv(**cells: str) -> bytes:
    """A CSV of one row, the usual but for these cells."""
    usual = {
        "団体名": "堺市",
        "共同調達": "docs",
        "種類": "予定",
        "適用日": "R5.6.1",
        "出典": "通知",
    }
    row = {**usual, **cells}
    quoted = ('"' + cell.replace('"', '""') + '"' for cell in row.values())
    return f"{','.join(row)}\n{','.join(quoted)}\n".encode()


def book(*rows: Sequence[Any], change: Callable[[Any], object] = id) -> bytes:
    """A workbook of these rows as they stand, changed by hand."""
    made = openpyxl.Workbook()
    for row in rows or [HEADINGS, ROW]:
        made.active.append([*row])
    change(made.active)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def dated(value: Any, shown: str) -> bytes:
    def change(sheet: Any) -> None:
        sheet["D2"] = value
        sheet["D2"].number_format = shown

    return book(change=change)


def expect(content: bytes, **wanted: Any) -> dict[str, Any]:
    (row,) = read(content)["rows"]
    expected = {**USUAL, **wanted}
    assert {key: row[key] for key in expected} == expected, row
    return row


def refusal(content: bytes) -> str:
    (row,) = read(content)["rows"]
    assert row["outcome"] == "refused", row
    return str(row["reason"])


def no_file(content: bytes) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read(content)
    return str(refused.value)


# ── days ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "令和 5年 6月 1日", "令和5年6月1日(木)", "令和5年6月1日（木）", "令和5年6月1日 木曜日",
        "2023-06-01T00:00:00", "2023/6/1 0:00", "2023-06-01 00:00:00.000", "2023年6月1日 0時00分",
        "2023-06-01T00:00:00+09:00", "2023-05-31T15:00:00Z", "20230601", "２０２３０６０１",
        "２０２３／６／１", "R5.6.1", "R.5.6.1", "R05.06.01", "R050601", "Ｒ５．６．１", "令5.6.1",
        "㋿5年6月1日", "令和５年６月１日", "令和五年六月一日", "2023.6.1", "2023‐06‐01", "20230601.0",
        "45078", "2023/6/1(Thu)", "令和5年6月1日付け", "令和5年6月1日から", "R5.6.1より", "\u200b2023-06-01", "令和5年6月1日(2023年6月1日)",
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_and_systems_write_it(text: str) -> None:
    expect(csv(適用日=text))


@pytest.mark.parametrize(
    ("text", "effective", "precision"),
    [
        ("2023/6", "2023-06", "month"),
        ("202306", "2023-06", "month"),
        ("令和5年 6月", "2023-06", "month"),
        ("令5.6", "2023-06", "month"),
        ("2023年6月 以降", "2023-06", "month_or_later"),
        ("令和元年度", "2019", "fiscal_year"),
        ("令和5年度(2023年度)", "2023", "fiscal_year"),
        ("2023.0", "2023", "fiscal_year"),
    ],
)
def test_a_day_keeps_the_precision_it_is_written_in(
    text: str, effective: str, precision: str
) -> None:
    expect(csv(種類="関心", 適用日=text), kind="interest", effective=effective, precision=precision)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和5年6月1日(金)", "木曜日です"),
        ("2023/6/1 9:30", "時刻が付いています"),
        ("6/1", "年がない"),
        ("5.6.1", "決まりません"),
        ("6/1/2023", "決まりません"),
        ("5年6月1日", "元号がない"),
        ("2023年", "年度か暦年か決まりません"),
        ("2023.1", "1月か2023年10月か"),
        ("201211", "決まりません"),
        ("50601", "決まりません"),
        ("5", "日付として読めない数"),
        ("12345", "日付として読めない数"),
        ("20230631", "実在しない"),
        ("令和5年6月上旬", "日付として読めません"),
        ("昭和63年6月1日", "日付として読めません"),
        ("", "空です"),
    ],
)
def test_what_is_no_day_or_could_be_two_is_refused_with_why(text: str, words: str) -> None:
    said = refusal(csv(適用日=text))
    assert words in said
    assert "「適用日」" in said


@pytest.mark.parametrize(
    ("value", "shown", "effective", "precision"),
    [
        (datetime(2023, 6, 1), "yyyy/m/d", "2023-06-01", "day"),  # noqa: DTZ001
        (date(2023, 6, 1), '[$-411]ggge"年"m"月"d"日"', "2023-06-01", "day"),
        (date(2023, 6, 1), 'm"月"d"日"', "2023-06-01", "day"),
        (date(2023, 6, 1), 'yyyy"年"m"月"', "2023-06", "month"),
        (date(2023, 6, 1), "mmm-yy", "2023-06", "month"),
        (date(2023, 6, 1), 'yyyy"年度"', "2023", "fiscal_year"),
        (date(2023, 6, 1), 'ggge"年度"', "2023", "fiscal_year"),
        (date(2023, 6, 1), "yyyy", "2023", "fiscal_year"),
        (2023, '0"年度"', "2023", "fiscal_year"),
        (2023, "General", "2023", "fiscal_year"),
        (20230601, "General", "2023-06-01", "day"),
        (45078, "General", "2023-06-01", "day"),
    ],
)
def test_a_cell_says_no_more_than_it_shows(
    value: Any, shown: str, effective: str, precision: str
) -> None:
    expect(dated(value, shown), effective=effective, precision=precision)


@pytest.mark.parametrize(
    ("value", "shown", "words"),
    [
        (date(2023, 2, 1), 'yyyy"年度"', "2022年度"),
        (date(2023, 6, 1), 'm"月"', "月だけ"),
        (datetime(2023, 6, 1, 9, 30), "yyyy/m/d h:mm", "時刻が付いています"),  # noqa: DTZ001
        (2023.1, "General", "1月か2023年10月か"),
        (45078, "#,##0", "日付として読めない数"),
        (45078, "[Magenta]#,##0", "日付として読めない数"),
        (50601, "General", "決まりません"),
        (5, "General", "日付として読めない数"),
        ("=TODAY()", "yyyy/m/d", "数式"),
    ],
)
def test_a_number_that_is_no_day_is_never_taken_for_one(value: Any, shown: str, words: str) -> None:
    assert words in refusal(dated(value, shown))


@pytest.mark.parametrize("shown", ["yyyy/m/d", "General"])
def test_days_are_counted_as_the_workbook_counts_them(shown: str) -> None:
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "date_1904": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ROW)
        serial = (date(2023, 6, 1) - date(1904, 1, 1)).days
        sheet.write_number(1, 3, serial, made.add_format({"num_format": shown}))
    expect(content.getvalue())


# ── who ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "code",
    ["271403", "271403.0", '="271403"', "'271403", "27140", "２７１４０３", " 271 403 ", "27140-3", "271,403",
     "2.71403E+05"],
)  # fmt: skip
def test_a_code_that_a_spreadsheet_bent_is_the_same_code(code: str) -> None:
    expect(csv(団体名="", 団体コード=code))
    expect(csv(団体コード=code))


@pytest.mark.parametrize(
    ("code", "words"),
    [("271404", "検査数字"), ("2.7E+05", "桁が失われて"), ("999999", "団体はありません"),
     ("27140X", "団体はありません"), ("272035", "堺市」と合いません")],
)  # fmt: skip
def test_a_code_of_nobody_is_refused(code: str, words: str) -> None:
    assert words in refusal(csv(団体コード=code))


def test_a_code_is_read_from_a_number_and_from_zeros_shown() -> None:
    headings = ["団体コード", *HEADINGS[1:]]
    expect(book(headings, [271403, *ROW[1:]]))
    expect(book(headings, [271403.0, *ROW[1:]]))

    def zeros(sheet: Any) -> None:
        sheet["A2"].number_format = "000000"

    expect(book(headings, [271403, *ROW[1:]], change=zeros))


@pytest.mark.parametrize(
    "name",
    ["堺市", "堺　市", " 堺市 ", "堺\U000e0100市", "堺\u200b市", "堺市\ufe00", "大阪府堺市", "堺市役所",
     "大阪府 堺市", "堺市(政令指定都市)", "堺市長", "堺市 御中", "堺市長 様", "（堺市）", "①堺市", "・堺市", "堺市※1",
     "271403 堺市", "堺市(271403)"],
)  # fmt: skip
def test_a_name_is_the_same_name(name: str) -> None:
    expect(csv(団体名=name))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("⼤阪市", "271004"),
        ("河内⻑野市", "272167"),
        ("南河内郡太子町", "273813"),
        ("大阪府泉南郡熊取町", "273619"),
        ("熊取町役場", "273619"),
    ],
)
def test_a_name_in_radicals_or_with_its_county_is_read_and_told(name: str, code: str) -> None:
    row = expect(csv(団体名=name), lg_code=code)
    assert row["read_as"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("髙槻市", "272078"), ("四条畷市", "272299"), ("寢屋川市", "272159"), ("豐中市", "272035"),
        ("門眞市", "272230"), ("攝津市", "272248"), ("富田林", "272141"), ("大坂狭山市", "272311"),
        ("千早赤坂村", "273830"), ("羽曵野市", "272221"), ("揖保郡太子町", "273813"),
        ("大阪府髙槻市役所", "272078"), ("冨田林市", "272141"), ("堺市役所 DX推進課", "271403"),
        ("東大阪市情報化推進室長様", "272272"), ("泉大津市ﾃﾞｼﾞﾀﾙ推進課", "272060"),
    ],
)  # fmt: skip
def test_a_name_in_another_form_is_offered_and_at_once_with_its_code(name: str, code: str) -> None:
    row = expect(csv(団体名=name), outcome="renamed", lg_code=code)
    assert "読み替え" in row["reason"]
    assert row["read_as"]
    (accepted,) = read(csv(団体名=name), accept_names=True)["rows"]
    assert (accepted["outcome"], accepted["lg_code"], accepted["reason"]) == ("new", code, "")
    with_code = expect(csv(団体コード=code, 団体名=name), lg_code=code)
    assert with_code["read_as"] == row["read_as"]


def test_a_name_of_nobody_or_of_two_is_refused() -> None:
    nobody = ["札幌市", "茨城市", "堺市(272035)", "堺市(豊中市と共同)", "堺市ほか2市", "堺市・豊中市", "堺市西区",
              "堺市上下水道局", "堺市教育委員会", "堺市民", "さかい市"]  # fmt: skip
    for name in nobody:
        assert "団体はありません" in refusal(csv(団体名=name)), name
    assert "どれか決まりません" in refusal(csv(団体名="大阪"))
    expect(csv(団体コード="271004", 団体名="大阪"), lg_code="271004")


def test_the_table_of_old_forms_leads_nowhere_twice() -> None:
    old, new = _VARIANTS[::2], _VARIANTS[1::2]
    assert len(set(old)) == len(old)
    assert not set(old) & set(new)


# ── what ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("docs", "docs"), ("DOCS", "docs"), ("文書管理・電子決裁システム", "docs"), ("文書決裁", "docs"),
        ("文書管理・電子決済システム", "docs"), ("文書管理", "docs"), ("電子決裁システム", "docs"),
        ("チャット", "chat"), ("チャットツール", "chat"), ("自治体専用チャットツール", "chat"),
        ("ﾁｬｯﾄ", "chat"), ("電子申請", "eapply"), ("電子申請システム", "eapply"),
        ("電子契約", "econtract"), ("電子契約サービス", "econtract"), ("人材", "talent"),
        ("デジタル人材シェアリング事業", "talent"), ("デジタル人材シェアリング", "talent"),
        ("LGWANチャット", "chat"), ("令和5年度 電子契約システム", "econtract"),
        ("電子申請システムの共同利用", "eapply"), ("チャットツール(有償版)", "chat"), ("決裁", "docs"),
    ],
)  # fmt: skip
def test_a_system_is_known_by_every_word_for_it(text: str, key: str) -> None:
    expect(csv(共同調達=text), programme=key)


def test_a_word_for_several_systems_or_for_another_one_is_refused() -> None:
    for text in (
        *(
            "電子",
            "事業",
            "管理",
            "自治体",
            "デジタル",
            "チャットボット",
            "AIチャットボット",
            "チャット以外",
        ),
        *("人材派遣", "電子申請API", "電子申請(Aプラン)", "電子申請と電子契約", "チャット(無償版)"),
    ):
        assert f"共同調達「{text}」はありません" in refusal(csv(共同調達=text))
    assert "共同調達が空です" in refusal(csv(共同調達=""))
    assert "合いません" in refusal(csv(共同調達="チャット", 共同調達コード="docs"))
    expect(csv(共同調達="", 共同調達コード="docs"))


@pytest.mark.parametrize(
    ("text", "lot"),
    [
        ("A", "A"), ("Ａ", "A"), ("a", "A"), ("Aプラン", "A"), ("プランA", "A"), ("区分A", "A"),
        ("Aプラン（フルスペック）", "A"), ("フルスペック", "A"), ("Ｂプラン", "B"),
        ("Bプラン(スモールスタート)", "B"), ("スモールスタート", "B"),
        ("", None), ("－", None), ("なし", None), ("区分なし・不明", None),
    ],
)  # fmt: skip
def test_a_lot_is_known_by_every_word_for_it(text: str, lot: str | None) -> None:
    expect(csv(共同調達="eapply", 区分=text), programme="eapply", lot=lot)


def test_a_lot_there_is_not_is_refused() -> None:
    assert "区分「C」はありません" in refusal(csv(共同調達="eapply", 区分="C"))
    assert "区分「プラン」はありません" in refusal(csv(共同調達="eapply", 区分="プラン"))
    assert "区分「A」はありません" in refusal(csv(区分="A"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("planned", "planned"), ("参加予定", "planned"), ("◇予定", "planned"), ("予 定", "planned"),
     ("後乗り参加", "joined_late"), ("当初参加", "joined"), ("◎当初参加", "joined"), ("関心", "interest"),
     ("委任状提出", "mandate"), ("◆委任状提出", "mandate")],
)  # fmt: skip
def test_a_kind_is_known_by_the_words_of_document_and_screen(text: str, kind: str) -> None:
    expect(csv(種類=text), kind=kind)


# ── headings ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "headings",
    [
        ["団 体 名", "共同調達", "種　類", "適 用 日", "出 典"],
        ["団体\n名", "共同\n調達", "種類", "適用日\n(必須)", "出典"],
        ["団体名（正式名称）", "共同調達", "種類", "適用日(西暦)", "出典"],
        ["市町村名", "システム名", "種別", "年月日", "根拠"],
        ["自治体名", "共同調達名", "参加区分", "適用年月日", "出所"],
        ["団体名※", "【必須】共同調達", "種類*", "適用日", "出典:"],
        ["団体名\u200b", "共同調達", "種類", "適用日", "出典"],
        ["①団体名", "②共同調達", "③種類", "④適用日※1", "⑤出典"],
        ["団体名 *必須", "共同調達 ▼", "種類 ▼", "適用日 ↓", "出典 "],
        ["参加自治体", "導入システム", "参加状況", "導入時期", "根拠資料名"],
    ],
)
def test_headings_are_read_as_they_are_laid_out(headings: list[str]) -> None:
    expect(book(headings, ROW))


def test_a_title_a_sum_a_remark_and_empty_rows_are_around_the_table() -> None:
    content = book(
        ["共同調達 参加状況(令和5年度)"], [], [None, "令和5年6月1日現在"], HEADINGS, [], ROW, [],
        ["計", "1団体"], ["合計", 22, 5, 17], HEADINGS, ["※ 事務局調べ"], ["泉州地域 計", 1], ["※", "速報値"],
    )  # fmt: skip
    answer = read(content)
    assert [row["line"] for row in answer["rows"]] == [6]


@pytest.mark.parametrize(
    "hint",
    [
        ["例", *ROW],
        ["記入例", *ROW],
        ["", "(例)堺市", *ROW[1:]],
        ["", "(正式名称)", "（略称可）", "(選択)", "(年月日)", ""],
        ["1", "2", "3", "4", "5", "6"],
        ["①", "②", "③", "④", "⑤", "⑥"],
        ["(A)", "(B)", "(C)", "(D)", "(E)", "(F)"],
    ],
)
def test_an_example_or_a_hint_beneath_the_headings_is_no_record_and_told(hint: list[str]) -> None:
    lines = [["番号", *HEADINGS], hint, ["1", "豊中市", *ROW[1:]]]
    content = "".join(",".join(line) + "\n" for line in lines).encode()
    expect(content, lg_code="272035")
    assert [line for line, _ in planned(content).told.left_out] == [2]


def test_a_sign_for_the_same_as_above_is_the_cell_above_and_told() -> None:
    content = book(
        HEADINGS,
        ROW,
        ["〃", "econtract", "〃", "〃", "同上"],
        ["計", 2],
        ["豊中市", "docs", "〃", "″", "〃"],
    )
    rows = read(content)["rows"]
    found = [(r["lg_code"], r["programme"], r["effective"], r["source"]) for r in rows]
    assert found == [
        ("271403", "docs", "2023-06-01", "通知"),
        ("271403", "econtract", "2023-06-01", "通知"),
        ("272035", "docs", "2023-06-01", "通知"),
    ]
    assert "団体名: 「〃」は上の行の「堺市」" in rows[1]["read_as"]
    assert "上の行に値がありません" in refusal(csv(出典="〃"))


def test_another_heading_beneath_is_the_same_or_refuses_the_file() -> None:
    again = TEXT.replace("種類", "種別").replace("堺市", "豊中市").encode("utf-8-sig")
    rows = read(TEXT.encode() + again)["rows"]
    assert [row["lg_code"] for row in rows] == ["271403", "272035"]
    other = "団体名,共同調達,種類,出典,適用日\n豊中市,docs,予定,R5.6.1,R5.6.1\n"
    assert "3行目に、列の並びが違う見出し" in no_file(TEXT.encode() + other.encode())


def test_what_nobody_sees_is_told_and_what_is_struck_through_refused() -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["F"].hidden = True

    two = [[*HEADINGS, "備考"], [*ROW, "内々の話"], ["豊中市", *ROW[1:]]]
    first, second = (row["read_as"] for row in read(book(*two, change=hide))["rows"])
    assert first == ["非表示のF列: 備考「内々の話」"]
    assert second == ["シートで非表示の行(フィルターなど)"]

    def strike(sheet: Any) -> None:
        sheet["A2"].font = Font(strike=True)
        sheet["E3"] = CellRichText(TextBlock(InlineFont(strike=True), "旧"), "通知")

    rows = read(book(*two, change=strike))["rows"]
    assert [row["outcome"] for row in rows] == ["refused", "refused"]
    assert "「団体名」が取り消し線で消されています" in rows[0]["reason"]
    assert "「出典」が取り消し線で消されています" in rows[1]["reason"]


@pytest.mark.parametrize("text", ["未定", "－", "なし"])
def test_a_column_that_says_nothing_is_empty_and_told(text: str) -> None:
    assert expect(csv(開始予定=text))["read_as"] == [f"開始予定「{text}」→空欄"]


def test_a_refused_cell_is_refused_once() -> None:
    assert refusal(dated("=TODAY()", "yyyy/m/d")).count("「適用日」") == 1


def test_a_formula_that_shows_nothing_is_nothing() -> None:
    """Forms are prepared for rows that nobody fills in."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["団体コード", *HEADINGS])
        sheet.write_row(1, 0, ["271403", *ROW])
        sheet.write_formula(2, 0, '=IF(B3="","",1)', None, "x")
    shown = content.getvalue()
    assert read(shown)["rows"][1]["outcome"] == "refused"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(shown)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>x</v>", b"<v></v>"))
    expect(out.getvalue())


def test_empty_columns_and_columns_nobody_asked_for_are_no_matter() -> None:
    content = book(
        [None, "No.", *HEADINGS, None, "担当", "記録日時", "記録者"],
        [None, 1, *ROW, None, "=1/0", datetime(2023, 6, 1, 9, 30), "=A1"],  # noqa: DTZ001
    )
    expect(content)
    assert read(content)["unread_headings"] == ["No.", "担当"]


def test_the_same_heading_twice_is_refused_with_both_columns() -> None:
    said = no_file(book([*HEADINGS, "適用日"], [*ROW, "R5.7.1"]))
    assert "D列「適用日」、F列「適用日」" in said
    assert "A列「市町村名」、B列「自治体名」" in no_file(
        book(["市町村名", "自治体名", *HEADINGS[1:]], ["堺市", *ROW])
    )
    own = book(["団体名", "自治体名", *HEADINGS[1:]], ["堺市", "x", *ROW[1:]])
    expect(own)  # the heading of our own layout wins, the other is told
    assert read(own)["unread_headings"] == ["自治体名"]


# ── cells that belong nowhere ─────────────────────────────────────────────────────────────────


def test_more_cells_than_headings_are_refused_with_both_numbers() -> None:
    said = refusal((HEAD + "堺市,docs,,予定,R5.6.1,,通知,4月,5月に照会\n").encode())
    assert "見出しは8列ですが、この行は9列あります" in said
    assert "5月に照会" in said
    expect((HEAD + "堺市,docs,,予定,R5.6.1,,通知,,,,\n").encode())


def test_a_value_without_a_heading_is_refused() -> None:
    assert "G列の「メモ」" in refusal(book([*HEADINGS, None, None], [*ROW, None, "メモ"]))
    assert "C列の「x」" in refusal(
        book([*HEADINGS[:2], None, *HEADINGS[2:]], [*ROW[:2], "x", *ROW[2:]])
    )


def test_merged_cells_are_carried_down_and_refused_sideways() -> None:
    second = [None, "econtract", "予定", "R5.6.1", "通知"]
    down = book(HEADINGS, ROW, second, change=lambda sheet: sheet.merge_cells("A2:A3"))
    rows = read(down)["rows"]
    assert [(r["lg_code"], r["programme"], r["outcome"]) for r in rows] == [
        ("271403", "docs", "new"), ("271403", "econtract", "new"),
    ]  # fmt: skip
    assert "結合セル" in rows[1]["read_as"][0]
    side = book(HEADINGS, ["堺市", None, *ROW[2:]], change=lambda sheet: sheet.merge_cells("A2:B2"))
    assert "結合セル" in refusal(side)
    alone = book(HEADINGS, ROW, second)  # nothing is carried that is not merged
    assert read(alone)["rows"][1]["outcome"] == "refused"

    def tall(sheet: Any) -> None:
        for column in "ABCDE":
            sheet.merge_cells(f"{column}1:{column}2")
            sheet.merge_cells(f"{column}3:{column}4")

    assert [row["line"] for row in read(book(HEADINGS, [], ROW, [], change=tall))["rows"]] == [3]


def test_headings_of_two_levels_are_read() -> None:
    above = ["団体名", "参加", None, None, "出典"]

    def change(sheet: Any) -> None:
        for cells in ("A1:A2", "B1:D1", "E1:E2"):
            sheet.merge_cells(cells)

    expect(book(above, [None, *HEADINGS[1:4], None], ROW, change=change))
    expect(book(above, [None, *HEADINGS[1:4], None], ROW))  # laid out, not merged


# ── sheets ────────────────────────────────────────────────────────────────────────────────────


def sheets(**tables: Sequence[Sequence[Any]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in tables.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append([*row])
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def test_the_table_is_found_on_whichever_sheet_it_stands() -> None:
    table = [HEADINGS, ROW]
    content = saved(sheets(表紙=[["参加状況"]], 一覧=table, 集計=[["団体名", "計"], ["堺市", 1]]))
    expect(content)
    assert read(content)["sheet"] == "一覧"
    both = saved(sheets(旧=[HEADINGS, ["豊中市", *ROW[1:]]], 参加台帳=table))
    expect(both)
    assert read(both)["sheet"] == "参加台帳"
    assert read(saved(sheets(参加台帳=[HEADINGS], 記入=table)))["sheet"] == "記入"
    twice = no_file(saved(sheets(令和4年度=table, 令和5年度=table)))
    assert "「令和4年度」「令和5年度」" in twice


def test_a_hidden_sheet_is_named_and_never_read() -> None:
    made = sheets(表紙=[["参加状況"]], 元データ=[HEADINGS, ROW])
    made["元データ"].sheet_state = "hidden"
    assert "非表示のシート「元データ」" in no_file(saved(made))
    made = sheets(古い=[HEADINGS, ["豊中市", *ROW[1:]]], 一覧=[HEADINGS, ROW])
    made["古い"].sheet_state = "hidden"
    expect(saved(made))


def test_what_was_found_is_told_when_the_headings_are_not() -> None:
    said = no_file(saved(sheets(名簿=[["氏名", "所属"], ["山田", "総務課"]])))
    assert "見出しの行が見つかりません" in said
    assert "シート「名簿」: 1行目「氏名、所属」" in said
    assert "1行目「氏名、所属」" in no_file("氏名,所属\n山田,総務課\n".encode())


# ── bytes ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_csv_is_told_by_its_bytes(delimiter: str, encoding: str, end: str) -> None:
    lines = ["参加状況", delimiter.join(HEADINGS), delimiter.join(ROW)]
    expect(end.join([*lines, ""]).encode(encoding))


def test_marks_and_hints_before_the_headings_are_no_matter() -> None:
    text = ",".join(HEADINGS) + "\n" + ",".join(ROW) + "\n"
    expect(b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode())
    expect(("sep=;\n" + text.replace(",", ";")).encode())
    expect(text.encode("cp932") + b"\x1a\r\n")
    expect((text.replace("docs", ' "docs"').replace("通知", ' "通知"')).encode())
    expect((",".join(f'"{h}"' for h in HEADINGS) + '\n"堺市","docs","予定","R5.6.1","通\n知"\n').encode(),
           source="通\n知")  # fmt: skip


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("euc_jp"), "EUC-JP"),
        (TEXT.encode("iso2022_jp"), "ISO-2022-JP"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "HTML"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
         "XMLスプレッドシート2003"),
        (b"%PDF-1.7\n", "PDF"),
        (OLD, "旧形式(.xls)"),
        (OLD + "WordDocument".encode("utf-16-le"), "Word文書(.doc)"),
        (OLD + "__properties_version1.0".encode("utf-16-le"), "Outlook"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        ("<html><table>".encode("utf-16"), "HTML"),
        (b"\r\n%PDF-1.7\n", "PDF"),
        ("lg_code,programme,kind,effective,source\n271403,docs,planned,R5.6.1,照会文書".encode()[:-1],
         "2行目: 文字コードUTF-8の中に"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"MIME-Version: 1.0\r\n", "MHTML"),
        (b'[{"name": 1}]', "JSON"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_a_wrong_file_is_named(content: bytes, words: str) -> None:
    assert words in no_file(content)


def test_a_zip_of_tables_is_named() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("台帳.csv", TEXT)
    assert "展開して" in no_file(packed.getvalue())


# ── rows of one file ──────────────────────────────────────────────────────────────────────────


def test_the_same_row_twice_is_refused_and_the_others_stand() -> None:
    rows = read((HEAD + "堺市,docs,,予定,R5.6.1,,通知,\n" * 2).encode())["rows"]
    assert [row["outcome"] for row in rows] == ["new", "refused"]
    assert "2行目と同じ内容" in rows[1]["reason"]


def test_a_day_before_the_system_began_or_far_ahead_is_asked_about() -> None:
    assert "より前です" in expect(csv(適用日="H31.4.1"), effective="2019-04-01")["reason"]
    assert "ずっと先です" in expect(csv(適用日="R15.4.1"), effective="2033-04-01")["reason"]


def test_two_rows_that_say_the_same_kind_of_the_same_day_otherwise_are_not_both_new() -> None:
    content = HEAD + "堺市,docs,,予定,R5.6.1,,通知,\n堺市,docs,,予定,R5.6.1,,電話,\n"
    rows = read(content.encode())["rows"]
    assert [row["outcome"] for row in rows] == ["new", "refused"]
    assert "2行目と同じ種類・適用日" in rows[1]["reason"]


# ── its own export ────────────────────────────────────────────────────────────────────────────

MEAN = (
    HEAD
    + "堺市,eapply,Aプラン,予定,R5.6.1,令和5年10月,4〜6月の照会,−5度 髙﨑か\u3099\n"
    + "豊中市,docs,,後乗り,令和5年6月,,通知,=1+1\n"
    + '吹田市,econtract,,当初参加,令和5年度,,"報道, 発表",\'=x\n'
    + '大阪府,chat,,関心,2023年7月以降,,jirei,"一行目\n二行目"\n'
    + "枚方市,docs,,関心,令和5年度,,通知,※\n"
)


def ledger_of(content: bytes) -> list[LedgerEvent]:
    """The records a file would make."""
    preview = planned(content)
    assert not preview.in_the_way, preview.in_the_way
    return [
        replace(row.event, event_id=number, note=row.event.note.replace("※", "〃"))
        for number, row in enumerate(preview.new, start=1)
        if row.event is not None
    ]


def as_excel_opens_it(csv_file: bytes) -> bytes:
    """A CSV opened in Excel and saved as a workbook: days and numbers are no texts any more."""
    made = openpyxl.Workbook()
    for number, row in enumerate(reader(io.StringIO(csv_file.decode("utf-8-sig"))), start=1):
        for place, text in enumerate(row, start=1):
            cell = made.active.cell(number, place)
            if re.fullmatch(r"\d+", text):
                cell.value = int(text)
            elif re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?", text):
                cell.value = datetime.fromisoformat(text)
                cell.number_format = "yyyy/m/d h:mm" if " " in text else "yyyy/m/d"
            elif month := re.fullmatch(r"(\d{4})年(\d+)月", text):
                cell.value = datetime(int(month[1]), int(month[2]), 1)  # noqa: DTZ001
                cell.number_format = 'yyyy"年"m"月"'
            elif text:
                cell.value, cell.data_type = text, "s"
    return saved(made)


WAYS: dict[str, Callable[[bytes, bytes], bytes]] = {
    "as it is": lambda made, _: made,
    "workbook": lambda _, book: book,
    "opened in Excel": lambda made, _: as_excel_opens_it(made),
    "CP932": lambda made, _: (
        made.decode("utf-8-sig").replace("〜", "～").replace("−", "－").encode("cp932")
    ),
    "decomposed": lambda made, _: unicodedata.normalize("NFD", made.decode()).encode(),
    "line ends": lambda made, _: made.replace(b"\r\n", b"\n"),
}


@pytest.mark.parametrize("way", WAYS)
def test_its_own_export_comes_back_unchanged(way: str) -> None:
    events = ledger_of(MEAN.encode())
    assert len(events) == 5
    assert "が" in events[0].note  # composed
    words = Words.of(REFERENCE)
    content = WAYS[way](
        ledger_csv(events, words, made_up=False),
        ledger_workbook(events, words, date(2023, 11, 1), made_up=False),
    )
    preview = planned(content, events)
    assert [row.outcome.value for row in preview.rows] == ["unchanged"] * 5, preview.rows
    assert [row.number for row in preview.rows] == [1, 2, 3, 4, 5]
    assert preview.told.unread == ()


@pytest.mark.office
def test_its_own_export_comes_back_unchanged_from_libreoffice(tmp_path: Path) -> None:
    events, words = ledger_of(MEAN.encode()), Words.of(REFERENCE)
    path = tmp_path / "参加台帳.xlsx"
    path.write_bytes(ledger_workbook(events, words, date(2023, 11, 1), made_up=False))
    (kept,) = convert([path], "xlsx", tmp_path / "out")
    preview = planned(kept.read_bytes(), events)
    assert [row.outcome.value for row in preview.rows] == ["unchanged"] * 5, preview.rows


def test_a_file_without_a_column_says_nothing_of_it() -> None:
    events = ledger_of(MEAN.encode())
    content = "団体名,共同調達,種類,適用日,出典\n豊中市,docs,後乗り,R5.6,通知\n"
    (row,) = planned(content.encode(), events).rows
    assert (row.outcome.value, row.number) == ("unchanged", 2)
    (other,) = planned(content.replace("通知", "電話").encode(), events).rows
    assert other.outcome.value == "conflict"
    assert "記録番号2と出典(台帳「通知」、ファイル「電話」)が違います" in other.reason


def test_the_template_has_lists_and_is_read_once_it_is_filled_in() -> None:
    made = openpyxl.load_workbook(
        io.BytesIO(ledger_template(Words.of(REFERENCE), date(2023, 11, 1)))
    )
    sheet = made["参加台帳"]
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert len(lists) == 4
    headings = [cell.value for cell in sheet[1]]
    values = {
        "団体名": made["選択肢"]["A2"].value,
        "共同調達": made["選択肢"]["B4"].value,
        "種類": "予定",
        "適用日": "R5.6.1",
        "出典": "通知",
    }
    assert "見出しの下に行がありません" in no_file(saved(made))
    for place, heading in enumerate(headings, start=1):
        sheet.cell(2, place).value = values.get(heading)
    expect(saved(made), lg_code=next(iter(REFERENCE.participants)))


def test_what_lies_beneath_a_merged_cell_is_not_read() -> None:
    """LibreOffice keeps it, nobody sees it."""
    second = ["豊中市", "econtract", "予定", "R5.6.1", "通知"]
    content = book(HEADINGS, ROW, second)
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"</sheetData>", merged))
    assert [row["lg_code"] for row in read(out.getvalue())["rows"]] == ["271403", "271403"]


@pytest.mark.parametrize("cell", ["団体名", "適用日"])
def test_marks_of_direction_that_windows_copies_are_no_matter(cell: str) -> None:
    usual = {"団体名": "堺市", "適用日": "2023/06/01"}[cell]
    expect(csv(**{cell: "\u200e" + usual.replace("/", "/\u200e")}))


def test_what_is_offered_would_be_taken_and_the_others_are_judged_without_it() -> None:
    content = (
        HEAD
        + "髙槻市,docs,,当初参加,R5.6.1,,通知,\n"
        + "高槻市,docs,,運用開始,R5.7.1,,通知,\n"  # follows the row above only
        + "髙槻市,eapply,C,予定,R5.6.1,,通知,\n"  # refused whatever its name is
    ).encode()
    assert [row["outcome"] for row in read(content)["rows"]] == ["renamed", "refused", "refused"]
    accepted = read(content, accept_names=True)["rows"]
    assert [row["outcome"] for row in accepted] == ["new", "new", "refused"]
