"""Workbooks: what would never end is refused with a reason, what an office formats is read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH, from_excel
from xlsxwriter.workbook import Workbook

from core.imports import package, workbook
from core.imports.ledger.table import table_rows
from core.imports.table import Cell, Told
from core.imports.workbook import unescaped
from core.procurement.layout import Column
from core.values.errors import InvalidInputError
from core.values.fiscal import PartialDate, Precision
from tests.support.office import convert

HEADINGS = ["団体名", "共同調達", "区分", "種類", "適用日", "開始予定", "出典", "備考"]
ROW = ["堺市", "docs", "", "予定", "R5.6.1", "", "通知", "備考"]
SHEET = "xl/worksheets/sheet1.xml"
LAST_ROW = 1_048_576


def book(*rows: list[object]) -> bytes:
    """As Excel writes it: texts shared."""
    content = io.BytesIO()
    made = Workbook(content, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = made.add_worksheet("参加台帳")
    for number, row in enumerate([HEADINGS, *(rows or [ROW])]):
        sheet.write_row(number, 0, row)
    made.close()
    return content.getvalue()


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part written otherwise."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return out.getvalue()


def with_rows(xml: bytes) -> bytes:
    return changed(book(), SHEET, lambda d: d.replace(b"</sheetData>", xml + b"</sheetData>"))


def read(content: bytes) -> list[tuple[int, dict[Column, Cell]]]:
    return [(line, cells) for line, cells, _ in table_rows(content, Told())]


def refusal(content: bytes) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read(content)
    assert refused.value.problems.keys() == {"file"}
    return str(refused.value)


def one_row(content: bytes) -> dict[Column, str]:
    ((line, cells),) = read(content)
    assert line == 2
    return {column: cell.text for column, cell in cells.items()}


EXPECTED = {Column(name): text for name, text in zip(HEADINGS, ROW, strict=True) if text}


# ── honest ────────────────────────────────────────────────────────────────────────────────────


def test_a_format_in_the_last_cell_costs_nothing() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book()))
    made.active.cell(LAST_ROW, 16_384).fill = PatternFill("solid", fgColor="FFFF00")
    content = io.BytesIO()
    made.save(content)
    assert one_row(content.getvalue()) == EXPECTED


def test_a_frame_drawn_to_the_last_row_of_a_template_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Eight columns of borders on a million rows: as Excel keeps them, not one by one."""
    cells = b"".join(b'<c r="%c%%(row)d" s="1"/>' % (65 + n) for n in range(8))
    frame = b'<row r="%(row)d" spans="1:8">' + cells + b"</row>"
    rows = b"".join(frame % {b"row": row} for row in range(3, LAST_ROW + 1))
    heard: list[str] = []
    start = workbook._Sheet._start
    monkeypatch.setattr(
        workbook._Sheet,
        "_start",
        lambda self, name, more: heard.append(name) or start(self, name, more),
    )
    assert one_row(with_rows(rows)) == EXPECTED
    assert len(heard) < 1000


def test_rows_cut_by_the_end_of_a_block_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["堺市", "docs", "", "予定", "R5.6.1", "", f"通知{n}", ""] for n in range(30)]
    content = changed(
        book(*rows), SHEET,
        lambda d: d.replace(b"</row>", b'</row><row r="99"><c r="A99" s="1"/></row>'),
    )  # fmt: skip
    for size in (1, 7, 50, 333):
        monkeypatch.setattr(package, "_BLOCK", size)
        assert [cells[Column.SOURCE].text for _, cells in read(content)] == [r[6] for r in rows]


