"""An Excel workbook: every export makes its sheets here. Text is written as text, whatever it begins with."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from types import MappingProxyType
from typing import Any

from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.utility import (  # type: ignore[import-untyped]
    xl_cell_to_rowcol,
    xl_col_to_name,
    xl_range_abs,
    xl_rowcol_to_cell,
)
from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from core.exports.file import MADE_UP, MARK_COLUMN, marked
from core.exports.live import Live, Value
from core.values.fiscal import era_date

FONT = "BIZ UDPゴシック"
"""Part of Windows since 10 (1809); made to be read by everybody."""

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
        "number": {"num_format": '#,##0_ ;"△"#,##0_ ', "align": "right"},
        "change": {"num_format": '#,##0_ ;"△"#,##0_ ;0_ ', "align": "right"},
        "center": {"align": "center"},
        "right": {"align": "right"},
        "typed": {"quote_prefix": True},
        "note": {"font_size": 9, "font_color": "#4D4D4D", "text_wrap": True, "valign": "top"},
        "caveat": {"bold": True, "bg_color": PREMISE_FILL, "align": "left", "indent": 1},
        "vacant": {"bg_color": _GREY, "font_color": "#4D4D4D", "align": "center"},
        "outlier": {"bg_color": "#FFD9C2", "bold": True},
        "warning": {"bold": True, "text_wrap": True},
        "heading": {"bold": True, "font_size": 16},
        "column": {"border": 1, "bold": True, "text_wrap": True, "bg_color": PREMISE_FILL},
        "words": {"border": 1, "text_wrap": True, "valign": "top", "indent": 0},
        "verbatim": {"num_format": "@", "valign": "top"},
        "whole": {"border": 1, "num_format": "#,##0", "valign": "top"},
        "tenths": {"border": 1, "num_format": "#,##0.0", "valign": "top"},
        "fraction": {"border": 1, "num_format": "#,##0.0###", "valign": "top"},
        "day": {"border": 1, "num_format": "yyyy-mm-dd", "align": "left", "valign": "top"},
        "whole change": {"border": 1, "num_format": "+#,##0;-#,##0;0", "valign": "top"},
        "tenths change": {"border": 1, "num_format": "+#,##0.0;-#,##0.0;0.0", "valign": "top"},
    }
)


class Looks:
    """Cell formats by name, each combination made once."""

    def __init__(self, book: Workbook, font_size: int) -> None:
        self._book = book
        self._font_size = font_size
        self._made: dict[tuple[str, ...], Format] = {}

    def __call__(self, *names: str) -> Format:
        """The format that has all the named traits, later ones winning."""
        if names not in self._made:
            traits: dict[str, Any] = {
                "font_name": FONT,
                "font_size": self._font_size,
                "valign": "vcenter",
            }
            for name in names:
                traits.update(_LOOKS[name])
            if "border" in traits and "align" not in traits:
                traits.setdefault("indent", 1)
            self._made[names] = self._book.add_format(traits)
        return self._made[names]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        width: In half-width characters.
        look: ``words`` wraps and makes its row high enough; ``verbatim`` is text Excel never
            rewrites, on one line; ``change`` shows the sign of a number.
    """

    name: str
    width: float
    look: str = "words"


Cell = str | int | float | date | None
"""A whole number, a number to one decimal, a day, words; None leaves the cell empty."""


