"""One slide: Japanese type, house colours, native charts and tables, notes with sources."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE
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
_INCH = 914_400
WIDTH, HEIGHT = int(13.333 * _INCH), int(7.5 * _INCH)
BODY_TOP, BODY_HEIGHT = 1.75, 4.95
"""Where the body of a slide begins and how high it is, inches."""


@dataclass(frozen=True)
class SeriesLine:
    """One series of a chart."""

    name: str  # as the legend says it
    values: tuple[float | None, ...]  # one a category; None is unknown and leaves a gap
    colour: RGBColor  # fill or line
    dashed: bool = False  # 予定: never drawn as 実績
    mark: int = 0  # which marker of a line
    apart: bool = False  # points of a line chart that nothing joins


class Deck:
    """A presentation being written, 16:9."""

    def __init__(self, title: str, *, made_up: bool) -> None:
        self.book = Presentation()
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

    def page(self, title: str, under: str, source: str, notes: str) -> Page:
        """A slide with its title, what it rests on below it, and its source at the foot."""
        slide = self.book.slides.add_slide(self.book.slide_layouts[6])
        _words(slide, (0.6, 0.35, 12.13, 0.7), title, size=28, bold=True, colour=DARK)
        _words(slide, (0.6, 1.02, 12.13, 0.65), under, size=14, colour=GREY)
        number = len(self.book.slides)
        _words(slide, (0.6, 6.85, 11.3, 0.45), source, size=11, colour=GREY)
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

    def words(self, place: tuple[float, float, float, float], text: str, size: int = 18) -> None:
        """Text in a box: left, top, width, height in inches."""
        _words(self._slide, place, text, size=size)

    def bars(
        self,
        place: tuple[float, float, float, float],
        categories: Sequence[str],
        series: Sequence[SeriesLine],
        axis: str,
        *,
        stacked: bool = False,
        across: bool = False,
    ) -> None:
        """A native bar chart with its numbers written on it, so that grey prints tell it all.

        Args:
            place: Left, top, width, height, inches.
            categories: One a bar, or a group of bars.
            series: One a part, or a bar of each group.
            stacked: Parts of a bar one after the other; bars lie.
            across: Bars beside each other lie, for long categories.
        """
        lying = XL_CHART_TYPE.BAR_CLUSTERED if across else XL_CHART_TYPE.COLUMN_CLUSTERED
        kind = XL_CHART_TYPE.BAR_STACKED if stacked else lying
        chart = self._chart(place, kind, categories, series, axis)
        plot = chart.plots[0]
        plot.gap_width = 60
        if stacked:
            plot.overlap = 100
        written = "#,##0;;" if stacked else "#,##0"  # a part of 0 has no room for its number
        for drawn, line in zip(plot.series, series, strict=True):
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = line.colour
            drawn.format.line.color.rgb = TEXT
            drawn.format.line.width = Pt(0.75)
            labels = drawn.data_labels
            labels.show_value = True
            labels.number_format, labels.number_format_is_linked = written, False
            on_dark = stacked and line.colour == DARK
            _type(labels.font, 14, WHITE if on_dark else TEXT)

    def lines(
        self,
        place: tuple[float, float, float, float],
        categories: Sequence[str],
        series: Sequence[SeriesLine],
        axis: str,
    ) -> None:
        """A native line chart; markers differ so that grey prints tell the series apart."""
        chart = self._chart(place, XL_CHART_TYPE.LINE_MARKERS, categories, series, axis)
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
            if line.dashed and not line.apart:
                drawn.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
            drawn.marker.style = marks[line.mark]
            drawn.marker.size = 8
            drawn.marker.format.fill.solid()
            drawn.marker.format.fill.fore_color.rgb = (
                _pale(line.colour) if line.dashed else line.colour
            )
            drawn.marker.format.line.color.rgb = line.colour

    def _chart(
        self,
        place: tuple[float, float, float, float],
        kind: Any,
        categories: Sequence[str],
        series: Sequence[SeriesLine],
        axis: str,
    ) -> Any:
        data = CategoryChartData(number_format="#,##0")
        data.categories = list(categories)
        for line in series:
            data.add_series(line.name, line.values)
        chart = self._slide.shapes.add_chart(kind, *map(_emu, place), data).chart
        _type(chart.font, 14, TEXT)
        chart.has_title = False
        chart.has_legend = len(series) > 1
        if chart.has_legend:
            chart.legend.position = XL_LEGEND_POSITION.TOP
            chart.legend.include_in_layout = False
            _type(chart.legend.font, 14, TEXT)
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
) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = fill
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Emu(int(0.03 * _INCH))
    cell.margin_left = cell.margin_right = Emu(int(0.08 * _INCH))
    paragraph = cell.text_frame.paragraphs[0]
    if right:
        paragraph.alignment = PP_ALIGN.RIGHT
    _run(paragraph, text, size, colour, bold=bold)
