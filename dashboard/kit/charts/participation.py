"""参加団体数の推移: the ledger's count by month, and beside it what was published, on one basis."""

from __future__ import annotations

from functools import cache

import altair as alt

from dashboard.kit.charts.look import (
    DARK,
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
from dashboard.kit.charts.standing import fill_scale, white_on_dark

NAMED, LEDGER, PLANNED = "台帳(名前がわかる団体)", "台帳(網羅、実績)", "台帳(予定を含む)"
PUBLISHED, PUBLISHED_PLAN = "公表値(実績)", "公表値(予定)"
_PALE = "#7096f8"
_EDGES = {LEDGER: DARK, NAMED: _PALE, PLANNED: DARK, PUBLISHED: ORANGE, PUBLISHED_PLAN: ORANGE}
_FILLS = {**_EDGES, PLANNED: WHITE, PUBLISHED_PLAN: WHITE}
_DASHES = {name: [6, 4] if name == PLANNED else [1, 0] for name in _EDGES}
_SHAPES = {name: "diamond" if "公表値" in name else "circle" for name in _EDGES}


@cache
def participation_over_time() -> Spec:
    """団体数 by day on one basis.

    Rows named ``lines``: ``日`` ISO day, ``団体数``, ``系列`` :data:`LEDGER` under 網羅, else
    :data:`NAMED`, or :data:`PLANNED`; the count holds until the next row, None ends the line. Rows named ``points``: the same for days on which something
    changed, and :data:`PUBLISHED` or :data:`PUBLISHED_PLAN` for 公表値, with ``説明``. Rows named
    ``day``: ``日`` the one 基準日. Published points are never joined by a line.
    """
    day, names = days(), legend(columns=2, symbolSize=120)
    number = alt.Y(
        "団体数:Q",
        title="団体数",
        scale=alt.Scale(domainMin=0, nice=True),
        axis=alt.Axis(tickMinStep=1, tickCount=5, format="d"),
    )
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(interpolate="step-after", strokeWidth=2.5)
        .encode(
            x=day,
            y=number,
            stroke=told_apart(alt.Stroke, "系列", _EDGES, names),
            strokeDash=told_apart(alt.StrokeDash, "系列", _DASHES, names),
        )
    )
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(size=90, strokeWidth=2, fillOpacity=1, opacity=1)
        .encode(
            x=day,
            y=number,
            stroke=told_apart(alt.Stroke, "系列", _EDGES, names),
            fill=told_apart(alt.Fill, "系列", _FILLS, names),
            shape=told_apart(alt.Shape, "系列", _SHAPES, names),
            tooltip=[
                alt.Tooltip("系列:N"),
                alt.Tooltip("日:T", format="%Y-%m-%d"),
                alt.Tooltip("団体数:Q", format="d"),
                alt.Tooltip("説明:N"),
            ],
        )
    )
    numbers = (
        alt.Chart(alt.NamedData("points"))
        .transform_filter(alt.FieldOneOfPredicate(field="系列", oneOf=[PUBLISHED, PUBLISHED_PLAN]))
        .mark_text(fontSize=13, dy=-14, color=TEXT)
        .encode(x=day, y=number, text=alt.Text("団体数:Q", format="d"))
    )
    return prepared(alt.layer(as_of_rule(day), lines, points, numbers).properties(height=420))


@cache
def participation_by_group() -> Spec:
    """団体数 by 地域 or 区分, one bar a group, cut by 参加の状態.

    Rows: ``名前`` of the group, in order; ``状態`` :func:`standing.legend_label`; ``団体数``;
    ``順`` of the states; ``文字`` mark and number, as written into the bar.
    """
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("名前:N", sort=None, title=None, axis=alt.Axis(labelLimit=160, labelFontSize=14)),
        order=alt.Order("順:Q"),
        tooltip=[alt.Tooltip("名前:N"), alt.Tooltip("状態:N"), alt.Tooltip("団体数:Q", format="d")],
    )
    number = alt.X(
        "団体数:Q", title="団体数", stack="zero", axis=alt.Axis(format="d", tickMinStep=1)
    )
    bars = base.mark_bar(strokeWidth=1, stroke=TEXT).encode(
        x=number, color=alt.Color("状態:N", scale=fill_scale(), legend=None)
    )
    words = base.mark_text(fontSize=13).encode(
        x=number.bandPosition(0.5),
        text="文字:N",
        detail="状態:N",
        color=alt.condition(white_on_dark("状態"), alt.value(WHITE), alt.value(TEXT)),
    )
    return prepared(alt.layer(bars, words).properties(height=alt.Step(36)))