class Book:
    """A workbook being written, without a temporary file; equal arguments give equal bytes.

    Args:
        made: 作成日, or the moment it shows; None leaves it to the writer's clock.
        made_up: Whether every sheet carries the mark of made-up data.
        font_size: 文字の大きさ of cells that say nothing else, in points.
    """

    def __init__(
        self, title: str, made: date | None, *, made_up: bool, font_size: int = 10
    ) -> None:
        self._stream = BytesIO()
        self.made_up = made_up
        self.workbook = Workbook(
            self._stream,
            {  # XlsxWriter writes into the options it is given, so each book has its own
                "in_memory": True,  # also: fixed times inside the archive
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "default_format_properties": {"font_name": FONT, "font_size": font_size},
            },
        )
        properties: dict[str, Any] = {
            "title": marked(title, made_up=made_up),
            "author": "乗合 Noriai",
        }
        if made is not None:
            moment = made if isinstance(made, datetime) else datetime.combine(made, time())
            properties["created"] = moment.replace(tzinfo=None)  # a file has no zone
        self.workbook.set_properties(properties)
        self.looks = Looks(self.workbook, font_size)

    def sheet(self, name: str) -> Worksheet:
        """A new sheet; what Excel does not take in its name is left out, a second of a name numbered."""
        made: Worksheet = self.workbook.add_worksheet(self._free(name))
        if self.made_up:
            made.set_header(f"&C{MADE_UP}")
        return made

    def _free(self, name: str) -> str:
        plain = re.sub(r"[\[\]:*?/\\]", "", name)[:31].strip("'") or "シート"
        taken, number, free = (
            {each.get_name().lower() for each in self.workbook.worksheets()},
            1,
            plain,
        )
        while free.lower() in taken:
            number += 1
            free = f"{plain[:25]}({number})"
        return free

    def page(self, name: str, widths: Sequence[float]) -> Page:
        """A sheet for a form."""
        return Page(self, name, widths)

    def table(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        *,
        title: str = "",
        under: str = "",
        frozen: int = 0,
        paper: int = 9,
    ) -> Worksheet:
        """A sheet with one table: headings frozen and repeated on paper, filters set.

        Args:
            title: What stands above it; empty puts the headings into the first row.
            under: One sentence beneath the title.
            frozen: Columns that stay in sight.
            paper: 9 is A4, 8 is A3.

        Returns:
            The sheet, for what only this table needs.
        """
        sheet = self.sheet(name)
        mark: tuple[str, ...] = ()
        if self.made_up:
            columns, mark = (*columns, Column(MARK_COLUMN, 18, columns[0].look)), (MADE_UP,)
        head = 3 if title else 0
        if title:
            sheet.write_string(0, 0, marked(title, made_up=self.made_up), self.looks("heading"))
            sheet.write_string(1, 0, under)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(head, place, column.name, self.looks("column"))
        last = head
        for last, row in enumerate(rows, start=head + 1):
            cells = (*row, *mark)
            for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
                self._write(sheet, last, place, column, cell)
            if lines := max(map(_lines_of, columns, cells)):
                sheet.set_row(last, _LINE * lines + 4)
        sheet.freeze_panes(head + 1, frozen)
        sheet.autofilter(head, 0, last, len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def _write(self, sheet: Worksheet, row: int, place: int, column: Column, cell: Cell) -> None:
        signed = " change" if column.look == "change" else ""
        match cell:
            case None if column.look == "verbatim":
                pass
            case None:
                sheet.write_blank(row, place, None, self.looks("words"))
            case str():
                look = "verbatim" if column.look == "verbatim" else "words"
                sheet.write_string(row, place, cell, self.looks(look))
            case int():
                sheet.write_number(row, place, cell, self.looks(f"whole{signed}"))
            case float():
                sheet.write_number(row, place, cell, self.looks(f"tenths{signed}"))
            case date():
                sheet.write_datetime(row, place, cell, self.looks("day"))

    def finished(self) -> bytes:
        """The file."""
        self.workbook.close()
        return self._stream.getvalue()


def _lines_of(column: Column, cell: Cell) -> int:
    """Lines a cell needs: programs other than Excel do not find out by themselves."""
    if column.look != "words" or not isinstance(cell, str):
        return 1 if column.look != "verbatim" else 0
    return sum(max(1, math.ceil(_units(line) / (column.width - 1))) for line in cell.split("\n"))


class Page:
    """A form being written. Places are ``B4`` or, merged, ``B4:H4``."""

    def __init__(self, book: Book, name: str, widths: Sequence[float]) -> None:
        self.name = name
        self.book = book
        self.sheet: Worksheet = book.sheet(name)
        self._looks = book.looks
        self._widths = widths
        self.last = xl_col_to_name(len(widths) - 1)
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
        if looks[:1] == ("title",):
            text = marked(text, made_up=self.book.made_up)
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

    def hint(self, place: str, title: str, text: str) -> None:
        """What Excel says beside a cell that is to be filled in, once it is chosen."""
        rule = {"validate": "any", "input_title": title, "input_message": text}
        self.sheet.data_validation(place, rule)

    def amount(self, place: str, live: Live[Value], *looks: str) -> Live[Value]:
        """Write a formula whose value is a number or nothing; returns the reference to it."""
        return self.live(place, live, "cell", "number", *looks)

    def said(self, number: int, label: str, text: str | Live[str], *, lines: int = 1) -> None:
        """Write a label and beside it, over the rest of the page, a sentence; ``number`` from 1."""
        self.text(f"A{number}", label, "label")
        place = f"B{number}:{self.last}{number}"
        if isinstance(text, str):
            self.text(place, text, "cell", "typed")
        else:
            text = self.live(place, text, "cell").value
        self.height(number, ("A", label), (f"B:{self.last}", text), lines=lines)

    def headed(self, title: str, under: str, look: str = "subtitle") -> None:
        """Write on rows 1 and 2 the title and the line under it."""
        self.text(f"A1:{self.last}1", title, "title")
        self.height(1, lines=2)
        self.text(f"A2:{self.last}2", under, look)

    def legend(self, inputs: str, premises: str) -> None:
        """Write on row 3 what the two colours of cells mean."""
        self.blank("A3", "cell", "input")
        self.text("B3:D3", f"入力するセル。{inputs}", "note")
        self.blank("E3", "cell", "premise")
        self.text("F3:H3", f"前提値。{premises}", "note")

    def accept(self, cells: str, bounds: str, why: str, **rule: Any) -> None:
        """Refuse what a cell cannot hold.

        Args:
            cells: Such as ``C3:C4``.
            bounds: Whole numbers: ``>=`` with ``value``, ``between`` with ``minimum`` and
                ``maximum``; ``list`` with ``source``: one of several texts.
            why: What Excel says of anything else.
            rule: The bound, and what Excel shall say beforehand.
        """
        whole = {"validate": "integer", "criteria": bounds}
        kind = {"validate": "list"} if bounds == "list" else whole
        words = {"error_title": "入力できない値です", "error_message": why}
        self.sheet.data_validation(cells, {**kind, **words, **rule})

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

    def pixels(self, columns: int, first: int = 0) -> int:
        """Width of so many columns on a screen, from the first one on that is named by its place."""
        return sum(int(width * 7 + 5) for width in self._widths[first : first + columns])

    def chart(
        self,
        place: str,
        kind: Mapping[str, str],
        title: str,
        series: Iterable[Mapping[str, Any]],
        x_axis: Mapping[str, Any],
        size: tuple[int, int],
        **placed: Any,
    ) -> None:
        """Draw a chart of yen with its legend below.

        Args:
            place: Its upper left cell.
            kind: ``type`` and ``subtype``; the series, too, are as XlsxWriter takes them.
            x_axis: What the axis says beside its font.
            size: Width and height on a screen, pixels.
            placed: How it stands on the sheet; ``description`` for who cannot see it.
        """
        font = {"name": FONT, "size": 10}
        chart = self.book.workbook.add_chart(dict(kind))
        for each in series:
            chart.add_series(dict(each))
        chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12}})
        chart.set_x_axis({"num_font": font, "name_font": font, **x_axis})
        chart.set_y_axis(
            {
                "name": "円",
                "name_font": {**font, "rotation": 0},
                "num_font": font,
                "num_format": "#,##0",
                "min": 0,
                "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
            }
        )
        chart.set_legend({"position": "bottom", "font": font})
        chart.set_size({"width": size[0], "height": size[1]})
        self.sheet.insert_chart(place, chart, {"object_position": 1, **placed})

    def printing(
        self, made_on: date, owner: str, last: str, pages: int = 0, *, upright: bool = False
    ) -> None:
        """A4, one page wide, numbered.

        Args:
            owner: 団体名; may be empty.
            last: Last cell that is printed; what stands below is for whoever checks.
            pages: Pages high; 0 is as many as needed.
            upright: Portrait; otherwise landscape.
        """
        sheet = self.sheet
        sheet.set_paper(9)
        if not upright:
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
