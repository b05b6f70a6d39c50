"""費用試算: amounts split into 一般財源 and the prefecture's subsidy."""

from __future__ import annotations

from functools import cache

import altair as alt

from dashboard.kit.charts.look import DARK, EDGE, LIGHT, Spec, legend, prepared, told_apart, yen

NET = "一般財源"


@cache
def monthly_cost(subsidy: str | None) -> Spec:
    """月別の歳出, split into 一般財源 and what the prefecture's subsidy is called, if there is one.

    Rows: ``月`` text in order, ``財源`` :data:`NET` or ``subsidy``, ``金額`` yen, ``順`` 0 for
    NET (drawn below) or 1.
    """
    months = alt.X("月:N", sort=None, title=None, axis=alt.Axis(labelAngle=0))
    return prepared(
        _bars("月", subsidy)
        .encode(x=months, y=yen(alt.Y, "金額", "歳出", stack="zero"))
        .properties(height=260)
    )


@cache
def _bars(along: str, subsidy: str | None) -> alt.Chart:
    names = legend(symbolStrokeColor=EDGE)
    bars: alt.Chart = alt.Chart(alt.NamedData("rows")).mark_bar(strokeWidth=1, stroke=EDGE)
    return bars.encode(
        color=told_apart(
            alt.Color, "財源", {NET: DARK} | ({subsidy: LIGHT} if subsidy else {}), names
        ),
        order=alt.Order("順:Q"),
        tooltip=[
            alt.Tooltip(f"{along}:N"),
            alt.Tooltip("財源:N"),
            alt.Tooltip("金額:Q", format=",d", title="金額(円)"),
        ],
    )
