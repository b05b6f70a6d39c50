"""What every chart shares: colours, type, and how rows get into a prepared specification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

DARK, LIGHT, EDGE, TEXT = "#0017c1", "#c5d7fb", "#3460fb", "#333333"
Spec = dict[str, Any]


def filled(spec: Spec, rows: Sequence[dict[str, Any]]) -> Spec:
    """A prepared specification with its rows."""
    return {**spec, "data": {"values": list(rows)}}


def prepared(chart: alt.Chart) -> Spec:
    """The specification of a chart with the project's type sizes and colours."""
    configured = chart.configure_axis(
        labelFontSize=13, titleFontSize=13, labelColor=TEXT, titleColor=TEXT
    ).configure_view(strokeWidth=0)
    spec: Spec = configured.to_dict()
    for guide in ("axis", "legend"):  # Vega describes them in English; alt= says it in Japanese
        spec["config"].setdefault(guide, {})["aria"] = False
    return spec
