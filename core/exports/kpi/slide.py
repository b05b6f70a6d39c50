"""One slide: Japanese type, house colours, native charts and tables, notes with sources."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_PATTERN
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from core.exports.book import FONT
from core.exports.file import MADE_UP, marked

DARK, MIDDLE, LIGHT = (
    RGBColor(0x00, 0x17, 0xC1),
    RGBColor(0x34, 0x60, 0xFB),
    RGBColor(0xC5, 0xD7, 0xFB),
)
ORANGE, TEXT, GREY = (
    RGBColor(0xC7, 0x47, 0x00),
    RGBColor(0x33, 0x33, 0x33),
    RGBColor(0x4D, 0x4D, 0x4D),
)
PALE, WHITE = RGBColor(0xE8, 0xF1, 0xFE), RGBColor(0xFF, 0xFF, 0xFF)
SKY, NIGHT = RGBColor(0x70, 0x96, 0xF8), RGBColor(0x00, 0x00, 0x60)
_INCH = 914_400
WIDTH, HEIGHT = int(13.333 * _INCH), int(7.5 * _INCH)
BODY_TOP, BODY_HEIGHT = 1.7, 4.65
"""Where the body of a slide begins and how high it is, inches."""
TABLE_TOP, TABLE_HEIGHT = 1.15, 5.2
"""The same of a slide without a message."""
_LEFT, _WIDE = 0.6, 12.13
_COLUMNS, _ROWS = (6, 7, 8, 9, 10), 8  # of names in tiles, and most rows of few columns
_HEAD = 1.9  # inches that the name of a group takes
_MESSAGES = (22, 20, 18, 16)
_SIZES = (40, 36, 32, 28, 24, 20, 18, 17, 16, 14, 12, 11, 10, 9, 8)
_LARGE = (66, 54, 44, 36)
_LABELS = 8  # most months written under a line
_BODY = (_LEFT, BODY_TOP, _WIDE, BODY_HEIGHT)


class Look(Enum):
    """What a fill says without colour, as on the wall (図の塗り)."""

    PLAIN = "plain"  # known by name
    HATCHED = "hatched"  # only published
    DASHED = "dashed"  # 予定: never drawn as 実績


@dataclass(frozen=True)
class Figure:
    """A number a room remembers."""

    label: str
    text: str  # with its unit; 不明 when unknown
    beside: str


@dataclass(frozen=True)
class Tile:
    """One cell of many."""

    text: str
    fill: RGBColor
    ink: RGBColor


@dataclass(frozen=True)
class SeriesLine:
    """One series of a chart."""

    name: str  # as the legend says it
    values: tuple[float | None, ...]  # one a category; None is unknown and leaves a gap
    colour: RGBColor  # fill or line
    look: Look = Look.PLAIN
    mark: int = 0  # which marker of a line
    apart: bool = False  # points of a line chart that nothing joins


class Deck:
    """A presentation being written, 16:9; ``step`` is told which slide is begun."""

    def __init__(self, title: str, *, made_up: bool, step: Callable[[str], object]) -> None:
        self.book = Presentation()
        self._step = step
        self._made_up = made_up
        self.book.slide_width, self.book.slide_height = Emu(WIDTH), Emu(HEIGHT)
        self.book.core_properties.title = marked(title, made_up=made_up)
        self.book.core_properties.author = "乗合 Noriai"
        self.book.core_properties.language = "ja-JP"
        self._theme_fonts()

    def _theme_fonts(self) -> None:
        """The theme's Japanese type: what is written later in PowerPoint looks the same."""
        for part in self.book.part.package.iter_parts():
            if not str(part.partname).startswith("/ppt/theme/"):
                continue
            tree = etree.fromstring(part.blob)
            for name in ("latin", "ea"):
                for font in tree.iter(qn(f"a:{name}")):
                    font.set("typeface", FONT)
            part._blob = etree.tostring(
                tree, xml_declaration=True, encoding="UTF-8", standalone=True
            )

    def cover(self, title: str, lines: Sequence[str], notes: str) -> None:
        """The first slide."""
        slide = self.book.slides.add_slide(self.book.slide_layouts[6])
        band = slide.shapes.add_shape(1, 0, 0, Emu(int(0.35 * _INCH)), Emu(HEIGHT))
        band.fill.solid()
        band.fill.fore_color.rgb = DARK
        band.line.fill.background()
        _words(slide, (1.0, 2.3, 11.3, 1.1), title, size=40, bold=True, colour=DARK)
        _words(slide, (1.0, 3.6, 11.3, 2.5), "\n".join(lines), size=20)
        self._mark(slide)
        slide.notes_slide.notes_text_frame.text = notes

    def page(self, title: str, message: str, under: str, source: str, notes: str) -> Page:
        """A slide: what it is about, what it says, and at the foot what that rests on.

        Args:
            message: One sentence in large type; may be empty.
        """
        self._step(f"{len(self.book.slides) + 1}枚目「{title}」")
        slide = self.book.slides.add_slide(self.book.slide_layouts[6])
        _words(slide, (_LEFT, 0.3, _WIDE, 0.75), title, size=32, bold=True, colour=DARK)
        if message:
            wide = text_width(message) / 72
            size = next((s for s in _MESSAGES if wide * s * 1.04 < _WIDE), _MESSAGES[-1])
            _words(slide, (_LEFT, 1.02, _WIDE, 0.6), message, size=size)
        number = len(self.book.slides)
        _words(slide, (_LEFT, 6.4, _WIDE, 0.45), under, size=11, colour=GREY)
        _words(slide, (_LEFT, 6.85, 11.3, 0.45), source, size=11, colour=GREY)
        _words(slide, (11.9, 6.85, 0.85, 0.45), str(number), size=11, colour=GREY, right=True)
        self._mark(slide)
        slide.notes_slide.notes_text_frame.text = notes
        return Page(slide)

    def _mark(self, slide: Any) -> None:
        """Say on the slide itself that its numbers are made up."""
        if self._made_up:
            _words(slide, (9.9, 0.05, 3.3, 0.35), MADE_UP, size=12, colour=ORANGE, right=True)


