"""What every file that leaves shares: its name, its CSV, and the mark of made-up data."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from core.procurement.layout import guarded

MADE_UP = "見本データ(架空)"
"""What every file of a ``--demo`` database says of itself, wherever a reader may look."""
MARK_COLUMN = "データの区分"
MARK_MEANING = (
    "この列があるファイルは、試すために作られた架空のデータを含む。実在の団体・人とは関係ない。"
)
"""Column of a marked table, and what it means."""


def marked(text: str, *, made_up: bool) -> str:
    """A title, with the mark before it when what it names is made up.

    Examples:
        >>> marked("名簿", made_up=True), marked("名簿", made_up=False)
        ('【見本データ(架空)】名簿', '名簿')
    """
    return f"【{MADE_UP}】{text}" if made_up else text


def file_name(*parts: str, suffix: str, made_up: bool) -> str:
    """Name a reader finds again; characters no file system takes are left out.

    Args:
        parts: Joined by ``_``; an empty one is left out.
        suffix: With its dot.
        made_up: Whether the mark stands first.

    Examples:
        >>> file_name("予算要求書", "堺/市", "", suffix=".xlsx", made_up=True)
        '見本データ(架空)_予算要求書_堺市.xlsx'
    """
    cleaned = (re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", part).strip(" .") for part in parts)
    return "_".join([*([MADE_UP] if made_up else []), *filter(None, cleaned)]) + suffix


def csv_file(
    header: Sequence[str],
    rows: Iterable[Sequence[str | int | float | None]],
    *,
    made_up: bool,
) -> bytes:
    """A table as CSV for Excel: UTF-8 with BOM and CRLF; no text can be taken for a formula.

    Examples:
        >>> csv_file(("題名", "差"), [("=1+1", -1)], made_up=False).decode("utf-8-sig")
        "題名,差\\r\\n'=1+1,-1\\r\\n"
    """
    mark = (MADE_UP,) if made_up else ()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*header, MARK_COLUMN) if made_up else header)
    writer.writerows(
        [*(guarded(cell) if isinstance(cell, str) else cell for cell in row), *mark] for row in rows
    )
    return text.getvalue().encode("utf-8-sig")
