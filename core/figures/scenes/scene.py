"""場面: what one scene of the wall says, as a value."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from core.figures.reading import Reading
from core.figures.registry import Said
from core.values.figure import Figure
from core.values.label import Labelled
from core.values.offer import OfferedPart


class ChartKind(Labelled):
    """How the rows of a scene are drawn (図の種類)."""

    BARS = "bars", "横棒"
    MAP = "map", "地図"
    STEPS = "steps", "推移"
    TILES = "tiles", "一覧"


@dataclass(frozen=True)
class Mark:
    """One entry of a legend."""

    sign: str  # character that tells it without colour
    label: str
    shade: int  # 0 (white) to 5 (darkest); lightness alone tells the order
    hatched: bool = False  # unknown, or known only as a published count
    dashed: bool = False  # planned: never drawn as what is


@dataclass(frozen=True)
class Item:
    """One bar, shape, tile or day."""

    key: str  # stays the same from one moment to the next:団体コード, programme key, ISO date
    label: str
    # BARS and STEPS: one for each mark of the legend, None is unknown; else empty
    values: tuple[int | None, ...] = ()
    mark: int | None = None  # MAP and TILES: index of the legend's entry; None otherwise
    detail: str = ""  # what stands beside or within it; may be empty


@dataclass(frozen=True)
class Dot:
    """A count somebody published, drawn at its day."""

    day: str
    series: int  # index of the legend's entry
    value: int
    planned: bool  # published as foreseen


@dataclass(frozen=True)
class Chart:
    """Prepared rows of a chart."""

    kind: ChartKind
    title: str
    unit: str
    basis: str
    legend: tuple[Mark, ...]
    items: tuple[Item, ...]
    # BARS: value at the far end, when there is one that matters (all municipalities, a budget)
    limit: int | None
    alt: str  # what the picture says, for those who do not see it
    dots: tuple[Dot, ...] = ()  # STEPS: what was published, in order of day


@dataclass(frozen=True)
class BigFigure:
    """A figure read from the last row."""

    figure: Figure
    beside: str = ""  # what stands under it (公表値, share of all); may be empty


@dataclass(frozen=True)
class Scene:
    """What one scene says."""

    key: str
    title: str
    figures: tuple[BigFigure, ...]  # one to four, the most important first
    sentence: str
    chart: Chart | None  # prepared rows; None where the figure or the table says it all
    columns: tuple[str, ...]  # headings of the table
    # the table: everything the chart draws, as text; the first cell names the row
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...]  # keys in data/sources.yaml or 台帳, of everything shown
    hidden: bool = False  # covered until somebody uncovers it (隠して始める)
    tells: tuple[str, ...] = ()  # keys of the facts it was made from
    # what must be uncovered first: its own title or that of a hidden scene that tells the same
    # fact. Then nothing of what it says is left in it. Empty: all of it is there
    covered_by: str = ""
    # of a hidden inquiry nobody revealed: its answers are nowhere in it. Opening it reveals the
    # inquiry for good, which is no uncovering
    sealed: bool = False


@dataclass(frozen=True)
class SceneMaker:
    """One file of this folder, or one fact that shows on the wall.

    In the title and the purpose of a file words of the pack stand in braces; whoever asks
    :func:`core.figures.scenes.registry.makers` gets them filled in.
    """

    key: str  # unique; what a meeting set and a link name it by
    title: str
    purpose: str
    order: int  # where it stands among the scenes of a new meeting
    make: Callable[[Said], Scene]
    need: OfferedPart | None = None  # what must be offered for it to be there; None: it always is


def covered(scenes: Collection[Scene], revealed: Collection[str]) -> tuple[Scene, ...]:
    """Scenes without what is still hidden, in the hidden ones and in those that would tell it.

    Args:
        scenes: All that a wall shows.
        revealed: Keys of hidden scenes that were uncovered (開いた場面).
    """
    closed = [each for each in scenes if each.hidden and each.key not in revealed]

    def cover(scene: Scene) -> Scene:
        if scene in closed:
            return _emptied(scene, scene.title)
        by = next((each for each in closed if set(each.tells) & set(scene.tells)), None)
        return replace(_emptied(scene, by.title), chart=None) if by else scene

    return tuple(map(cover, scenes))


def _emptied(scene: Scene, by: str) -> Scene:
    """A scene whose shapes stay and whose words and numbers are gone."""
    chart = scene.chart and replace(
        scene.chart,
        items=tuple(Item(each.key, each.label) for each in scene.chart.items),
        dots=(),
    )
    figures = tuple(BigFigure(replace(big.figure, value=None)) for big in scene.figures)
    return replace(
        scene, figures=figures, sentence="", chart=chart, columns=(), rows=(), covered_by=by
    )


def big(reading: Reading, beside: str = "", label: str = "") -> BigFigure:
    """A fact as a wall shows it, under its own name or a shorter one."""
    figure = reading.figure
    return BigFigure(replace(figure, label=label) if label else figure, beside)
