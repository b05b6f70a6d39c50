"""An empty file for an import: columns with lists to choose from, and what each of them wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.exports import book

_ROWS = 1_000
_LISTS = "選択肢"


@dataclass(frozen=True)
class FillIn:
    """A column to fill in.

    Attributes:
        heading: As the import reads it.
        width: In half-width characters.
        wanted: What is to be written there.
        needed: Whether no row goes without.
    """

    heading: str
    width: float
    wanted: str
    needed: bool

    @property
    def label(self) -> str:
        """The heading, marked where no row goes without."""
        return f"{self.heading}{'(必須)' if self.needed else ''}"


def template(
    sheet_name: str,
    columns: Sequence[FillIn],
    lists: Mapping[str, Sequence[str]],
    then: str,
    made_on: date,
) -> bytes:
    """The file; it holds nothing that could be made up.

    Args:
        lists: What can be chosen, by heading; an empty one leaves the column free.
        then: What to do with the file once it is filled in.
    """
    made = book.Book(sheet_name, made_on, made_up=False)
    heads = [book.Column(each.heading, each.width, "verbatim") for each in columns]
    sheet = made.table(sheet_name, heads, ())
    text = made.looks("verbatim")
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, text)
        rule: dict[str, object] = {
            "validate": "any",
            "input_title": column.label,
            "input_message": column.wanted,
        }
        if choices := lists.get(column.heading):
            letter = chr(ord("A") + [*lists].index(column.heading))
            rule |= {
                "validate": "list",
                "source": f"='{_LISTS}'!${letter}$2:${letter}${len(choices) + 1}",
                "error_type": "warning",
                "error_title": "一覧にない値です",
                "error_message": "一覧から選んでください。",
            }
        sheet.data_validation(1, place, _ROWS, place, rule)
    shown = made.sheet(_LISTS)
    for place, (heading, values) in enumerate(lists.items()):
        shown.set_column(place, place, 28)
        shown.write_string(0, place, f"{heading}の選択肢", made.looks("column"))
        for row, value in enumerate(values, start=1):
            shown.write_string(row, place, value, made.looks("words"))
    _explain(made, columns, then)
    return made.finished()


def _explain(made: book.Book, columns: Sequence[FillIn], then: str) -> None:
    how = made.sheet("書き方")
    how.set_column(0, 0, 18)
    how.set_column(1, 1, 90)
    lines = [
        ("列", "書くこと"),
        *((each.label, each.wanted) for each in columns),
        ("取り込み", then),
    ]
    for row, (name, wanted) in enumerate(lines):
        look = made.looks("column" if row == 0 else "words")
        how.write_string(row, 0, name, look)
        how.write_string(row, 1, wanted, look)
