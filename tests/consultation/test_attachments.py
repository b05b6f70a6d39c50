"""添付: told by content; what must not be kept is refused and says why."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE

from core.consultation.attachment import (
    MAX_BYTES,
    MAX_NAME,
    CheckedFile,
    Finding,
    OfferedFile,
    check_room,
    safe_name,
)
from core.imports.attachments import plain_findings
from core.imports.reading import checked_files
from core.values.errors import InvalidInputError
from tests.support.office import convert

TYPES = b"<Types><Override ContentType='application/xml'/></Types>"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\xff\xd9"
PDF = b"%PDF-1.7\n%%EOF\n"
EXE = b"MZ\x90\x00\x03" + b"\0" * 100
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100


def check_file(file: OfferedFile) -> CheckedFile:
    """In this process what :func:`checked_files` lets another do."""
    name = safe_name(file.name)
    ((media_type, findings),) = plain_findings([file.content], name)
    return CheckedFile(name, media_type, file.content, tuple(map(Finding, findings)))


def packed(*parts: str, types: bytes = TYPES, content: bytes = b"<x/>") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        for part in parts:
            archive.writestr(part, content)
    return held.getvalue()


def real_workbook() -> bytes:
    held = io.BytesIO()
    Workbook().save(held)
    return held.getvalue()


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/media/zeros", b"\0" * (101 * 1024 * 1024))
    assert len(held.getvalue()) < MAX_BYTES
    return held.getvalue()


def with_password() -> bytes:
    content = bytearray(packed("word/document.xml"))
    at = content.find(b"PK\x01\x02")
    while at != -1:  # the flag that says "encrypted" in every entry of the directory
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("見積.pdf", PDF, "application/pdf"),
        ("図.PNG", PNG, "image/png"),
        ("写真.jpg", JPEG, "image/jpeg"),
        ("写真.jpeg", JPEG, "image/jpeg"),
        ("メモ.txt", "相談😀\r\n".encode(), "text/plain"),
        ("一覧.csv", b"\xef\xbb\xbf" + "名称,額\n".encode(), "text/csv"),
        ("一覧.csv", "名称,額\n".encode("cp932"), "text/csv"),
        ("文書.docx", packed("word/document.xml"), ".wordprocessingml.document"),
        ("表.xlsx", real_workbook(), ".spreadsheetml.sheet"),
        ("資料.pptx", packed("ppt/presentation.xml"), ".presentationml.presentation"),
    ],
)
def test_what_it_is_may_be_kept(name: str, content: bytes, media_type: str) -> None:
    checked = check_file(OfferedFile(name, content))
    assert (checked.name, checked.content) == (name, content)
    assert checked.media_type.endswith(media_type)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("見積.pdf", EXE, "中身がPDFではありません"),
        ("見積.pdf", b"\n" + PDF, "中身がPDFではありません"),
        ("見積.pdf", packed("word/document.xml"), "中身がPDFではありません"),
        ("図.png", JPEG, "中身がPNG画像ではありません"),
        ("図.png", PNG + EXE, "中身がPNG画像ではありません"),
        ("図.jpg", EXE, "中身がJPEG画像ではありません"),
        ("図.jpg", JPEG + EXE, "中身がJPEG画像ではありません"),
        ("メモ.txt", EXE, "文字のファイル"),
        ("メモ.csv", b"\x81\x00\xff\xfe", "文字のファイル"),
        ("文書.docx", EXE, "中身がWord文書ではありません"),
        ("文書.docx", OLD_OFFICE, "パスワード付き・旧形式"),
        ("文書.docx", packed("xl/workbook.xml"), "中身がWord文書ではありません"),
        ("表.xlsx", EXE + packed("xl/workbook.xml"), "中身がExcelブックではありません"),
        ("表.xlsx", b"PK\x03\x04 and nothing else", "読めません"),
        ("表.xlsx", packed("xl/workbook.xml")[:-30], "読めません"),
        ("表.xlsx", packed("xl/workbook.xml", "xl/vbaProject.bin"), "マクロが入っています"),
        ("表.xlsx", packed("xl/workbook.xml", "XL/VBAPROJECT.BIN"), "マクロが入っています"),
        ("表.xlsx", packed("xl/workbook.xml", "xl/macrosheets/s1.xml"), "マクロが入っています"),
        (
            "表.xlsx",
            packed(
                "xl/workbook.xml", types=b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
            ),
            "マクロが入っています",
        ),
        ("文書.docx", packed("word/document.xml", "word/embeddings/a.EXE"), "プログラム"),
        ("文書.docx", with_password(), "パスワード"),
        ("表.xlsm", packed("xl/workbook.xml"), "種類は添付できません"),
        ("ツール.exe", EXE, "種類は添付できません"),
        ("見積.pdf.exe", PDF, "種類は添付できません"),
        ("拡張子なし", PDF, "種類は添付できません"),
        ("ページ.html", b"<script>", "種類は添付できません"),
        ("図.svg", b"<svg/>", "種類は添付できません"),
        ("空.pdf", b"", "空のファイル"),
    ],
)
def test_what_must_not_be_kept_is_refused(name: str, content: bytes, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words) as refusal:
        check_file(OfferedFile(name, content))
    assert name in str(refusal.value)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
WORD = b'<w:document xmlns:w="w"><w:p>%s</w:p></w:document>'
FIELD = b'<w:fldChar w:fldCharType="%s"/>'


def document(parts: Mapping[str, bytes], main: str = "word/document.xml") -> bytes:
    """An Office file with these parts beside those it must have."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": TYPES, main: b"<x/>", **parts}.items():
            archive.writestr(name, content)
    return held.getvalue()


