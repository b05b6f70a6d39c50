"""場面 ↔ JSON: how a frozen moment is kept, and read back months later as the same value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from core.figures.scenes.scene import BigFigure, Chart, ChartKind, Dot, Item, Mark, Scene
from core.values.figure import Figure, Status


def to_json(scenes: Iterable[Scene]) -> str:
    """Scenes as text; :func:`from_json` gives equal values back."""
    return json.dumps(
        [asdict(scene) for scene in scenes], ensure_ascii=False, sort_keys=True, default=str
    )


def from_json(text: str) -> tuple[Scene, ...]:
    """Scenes as they were when :func:`to_json` wrote them."""
    return tuple(_scene(found) for found in json.loads(text))


def _scene(found: Mapping[str, Any]) -> Scene:
    return Scene(
        key=found["key"],
        title=found["title"],
        figures=tuple(_big(each) for each in found["figures"]),
        sentence=found["sentence"],
        chart=None if found["chart"] is None else _chart(found["chart"]),
        columns=tuple(found["columns"]),
        rows=tuple(tuple(row) for row in found["rows"]),
        sources=tuple(found["sources"]),
        hidden=found["hidden"],
        tells=tuple(found.get("tells", ())),
        covered_by=found.get("covered_by", ""),
        sealed=found.get("sealed", False),
    )


def _big(found: Mapping[str, Any]) -> BigFigure:
    figure = found["figure"]
    value = figure["value"]
    read = {
        "status": Status(figure["status"]),
        "value": Fraction(value) if isinstance(value, str) else value,  # a share is written 80/3
    }
    return BigFigure(Figure(**{**figure, **read}), found["beside"])


def _chart(found: Mapping[str, Any]) -> Chart:
    return Chart(
        kind=ChartKind(found["kind"]),
        title=found["title"],
        unit=found["unit"],
        basis=found["basis"],
        legend=tuple(Mark(**mark) for mark in found["legend"]),
        items=tuple(Item(**{**item, "values": tuple(item["values"])}) for item in found["items"]),
        limit=found["limit"],
        alt=found["alt"],
        dots=tuple(Dot(**dot) for dot in found.get("dots", ())),
    )
