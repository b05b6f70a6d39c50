"""A template of the secretariat's: what is found in it, what is told of it, and what attacks come to."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from core.consultation.attachment import OfferedFile
from core.exports.documents.letter import Letter
from core.exports.documents.plain import plain_name, plain_template
from core.exports.documents.word import filled_word
from core.exports.documents.workbook import filled_workbook
from core.imports.reading import ReadTemplate, document_template
from core.subsidy.document import REQUIRED, DocumentKind, Mark
from core.subsidy.document_values import DocumentValues
from core.values.errors import InvalidInputError
from tests.support.papers import values_of

APPLICATION, BUDGET = DocumentKind.APPLICATION, DocumentKind.BUDGET
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(content: bytes, name: str = "様式.docx", kind: DocumentKind = APPLICATION) -> ReadTemplate:
    return document_template(kind, OfferedFile(name, content))


def refusal(content: bytes, name: str = "様式.docx", kind: DocumentKind = APPLICATION) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read(content, name, kind)
    assert list(refused.value.problems) == ["file"]
    return refused.value.problems["file"]


def letter(*lines: str, row: tuple[str, ...] = ()) -> bytes:
    made = Letter()
    for each in ("{{団体名}}", "金{{交付申請額}}", *lines):
        made.line(each)
    if row:
        made.table([(str(n), 1 / len(row)) for n in range(len(row))], [row])
    return made.finished()


def book(*cells: tuple[str, str]) -> Workbook:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "様式"
    for cell, text in (
        ("A1", "{{団体名}}"), ("B1", "{{交付申請額}}"),
        ("A5", "{{明細_費目}}"), ("C5", "{{明細_補助対象経費}}"), *cells,
    ):  # fmt: skip
        sheet[cell] = text
    return made


def saved(made: Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def changed(content: bytes, change: Callable[[str], str], **added: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for info in old.infolist():
            body = old.read(info).decode()
            new.writestr(info, change(body) if info.filename == "word/document.xml" else body)
        for name, body in added.items():
            new.writestr(name.replace("__", "/"), body)
    return stream.getvalue()


def words(content: bytes, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = package.read(part).decode()
    return re.sub(r"<[^>]+>", "", re.sub(r"</w:p>|<w:br/>", "\n", body))


@pytest.mark.parametrize("kind", DocumentKind)
def test_our_own_templates_are_templates(kind: DocumentKind) -> None:
    found = read(plain_template(kind), plain_name(kind), kind)
    assert set(REQUIRED[kind]) - {Mark.TOWN} <= set(found.marks)


def test_a_mark_is_found_however_word_has_split_it() -> None:
    split = changed(
        letter(),
        lambda xml: xml.replace(
            "金{{交付申請額}}",
            "金{</w:t></w:r><w:proofErr/><w:r><w:t>{交付</w:t></w:r><w:r><w:t>申請額}</w:t></w:r>"
            "<w:r><w:rPr><w:b/></w:rPr><w:t>}です",
        ),
    )
    assert set(read(split).marks) == {Mark.TOWN, Mark.APPLIED_AMOUNT}
    filled = filled_word(split, values_of(APPLICATION), made_up=False)
    assert "金1,150,000円です" in words(filled)


def test_each_mistake_is_told_with_its_place_and_the_nearest_name() -> None:
    said = refusal(
        letter(
            "{{交付申請がく}}",
            "{{確定額}}",
            "{{明細_費目}}",
            "{{団体名",
            row=("{{明細_費もく}}", "a"),
        )
    )
    assert (
        "本文の3段落目: 「{{交付申請がく}}」という項目はありません。「{{交付申請額}}」ではありませんか。"
        in said
    )
    assert "本文の4段落目: 「{{確定額}}」は交付申請書には入れられません" in said
    assert "本文の5段落目: 「{{明細_費目}}」は表の行に書いてください" in said
    assert "本文の6段落目: 「{{団体名」の括弧が対になっていません" in said
    assert "表1の2行目・1列目: 「{{明細_費もく}}」" in said
    assert "「{{明細_費目}}」ではありませんか" in said
    assert said.startswith("このファイルに直すところが5件あります。")


def test_what_lacks_a_mark_is_told_which() -> None:
    made = Letter()
    made.line("{{首長職名}}")  # names the town as well as 団体名 does
    assert refusal(made.finished()) == (
        "「{{交付申請額}}」(交付申請の額)がありません。交付申請書には必ず入れてください。"
    )


def test_headers_are_filled_in_and_footnotes_refused() -> None:
    def part(name: str, text: str) -> str:
        return f'<w:{name} xmlns:w="{_W}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{name}>'

    def with_part(kind: str, body: str) -> bytes:
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        content = letter()
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
            for info in old.infolist():
                text = old.read(info).decode()
                if info.filename == "word/_rels/document.xml.rels":
                    relation = f'<Relationship Id="r9" Type="{office}/{kind}" Target="x1.xml"/>'
                    text = text.replace("</Relationships>", f"{relation}</Relationships>")
                new.writestr(info, text)
            new.writestr("word/x1.xml", body)
        return stream.getvalue()

    headed = with_part("header", part("hdr", "{{文書番号}}"))
    assert Mark.DOCUMENT in read(headed).marks
    filled = filled_word(headed, values_of(APPLICATION), made_up=False)
    assert words(filled, "word/x1.xml").strip() == "堺情第123号"
    wrong = with_part("header", part("hdr", "{{文書ばんごう}}"))
    assert "ヘッダー: 「{{文書ばんごう}}」" in refusal(wrong)
    noted = with_part("footnotes", part("footnotes", "{{文書番号}}"))
    assert "脚注: ここには入れられません" in refusal(noted)


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ 7*7 }}",
        "{{ self }}",
        "{{ config.items() }}",
        "{{ 団体名.__init__ }}",
        "{{ 団体名|attr('x') }}",
    ],
)
def test_an_expression_is_an_unknown_name_and_nothing_is_computed(attack: str) -> None:
    assert "本文の3段落目: " in (said := refusal(letter(attack)))
    assert "という項目はありません" in said
    assert "49" not in said


@pytest.mark.parametrize(
    "attack", ["{% include '/etc/passwd' %}", "{% for x in range(10**9) %}a{% endfor %}", "{# a #}"]
)
def test_commands_are_refused_with_their_place(attack: str) -> None:
    assert "本文の3段落目: 「{% … %}」のような命令は使えません" in refusal(letter(attack))


def test_what_is_filled_in_is_never_read_again() -> None:
    values = values_of(APPLICATION)
    sly = DocumentValues(
        values.kind,
        values.day,
        {**values.values, Mark.TITLE: "{{団体名}}</w:t><w:br/>&amp;\x0b"},
        ({Mark.ROW_ITEM: "{{確定額}}"},) * 2,
    )
    filled = filled_word(letter("{{事業名}}", row=("{{明細_費目}}",)), sly, made_up=False)
    text = words(filled)
    assert "{{団体名}}&lt;/w:t&gt;&lt;w:br/&gt;&amp;amp;" in text
    assert text.count("{{確定額}}") == 2


def test_too_many_rows_and_tables_within_tables_are_refused() -> None:
    rows = changed(
        letter(row=("{{明細_費目}}",)),
        lambda xml: re.sub(r"(<w:tr>(?:(?!<w:tr>).)*明細_費目.*?</w:tr>)", r"\1" * 21, xml),
    )
    assert "繰り返す行は20行まで" in refusal(rows)
    nested = changed(
        letter(row=("INNER",)),
        lambda xml: xml.replace(
            "INNER",
            "</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>{{明細_費目}}</w:t></w:r></w:p>"
            "</w:tc></w:tr></w:tbl><w:p><w:r><w:t>",
        ),
    )
    assert "表の中の表では行を繰り返せません" in refusal(nested)


def test_what_acts_is_refused() -> None:
    def field(xml: str) -> str:
        return xml.replace(
            "<w:sectPr>", '<w:p><w:fldSimple w:instr="INCLUDETEXT x"/></w:p><w:sectPr>'
        )

    assert "よそのファイルやサーバーを読みに行くもの" in refusal(changed(letter(), field))
    entity = changed(letter(), lambda xml: xml.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1))
    assert "XMLに文書型の宣言があります" in refusal(entity)
    assert "マクロ" in refusal(changed(letter(), str, **{"word__vbaProject.bin": "x"}))
    assert "Word文書(.docx)でもExcel" in refusal(letter(), "様式.pdf")
    assert "Excelブックではありません" in refusal(letter(), "様式.xlsx")
    assert "大きすぎます" in refusal(b"PK" + b"\0" * (5 * 1024 * 1024))


def test_a_burst_of_zeros_is_not_unpacked() -> None:
    bomb = changed(letter(), str, word__big=" " * 40_000_000)
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bomb)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    assert "大きすぎる" in refusal(stream.getvalue())


def test_rows_of_a_workbook_are_repeated_and_sums_follow() -> None:
    made = book(("C6", "=SUM(C5)"), ("A7", "{{団体名}}の計"), ("D5", "=C5*2"), ("A3", "=C6"))
    filled = filled_workbook(saved(made), values_of(BUDGET), made_up=False)
    sheet = load_workbook(io.BytesIO(filled)).active
    assert sheet is not None
    assert [sheet[f"A{row}"].value for row in (1, 5, 6, 8)] == [
        "堺市", "プラン4 ポリシー改定", "プラン6 BPR", "堺市の計",
    ]  # fmt: skip
    assert (sheet["B1"].value, sheet["C5"].value, sheet["C6"].value) == (
        1_150_000, 1_100_000, 1_200_000,
    )  # fmt: skip
    assert (sheet["C7"].value, sheet["D6"].value, sheet["A3"].value) == (
        "=SUM(C5:C6)",
        "=C6*2",
        "=C7",
    )


def test_a_formula_that_somebody_typed_stays_text_in_a_workbook() -> None:
    values = values_of(BUDGET)
    sly = DocumentValues(values.kind, values.day, {**values.values, Mark.TOWN: "=1+1"}, values.rows)
    sheet = load_workbook(io.BytesIO(filled_workbook(saved(book()), sly, made_up=False))).active
    assert sheet is not None
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=1+1", "s")


def test_mistakes_in_a_workbook_name_the_cell() -> None:
    made = book(("B9", "{{交付申請学}}"), ("B10", '="{{団体名}}"'), ("B11", "{{実績額}}"))
    said = refusal(saved(made), "様式.xlsx", BUDGET)
    assert "シート「様式」のB9: 「{{交付申請学}}」という項目はありません" in said
    assert "シート「様式」のB11: 「{{実績額}}」は収支予算書には入れられません" in said
    sheet = made.active
    assert sheet is not None
    sheet["C1"].comment = Comment("メモ", "x")
    said = refusal(saved(made), "様式.xlsx", BUDGET)
    assert "シート「様式」のA5: テーブル・ピボット・コメント・ボタンのあるシートでは" in said
    made = book()
    assert made.active is not None
    made.active.merge_cells("B5:B6")
    assert "上下の行とつながったセル" in refusal(saved(made), "様式.xlsx", BUDGET)