@pytest.mark.office
def test_what_libreoffice_saves_is_read(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(HEADINGS)
    sheet.append([*ROW[:4], date(2023, 6, 1), *ROW[5:]])
    sheet["E2"].number_format = 'yyyy"年"m"月"'
    thin = Border(bottom=Side("thin"))
    for column in "ABCDEFGH":
        sheet.column_dimensions[column].fill = PatternFill("solid", fgColor="FFFF00")
        for row in (3, 2_000, LAST_ROW):
            sheet[f"{column}{row}"].border = thin
    made.save(tmp_path / "様式.xlsx")
    (kept,) = convert([tmp_path / "様式.xlsx"], "xlsx", tmp_path / "out")
    ((line, cells),) = read(kept.read_bytes())
    assert line == 2
    assert cells[Column.EFFECTIVE].day == PartialDate(date(2023, 6, 1), Precision.MONTH)
    assert cells[Column.NOTE].text == "備考"


def test_prefixed_and_strict_workbooks_are_read() -> None:
    """As other programs write the same format."""

    def prefixed(data: bytes) -> bytes:
        return re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", data).replace(b"xmlns=", b"xmlns:x=")

    content = book()
    for part in (SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"):
        content = changed(content, part, prefixed)
    assert one_row(content) == EXPECTED
    strict = changed(
        book(), SHEET,
        lambda d: d.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
    )  # fmt: skip
    assert one_row(strict) == EXPECTED


def test_cells_mean_what_excel_shows() -> None:
    texts = changed(
        book(), "xl/sharedStrings.xml",
        lambda d: d.replace("<t>通知</t>".encode(), "<r><t>通</t></r><r><t>知</t></r><rPh><t>ツウチ</t></rPh>".encode()),
    )  # fmt: skip
    assert one_row(texts) == EXPECTED
    row = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>堺市</t></is></c><c r="B2" t="str"><v>docs</v></c>'
        '<c r="D2" t="inlineStr"><is><r><t>予</t></r><r><t>定</t></r></is></c>'
        '<c r="E2"><v>45078</v></c><c r="G2"><v>1234567890123</v></c><c t="b"><v>1</v></c></row>'
    ).encode()
    content = changed(
        book(["堺市"]), SHEET,
        lambda d: d[: d.index(b'<row r="2"')] + row + d[d.index(b"</sheetData>") :],
    )  # fmt: skip
    assert one_row(content) == {
        Column.NAME: "堺市", Column.PROGRAMME: "docs", Column.KIND: "予定",
        Column.EFFECTIVE: "45078", Column.SOURCE: "1234567890123", Column.NOTE: "TRUE",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "text", "day"),
    [
        ("yyyy-mm-dd", "2023-06-01", PartialDate(date(2023, 6, 1), Precision.DAY)),
        ('[$-411]ggge"年"m"月"d"日"', "2023-06-01", PartialDate(date(2023, 6, 1), Precision.DAY)),
        ('yyyy"年"m"月"', "2023年6月", PartialDate(date(2023, 6, 1), Precision.MONTH)),
        ('yyyy"年度"', "2023年度", PartialDate(date(2023, 4, 1), Precision.FISCAL_YEAR)),
        ("#,##0", "45078", None),
        ('#,##0"日"', "45078", None),
        ("0.00E+00", "45078", None),
        ("G/標準", "45078", None),
    ],
)
def test_a_number_is_a_day_where_it_is_shown_as_one(
    code: str, text: str, day: PartialDate | None
) -> None:
    made = openpyxl.load_workbook(io.BytesIO(book([*ROW[:4], 45078, *ROW[5:]])))
    made.active["E2"].number_format = code
    content = io.BytesIO()
    made.save(content)
    ((_, cells),) = read(content.getvalue())
    assert (cells[Column.EFFECTIVE].text, cells[Column.EFFECTIVE].day) == (text, day)


@pytest.mark.parametrize(
    "serial", ["0", "1", "59", "60", "61", "45078.5", "2958465", "1e300", "nan"]
)
@pytest.mark.parametrize("epoch", [workbook._EPOCH_1900, workbook._EPOCH_1904])
def test_day_numbers_are_counted_as_openpyxl_counts_them(serial: str, epoch: date) -> None:
    theirs = CALENDAR_MAC_1904 if epoch.year == 1904 else WINDOWS_EPOCH
    try:
        expected: object = from_excel(float(serial), theirs)
    except (ValueError, OverflowError):
        expected = None
    found = workbook.number(serial, "yyyy-mm-dd", epoch)
    if isinstance(expected, datetime) and serial not in ("0", "60"):  # Excel's 1900-01-00 and 02-29
        assert isinstance(found, workbook.Moment)
        assert found.value == expected
    elif expected is None:
        assert isinstance(found, workbook.Unusable)


def test_half_a_character_becomes_a_mark_and_two_halves_one() -> None:
    assert unescaped("_xD83D__xDE00_a_xD800_b_x005F_") == "😀a\ufffdb_"


# ── hostile ───────────────────────────────────────────────────────────────────────────────────