def related(
    kind: str, target: str, *, outside: bool = True, of: str = "word/_rels/document.xml.rels"
) -> Mapping[str, bytes]:
    mode = ' TargetMode="External"' if outside else ""
    line = f'<Relationship Id="r1" Type="{RELATIONS}{kind}" Target="{target}"{mode}/>'
    return {of: f"<Relationships>{line}</Relationships>".encode()}


def pdf(*objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\n%%EOF\n"


def packed_objects(objects: bytes, name: bytes = b"/FlateDecode") -> bytes:
    packed = zlib.compress(objects)
    head = b"<</Type/ObjStm/N 1/First 4/Filter%s/Length %d>>" % (name, len(packed))
    return b"5 0 obj\n" + head + b"\nstream\n" + packed + b"\nendstream\nendobj"


SCRIPT, EMBEDDED, EXTERNAL, UNSEEN = (
    Finding.SCRIPT, Finding.EMBEDDED, Finding.EXTERNAL, Finding.UNSEEN,
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "findings"),
    [
        ("a.docx", document(related("hyperlink", "https://example.jp/")), []),
        ("a.docx", document(related("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm")), []),
        ("a.docx", document(related("attachedTemplate", "https://example.jp/a.dotm")), [EXTERNAL]),
        ("a.docx", document(related("attachedTemplate", "file:///\\\\host\\a.dotm")), [EXTERNAL]),
        ("a.docx", document(related("image", "https://example.jp/a.png")), [EXTERNAL]),
        ("a.docx", document(related("oleObject", "embeddings/o.bin", outside=False)), [EMBEDDED]),
        ("a.docx", document(related("aFChunk", "a.html", outside=False)), [EMBEDDED]),
        ("a.docx", document({"word/embeddings/o.bin": OLE}), [EMBEDDED]),
        ("a.docx", document({"word/x.png": packed("xl/workbook.xml")[:-9]}), [UNSEEN]),
        (
            "a.pptx",
            document(
                related("package", "../embeddings/b.xlsx", outside=False, of="ppt/charts/_rels/chart1.xml.rels"),
                "ppt/presentation.xml",
            ),
            [],
        ),
        ("a.docx", document(related("webextension", "w.xml", outside=False)), [Finding.ADD_IN]),
        ("a.docx", document({"word/media/i.svg": b"<svg><script>x</script></svg>"}), [SCRIPT]),
        (
            "a.docx",
            document({"word/document.xml": WORD % b'<w:fldSimple w:instr=" INCLUDETEXT x "/>'}),
            [EXTERNAL],
        ),
        (
            "a.xlsx",
            document({"xl/externalLinks/e.xml": b"<externalLink><externalBook/></externalLink>"}, "xl/workbook.xml"),
            [EXTERNAL],
        ),
        (
            "a.xlsx",
            document({"xl/worksheets/s.xml": b'<c><f>WEBSERVICE("https://x")</f></c>'}, "xl/workbook.xml"),
            [EXTERNAL],
        ),
        ("a.xlsx", document({"xl/worksheets/s.xml": b'<c><f>A1&amp;"|x!"</f></c>'}, "xl/workbook.xml"), []),
        ("a.xlsx", document(related("connections", "c.xml", outside=False), "xl/workbook.xml"), [EXTERNAL]),
        ("a.pdf", pdf(b"1 0 obj\n<</S/JavaScript/JS(app.alert\\(1\\))>>\nendobj"), [SCRIPT]),
        ("a.pdf", pdf(b"1 0 obj\n<</S/J#61vaScript/JS(x)>>\nendobj"), [SCRIPT]),
        ("a.pdf", pdf(packed_objects(b"1 0 <</S/JavaScript/JS(x)>>")), [SCRIPT]),
        ("a.pdf", pdf(packed_objects(b"1 0 <</S/URI>>")), []),
        ("a.pdf", pdf(packed_objects(b"1 0 <</S/JavaScript>>", b"[/ASCIIHexDecode/FlateDecode]")), [UNSEEN]),
        ("a.pdf", pdf(b"1 0 obj\n<</Names<</EmbeddedFiles 2 0 R>>>>\nendobj"), [EMBEDDED]),
        ("a.pdf", pdf(b"1 0 obj\n<</S/SubmitForm/F(https://x)>>\nendobj"), [EXTERNAL]),
        ("a.pdf", pdf(b"trailer <</Encrypt 3 0 R>>"), [UNSEEN]),
        ("a.csv", b"a,b\n1,=SUM(A1)\n", [Finding.FORMULA]),
        ("a.csv", b'a,b\n1,"@x"\n', [Finding.FORMULA]),
        ("a.csv", "電話,差\n+81-6-1234,-5\n'=1,−\n".encode(), []),
        ("a.txt", b"  <!DOCTYPE html><script>", [Finding.MARKUP]),
        ("a.txt", b"=SUM(A1) <script>", []),
    ],
)  # fmt: skip
def test_what_acts_in_a_file_is_told_to_the_one_who_opens_it(
    name: str, content: bytes, findings: list[Finding]
) -> None:
    assert list(check_file(OfferedFile(name, content)).findings) == findings


