"""What every chart shares: colours, type, and how rows get into a prepared specification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

import altair as alt
import pandas as pd

DARK, LIGHT, EDGE, TEXT = "#0017c1", "#c5d7fb", "#3460fb", "#333333"
ORANGE, WHITE = "#c74700", "#ffffff"
Spec = dict[str, Any]
_Axis = TypeVar("_Axis", alt.X, alt.Y)
_Channel = TypeVar("_Channel", alt.Color, alt.Fill, alt.Stroke, alt.StrokeDash, alt.Shape)


def filled(spec: Spec, rows: Sequence[dict[str, Any]]) -> Spec:
    """A prepared specification with its rows."""
    return {**spec, "data": {"values": list(rows)}}


def filled_by_name(spec: Spec, rows: Mapping[str, Sequence[dict[str, Any]]]) -> Spec:
    """A prepared specification with several layers, each with the rows it names."""
    return {**spec, "datasets": {name: pd.DataFrame(list(each)) for name, each in rows.items()}}


def prepared(chart: alt.Chart | alt.LayerChart | alt.FacetChart) -> Spec:
    """The specification of a chart with the project's type sizes and colours."""
    configured = chart.configure_axis(
        labelFontSize=13, titleFontSize=13, labelColor=TEXT, titleColor=TEXT
    ).configure_view(strokeWidth=0)
    spec: Spec = configured.to_dict()
    for guide in ("axis", "legend"):  # Vega describes them in English; alt= says it in Japanese
        spec["config"].setdefault(guide, {})["aria"] = False
    return spec


def legend(orient: Literal["top", "bottom"] = "top", **more: Any) -> alt.Legend:
    """Names of the marks in the project's type."""
    return alt.Legend(orient=orient, **{"labelFontSize": 14, "labelColor": TEXT, **more})


def told_apart(
    channel: type[_Channel], field: str, marks: Mapping[str, Any], names: alt.Legend
) -> _Channel:
    """The values of a field by name, each with its mark."""
    scale = alt.Scale(domain=list(marks), range=list(marks.values()))
    return channel(f"{field}:N", title=None, scale=scale, legend=names)


def yen(channel: type[_Axis], field: str, title: str = "", **more: Any) -> _Axis:
    """Amounts along an axis."""
    axis = alt.Axis(format=",d", tickCount=5)
    return channel(f"{field}:Q", title=f"{title or field}(円)", axis=axis, **more)


def days(**more: Any) -> alt.X:
    """Days along the bottom, labelled by month."""
    axis = alt.Axis(format="%Y-%m", tickCount=6, labelAngle=0, grid=False)
    return alt.X("日:T", title=None, axis=axis, **more)


def as_of_rule(day: alt.X) -> alt.Chart:
    """The 基準日 as a dotted line; its one row is named ``day``."""
    told = alt.Tooltip("日:T", format="%Y-%m-%d", title="基準日")
    rule = alt.Chart(alt.NamedData("day")).mark_rule(color=TEXT, strokeWidth=1, strokeDash=[2, 3])
    ruled: alt.Chart = rule.encode(x=day, tooltip=[told])
    return ruled
