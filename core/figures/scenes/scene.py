"""場面: what one scene of the wall says, as a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.figures.reading import Reading
from core.figures.registry import Said
from core.values.figure import Figure
from core.values.label import Labelled


class ChartKind(Labelled):
    """How the rows of a scene are drawn (図の種類)."""

    BARS = "bars", "横棒"
    MAP = "map", "地図"
    STEPS = "steps", "推移"
    TILES = "tiles", "一覧"


@dataclass(frozen=True)
class Mark:
    """One entry of a legend.

    Attributes:
        sign: Character that tells it without colour.
        label: What it means.
        shade: 0 (white) to 5 (darkest); lightness alone tells the order.
        hatched: Unknown: neither this nor that.
    """

    sign: str
    label: str
    shade: int
    hatched: bool = False


@dataclass(frozen=True)
class Item:
    """One bar, shape, tile or day.

    Attributes:
        key: Stays the same from one moment to the next:団体コード, programme key, ISO date.
        label: What a reader calls it.
        values: BARS and STEPS: one for each mark of the legend, None is unknown; else empty.
        mark: MAP and TILES: index of the legend's entry; None otherwise.
        detail: What stands beside or within it; may be empty.
    """

    key: str
    label: str
    values: tuple[int | None, ...] = ()
    mark: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Dot:
    """A count somebody published, drawn at its day.

    Attributes:
        day: ISO date.
        series: Index of the legend's entry.
        value: The count.
        planned: Published as foreseen.
    """

    day: str
    series: int
    value: int
    planned: bool


@dataclass(frozen=True)
class Chart:
    """Prepared rows of a chart.

    Attributes:
        kind: How they are drawn.
        title: What is drawn.
        unit: 単位 of the values.
        basis: 集計基準 of the values.
        legend: What the marks mean.
        items: In the order drawn.
        limit: BARS: value at the far end, when there is one that matters (43団体, a budget).
        alt: What the picture says, for those who do not see it.
        dots: STEPS: what was published, in order of day.
    """

    kind: ChartKind
    title: str
    unit: str
    basis: str
    legend: tuple[Mark, ...]
    items: tuple[Item, ...]
    limit: int | None
    alt: str
    dots: tuple[Dot, ...] = ()


@dataclass(frozen=True)
class BigFigure:
    """A figure read from the last row.

    Attributes:
        figure: The number with everything it owes.
        beside: What stands under it (公表値, share of 43); may be empty.
    """

    figure: Figure
    beside: str = ""


@dataclass(frozen=True)
class Scene:
    """What one scene says.

    Attributes:
        key: Key of its maker.
        title: 題.
        figures: One to four, the most important first.
        sentence: What the scene says, in one sentence.
        chart: Prepared rows; None where the figure or the table says it all.
        columns: Headings of the table.
        rows: The table: everything the chart draws, as text; the first cell names the row.
        sources: Keys in data/sources.yaml or 台帳, of everything shown.
        hidden: Covered until somebody uncovers it (隠して始める).
    """

    key: str
    title: str
    figures: tuple[BigFigure, ...]
    sentence: str
    chart: Chart | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...]
    hidden: bool = False


@dataclass(frozen=True)
class SceneMaker:
    """One file of this folder, or one fact that shows on the wall.

    Attributes:
        key: Unique; what a meeting set and a link name it by.
        title: 題.
        purpose: What it is for, in one sentence.
        order: Where it stands among the scenes of a new meeting.
        make: Facts of a day → scene.
    """

    key: str
    title: str
    purpose: str
    order: int
    make: Callable[[Said], Scene]


def big(reading: Reading, beside: str = "", label: str = "") -> BigFigure:
    """A fact as a wall shows it, under its own name or a shorter one."""
    figure = reading.figure
    return BigFigure(replace(figure, label=label) if label else figure, beside)
