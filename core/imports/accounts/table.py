"""A table of accounts (.xlsx, CSV, or pasted from a spreadsheet), row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.imports.table import Headings, Told, rows_below

MAX_BYTES = 1_000_000
MAX_ROWS = 300
SHEET = "アカウント"
"""Name of the sheet."""


class AccountColumn(StrEnum):
    """Headings of the table (アカウントの表の列)."""

    NAME = "氏名"
    MAIL = "メールアドレス"
    CODE = "団体コード"
    MUNICIPALITY = "市町村"
    VENDOR = "事業者"
    ROLE = "権限"
    USERNAME = "ユーザー名"


_OTHER_NAMES: Mapping[AccountColumn, tuple[str, ...]] = {
    AccountColumn.NAME: ("表示名", "名前", "お名前", "職員氏名", "職員名", "担当者", "担当者名"),
    AccountColumn.MAIL: ("メール", "Eメール", "E-mail", "email", "mail", "電子メール", "アドレス"),
    AccountColumn.CODE: ("市町村コード", "自治体コード", "地方公共団体コード"),
    AccountColumn.MUNICIPALITY: (
        "市町村名",
        "市町",
        "市町名",
        "町村",
        "区市町村",
        "市区町村",
        "団体",
        "団体名",
        "自治体",
        "自治体名",
        "所属団体",
    ),
    AccountColumn.VENDOR: ("事業者名", "会社名", "会社", "勤務先"),
    AccountColumn.ROLE: ("権限区分", "種別", "区分", "役割"),
    AccountColumn.USERNAME: ("ユーザ名", "アカウント", "アカウント名", "ユーザーID", "ID"),
}
"""What offices call the columns."""


def _enough(columns: Collection[AccountColumn]) -> bool:
    return AccountColumn.NAME in columns and bool(
        {AccountColumn.CODE, AccountColumn.MUNICIPALITY, AccountColumn.ROLE} & {*columns}
    )


_HEADINGS = Headings[AccountColumn]([*AccountColumn], _OTHER_NAMES, _enough)


@dataclass(frozen=True)
class AccountRow:
    """One row of a table.

    Attributes:
        line: Row of the sheet, or line of the file.
        cells: Text by heading; empty cells are absent.
        problem: Why the row cannot be used whatever its cells say; empty for none.
    """

    line: int
    cells: Mapping[AccountColumn, str]
    problem: str = ""


def plain_accounts(contents: Sequence[bytes], _options: Any) -> Iterator[Any]:
    """What the reading process answers.

    Raises:
        InvalidInputError: Field ``file``: too large, unreadable, no headings.
    """
    for row in rows_below(
        contents[0],
        _HEADINGS,
        Told(),
        sheet=SHEET,
        missing="見出しの行が見つかりません。「氏名」と、「団体」か「権限」の列が必要です。"
        "見出しも含めて貼り付けるか、様式をダウンロードして使ってください。",
        max_bytes=MAX_BYTES,
        max_rows=MAX_ROWS,
        advice="いくつかに分けて取り込んでください。",
    ):
        problems = [
            *row.problems,
            *(
                f"「{column}」が{cell.problem}"
                for column, cell in row.cells.items()
                if cell.problem
            ),
        ]
        cells = {column: cell.text for column, cell in row.cells.items()}
        yield row.line, cells, " ".join(problems)


def accounts_of(answer: Iterator[Any]) -> tuple[AccountRow, ...]:
    """The rows of what :func:`plain_accounts` answered."""
    return tuple(
        AccountRow(
            line, {AccountColumn(name): str(text) for name, text in cells.items()}, str(problem)
        )
        for line, cells, problem in answer
    )
