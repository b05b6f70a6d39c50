"""One file of open data, and how its cells are written."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from core.procurement.layout import guarded

LICENCE = "クリエイティブ・コモンズ 表示 4.0 国際(CC BY 4.0)"
NOTICE = "仮定(公開の前に事務局が確認)"
"""What stands beside :data:`LICENCE`: nobody has decided it yet."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: As the header says it.
        meaning: What stands in it, in which form, and what an empty cell says.
    """

    name: str
    meaning: str


@dataclass(frozen=True)
class OpenDataFile:
    """One file.

    Attributes:
        name: File name in the address.
        title: As a reader sees it.
        summary: What is in it, one row per what, and what is not.
        source: Where it comes from.
        licence: What may be done with it.
        columns: In order.
        rows: As wide as ``columns``.
    """

    name: str
    title: str
    summary: str
    source: str
    licence: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def body(self) -> bytes:
        """The file: UTF-8 with BOM and CRLF, as Excel opens it."""
        return csv_of(tuple(column.name for column in self.columns), self.rows)


def csv_of(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> bytes:
    """A table as CSV; no cell can be taken for a formula.

    Examples:
        >>> csv_of(("題名",), (("=1+1",),)).decode("utf-8-sig")
        "題名\\r\\n'=1+1\\r\\n"
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
