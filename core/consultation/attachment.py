"""添付: what a consultation may keep, and what the one who opens it is told of.

What is in a file is found out by core.imports.attachments, in a process of its own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from core.values.errors import InvalidInputError
from core.values.label import Labelled

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
_UNSAFE = re.compile(r'[\\/:*?"<>|%;&$`\']')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class Finding(Labelled):
    """添付の注意: what a file holds beside what is seen, told to the one who opens it."""

    SCRIPT = "script", "JavaScriptなどのスクリプトが入っています"
    EMBEDDED = "embedded", "別のファイルや文書が埋め込まれています"
    EXTERNAL = "external", "開くとよそのファイルやサーバーを読みに行くものが入っています"
    FORMULA = "formula", "表計算ソフトで数式として動くセルがあります"
    ADD_IN = "add_in", "アドインを呼び出すものが入っています"
    MARKUP = "markup", "HTMLとして動く書き方で始まっています"
    UNSEEN = "unseen", "暗号化などのため、中を確かめられない部分があります"


@dataclass(frozen=True)
class OfferedFile:
    """A file as it was chosen; nothing in it was checked yet."""

    name: str  # name on the sender's machine
    content: bytes

    def __repr__(self) -> str:
        """Tells it from others without writing out what is in it, which is up to 10 MB."""
        return f"OfferedFile({self.name!r}, {len(self.content)} bytes, {hash(self.content)})"


@dataclass(frozen=True)
class CheckedFile:
    """A file that can be kept."""

    name: str  # made safe; its ending fits the content
    media_type: str  # as found in the content
    content: bytes
    findings: tuple[Finding, ...] = ()  # in the order of Finding


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
