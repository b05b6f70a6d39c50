"""後乗り: cumulative cost alone against joint, and what each month of waiting costs."""

from __future__ import annotations

from functools import cache

import altair as alt

from dashboard.kit.charts.look import DARK, EDGE, LIGHT, TEXT, Spec, prepared

ALONE, JOINT = "単独調達", "共同調達"
LATER, NEVER = "あとで参加", "参加しない"
_GREY = "#595959"
_LEGEND = alt.Legend(
    orient="top", labelFontSize=14, labelColor=TEXT, symbolStrokeWidth=3, symbolSize=900
)


@cache
def cumulative_cost() -> Spec:
    """累計 by month of use, one line each.

    Rows named ``lines``: ``月数`` from 1, ``年月`` text, ``調達`` :data:`ALONE` or :data:`JOINT`,
    ``累計`` yen. Rows named ``even``: ``月数`` of breaking
    even and ``説明``; empty when there is none to show.
    """
    month = alt.X(
        "月数",
        type="quantitative",
        title="利用開始からの月数",
        scale=alt.Scale(nice=False, domainMin=0),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=8, grid=False),
    )
    amount = alt.Y(
        "累計",
        type="quantitative",
        title="累計(円)",
        scale=alt.Scale(zero=True),
        axis=alt.Axis(format=",d", tickCount=5),
    )
    colour = alt.Color(
        "調達",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=[ALONE, JOINT], range=[_GREY, DARK]),
        legend=_LEGEND,
    )
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(strokeWidth=3)
        .encode(
            x=month,
            y=amount,
            color=colour,
            strokeDash=alt.StrokeDash(
                "調達",
                type="nominal",
                title=None,
                scale=alt.Scale(domain=[ALONE, JOINT], range=[[7, 4], [1, 0]]),
                legend=_LEGEND,
            ),
            tooltip=[
                alt.Tooltip("調達", type="nominal"),
                alt.Tooltip("年月", type="nominal"),
                alt.Tooltip("月数", type="quantitative", format="d", title="利用月"),
                alt.Tooltip("累計", type="quantitative", format=",d", title="累計(円)"),
            ],
        )
    )
    even = (
        alt.Chart(alt.NamedData("even"))
        .mark_rule(color=TEXT, strokeWidth=1.5, strokeDash=[2, 3])
        .encode(x=month, tooltip=[alt.Tooltip("説明", type="nominal")])
    )
    even_text = (
        alt.Chart(alt.NamedData("even"))
        .mark_text(align="left", dx=5, fontSize=13, color=TEXT, baseline="top")
        .encode(x=month, y=alt.value(4), text=alt.Text("説明", type="nominal"))
    )
    return prepared(alt.layer(even, lines, even_text).properties(height=320))


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
                "待つ月数",
                type="ordinal",
                sort=None,
                title="参加を待つ月数",
                axis=alt.Axis(labelAngle=0, labelOverlap="parity"),
            ),
            y=alt.Y(
                "待つ費用",
                type="quantitative",
                title="待つ費用(円)",
                axis=alt.Axis(format=",d", tickCount=5),
            ),
            color=alt.Color(
                "場合",
                type="nominal",
                title=None,
                scale=alt.Scale(domain=[LATER, NEVER], range=[LIGHT, DARK]),
                legend=alt.Legend(
                    orient="top", labelFontSize=14, labelColor=TEXT, symbolStrokeColor=EDGE
                ),
            ),
            tooltip=[
                alt.Tooltip("待つ月数", type="ordinal"),
                alt.Tooltip("参加する月", type="nominal"),
                alt.Tooltip("待つ費用", type="quantitative", format=",d", title="待つ費用(円)"),
            ],
        )
        .properties(height=320)
    )
    return prepared(chart)