def in_field(*words: bytes) -> bytes:
    told = b"".join(b"<w:instrText>%s</w:instrText>" % each for each in words)
    return WORD % (FIELD % b"begin" + told + FIELD % b"separate" + b"x" + FIELD % b"end")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", document({"word/document.xml": in_field(b"DDEAUTO c:\\x")}), "DDE"),
        ("a.docx", document({"word/footer1.xml": in_field(b" D", b"DE c:\\x")}), "DDE"),
        ("a.docx", document({"word/document.xml": in_field(b"&#68;DE x")}), "DDE"),
        ("a.docx", document({"word/document.xml": in_field(b"QUOTE 68 68 69 32")}), "DDE"),
        ("a.docx", document({"word/document.xml": WORD % b'<w:fldSimple w:instr="dde x"/>'}), "DDE"),
        (
            "a.xlsx",
            document({"xl/worksheets/s.xml": b"<c><f>cmd|'/c calc'!A0</f></c>"}, "xl/workbook.xml"),
            "DDE",
        ),
        (
            "a.xlsx",
            document({"xl/worksheets/s.xml": b"<c><f>cmd&#124;'/c calc'!A0</f></c>"}, "xl/workbook.xml"),
            "DDE",
        ),
        ("a.xlsx", document({"xl/x.xml": b"<externalLink><ddeLink/></externalLink>"}, "xl/workbook.xml"), "DDE"),
        (
            "a.xlsx",
            document({"xl/workbook.xml": b'<d><definedName name="_xlnm.Auto_Open">x</definedName></d>'}, "xl/a"),
            "マクロ",
        ),
        ("a.docx", document(related("vbaProject", "any.name", outside=False)), "マクロ"),
        ("a.docx", document({"word/embeddings/o.bin": OLE + "_VBA_PROJECT".encode("utf-16-le")}), "マクロ"),
        ("a.docx", document({"word/embeddings/a.xlsm": b""}), "マクロ"),
        (
            "a.docx",
            document({"word/embeddings/b.xlsx": packed("xl/workbook.xml", "xl/vbaProject.bin")}),
            "マクロ",
        ),
        ("a.docx", document({"word/o.bin": OLE + "\x01Ole10Native".encode("utf-16-le")}), "OLEパッケージ"),
        ("a.docx", document({"word/media/image1.png": EXE}), "プログラム"),
        ("a.docx", document({"word/document.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;|</x>"}), "読めません"),
        ("a.docx", document({"WORD/document.xml": b"<y/>"}), "読めません"),
        ("a.pdf", pdf(b"1 0 obj\n<</S/L#61unch/F(cmd.exe)>>\nendobj"), "起動する指示"),
        ("a.pdf", pdf(packed_objects(b"1 0 <</S/Launch>>")), "起動する指示"),
        ("a.csv", b"a,b\n1,=cmd|'/C calc'!A0\n", "DDE"),
        ("a.csv", b"a,b\n1,\"=DDE(\"\"cmd\"\";\"\"/C calc\"\")\"\n", "DDE"),
        ("a.csv", b"a,b\n1, +cmd|'/C calc'!A0\n", "DDE"),
    ],
)  # fmt: skip
def test_what_commands_another_program_is_refused(name: str, content: bytes, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        check_file(OfferedFile(name, content))


@pytest.mark.office
def test_what_an_office_writes_every_day_is_told_nothing_of(tmp_path: Path) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    values = CategoryChartData()
    values.categories = ["令和4年度", "令和5年度"]
    values.add_series("団体", (8, 14))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, 3_000_000, 2_000_000, values)
    deck.save(str(tmp_path / "資料.pptx"))
    (tmp_path / "表.xlsx").write_bytes(real_workbook())
    table, slides = tmp_path / "表.xlsx", tmp_path / "資料.pptx"
    pages = convert([table, slides], "pdf", tmp_path / "pdf")
    again = convert([table], "xlsx", tmp_path / "excel")
    found = {
        str(file): check_file(OfferedFile(file.name, file.read_bytes())).findings
        for file in (table, slides, *pages, *again)
    }
    assert set(found.values()) == {()}, found


