"""府内地図: one municipality one shape, its standing as fill and as mark."""

from __future__ import annotations

from functools import cache

import altair as alt

from dashboard.kit.charts.look import ORANGE, TEXT, WHITE, Spec, prepared
from dashboard.kit.charts.standing import fill_scale, white_on_dark

PICKED = "picked"
"""Selection: a municipality somebody clicked, by code."""

_FIELDS = ["name", "state", "since", "detail", "words"]


@cache
def prefecture_map(address: str) -> Spec:
    """The map, its boundaries fetched by the browser from an address of this server.

    Rows named ``rows``: ``code`` 6 digits, ``name``, ``state`` :func:`standing.legend_label`, ``mark``,
    ``since``, ``detail``, ``words`` all of it as read aloud, ``lat`` and ``lng`` of the town hall, ``dim`` whether a filter leaves the
    municipality out, ``chosen`` whether it is the one selected.
    """
    picked = alt.selection_point(PICKED, fields=["code"], on="click", toggle=False, empty=False)
    tooltip = [
        alt.Tooltip("name:N", title="市町村"),
        alt.Tooltip("state:N", title="参加の状態"),
        alt.Tooltip("since:N", title="いつから"),
        alt.Tooltip("detail:N", title="補足"),
    ]
    shapes = (
        alt.Chart(
            alt.UrlData(
                address, format=alt.TopoDataFormat(type="topojson", feature="municipalities")
            )
        )
        .transform_calculate(code="datum.id")
        .transform_lookup(
            lookup="id",
            from_=alt.LookupData(
                alt.NamedData("rows"), key="code", fields=[*_FIELDS, "dim", "chosen"]
            ),
        )
        .mark_geoshape(cursor="pointer")
        .encode(
            color=alt.Color("state:N", scale=fill_scale(), legend=None),  # the names beside it are
            fillOpacity=alt.condition("datum.dim", alt.value(0.15), alt.value(1)),
            stroke=alt.condition("datum.chosen", alt.value(ORANGE), alt.value(TEXT)),
            strokeWidth=alt.condition("datum.chosen", alt.value(4), alt.value(0.8)),
            description="words:N",
            tooltip=tooltip,
        )
        .add_params(picked)
    )
    marks = (
        alt.Chart(alt.NamedData("rows"))
        .mark_text(fontSize=14, fontWeight="bold", cursor="pointer", aria=False)
        .encode(
            longitude="lng:Q",
            latitude="lat:Q",
            text="mark:N",
            color=alt.condition(white_on_dark("state"), alt.value(WHITE), alt.value(TEXT)),
            opacity=alt.condition("datum.dim", alt.value(0), alt.value(1)),
            tooltip=tooltip,
        )
        .add_params(picked)
    )
    return prepared(alt.layer(shapes, marks).project(type="mercator").properties(height=430))
