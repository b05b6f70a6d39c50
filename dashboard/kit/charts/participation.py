"""参加団体数の推移: the ledger's count by month, and beside it what was published, on one basis."""

from __future__ import annotations

from functools import cache

import altair as alt

from dashboard.kit.charts.look import DARK, TEXT, Spec, prepared
from dashboard.kit.charts.standing import fill_scale, white_on_dark

NAMED, LEDGER, PLANNED = "台帳(名前がわかる団体)", "台帳(網羅、実績)", "台帳(予定を含む)"
PUBLISHED, PUBLISHED_PLAN = "公表値(実績)", "公表値(予定)"
_SERIES = [LEDGER, NAMED, PLANNED, PUBLISHED, PUBLISHED_PLAN]
_ORANGE, _WHITE, _PALE = "#c74700", "#ffffff", "#7096f8"


@cache
def participation_over_time() -> Spec:
    """団体数 by day on one basis.

    Rows named ``lines``: ``日`` ISO day, ``団体数``, ``系列`` :data:`LEDGER` under 網羅, else
    :data:`NAMED`, or :data:`PLANNED`; the count holds until the next row, None ends the line. Rows named ``points``: the same for days on which something
    changed, and :data:`PUBLISHED` or :data:`PUBLISHED_PLAN` for 公表値, with ``説明``. Rows named
    ``day``: ``日`` the one 基準日. Published points are never joined by a line.
    """
    day = alt.X(
        "日",
        type="temporal",
        title=None,
        axis=alt.Axis(format="%Y-%m", tickCount=6, labelAngle=0, grid=False),
    )
    number = alt.Y(
        "団体数",
        type="quantitative",
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
            stroke=_by_series("stroke", [DARK, _PALE, DARK, _ORANGE, _ORANGE]),
            strokeDash=alt.StrokeDash(
                "系列",
                type="nominal",
                title=None,
                scale=alt.Scale(domain=_SERIES, range=[[1, 0], [1, 0], [6, 4], [1, 0], [1, 0]]),
                legend=_legend(),
            ),
        )
    )
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(size=90, strokeWidth=2, fillOpacity=1, opacity=1)
        .encode(
            x=day,
            y=number,
            stroke=_by_series("stroke", [DARK, _PALE, DARK, _ORANGE, _ORANGE]),
            fill=_by_series("fill", [DARK, _PALE, _WHITE, _ORANGE, _WHITE]),
            shape=alt.Shape(
                "系列",
                type="nominal",
                title=None,
                scale=alt.Scale(
                    domain=_SERIES, range=["circle", "circle", "circle", "diamond", "diamond"]
                ),
                legend=_legend(),
            ),
            tooltip=[
                alt.Tooltip("系列", type="nominal"),
                alt.Tooltip("日", type="temporal", format="%Y-%m-%d"),
                alt.Tooltip("団体数", type="quantitative", format="d"),
                alt.Tooltip("説明", type="nominal"),
            ],
        )
    )
    numbers = (
        alt.Chart(alt.NamedData("points"))
        .transform_filter(alt.FieldOneOfPredicate(field="系列", oneOf=[PUBLISHED, PUBLISHED_PLAN]))
        .mark_text(fontSize=13, dy=-14, color=TEXT)
        .encode(x=day, y=number, text=alt.Text("団体数", type="quantitative", format="d"))
    )
    as_of = (
        alt.Chart(alt.NamedData("day"))
        .mark_rule(color=TEXT, strokeWidth=1, strokeDash=[2, 3])
        .encode(
            x=day, tooltip=[alt.Tooltip("日", type="temporal", format="%Y-%m-%d", title="基準日")]
        )
    )
    return prepared(alt.layer(as_of, lines, points, numbers).properties(height=420))


def _by_series(channel: str, colours: list[str]) -> alt.Stroke | alt.Fill:
    kind = alt.Stroke if channel == "stroke" else alt.Fill
    return kind(
        "系列",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=_SERIES, range=colours),
        legend=_legend(),
    )


def _legend() -> alt.Legend:
    return alt.Legend(orient="top", columns=2, labelFontSize=14, labelColor=TEXT, symbolSize=120)


@cache
def participation_by_group() -> Spec:
    """団体数 by 地域 or 区分, one bar a group, cut by 参加の状態.

    Rows: ``名前`` of the group, in order; ``状態`` :func:`standing.legend_label`; ``団体数``;
    ``順`` of the states; ``文字`` mark and number, as written into the bar.
    """
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            "名前",
            type="nominal",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=160, labelFontSize=14),
        ),
        order=alt.Order("順", type="quantitative"),
        tooltip=[
            alt.Tooltip("名前", type="nominal"),
            alt.Tooltip("状態", type="nominal"),
            alt.Tooltip("団体数", type="quantitative", format="d"),
        ],
    )
    bars = base.mark_bar(strokeWidth=1, stroke=TEXT).encode(
        x=_stacked(), color=alt.Color("状態", type="nominal", scale=fill_scale(), legend=None)
    )
    words = base.mark_text(fontSize=13).encode(
        x=_stacked(0.5),
        text=alt.Text("文字", type="nominal"),
        detail=alt.Detail("状態", type="nominal"),
        color=alt.condition(white_on_dark("状態"), alt.value("#ffffff"), alt.value(TEXT)),
    )
    return prepared(alt.layer(bars, words).properties(height=alt.Step(36)))


def _stacked(band: float | alt.UndefinedType = alt.Undefined) -> alt.X:
    return alt.X(
        "団体数",
        type="quantitative",
        title="団体数",
        stack="zero",
        bandPosition=band,
        axis=alt.Axis(format="d", tickMinStep=1),
    )
