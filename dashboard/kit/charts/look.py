"""What every chart shares: colours, type, and how rows get into a prepared specification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

DARK, LIGHT, EDGE, TEXT = "#0017c1", "#c5d7fb", "#3460fb", "#333333"
Spec = dict[str, Any]


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
