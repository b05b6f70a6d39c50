"""後乗り: cumulative cost alone against joint, and what each month of waiting costs."""

from __future__ import annotations

from functools import cache

import altair as alt

from dashboard.kit.charts.look import (
    DARK,
    EDGE,
    LIGHT,
    TEXT,
    Spec,
    legend,
    prepared,
    told_apart,
    yen,
)

ALONE, JOINT = "単独調達", "共同調達"
LATER, NEVER = "あとで参加", "参加しない"
_GREY = "#595959"


@cache
def cumulative_cost() -> Spec:
    """累計 by month of use, one line each.

    Rows named ``lines``: ``月数`` from 1, ``年月`` text, ``調達`` :data:`ALONE` or :data:`JOINT`,
    ``累計`` yen. Rows named ``even``: ``月数`` of breaking
    even and ``説明``; empty when there is none to show.
    """
    month = alt.X(
        "月数:Q",
        title="利用開始からの月数",
        scale=alt.Scale(nice=False, domainMin=0),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=8, grid=False),
    )
    names = legend(symbolStrokeWidth=3, symbolSize=900)
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(strokeWidth=3)
        .encode(
            x=month,
            y=yen(alt.Y, "累計", scale=alt.Scale(zero=True)),
            color=told_apart(alt.Color, "調達", {ALONE: _GREY, JOINT: DARK}, names),
            strokeDash=told_apart(alt.StrokeDash, "調達", {ALONE: [7, 4], JOINT: [1, 0]}, names),
            tooltip=[
                alt.Tooltip("調達:N"),
                alt.Tooltip("年月:N"),
                alt.Tooltip("月数:Q", format="d", title="利用月"),
                alt.Tooltip("累計:Q", format=",d", title="累計(円)"),
            ],
        )
    )
    even = alt.Chart(alt.NamedData("even")).encode(x=month)
    rule = even.mark_rule(color=TEXT, strokeWidth=1.5, strokeDash=[2, 3])
    words = even.mark_text(align="left", dx=5, fontSize=13, color=TEXT, baseline="top")
    return prepared(
        alt.layer(
            rule.encode(tooltip=[alt.Tooltip("説明:N")]),
            lines,
            words.encode(y=alt.value(4), text="説明:N"),
        ).properties(height=320)
    )


@cache
def waiting_cost() -> Spec:
    """待つ費用 by months of waiting, against boarding now (0).

    Rows: ``待つ月数``, ``参加する月`` text, ``待つ費用`` yen, ``場合`` :data:`LATER` or :data:`NEVER`.
    """
    chart = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(strokeWidth=1, stroke=EDGE)
        .encode(
            x=alt.X(
                "待つ月数:O",
                sort=None,
                title="参加を待つ月数",
                axis=alt.Axis(labelAngle=0, labelOverlap="parity"),
            ),
            y=yen(alt.Y, "待つ費用"),
            color=told_apart(
                alt.Color, "場合", {LATER: LIGHT, NEVER: DARK}, legend(symbolStrokeColor=EDGE)
            ),
            tooltip=[
                alt.Tooltip("待つ月数:O"),
                alt.Tooltip("参加する月:N"),
                alt.Tooltip("待つ費用:Q", format=",d", title="待つ費用(円)"),
            ],
        )
        .properties(height=320)
    )
    return prepared(chart)
