"""One file of open data, and how its cells are written."""

from __future__ import annotations

from dataclasses import dataclass

from core.exports.file import csv_file

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
        made_up: Whether it comes from a database of made-up data.
    """

    name: str
    title: str
    summary: str
    source: str
    licence: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    made_up: bool

    @property
    def body(self) -> bytes:
        """The file: UTF-8 with BOM and CRLF, as Excel opens it."""
        return csv_file(
            tuple(column.name for column in self.columns), self.rows, made_up=self.made_up
        )