class Page:
    """The body of one slide."""

    def __init__(self, slide: Any) -> None:
        self._slide = slide

    def figures(self, found: Sequence[Figure]) -> None:
        """Large numbers, two in a row, lines between the rows."""
        wide, high = _WIDE / 2, BODY_HEIGHT / -(-len(found) // 2)
        for place, each in enumerate(found):
            left, top = _LEFT + place % 2 * wide, BODY_TOP + place // 2 * high
            if place % 2 == 0:
                line = self._slide.shapes.add_shape(1, *map(_emu, (_LEFT, top, _WIDE, 0.02)))
                line.shadow.inherit = False
                line.fill.solid()
                line.fill.fore_color.rgb = GREY
                line.line.fill.background()
            _words(self._slide, (left, top + 0.1, wide, 0.5), each.label, size=22, bold=True)
            needs = text_width(each.text) * 1.1 / 72
            size = next((s for s in _LARGE if needs * s < wide), _LARGE[-1])
            _words(
                self._slide,
                (left, top + 0.5, wide, 1.2),
                each.text,
                size=size,
                bold=True,
                colour=DARK,
            )
            _words(self._slide, (left, top + 1.7, wide, 0.5), each.beside, size=18, colour=GREY)

    def tiles(self, found: Sequence[Tile], legend: Sequence[Tile]) -> None:
        """Many names, each in a cell of its own, and what their signs mean below."""
        columns = next((c for c in _COLUMNS if -(-len(found) // c) <= _ROWS), _COLUMNS[-1])
        rows = -(-len(found) // columns)
        high = min(0.55, (BODY_HEIGHT - 0.6) / rows)
        size = next((s for s in _SIZES if s <= 17 and _tile_fits(found, s, columns, high)), 8)
        self._cells((_LEFT, BODY_TOP, _WIDE, rows * high), columns, found, size)
        self._cells((_LEFT, BODY_TOP + rows * high + 0.18, _WIDE, 0.4), len(legend), legend, 14)

    def named(self, groups: Mapping[str, Sequence[str]]) -> None:
        """Names by what they have in common, in letters as large as there is room for."""
        wide = _WIDE - _HEAD

        def lines(size: int) -> int:
            return sum(
                max(1, math.ceil(text_width("、".join(names)) * size * 1.06 / 72 / wide))
                for names in groups.values()
            )

        fits = [s for s in _SIZES if (lines(s) * s * 1.35 / 72 + len(groups) * 0.12) < BODY_HEIGHT]
        size = fits[0] if fits else _SIZES[-1]
        top = BODY_TOP
        for label, names in groups.items():
            text = "、".join(names)
            need = math.ceil(text_width(text) * size * 1.06 / 72 / wide) * size * 1.35 / 72
            _words(self._slide, (_LEFT, top, _HEAD, need), label, size=min(size, 22), colour=GREY)
            _words(self._slide, (_LEFT + _HEAD, top, wide, need), text, size=size, bold=True)
            top += need + 0.12

    def _cells(
        self,
        place: tuple[float, float, float, float],
        columns: int,
        found: Sequence[Tile],
        size: int,
    ) -> None:
        rows = -(-len(found) // columns)
        table = self._slide.shapes.add_table(rows, columns, *map(_emu, place)).table
        table.first_row = table.horz_banding = False
        for number in range(rows):
            table.rows[number].height = _emu(place[3] / rows)
        for number in range(rows * columns):
            cell = table.cell(number // columns, number % columns)
            if number < len(found):
                each = found[number]
                _cell(cell, each.text, size, fill=each.fill, colour=each.ink, edge=True)
            else:
                _cell(cell, "", size, fill=WHITE)

    def bars(
        self,
        categories: Sequence[str],
        series: Sequence[SeriesLine],
        axis: str,
        *,
        stacked: bool = False,
        across: bool = False,
        far: int | None = None,
    ) -> None:
        """A native bar chart with its numbers written on it, so that grey prints tell it all.

        Args:
            categories: One a bar, or a group of bars.
            series: One a part, or a bar of each group.
            stacked: Parts of a bar one after the other; bars lie.
            across: Bars beside each other lie, for long categories.
            far: Where the axis ends; None leaves it to the numbers.
        """
        lying = XL_CHART_TYPE.BAR_CLUSTERED if across else XL_CHART_TYPE.COLUMN_CLUSTERED
        kind = XL_CHART_TYPE.BAR_STACKED if stacked else lying
        chart = self._chart(kind, categories, series, axis)
        if far is not None:
            chart.value_axis.maximum_scale = far
        plot = chart.plots[0]
        plot.gap_width = 45
        if stacked:
            plot.overlap = 100
        written = "#,##0;;" if stacked else "#,##0"  # a part of 0 has no room for its number
        _type(chart.category_axis.tick_labels.font, 18, TEXT)
        for drawn, line in zip(plot.series, series, strict=True):
            _paint(drawn.format, line)
            labels = drawn.data_labels
            labels.show_value = True
            labels.number_format, labels.number_format_is_linked = written, False
            on_dark = stacked and line.colour == DARK
            _type(labels.font, 20, WHITE if on_dark else TEXT)
            labels.font.bold = True
            labels._element.get_or_add_txPr().bodyPr.set("wrap", "none")

    def lines(self, categories: Sequence[str], series: Sequence[SeriesLine], axis: str) -> None:
        """A native line chart; markers differ so that grey prints tell the series apart."""
        chart = self._chart(XL_CHART_TYPE.LINE_MARKERS, categories, series, axis)
        skip = etree.SubElement(chart.category_axis._element, qn("c:tickLblSkip"))
        skip.set("val", str(-(-len(categories) // _LABELS)))
        chart.category_axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
        marks = (
            XL_MARKER_STYLE.CIRCLE,
            XL_MARKER_STYLE.SQUARE,
            XL_MARKER_STYLE.TRIANGLE,
            XL_MARKER_STYLE.DIAMOND,
        )
        for drawn, line in zip(chart.plots[0].series, series, strict=True):
            drawn.smooth = False
            if line.apart:
                drawn.format.line.fill.background()
            else:
                drawn.format.line.color.rgb = line.colour
                drawn.format.line.width = Pt(2.5)
            planned = line.look is Look.DASHED
            if planned and not line.apart:
                drawn.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
            drawn.marker.style = marks[line.mark]
            drawn.marker.size = 11
            drawn.marker.format.fill.solid()
            drawn.marker.format.fill.fore_color.rgb = _pale(line.colour) if planned else line.colour
            drawn.marker.format.line.color.rgb = line.colour

    def _chart(
        self,
        kind: Any,
        categories: Sequence[str],
        series: Sequence[SeriesLine],
        axis: str,
    ) -> Any:
        data = CategoryChartData(number_format="#,##0")
        data.categories = list(categories)
        for line in series:
            data.add_series(line.name, line.values)
        chart = self._slide.shapes.add_chart(kind, *map(_emu, _BODY), data).chart
        _type(chart.font, 16, TEXT)
        chart.has_title = False
        chart.has_legend = len(series) > 1
        if chart.has_legend:
            chart.legend.position = XL_LEGEND_POSITION.TOP
            chart.legend.include_in_layout = False
            _type(chart.legend.font, 16, TEXT)
        values = chart.value_axis
        values.has_title = True
        values.axis_title.text_frame.text = axis
        _type(values.axis_title.text_frame.paragraphs[0].runs[0].font, 12, TEXT)
        values.tick_labels.number_format = "#,##0"
        values.tick_labels.number_format_is_linked = False
        values.minimum_scale = 0
        values.major_gridlines.format.line.color.rgb = RGBColor(0xD9, 0xD9, 0xD9)
        return chart

    def table(
        self,
        place: tuple[float, float],
        columns: Sequence[tuple[str, float]],
        rows: Iterable[Sequence[str]],
        *,
        size: int = 14,
        numbers: frozenset[int] = frozenset(),
    ) -> None:
        """A native table.

        Args:
            place: Left and top, inches; each row is as high as its text needs.
            columns: Heading and width, inches.
            size: Type, points.
            numbers: Columns set to the right.
        """
        body = [list(row) for row in rows]
        left, top = place
        widths = [wide for _, wide in columns]
        heights = [row_height(row, widths, size) for row in ([n for n, _ in columns], *body)]
        shape = self._slide.shapes.add_table(
            len(body) + 1,
            len(columns),
            *map(_emu, (left, top, sum(widths), sum(heights))),
        )
        table = shape.table
        table.horz_banding = False
        table.rows[0].height = _emu(heights[0])
        for place_, (name, wide) in enumerate(columns):
            table.columns[place_].width = _emu(wide)
            _cell(table.cell(0, place_), name, size, fill=DARK, colour=WHITE, bold=True)
        for line, row in enumerate(body, start=1):
            table.rows[line].height = _emu(heights[line])
            for column, text in enumerate(row):
                fill = PALE if line % 2 == 0 else WHITE
                _cell(table.cell(line, column), text, size, fill=fill, right=column in numbers)


def _tile_fits(found: Sequence[Tile], size: int, columns: int, high: float) -> bool:
    """Whether every text stands on one line of its cell."""
    widest = max((text_width(each.text) for each in found), default=0.0) * size * 1.06 / 72
    return widest < _WIDE / columns - 0.16 and size * 1.25 / 72 + 0.06 < high


def _paint(drawn: Any, line: SeriesLine) -> None:
    """Fill and edge of a bar: told by the pattern where there is no colour."""
    if line.look is Look.HATCHED:
        drawn.fill.patterned()
        drawn.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        drawn.fill.fore_color.rgb, drawn.fill.back_color.rgb = line.colour, WHITE
    else:
        drawn.fill.solid()
        drawn.fill.fore_color.rgb = line.colour
    drawn.line.color.rgb = TEXT
    drawn.line.width = Pt(1.5 if line.look is Look.DASHED else 0.75)
    if line.look is Look.DASHED:
        drawn.line.dash_style = MSO_LINE_DASH_STYLE.DASH


def _pale(colour: RGBColor) -> RGBColor:
    """A colour nearly white, for what is planned: hollow marks have no edge in every program."""
    return RGBColor(*(255 - (255 - part) * 3 // 10 for part in colour))


def row_height(cells: Sequence[str], widths: Sequence[float], size: int) -> float:
    """Inches a row of a table needs for its longest cell, with some to spare."""
    lines = max(
        math.ceil(text_width(text) * size * 1.08 / 72 / (wide - 0.2))
        for text, wide in zip(cells, widths, strict=True)
    )
    return max(lines, 1) * size * 1.4 / 72 + 0.14


def text_width(text: str) -> float:
    """Width in full-width characters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.62 for c in text)


def _emu(inches: float) -> Emu:
    return Emu(int(inches * _INCH))


def _type(font: Any, size: int, colour: RGBColor) -> None:
    """Size, colour and Japanese type: python-pptx itself sets the Latin one only."""
    font.size, font.name = Pt(size), FONT
    font.color.rgb = colour
    properties = font._rPr
    for name in ("a:ea", "a:cs"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    latin = properties.find(qn("a:latin"))
    east = etree.SubElement(properties, qn("a:ea"))
    east.set("typeface", FONT)
    latin.addnext(east)


def _words(
    slide: Any,
    place: tuple[float, float, float, float],
    text: str,
    *,
    size: int,
    bold: bool = False,
    colour: RGBColor = TEXT,
    right: bool = False,
) -> None:
    frame = slide.shapes.add_textbox(*map(_emu, place)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    for number, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        if right:
            paragraph.alignment = PP_ALIGN.RIGHT
        _run(paragraph, line, size, colour, bold=bold)


def _run(paragraph: Any, text: str, size: int, colour: RGBColor, *, bold: bool) -> None:
    run = paragraph.add_run()
    run.text = text
    _type(run.font, size, colour)
    run.font.bold = bold
    run.font._rPr.set("lang", "ja-JP")
    run.font._rPr.set("altLang", "en-US")


def _cell(
    cell: Any,
    text: str,
    size: int,
    *,
    fill: RGBColor,
    colour: RGBColor = TEXT,
    bold: bool = False,
    right: bool = False,
    edge: bool = False,
) -> None:
    if edge:
        _edge(cell)
    cell.fill.solid()
    cell.fill.fore_color.rgb = fill
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Emu(int(0.03 * _INCH))
    cell.margin_left = cell.margin_right = Emu(int(0.08 * _INCH))
    paragraph = cell.text_frame.paragraphs[0]
    if right:
        paragraph.alignment = PP_ALIGN.RIGHT
    _run(paragraph, text, size, colour, bold=bold)


def _edge(cell: Any) -> None:
    """Lines around a cell, so that white ones are seen on white."""
    properties = cell._tc.get_or_add_tcPr()
    for name in ("a:lnL", "a:lnR", "a:lnT", "a:lnB"):
        line = etree.SubElement(properties, qn(name), w="9525")
        fill = etree.SubElement(line, qn("a:solidFill"))
        etree.SubElement(fill, qn("a:srgbClr"), val=str(GREY))
