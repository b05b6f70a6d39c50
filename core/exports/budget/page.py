"""One sheet: looks, writing, printing. Text is always written as text, whatever it begins with."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_cell_to_rowcol, xl_range_abs, xl_rowcol_to_cell  # type: ignore[import-untyped]
from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from core.exports.book import FONT
from core.exports.budget.live import Live, Value
from core.values.fiscal import era_date

INPUT_FILL = "#FFF3B8"
PREMISE_FILL = "#E8F1FE"
_GREY = "#E6E6E6"
_LINE = 14
"""Points a line of text needs."""

_LOOKS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "title": {"bold": True, "font_size": 18, "align": "center"},
        "subtitle": {"bold": True, "font_size": 12},
        "section": {"bold": True, "font_size": 12, "bottom": 2, "valign": "bottom"},
        "cell": {"border": 1, "text_wrap": True},
        "head": {
            "border": 1,
            "bold": True,
            "align": "center",
            "text_wrap": True,
            "bg_color": _GREY,
        },
        "label": {"border": 1, "bold": True, "text_wrap": True, "bg_color": _GREY},
        "sum": {"bold": True, "top": 6},
        "bold": {"bold": True},
        "input": {"bg_color": INPUT_FILL, "locked": False},
        "premise": {"bg_color": PREMISE_FILL},
        "number": {"num_format": "#,##0_ ", "align": "right"},
        "change": {"num_format": '#,##0_ ;"△"#,##0_ ;0_ ', "align": "right"},
        "center": {"align": "center"},
        "right": {"align": "right"},
        "typed": {"quote_prefix": True},
        "note": {"font_size": 9, "font_color": "#4D4D4D", "text_wrap": True, "valign": "top"},
        "warning": {"bold": True, "text_wrap": True},
    }
)


class Looks:
    """Cell formats by name, each combination made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, ...], Format] = {}

    def __call__(self, *names: str) -> Format:
        """The format that has all the named traits, later ones winning."""
        if names not in self._made:
            traits: dict[str, Any] = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
            for name in names:
                traits.update(_LOOKS[name])
            if "border" in traits and "align" not in traits:
                traits["indent"] = 1
            self._made[names] = self._book.add_format(traits)
        return self._made[names]


class Page:
    """A sheet being written. Places are ``B4`` or, merged, ``B4:H4``."""

    def __init__(self, book: Workbook, name: str, looks: Looks, widths: Sequence[float]) -> None:
        self.name = name
        self.sheet: Worksheet = book.add_worksheet(name)
        self._looks = looks
        self._widths = widths
        self.sheet.set_default_row(_LINE + 4)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def ref(self, place: str) -> str:
        """Absolute reference that works from every sheet."""
        first, _, last = place.partition(":")
        cells = xl_range_abs(*xl_cell_to_rowcol(first), *xl_cell_to_rowcol(last or first))
        return f"'{self.name}'!{cells}"

    def text(self, place: str, text: str, *looks: str) -> None:
        """Write text; never read as a formula, a number or an address."""
        self.sheet.write_string(self._merged(place, looks), text, self._looks(*looks))

    def section(self, place: str, text: str) -> None:
        """Write the heading of a part, with room above it."""
        self.text(place, text, "section")
        self.sheet.set_row(xl_cell_to_rowcol(place.partition(":")[0])[0], _LINE + 9)

    def blank(self, place: str, *looks: str) -> None:
        """Leave a cell to be filled in."""
        self.sheet.write_blank(self._merged(place, looks), None, self._looks(*looks))

    def number(self, place: str, number: int, *looks: str) -> Live[int]:
        """Write a number; returns the reference to it."""
        cell = self._merged(place, looks)
        self.sheet.write_number(cell, number, self._looks(*looks))
        return Live(self.ref(cell), number)

    def live(self, place: str, live: Live[Value], *looks: str) -> Live[Value]:
        """Write a formula with its value; returns the reference to it."""
        cell = self._merged(place, looks)
        formula = live.formula.replace(f"'{self.name}'!", "")
        self.sheet.write_formula(cell, f"={formula}", self._looks(*looks), live.value)
        return Live(self.ref(cell), live.value)

    def row(self, number: int, *texts: str, looks: Sequence[str]) -> None:
        """Write texts side by side from column A on; ``number`` counts from 1."""
        for column, text in enumerate(texts):
            self.text(xl_rowcol_to_cell(number - 1, column), text, *looks)

    def height(self, number: int, *fills: tuple[str, str], lines: int = 1) -> None:
        """Make a row high enough: Excel does not do it for merged cells.

        Args:
            number: Row, from 1.
            fills: Columns such as ``B:H`` and the text that stands in them.
            lines: Least lines; 0 without text makes a gap.
        """
        need = max((self._lines(columns, text) for columns, text in fills), default=0)
        self.sheet.set_row(number - 1, _LINE * max(lines, need) + 4)

    def _lines(self, columns: str, text: str) -> int:
        first, _, last = columns.partition(":")
        left, right = (xl_cell_to_rowcol(f"{name}1")[1] for name in (first, last or first))
        room = sum(self._widths[left : right + 1]) - 2
        return sum(max(1, math.ceil(_units(line) / room)) for line in text.split("\n"))

    def _merged(self, place: str, looks: Sequence[str]) -> str:
        first, _, last = place.partition(":")
        if last and last != first:
            self.sheet.merge_range(place, "", self._looks(*looks))
        return first

    def pixels(self, columns: int) -> int:
        """Width of the first columns on a screen."""
        return sum(int(width * 7 + 5) for width in self._widths[:columns])

    def printing(self, made_on: date, owner: str, last: str, pages: int = 0) -> None:
        """A4 landscape, one page wide, numbered.

        Args:
            made_on: 作成日.
            owner: 団体名; may be empty.
            last: Last cell printed.
            pages: Pages high; 0 is as many as needed.
        """
        sheet = self.sheet
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, pages)
        sheet.print_area(f"A1:{last}")
        sheet.hide_gridlines(2)
        named = owner.replace("&", "&&")[:60]
        sheet.set_footer(f"&L{named}&C&P / &N ページ&R作成日 {era_date(made_on)}")


def _units(text: str) -> float:
    """Width in half-width characters."""
    return sum(2.0 if unicodedata.east_asian_width(c) in "WFA" else 1.05 for c in text)
