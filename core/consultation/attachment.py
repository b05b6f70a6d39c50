"""添付: what may be kept, told by content and never by name."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from core.values.errors import InvalidInputError

MAX_BYTES = 5 * 1024 * 1024
"""Largest file."""
MAX_FILES = 3
"""Most files of one request or message."""
MAX_ATTACHMENTS = 20
"""Most files of one consultation."""
MAX_NAME = 100
"""Longest file name, characters."""
EXTENSIONS = ("pdf", "docx", "xlsx", "pptx", "png", "jpg", "jpeg", "txt", "csv")
"""What may be chosen, in the order shown."""
_KINDS = "PDF、Word・Excel・PowerPoint(docx・xlsx・pptx)、PNG、JPEG、テキスト、CSV"
_UNSAFE = re.compile(r'[\\/:*?"<>|%;&$`\']')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_PARTS = 5_000
_UNPACKED = 100 * 1024 * 1024
_TYPES = "[content_types].xml"
_TYPES_BYTES = 1024 * 1024
_MACRO_PARTS = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/|activex/)", re.IGNORECASE
)
_PROGRAM_PARTS = re.compile(
    r"\.(exe|dll|com|scr|bat|cmd|ps1|vbs|js|jse|wsf|hta|msi|lnk|jar|zip)$", re.IGNORECASE
)
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class OfferedFile:
    """A file as it was chosen; nothing in it was checked yet."""

    name: str  # name on the sender's machine
    content: bytes


@dataclass(frozen=True)
class CheckedFile:
    """A file that can be kept."""

    name: str  # made safe; its ending fits the content
    media_type: str  # as found in the content
    content: bytes


def check_files(files: Sequence[OfferedFile]) -> tuple[CheckedFile, ...]:
    """All files of a form, or none.

    Raises:
        InvalidInputError: Field ``attachments``: every file that cannot be kept, and why.
    """
    problems = []
    if len(files) > MAX_FILES:
        problems.append(f"添付は一度に{MAX_FILES}個までです(選択{len(files)}個)。")
    checked = []
    for file in files:
        try:
            checked.append(check_file(file))
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise InvalidInputError({"attachments": "\n\n".join(problems)})
    return tuple(checked)


def check_room(kept: int, more: int) -> None:
    """Refuse more files than one consultation holds.

    Raises:
        InvalidInputError: Field ``attachments``.
    """
    if kept + more > MAX_ATTACHMENTS:
        raise InvalidInputError(
            {
                "attachments": f"添付は1件の相談に{MAX_ATTACHMENTS}個までです"
                f"(登録済み{kept}個、追加{more}個)。"
            }
        )


def check_file(file: OfferedFile) -> CheckedFile:
    """One file.

    Raises:
        ValueError: Too large, empty, or not what its name says; the message is Japanese.
    """
    name = safe_name(file.name)
    shown = f"添付「{name}」"
    if len(file.content) > MAX_BYTES:
        size = len(file.content) / 1024 / 1024
        raise ValueError(
            f"{shown}は{size:.1f}MBあります。{MAX_BYTES // 1024 // 1024}MB以下にしてください。"
        )
    if not file.content:
        raise ValueError(f"{shown}は空のファイルです。内容を確認してください。")
    extension = name.rpartition(".")[2].lower()
    if extension not in _READERS:
        raise ValueError(f"{shown}の種類は添付できません。添付できるのは{_KINDS}です。")
    media_type, reader = _READERS[extension]
    try:
        reader(file.content)
    except ValueError as error:
        raise ValueError(f"{shown}は添付できません。{error}") from None
    return CheckedFile(name, media_type, file.content)


def safe_name(name: str) -> str:
    """A file name without folders, control or direction characters, that every system can save.

    Examples:
        >>> safe_name("C:\\\\Users\\\\dx\\\\見積ﾘｽﾄ.xlsx"), safe_name("../../etc/pass:wd.txt")
        ('見積リスト.xlsx', 'pass_wd.txt')
        >>> safe_name("請求\\u202efdp.exe"), safe_name("con.pdf"), safe_name("  ")
        ('請求fdp.exe', '_con.pdf', '無題')
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFKC", name))[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    plain = " ".join(_UNSAFE.sub("_", visible).split()).strip(". ")
    if not plain:
        return "無題"
    if _RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    if len(plain) > MAX_NAME:
        stem, dot, ending = plain.rpartition(".")
        keep = MAX_NAME - len(ending) - 1
        plain = f"{stem[:keep]}.{ending}" if dot and keep > 0 else plain[:MAX_NAME]
    return plain


def _pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise ValueError("中身がPDFではありません。")


def _png(content: bytes) -> None:
    if not (
        content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
        and content.endswith(b"IEND\xaeB`\x82")
    ):
        raise ValueError("中身がPNG画像ではありません。")


def _jpeg(content: bytes) -> None:
    if not (content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0").endswith(b"\xff\xd9")):
        raise ValueError("中身がJPEG画像ではありません。")


def _text(content: bytes) -> None:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f" for c in text):
            return
    raise ValueError("中身が文字のファイル(UTF-8かShift_JIS)ではありません。")


def _office(content: bytes, main_part: str, kind: str) -> None:
    """A zip with the right parts, without macros, that does not burst.

    Its directory and one small part are looked at; nothing else is unpacked.
    """
    if not content.startswith(b"PK\x03\x04"):
        raise ValueError(
            f"中身が{kind}ではありません(パスワード付き・旧形式の場合は、解除して保存し直してください)。"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _refuse_burst(parts)
            _refuse_programs(parts)
            names = {part.filename.lower(): part for part in parts}
            if main_part not in names or _TYPES not in names:
                raise ValueError(f"中身が{kind}ではありません。")
            with archive.open(names[_TYPES]) as stream:
                types = stream.read(_TYPES_BYTES)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError):
        raise ValueError(f"{kind}として読めません。壊れていないか確認してください。") from None
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        raise ValueError("マクロが入っています。マクロを除いた形式で保存し直してください。")


def _refuse_burst(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        raise ValueError("展開すると大きすぎるファイルです。分けるかPDFにしてください。")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise ValueError("パスワードがかかっています。解除して保存し直してください。")


def _refuse_programs(parts: list[zipfile.ZipInfo]) -> None:
    for part in parts:
        if _MACRO_PARTS.search(part.filename):
            raise ValueError("マクロが入っています。マクロを除いた形式で保存し直してください。")
        if _PROGRAM_PARTS.search(part.filename):
            raise ValueError("プログラムが埋め込まれています。取り除いて保存し直してください。")


_OFFICE = "application/vnd.openxmlformats-officedocument."
_READERS: Mapping[str, tuple[str, Callable[[bytes], None]]] = MappingProxyType(
    {
        "pdf": ("application/pdf", _pdf),
        "docx": (
            f"{_OFFICE}wordprocessingml.document",
            lambda content: _office(content, "word/document.xml", "Word文書"),
        ),
        "xlsx": (
            f"{_OFFICE}spreadsheetml.sheet",
            lambda content: _office(content, "xl/workbook.xml", "Excelブック"),
        ),
        "pptx": (
            f"{_OFFICE}presentationml.presentation",
            lambda content: _office(content, "ppt/presentation.xml", "PowerPoint資料"),
        ),
        "png": ("image/png", _png),
        "jpg": ("image/jpeg", _jpeg),
        "jpeg": ("image/jpeg", _jpeg),
        "txt": ("text/plain", _text),
        "csv": ("text/csv", _text),
    }
)
