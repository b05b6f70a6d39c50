"""docx, xlsx, pptx: a zip with the right parts, without macros, that does not burst."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

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


def read_office_file(content: bytes, main_part: str, kind: str) -> None:
    """Look at the directory of the zip and at one small part; nothing else is unpacked.

    Args:
        main_part: The part that makes it what it is.
        kind: What it should be, for the message.

    Raises:
        ValueError: Not such a file, or one that must not be kept; the message is Japanese.
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
