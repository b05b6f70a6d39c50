"""What a file is, told by its bytes: text in an encoding that is read, or which other kind, by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core.imports.package import DamagedError, LockedError, OversizedError, Package
from core.values.errors import InvalidInputError


def refused(reason: str) -> InvalidInputError:
    """A file that cannot be read at all."""
    return InvalidInputError({"file": reason})


_SIGNATURES: Sequence[tuple[bytes, str]] = (
    (b"\x89PNG", "画像です。表をExcel(.xlsx)かCSVで保存してください。"),
    (b"\xff\xd8\xff", "画像です。表をExcel(.xlsx)かCSVで保存してください。"),
    (b"{\\rtf", "RTF文書です。表をExcel(.xlsx)かCSVで保存してください。"),
    (b"GIF8", "画像です。表をExcel(.xlsx)かCSVで保存してください。"),
    (b"MIME-Version:", "Webアーカイブ(MHTML)です。表をExcel(.xlsx)かCSVで保存してください。"),
    (b"ID;P", "SYLKの表です。Excelで開き、.xlsxで保存し直してください。"),
    (b"{", "JSONなどのデータです。表をExcel(.xlsx)かCSVで保存してください。"),
    (b"[{", "JSONなどのデータです。表をExcel(.xlsx)かCSVで保存してください。"),
    (b"\x1f\x8b", "gzipで圧縮されたファイルです。展開してから選んでください。"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zipで圧縮されたファイルです。展開してから選んでください。"),
    (b"II*\0", "画像です。表をExcel(.xlsx)かCSVで保存してください。"),
    (b"MM\0*", "画像です。表をExcel(.xlsx)かCSVで保存してください。"),
    (b"Rar!", "RARで圧縮されたファイルです。展開してから選んでください。"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART, _OLD_BOOK = "EncryptedPackage".encode("utf-16-le"), "Workbook".encode("utf-16-le")
_OLD_OTHERS = (
    ("WordDocument", "Word文書(.doc)"),
    ("PowerPoint Document", "PowerPoint資料(.ppt)"),
    ("__properties_version", "Outlookのメール(.msg)"),
)
"""What else Office kept in the same container."""
_MARKUP = re.compile(
    rb"\s*<(\?xml|!doctype|!--|html|head|body|table|meta|svg|script|div|style|title|tr|center|font|p\b)",
    re.IGNORECASE,
)
_SAVE = "Excelで開き、.xlsxか「CSV UTF-8」で保存し直してください。"


def refuse_others(content: bytes) -> None:
    """Say what a file is that is none of ours, whatever its name says."""
    for signature, words in _SIGNATURES:
        if content.startswith(signature):
            raise refused(f"ファイルの中身は{words}")
    if content[:1024].lstrip().startswith(b"%PDF"):
        raise refused("ファイルの中身はPDFです。元の表をExcel(.xlsx)かCSVで保存してください。")
    if content.startswith(_OLD_OFFICE):
        if _ENCRYPTED_PART in content:
            raise refused("パスワードがかかったExcelファイルです。解除して保存し直してください。")
        for part, kind in _OLD_OTHERS:
            if part.encode("utf-16-le") in content and _OLD_BOOK not in content:
                raise refused(
                    f"ファイルの中身は{kind}です。表をExcel(.xlsx)かCSVで保存してください。"
                )
        raise refused(f"旧形式(.xls)のExcelファイルです。{_SAVE}")
    head = content.removeprefix(b"\xef\xbb\xbf")[:2000]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = content[:4000].decode("utf-16", "replace").encode()
    if _MARKUP.match(head):
        raise refused(f"ファイルの中身は{_markup_of(head)}で、ExcelでもCSVでもありません。{_SAVE}")


def _markup_of(head: bytes) -> str:
    small = head.lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in small or b"excel.sheet" in small:
        return "XMLスプレッドシート2003"
    if re.search(rb"<(?:!doctype\s+html|html|head|body|table|meta|script)", small):
        return "HTML(Webページの表)"
    return "HTMLかXML"


def decoded(content: bytes) -> str:
    """The text of a CSV.

    Raises:
        InvalidInputError: Field ``file``: not a text, or in an encoding that is not read; named.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or _is_utf_16(content):
        raise refused(f"文字コードがUTF-16(Unicodeテキスト)です。{_SAVE}")
    if b"\x1b$" in content[:100_000]:
        raise refused(f"文字コードがJIS(ISO-2022-JP)です。{_SAVE}")
    if b"\x00" not in content:
        text = _decoded_as(content, "utf-8-sig")
        if text is None:
            if _is_euc(content):
                raise refused(f"文字コードがEUC-JPです。{_SAVE}")
            _refuse_mixed(content)
            text = _decoded_as(content, "cp932")
        if text is not None:
            return re.sub("\x1a\\s*$", "", text.lstrip("\ufeff"))  # the end, as DOS marked it
    raise refused(
        "Excel(.xlsx)でもCSVでもないか、文字コードがUTF-8でもShift_JIS(CP932)でもありません。"
        "「CSV UTF-8」か.xlsxで保存し直してください。"
    )


