"""The prefecture's map: one municipality one shape, its standing as fill and as mark.

Drawn as SVG, not as a chart: the outlines are 14 KB, the program that would draw them 340 KB.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, cos, radians

from core.procurement.standing import Standing
from dashboard import context
from dashboard.kit.cards import plain
from dashboard.kit.charts.look import ORANGE, TEXT, WHITE
from dashboard.kit.charts.standing import FILLS, WHITE_ON
from dashboard.kit.drawn import drawn

_WIDTH = 1000
_HATCHED = (
    '<defs><pattern id="noriai-map-unknown" width="14" height="14" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="14" height="14" fill="#ffffff"/>'
    '<rect width="4" height="14" fill="#a8a8a8"/></pattern></defs>'
)
"""That of the page is too fine here: the map is drawn at half of its measures."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """A municipality on the map.

    Attributes:
        code: 6 digits, as the boundaries name it.
        name: Stands beside the mark where there is room for it.
        words: All that is said of it, where the pointer rests.
        lat, lng: Of the town hall, where the mark stands.
        dim: Whether a filter leaves it out.
        chosen: Whether it is the one that is open.
        marked: Whether there is room for its mark and name; else fill and words alone say it.
    """

    code: str
    standing: Standing
    name: str
    words: str
    lat: float
    lng: float
    dim: bool = False
    chosen: bool = False
    marked: bool = True


def prefecture_map(
    places: Iterable[Place],
    alt: str,
    *,
    key: str,
    on_pick: Callable[[str], object],
    heir: Callable[[str], str] = str,
) -> None:
    """The map; whoever presses a shape picks the municipality, by code.

    Args:
        alt: What it shows, in words; those who cannot point choose the municipality elsewhere.
        heir: Whom the shape of a code belongs to: after a merger that of the successor.
    """
    outlines = _outlines(context.reference().map).joined(heir)
    # the one that is open lies above the others
    drawable = (each for each in places if each.code in outlines.paths)
    known = sorted(drawable, key=lambda each: each.chosen)
    shapes = "".join(_shape(each, outlines.paths[each.code]) for each in known)
    seen = [each for each in known if each.marked and not each.dim]
    named = _with_room([(each, *outlines.place(each.lng, each.lat)) for each in seen], outlines)
    marks = "".join(
        _mark(each, *outlines.place(each.lng, each.lat), named=each.code in named) for each in seen
    )
    drawn(
        f'<svg class="noriai-map" viewBox="-4 -4 {_WIDTH + 8} {outlines.height + 8}" role="img" '
        f'aria-label="{plain(alt)}">{_HATCHED}{shapes}{marks}</svg>',
        key,
        lambda code: on_pick(code) if code in outlines.paths else None,
    )


def _shape(place: Place, path: str) -> str:
    unknown = place.standing is Standing.NONE
    fill = "url(#noriai-map-unknown)" if unknown else FILLS[place.standing]
    edge = f'stroke="{ORANGE}" stroke-width="8"' if place.chosen else f'stroke="{TEXT}"'
    return (
        f'<path d="{path}" data-key="{place.code}" data-press="{place.code}" '
        f'fill="{fill}" fill-opacity="{0.15 if place.dim else 1}" {edge}>'
        f"<title>{plain(place.words)}</title></path>"
    )


def _mark(place: Place, x: float, y: float, *, named: bool) -> str:
    dark = place.standing in WHITE_ON
    colour, ground = (WHITE, FILLS[place.standing]) if dark else (TEXT, WHITE)
    return (
        f'<text data-key="mark-{place.code}" x="{x:.0f}" y="{y:.0f}" fill="{colour}" '
        f'stroke="{ground}">{place.standing.mark}{plain(place.name) if named else ""}</text>'
    )


_LETTER = 30
"""Of a mark and of each letter of a name, wide and high; dashboard/assets/cards.css says it too."""


def _with_room(seen: Sequence[tuple[Place, float, float]], outlines: _Outlines) -> set[str]:
    """Whose name hides no mark and no other name, the largest first."""
    taken = {place.code: _box(x, y, 1) for place, x, y in seen}
    found: set[str] = set()
    for place, x, y in sorted(seen, key=lambda each: -outlines.sizes[each[0].code]):
        box = _box(x, y, 1 + len(place.name))
        others = (each for code, each in taken.items() if code != place.code)
        if box[0] >= 0 and box[2] <= _WIDTH and not any(_meet(box, each) for each in others):
            taken[place.code] = box
            found.add(place.code)
    return found


def _box(x: float, y: float, letters: int) -> tuple[float, float, float, float]:
    wide = letters * _LETTER / 2
    return x - wide, y - _LETTER / 2, x + wide, y + _LETTER / 2


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@dataclass(frozen=True)
class _Outlines:
    """The boundaries, in units of which the map is 1000 wide.

    Attributes:
        paths: What an SVG path draws, by code.
        sizes: Of the rectangle round each, by code.
        place: Where a longitude and a latitude lie.
    """

    paths: Mapping[str, str]
    sizes: Mapping[str, float]
    height: int
    place: Callable[[float, float], Point]

    def joined(self, heir: Callable[[str], str]) -> _Outlines:
        """The same with every shape under the code it belongs to; several make one path."""
        paths: dict[str, str] = {}
        sizes: dict[str, float] = {}
        for code, path in self.paths.items():
            owner = heir(code)
            paths[owner] = paths.get(owner, "") + path
            sizes[owner] = max(sizes.get(owner, 0.0), self.sizes[code])
        return replace(self, paths=paths, sizes=sizes)


@lru_cache(maxsize=4)
def _outlines(boundaries: str) -> _Outlines:
    topology = json.loads(boundaries)
    arcs = [_arc(each, topology["transform"]) for each in topology["arcs"]]
    found = {
        str(each["id"]): _rings(each, arcs)
        for each in topology["objects"]["municipalities"]["geometries"]
    }
    points = [point for rings in found.values() for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = cos(radians((south + north) / 2))  # degrees of longitude are shorter than of latitude
    scale = _WIDTH / ((east - west) * shrink)

    def place(lng: float, lat: float) -> Point:
        return (lng - west) * shrink * scale, (north - lat) * scale

    paths = {
        code: "".join(_path([place(*point) for point in ring]) for ring in rings)
        for code, rings in found.items()
    }
    sizes = {
        code: _size([place(*point) for ring in rings for point in ring])
        for code, rings in found.items()
    }
    return _Outlines(paths, sizes, ceil((north - south) * scale), place)


def _size(points: Sequence[Point]) -> float:
    across, down = [x for x, _ in points], [y for _, y in points]
    return (max(across) - min(across)) * (max(down) - min(down))


def _arc(
    steps: Iterable[tuple[int, int]], transform: Mapping[str, tuple[float, float]]
) -> list[Point]:
    """Points of an arc, which says where it begins and then each step."""
    (scale_x, scale_y), (begin_x, begin_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in steps:
        x, y = x + step_x, y + step_y
        points.append((x * scale_x + begin_x, y * scale_y + begin_y))
    return points


def _rings(geometry: Mapping[str, object], arcs: list[list[Point]]) -> list[list[Point]]:
    """The rings of all parts of a municipality; the number of an arc taken backwards is negative."""
    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    rings = []
    for ring in (ring for part in parts for ring in part):  # type: ignore[attr-defined]
        points: list[Point] = []
        for number in ring:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += arc[1:] if points else arc
        rings.append(points)
    return rings


def _path(points: list[Point]) -> str:
    places = dict.fromkeys(f"{x:.0f} {y:.0f}" for x, y in points)
    return f"M{'L'.join(places)}Z"
