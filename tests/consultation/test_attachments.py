"""添付: told by content; what must not be kept is refused and says why."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

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
