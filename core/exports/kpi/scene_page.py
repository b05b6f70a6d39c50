"""A scene of the wall as a slide: its chart, or its table where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from core.exports.kpi.slide import (
    DARK,
    LIGHT,
    MIDDLE,
    TABLE_TOP,
    WHITE,
    Deck,
    Look,
    SeriesLine,
)
from core.figures.scenes.scene import Chart, Mark, Scene

_FILLS = (WHITE, LIGHT, LIGHT, MIDDLE, DARK, DARK)
_MOST_ROWS = 12
_WIDE = 12.1


def add_scene(deck: Deck, scene: Scene) -> None:
    """The slide of one scene: its chart, or its table where there is none."""
    figures = "、".join(f"{each.figure.label} {each.figure.text}" for each in scene.figures)
    basis = scene.figures[0].figure
    page = deck.page(
        _shortened(scene.title, 34),
        _shortened(figures, 90),
        f"{scene.sentence} 基準日: {basis.as_of}",
        f"出典: {'、'.join(scene.sources)}",
        "\n".join(
            f"{each.figure.label}: {each.figure.text} 定義: {each.figure.definition} "
            f"集計基準: {each.figure.basis} 基準日: {each.figure.as_of}"
            for each in scene.figures
        ),
    )
    if scene.chart is not None and scene.chart.items:
        chart = scene.chart
        upwards = chart.items[::-1]  # a bar chart begins at the bottom
        page.bars(
            [_shortened(each.label, 24) for each in upwards],
            _series(chart, [each.values for each in upwards]),
            chart.unit,
            stacked=len(chart.legend) > 1,
            across=True,
        )
    elif scene.rows:
        wide = _WIDE / len(scene.columns)
        page.table(
            (0.6, TABLE_TOP + 0.6),
            [(name, wide) for name in scene.columns],
            [[_shortened(cell, 60) for cell in row] for row in scene.rows[:_MOST_ROWS]],
        )


def _series(chart: Chart, values: Sequence[tuple[int | None, ...]]) -> list[SeriesLine]:
    return [
        SeriesLine(
            mark.label,
            tuple(None if row[place] is None else float(row[place] or 0) for row in values),
            _FILLS[mark.shade],
            look=_look(mark),
        )
        for place, mark in enumerate(chart.legend)
    ]


def _look(mark: Mark) -> Look:
    return Look.HATCHED if mark.hatched else Look.DASHED if mark.dashed else Look.PLAIN


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