def test_a_zip_that_bursts_is_refused_without_unpacking_it() -> None:
    with pytest.raises(InvalidInputError, match="展開すると大きすぎる"):
        check_file(OfferedFile("表.xlsx", bomb()))
    many = packed("xl/workbook.xml", *(f"xl/{n}" for n in range(5_001)))
    with pytest.raises(InvalidInputError, match="展開すると大きすぎる"):
        check_file(OfferedFile("表.xlsx", many))


def test_five_megabytes_are_just_enough() -> None:
    filled = PDF[:-6] + b"\0" * (MAX_BYTES - len(PDF)) + PDF[-6:]
    (kept,) = checked_files([OfferedFile("大.pdf", filled)])
    assert len(kept.content) == MAX_BYTES
    with pytest.raises(InvalidInputError, match=r"「大.pdf」は5\.0MBあります。5MB以下"):
        checked_files([OfferedFile("大.pdf", filled[:-6] + b"\0" + PDF[-6:])])


def test_every_file_that_stands_in_the_way_is_named_at_once() -> None:
    files = [OfferedFile("a.pdf", EXE), OfferedFile("b.pdf", PDF), OfferedFile("c.exe", EXE)]
    with pytest.raises(InvalidInputError) as refusal:
        checked_files(files)
    assert set(refusal.value.problems) == {"attachments"}
    assert "「a.pdf」" in str(refusal.value)
    assert "「c.exe」" in str(refusal.value)
    assert "「b.pdf」" not in str(refusal.value)
    with pytest.raises(InvalidInputError, match="一度に3個まで"):
        checked_files([OfferedFile("b.pdf", PDF)] * 4)
    check_room(17, 3)
    with pytest.raises(InvalidInputError, match="20個まで"):
        check_room(18, 3)


@given(st.text(max_size=300))
def test_a_safe_name_has_no_folder_no_control_and_stays_safe(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= MAX_NAME
    assert not set(safe) & set('\\/:*?"<>|\r\n\t\0')
    assert safe_name(safe) == safe


@given(st.binary(max_size=400), st.sampled_from(["pdf", "docx", "xlsx", "pptx", "png", "jpg"]))
def test_whatever_the_bytes_the_answer_is_a_sentence(content: bytes, extension: str) -> None:
    with pytest.raises(InvalidInputError, match="添付「"):
        check_file(OfferedFile(f"a.{extension}", content))
    with pytest.raises(InvalidInputError, match="添付「"):
        check_file(OfferedFile(f"a.{extension}", b"PK\x03\x04" + content))
