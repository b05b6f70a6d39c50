"""見出しの棒: who takes part, the names known inside the published count, what is planned apart."""

from __future__ import annotations

from functools import cache

import altair as alt

from dashboard.kit.charts.look import DARK, LIGHT, TEXT, WHITE, Spec, legend, prepared, told_apart

NAMED, PUBLISHED, PLANNED = "名前がわかる", "公表だけ", "予定"
_FILLS = {NAMED: DARK, PUBLISHED: LIGHT, PLANNED: WHITE}


@cache
def headline_bars(municipalities: int) -> Spec:
    """One bar a system.

    Rows named ``parts``: ``システム``, ``種別`` one of :data:`NAMED`, :data:`PUBLISHED`,
    :data:`PLANNED`, ``団体``.

    Args:
        municipalities: What a bar to the far end would be.
    """
    names = legend(symbolType="square", symbolSize=160, symbolDash=[1, 0])
    bars = (
        alt.Chart(alt.NamedData("parts"))
        .mark_bar(stroke=TEXT, strokeWidth=0.75, height=22)
        .encode(
            x=alt.X(
                "団体:Q",
                title="単位: 団体",
                scale=alt.Scale(domain=[0, municipalities]),
                axis=alt.Axis(tickCount=5, format=",~f"),
                stack="zero",
            ),
            y=alt.Y(
                "システム:N", title=None, sort=None, axis=alt.Axis(labelFontSize=15, labelLimit=260)
            ),
            order=alt.Order("順:Q"),
            fill=told_apart(alt.Fill, "種別", _FILLS, names),
            strokeDash=alt.condition(
                alt.datum["種別"] == PLANNED, alt.value([4, 3]), alt.value([1, 0])
            ),
            tooltip=[
                alt.Tooltip("システム:N"),
                alt.Tooltip("種別:N"),
                alt.Tooltip("団体:Q", format=",~f"),
            ],
        )
        .transform_calculate(順=f"indexof({list(_FILLS)!r}, datum['種別'])")
    )
    return prepared(bars.properties(height=alt.Step(34)))
