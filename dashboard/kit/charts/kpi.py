"""指標の推移: one indicator on its own axis; what is foreseen, published or aimed at told apart."""

from __future__ import annotations

from functools import cache
from typing import Literal

import altair as alt

from dashboard.kit.charts.look import DARK, EDGE, TEXT, Spec, prepared

ACTUAL, FORESEEN = "値", "予定"
PUBLISHED, PUBLISHED_PLAN, TARGET = "公表値(実績)", "公表値(予定)", "目標"
_POINTS = [PUBLISHED, PUBLISHED_PLAN, TARGET]
_ORANGE, _WHITE = "#c74700", "#ffffff"


@cache
def indicator_over_time(unit: str, *, marked: bool) -> Spec:
    """The value by day, from the day of a row until the next one.

    Rows named ``lines``: ``日`` ISO day, ``値`` None for unknown (the line breaks), ``系列``
    :data:`ACTUAL` or :data:`FORESEEN`. Rows named ``points``: ``日``, ``値``, ``系列``
    :data:`PUBLISHED`, :data:`PUBLISHED_PLAN` or :data:`TARGET`, ``説明``. Rows named ``aims``: ``日`` to ``終``
    the level ``値`` of a 目標. Rows named ``day``: ``日``
    the one 基準日.

    Args:
        unit: 単位 of the axis.
        marked: Whether there are any ``points``.
    """
    day = alt.X(
        "日",
        type="temporal",
        title=None,
        scale=alt.Scale(padding=10),
        axis=alt.Axis(format="%Y-%m", tickCount=6, labelAngle=0, grid=False),
    )
    number = alt.Y(
        "値",
        type="quantitative",
        title=f"単位: {unit}",
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(tickCount=5, format=",~f"),
    )
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
            strokeDash=alt.StrokeDash(
                "系列",
                type="nominal",
                title=None,
                scale=alt.Scale(domain=[ACTUAL, FORESEEN], range=[[1, 0], [6, 4]]),
                legend=_legend("top"),
            ),
            tooltip=[
                alt.Tooltip("系列", type="nominal"),
                alt.Tooltip("日", type="temporal", format="%Y-%m-%d"),
                alt.Tooltip("値", type="quantitative", format=",~f", title=f"値({unit})"),
            ],
        )
    )
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(size=100, strokeWidth=2, fillOpacity=1, opacity=1)
        .encode(
            x=day,
            y=number,
            shape=_told_apart(alt.Shape, ["diamond", "diamond", "triangle-down"]),
            stroke=_told_apart(alt.Stroke, [_ORANGE, _ORANGE, TEXT]),
            fill=_told_apart(alt.Fill, [_ORANGE, _WHITE, EDGE]),
            tooltip=[
                alt.Tooltip("系列", type="nominal"),
                alt.Tooltip("日", type="temporal", format="%Y-%m-%d"),
                alt.Tooltip("値", type="quantitative", format=",~f", title=f"値({unit})"),
                alt.Tooltip("説明", type="nominal"),
            ],
        )
    )
    as_of = (
        alt.Chart(alt.NamedData("day"))
        .mark_rule(color=TEXT, strokeWidth=1, strokeDash=[2, 3])
        .encode(
            x=day, tooltip=[alt.Tooltip("日", type="temporal", format="%Y-%m-%d", title="基準日")]
        )
    )
    aims = (
        alt.Chart(alt.NamedData("aims"))
        .mark_rule(color=TEXT, strokeWidth=1.5, strokeDash=[1, 4], aria=False)
        .encode(x=day, x2=alt.X2("終"), y=number)
    )
    layers = (as_of, aims, lines, points) if marked else (as_of, lines)
    chart = alt.layer(*layers).resolve_scale(
        strokeDash="independent", shape="independent", stroke="independent", fill="independent"
    )
    return prepared(chart.properties(height=400 if marked else 320))


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
            x=alt.X(
                "値",
                type="quantitative",
                title=f"単位: {unit}",
                axis=alt.Axis(tickMinStep=1, format=",~f"),
            ),
            y=alt.Y("分け方", type="nominal", title=None, sort=None, axis=alt.Axis(labelLimit=260)),
            tooltip=[
                alt.Tooltip("分け方", type="nominal"),
                alt.Tooltip("値", type="quantitative", format=",~f", title=f"値({unit})"),
            ],
        )
    )
    return prepared(bars.properties(height=alt.Step(26)))


def _told_apart(
    kind: type[alt.Shape] | type[alt.Stroke] | type[alt.Fill], marks: list[str]
) -> alt.Shape | alt.Stroke | alt.Fill:
    return kind(
        "系列",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=_POINTS, range=marks),
        legend=_legend("bottom"),
    )


def _legend(orient: Literal["top", "bottom"]) -> alt.Legend:
    return alt.Legend(orient=orient, columns=2, labelFontSize=14, labelColor=TEXT, symbolSize=120)