def huge(part: str, begin: bytes, middle: bytes, times: int, end: bytes) -> bytes:
    """A workbook whose part repeats itself; small as a zip."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        with new.open(part, "w") as stream:
            stream.write(begin)
            for _ in range(times):
                stream.write(middle)
            stream.write(end)
    return out.getvalue()


def test_a_part_that_bursts_is_refused_before_it_is_unpacked() -> None:
    strings = huge("xl/sharedStrings.xml", b"<sst>", b"<si><t>" + b"A" * 1_000_000, 101, b"</sst>")
    assert len(strings) < 1_000_000
    assert "中身が大きすぎます(部品「xl/sharedStrings.xml」が100MBを超えます" in refusal(strings)
    strings = huge("xl/sharedStrings.xml", b"<sst>", b"<si><t>" + b"A" * 1_000_000, 30, b"</sst>")
    assert "不自然に小さく圧縮" not in refusal(strings)  # read, and found to be no XML
    sheet = zipfile.ZipInfo(SHEET)
    sheet.file_size, sheet.compress_size = 500_000_000, 100_000_000
    with pytest.raises(InvalidInputError, match="400MBを超えます"):
        read(lying_about(sheet))
    sheet.file_size, sheet.compress_size = 30_000_000, 70_000
    with pytest.raises(InvalidInputError, match="不自然に小さく圧縮"):
        read(lying_about(sheet))


def lying_about(info: zipfile.ZipInfo) -> bytes:
    """A workbook whose directory says of one part what is written here."""
    content = bytearray(book())
    at = content.find(b"PK\x01\x02")
    while content[at + 46 : at + 46 + len(info.filename)] != info.filename.encode():
        at = content.find(b"PK\x01\x02", at + 4)
    content[at + 20 : at + 24] = info.compress_size.to_bytes(4, "little")
    content[at + 24 : at + 28] = info.file_size.to_bytes(4, "little")
    return bytes(content)


def test_what_follows_the_cells_is_never_read() -> None:
    merged = b'<mergeCells><mergeCell ref="J1:XFD1048576"/><not well-formed'
    content = changed(book(), SHEET, lambda d: d.replace(b"</sheetData>", b"</sheetData>" + merged))
    assert one_row(content) == EXPECTED


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b'<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>', "行番号2000000000"),
        (b'<row r="0"><c><v>1</v></c></row>', "行番号0"),
        (b'<row r="x"><c><v>1</v></c></row>', "として読めません"),
        (b'<row r="3"><c r="XFE3"><v>1</v></c></row>', "セル番地「XFE3」"),
        (b'<row r="3"><c r="3"><v>1</v></c></row>', "セル番地「3」"),
        (b'<row r="3"><c r="A3" t="s"><v>999</v></c></row>', "文字列の番号999"),
        (b'<row r="3"><c r="A3" t="s"><v>-1</v></c></row>', "文字列の番号-1"),
        (b'<row r="3"><c r="A3" s="999"><v>1</v></c></row>', "として読めません"),
        (b'<row r="3"><c r="A3"><v>one</v></c></row>', "として読めません"),
        (b"<row", "として読めません"),
        (b"&unknown;", "として読めません"),
    ],
)
def test_what_excel_does_not_know_is_refused(xml: bytes, words: str) -> None:
    said = refusal(with_rows(xml))
    assert words in said
    assert "Excelで開いて保存し直してください" in said


def test_a_document_type_is_refused_wherever_it_stands() -> None:
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><'
    for part in (SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"):
        content = changed(book(), part, lambda d: declared + d.split(b"<", 2)[2])
        assert "文書型" in refusal(content), part


def test_columns_far_to_the_right_and_thousands_of_sheets_change_nothing() -> None:
    far = with_rows(b'<row r="3"><c r="XFD3"><v>1</v></c></row>')
    assert one_row(far) == EXPECTED
    content = io.BytesIO()
    made = Workbook(content, {"in_memory": True})
    for number in range(300):
        made.add_worksheet(f"{number}")
    sheet = made.add_worksheet("参加台帳")
    sheet.write_row(0, 0, HEADINGS)
    sheet.write_row(1, 0, ROW)
    made.close()
    assert one_row(content.getvalue()) == EXPECTED


def zipped(*parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for part in parts:
            archive.writestr(part, b"<x/>")
    return content.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLE, "旧形式(.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        (zipped("mimetype", "content.xml"), "OpenDocument(.ods)"),
        (zipped("xl/workbook.bin"), "Excelバイナリ(.xlsb)"),
        (zipped("word/document.xml"), "Word文書"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "画像"),
        (b"<html><table>", "HTML(Web"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook>', "HTMLかXML"),
        ("団体名,種類\n".encode("iso2022_jp"), "JIS(ISO-2022-JP)"),
        ("団体名,種類\n".encode("utf-16-le"), "文字コードが"),
        ("団体名,種類\n堺\0市\n".encode(), "文字コードが"),
        (b"a" * 1_000_001, "改行のない"),
        (b'a,"' + b"b" * 200_000 + b'\n"', "131,072文字を超えます"),
        (b'a,b\n"c', "引用符が閉じていません"),
        (b'a,b\n"c"d,e', "引用符の後に区切りがありません"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_of_another_kind_is_named(content: bytes, words: str) -> None:
    assert words in refusal(content)