def _refuse_mixed(content: bytes) -> None:
    """Refuse what is UTF-8 but for some places: as CP932 it would be other words, not none."""
    text = content.decode("utf-8", "replace")
    if re.search(f"{_KANA_OR_KANJI.pattern}{{3}}", text):
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        raise refused(
            f"{line}行目: 文字コードUTF-8の中に、UTF-8でない文字が混ざっています。元のファイルから、{_SAVE}"
        )


def _decoded_as(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_utf_16(content: bytes) -> bool:
    """Without a mark: half of a text of commas and digits is zero bytes."""
    head = content[:4000]
    return len(head) > 20 and 4 * head.count(b"\0") > len(head) // 5 and any(
        4 * head[place::2].count(b"\0") > len(head) // 5 and head[1 - place :: 2].count(b"\0") == 0
        for place in (0, 1)
    )  # fmt: skip


_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")
_KANA_OR_KANJI = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")


def _is_euc(content: bytes) -> bool:
    """Whether it makes sense as EUC-JP only: as CP932 it would be half-width kana."""
    text = _decoded_as(content, "euc_jp")
    if text is None or not _KANA_OR_KANJI.search(text):
        return False
    other = _decoded_as(content, "cp932")
    return other is None or len(_HALF_WIDTH_KANA.findall(other)) > len(other) // 10


@contextmanager
def damage_refused(content: bytes) -> Iterator[None]:
    """Say of a workbook that cannot be read why."""
    try:
        yield
    except LockedError:
        raise refused("パスワードがかかっています。解除して保存し直してください。") from None
    except OversizedError as error:
        raise refused(
            f"Excelファイルの中身が大きすぎます({str(error).rstrip('。')})。"
            "必要な行だけを新しいファイルに写して保存してください。"
        ) from None
    except DamagedError as error:
        raise refused(_damage_of(content, str(error))) from None


_OTHER_ZIPS = (
    ("xl/workbook.bin", "Excelバイナリ(.xlsb)"),
    ("content.xml", "OpenDocument(.ods)"),
    ("word/document.xml", "Word文書(.docx)"),
    ("ppt/presentation.xml", "PowerPoint資料(.pptx)"),
    ("index/document.iwa", "Numbersの表"),
)


def _damage_of(content: bytes, reason: str) -> str:
    try:
        parts = Package(content).parts
    except (DamagedError, OversizedError, LockedError):
        parts = {}
    for name, kind in _OTHER_ZIPS:
        if name in parts and "xl/workbook.xml" not in parts:
            return f"ファイルの中身は{kind}です。{_SAVE}"
    if parts and "[content_types].xml" not in parts:
        return f"ファイルの中身はzipで、Excelファイル(.xlsx)として読めません。展開して、中の表を選んでください({reason.rstrip('。')})。"
    return f"Excelファイル(.xlsx)として読めません({reason.rstrip('。')})。Excelで開いて保存し直してください。"
