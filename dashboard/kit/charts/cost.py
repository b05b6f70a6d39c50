"""費用試算: amounts split into 一般財源 and 府補助金."""

from __future__ import annotations

from functools import cache

import altair as alt

from dashboard.kit.charts.look import DARK, EDGE, LIGHT, TEXT, Spec, prepared

NET, SUBSIDY = "一般財源", "府補助金"


@cache
def monthly_cost() -> Spec:
    """月別の歳出, split into 一般財源 and 府補助金.

    Rows: ``月`` text in order, ``財源`` :data:`NET` or :data:`SUBSIDY`, ``金額`` yen, ``順`` 0 for
    NET (drawn below) or 1.
    """
    chart = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(strokeWidth=1, stroke=EDGE)
        .encode(
            x=alt.X("月", type="nominal", sort=None, title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y(
                "金額",
                type="quantitative",
                title="歳出(円)",
                stack="zero",
                axis=alt.Axis(format=",d", tickCount=5),
            ),
            color=_sources_of_funds(),
            order=alt.Order("順", type="quantitative"),
            tooltip=_tooltips("月"),
        )
        .properties(height=260)
    )
    return prepared(chart)


@cache
def compared_cost() -> Spec:
    """Cases or kept estimates side by side, split into 一般財源 and 府補助金.

    Rows as for :func:`monthly_cost`, with ``名前`` in place of ``月``.
    """
    chart = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(strokeWidth=1, stroke=EDGE)
        .encode(
            y=alt.Y(
                "名前",
                type="nominal",
                sort=None,
                title=None,
                axis=alt.Axis(labelLimit=220, labelFontSize=14),
            ),
            x=alt.X(
                "金額",
                type="quantitative",
                title="歳出(円)",
                stack="zero",
                axis=alt.Axis(format=",d", tickCount=5),
            ),
            color=_sources_of_funds(),
            order=alt.Order("順", type="quantitative"),
            tooltip=_tooltips("名前"),
        )
        .properties(height=alt.Step(44))
    )
    return prepared(chart)


def _sources_of_funds() -> alt.Color:
    return alt.Color(
        "財源",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=[NET, SUBSIDY], range=[DARK, LIGHT]),
        legend=alt.Legend(orient="top", labelFontSize=14, labelColor=TEXT, symbolStrokeColor=EDGE),
    )


def _tooltips(first: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip(first, type="nominal"),
        alt.Tooltip("財源", type="nominal"),
        alt.Tooltip("金額", type="quantitative", format=",d", title="金額(円)"),
    ]
