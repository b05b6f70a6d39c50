"""A4 pages as PDF, its type embedded: what it shows is the same on every machine, searchable."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableCellFillMode, WrapMode
from fpdf.fonts import FontFace, TTFFont

from core.exports.file import MADE_UP, marked
from core.values.fiscal import JAPAN

Colour = tuple[int, int, int]

DARK: Colour = (0, 23, 193)
PALE: Colour = (232, 241, 254)
TEXT: Colour = (51, 51, 51)
GREY: Colour = (77, 77, 77)
WARNING: Colour = (199, 71, 0)
WIDE = 186.0
"""Width between the margins, mm."""
FOOT = 279.0
"""Where what stands at the foot begins, mm from above: whatever comes before ends above it."""

_FONT = Path(__file__).parent / "font" / "NotoSansJP-Regular-JIS.ttf"
_TYPE = "NotoSansJP"
_LINES: Colour = (148, 148, 148)
_PADDING, _CELL = 2, 0.6
"""Room around the words of a box and of a cell, mm."""
_UNIT = re.compile(
    r"[(「『【〔]*(?:△?[\d.,/]+[円回年月日か千]*|[A-Za-z]+|.)[、。,)」』】〕ー・… ]*"
)
"""What stands together on a line."""


class Paper(FPDF):
    """Pages being written from above; nothing breaks onto another one by itself."""

    def __init__(self, title: str, made_on: date, *, made_up: bool) -> None:
        super().__init__(format="A4")
        self.add_font(_TYPE, "", _FONT)
        self.set_margins(12, 10, 12)
        self.set_auto_page_break(False)
        self.set_title(marked(title, made_up=made_up))
        self.set_author("乗合 Noriai")
        self.set_lang("ja-JP")
        self.set_creation_date(datetime.combine(made_on, time(), JAPAN))
        self._made_up = made_up
        self.begin_page()

    def begin_page(self) -> None:
        """Go on with an empty page, which says of made-up data that it is."""
        self.add_page()
        if self._made_up:
            self.line_of(f"{MADE_UP}。実在の団体や人とは関係ありません。", 9, WARNING)

    def finished(self) -> bytes:
        """The file."""
        body = bytes(self.output())
        self.leave()
        return body

    def leave(self) -> None:
        """Close the file of the type; fpdf2 keeps it open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def line_of(self, text: str, size: float, colour: Colour = TEXT) -> None:
        """Write words over the whole width."""
        self.set_font(_TYPE, size=size)
        self.set_text_color(*colour)
        self.multi_cell(
            WIDE,
            size * 0.5,
            self._set(text, WIDE),
            align="L",
            wrapmode=WrapMode.CHAR,
            new_x="LMARGIN",
            new_y="NEXT",
        )

    def section(self, title: str, under: str = "") -> None:
        """Write a heading, and under it small what the part shows."""
        self.ln(2)
        self.set_font(_TYPE, size=11)
        self.set_text_color(*DARK)
        self.cell(WIDE, 5.5, title, new_x="LMARGIN", new_y="NEXT")
        if under:
            self.line_of(under, 7, GREY)
        self.ln(0.8)

    def box_of(self, lines: Sequence[str], size: float = 9) -> None:
        """Write lines one under another on a pale ground."""
        self.set_font(_TYPE, size=size)
        self.set_text_color(*TEXT)
        self.set_fill_color(*PALE)
        self.multi_cell(
            WIDE,
            size * 0.52,
            self._set("\n".join(lines), WIDE - 2 * _PADDING),
            align="L",
            wrapmode=WrapMode.CHAR,  # what has no place to break at
            fill=True,
            padding=_PADDING,
            new_x="LMARGIN",
            new_y="NEXT",
        )

    def table_of(
        self,
        columns: Sequence[tuple[str, float]],
        rows: Sequence[Sequence[str]],
        size: float = 8.5,
        *,
        numbers: Collection[str] = (),
    ) -> None:
        """Write a table.

        Args:
            columns: Name and width, mm.
            numbers: Columns that stand to the right.
        """
        self.set_font(_TYPE, size=size)
        self.set_text_color(*TEXT)
        self.set_draw_color(*_LINES)
        self.set_fill_color(255)
        with self.table(
            width=round(WIDE),
            col_widths=tuple(width for _, width in columns),
            line_height=size * 0.55,
            padding=_CELL,
            text_align=tuple("RIGHT" if name in numbers else "LEFT" for name, _ in columns),
            headings_style=FontFace(emphasis="", color=TEXT, fill_color=PALE),
            cell_fill_mode=TableCellFillMode.NONE,
            wrapmode=WrapMode.CHAR,
        ) as table:
            table.row([name for name, _ in columns])
            for row in rows:
                cells = zip(row, columns, strict=True)
                table.row([self._set(cell, width - 2 * _CELL) for cell, (_, width) in cells])

    def height_of(self, cells: Sequence[str], widths: Sequence[float], size: float) -> float:
        """How high a row of :meth:`table_of` becomes, mm."""
        self.set_font(_TYPE, size=size)
        lines = max(
            self._set(cell, width - 2 * _CELL).count("\n") + 1
            for cell, width in zip(cells, widths, strict=True)
        )
        return lines * size * 0.55 + 2 * _CELL

    def _set(self, text: str, width: float) -> str:
        """Break words into lines by 禁則: no line begins with what closes or ends with what opens."""
        room = width - 2 * self.c_margin - 0.1
        lines = []
        for said in text.split("\n"):
            line = ""
            for unit in _UNIT.findall(said):
                if line and self.get_string_width(line + unit) > room:
                    lines.append(line)
                    line = ""
                line += unit
            lines.append(line)
        return "\n".join(lines)
