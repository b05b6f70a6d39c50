"""指標の推移: one indicator on its own axis; what is foreseen, published or aimed at told apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import altair as alt

from dashboard.kit.charts.look import (
    DARK,
    EDGE,
    ORANGE,
    TEXT,
    WHITE,
    Spec,
    as_of_rule,
    days,
    legend,
    prepared,
    told_apart,
)

ACTUAL, FORESEEN = "値", "予定"
PUBLISHED, PUBLISHED_PLAN, TARGET = "公表値(実績)", "公表値(予定)", "目標"
_DASHES = {ACTUAL: [1, 0], FORESEEN: [6, 4]}
_SHAPES = {PUBLISHED: "diamond", PUBLISHED_PLAN: "diamond", TARGET: "triangle-down"}
_EDGES = {PUBLISHED: ORANGE, PUBLISHED_PLAN: ORANGE, TARGET: TEXT}
_FILLS = {PUBLISHED: ORANGE, PUBLISHED_PLAN: WHITE, TARGET: EDGE}


def _of(looks: Mapping[str, Any], shown: tuple[str, ...]) -> dict[str, Any]:
    return {name: look for name, look in looks.items() if name in shown}


@cache
def indicator_over_time(unit: str, lines_of: tuple[str, ...], marks: tuple[str, ...]) -> Spec:
    """The value by day, from the day of a row until the next one.

    Rows named ``lines``: ``日`` ISO day, ``値`` None for unknown (the line breaks), ``系列``
    :data:`ACTUAL` or :data:`FORESEEN`. Rows named ``points``: ``日``, ``値``, ``系列``
    :data:`PUBLISHED`, :data:`PUBLISHED_PLAN` or :data:`TARGET`, ``説明``. Rows named ``aims``: ``日`` to ``終``
    the level ``値`` of a 目標. Rows named ``day``: ``日``
    the one 基準日.

    Args:
        unit: 単位 of the axis.
        lines_of: 系列 of the ``lines`` there are; the legend names no other.
        marks: The same of the ``points``; empty for none.
    """
    day = days(scale=alt.Scale(padding=10))
    number = alt.Y(
        "値:Q",
        title=f"単位: {unit}",
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(tickCount=5, format=",~f"),
    )
    above, below = (legend(orient, columns=2, symbolSize=120) for orient in ("top", "bottom"))
    told = [
        alt.Tooltip("系列:N"),
        alt.Tooltip("日:T", format="%Y-%m-%d"),
        alt.Tooltip("値:Q", format=",~f", title=f"値({unit})"),
    ]
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(
            interpolate="step-after",
            strokeWidth=2.5,
            color=DARK,
            invalid="break-paths-show-domains",
            # a point of an unknown value would be read aloud as null; alt= and the table say it
            point=alt.OverlayMarkDef(size=40, color=DARK, filled=True, aria=False),
        )
        .encode(
            x=day,
            y=number,
            strokeDash=told_apart(alt.StrokeDash, "系列", _of(_DASHES, lines_of), above),
            tooltip=told,
        )
    )
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(size=100, strokeWidth=2, fillOpacity=1, opacity=1)
        .encode(
            x=day,
            y=number,
            shape=told_apart(alt.Shape, "系列", _of(_SHAPES, marks), below),
            stroke=told_apart(alt.Stroke, "系列", _of(_EDGES, marks), below),
            fill=told_apart(alt.Fill, "系列", _of(_FILLS, marks), below),
            tooltip=[*told, alt.Tooltip("説明:N")],
        )
    )
    aims = (
        alt.Chart(alt.NamedData("aims"))
        .mark_rule(color=TEXT, strokeWidth=1.5, strokeDash=[1, 4], aria=False)
        .encode(x=day, x2=alt.X2("終"), y=number)
    )
    layers = (as_of_rule(day), aims, lines, points) if marks else (as_of_rule(day), lines)
    chart = alt.layer(*layers).resolve_scale(
        strokeDash="independent", shape="independent", stroke="independent", fill="independent"
    )
    return prepared(chart.properties(height=400 if marks else 320))


@cache
def groups_as_bars(unit: str) -> Spec:
    """A number by what its parts are gathered by.

    Rows named ``groups``: ``分け方``, ``値``; in the order drawn.

    Args:
        unit: 単位 of the axis.
    """
    bars = (
        alt.Chart(alt.NamedData("groups"))
        .mark_bar(color=DARK, height=18)
        .encode(
            x=alt.X("値:Q", title=f"単位: {unit}", axis=alt.Axis(tickMinStep=1, format=",~f")),
            y=alt.Y("分け方:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)),
            tooltip=[
                alt.Tooltip("分け方:N"),
                alt.Tooltip("値:Q", format=",~f", title=f"値({unit})"),
            ],
        )
    )
    return prepared(bars.properties(height=alt.Step(26)))
