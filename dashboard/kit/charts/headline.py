"""見出しの棒: who takes part, the names known inside the published count, what is planned apart."""

from __future__ import annotations

from functools import cache

import altair as alt

from dashboard.kit.charts.look import DARK, TEXT, Spec, prepared

NAMED, PUBLISHED, PLANNED = "名前がわかる", "公表だけ", "予定"
_ORDER = [NAMED, PUBLISHED, PLANNED]


@cache
def headline_bars(municipalities: int) -> Spec:
    """One bar a system.

    Rows named ``parts``: ``システム``, ``種別`` one of :data:`NAMED`, :data:`PUBLISHED`,
    :data:`PLANNED`, ``団体``.

    Args:
        municipalities: What a bar to the far end would be.
    """
    number = alt.X(
        "団体",
        type="quantitative",
        title="単位: 団体",
        scale=alt.Scale(domain=[0, municipalities]),
        axis=alt.Axis(tickCount=5, format=",~f"),
        stack="zero",
    )
    bars = (
        alt.Chart(alt.NamedData("parts"))
        .mark_bar(stroke=TEXT, strokeWidth=0.75, height=22)
        .encode(
            x=number,
            y=alt.Y(
                "システム", type="nominal", title=None, sort=None, axis=alt.Axis(labelFontSize=15)
            ),
            order=alt.Order("順", type="quantitative"),
            fill=alt.Fill(
                "種別",
                type="nominal",
                title=None,
                scale=alt.Scale(domain=_ORDER, range=[DARK, "#c5d7fb", "#ffffff"]),
                legend=alt.Legend(
                    orient="top",
                    labelFontSize=14,
                    labelColor=TEXT,
                    symbolType="square",
                    symbolSize=160,
                    symbolDash=[1, 0],
                ),
            ),
            strokeDash=alt.condition(
                alt.datum["種別"] == PLANNED, alt.value([4, 3]), alt.value([1, 0])
            ),
            tooltip=[
                alt.Tooltip("システム", type="nominal"),
                alt.Tooltip("種別", type="nominal"),
                alt.Tooltip("団体", type="quantitative", format=",~f"),
            ],
        )
        .transform_calculate(順=f"indexof({_ORDER!r}, datum['種別'])")
    )
    return prepared(bars.properties(height=alt.Step(34)))
