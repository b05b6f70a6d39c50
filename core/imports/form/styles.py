"""How the cells of a workbook look: locked or not, fill, weight, alignment, edges."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from core.imports.package import SMALL, Package, read_through, xml_parser
from core.imports.workbook import MAX_FORMATS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look:
    """A format of cells; ``fill`` as ``#rrggbb`` or empty, ``code`` as Excel shows it."""

    locked: bool = True
    fill: str = ""
    bold: bool = False
    align: str = ""
    bordered: bool = False
    code: str = ""


USUAL = Look()
_INDEXED = (
    "000000 ffffff ff0000 00ff00 0000ff ffff00 ff00ff 00ffff "
    * 2
    + "800000 008000 000080 808000 800080 008080 c0c0c0 808080 9999ff 993366 ffffcc ccffff 660066 "
    "ff8080 0066cc ccccff 000080 ff00ff ffff00 00ffff 800080 800000 008080 0000ff 00ccff ccffff "
    "ccffcc ffff99 99ccff ff99cc cc99ff ffcc99 3366ff 33cccc 99cc00 ffcc00 ff9900 ff6600 666699 "
    "969696 003366 339966 003300 333300 993300 993366 333399 333333"
).split()
"""Colours that files name by number."""
_THEME_ORDER = (
    "lt1",
    "dk1",
    "lt2",
    "dk2",
    *(f"accent{n}" for n in range(1, 7)),
    "hlink",
    "folHlink",
)
_CODES = {"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%",
          "37": "#,##0", "38": "#,##0", "49": "@"}  # fmt: skip
"""Formats of numbers that files do not spell out."""
_EDGES = frozenset(("left", "right", "top", "bottom", "start", "end"))


class Styles:
    """The formats by their number.

    Args:
        part: Of the styles; empty where the workbook has none.
        theme: Of the theme.
    """

    def __init__(self, package: Package, part: str, theme: str) -> None:
        self._looks: list[Look] = []
        self._theme = _theme_colours(package, theme) if theme else {}
        self._codes = dict(_CODES)
        self._bold: list[bool] = []
        self._fills: list[str] = []
        self._borders: list[bool] = []
        self._inside = ""
        self._solid = False
        if part:
            with package.open(part, SMALL) as stream:
                read_through(stream, xml_parser(self._start, self._end))

    def look(self, number: int) -> Look:
        return self._looks[number] if 0 <= number < len(self._looks) else USUAL

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("fonts", "fills", "borders", "cellXfs", "cellStyleXfs", "dxfs"):
            self._inside = name
        elif name == "numFmt" and self._inside != "dxfs":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:200]
        elif self._inside == "fonts":
            if name == "font":
                self._bold.append(False)
            elif name == "b" and self._bold:
                self._bold[-1] = attributes.get("val", "1") not in ("0", "false")
        elif self._inside == "fills":
            self._fill(name, attributes)
        elif self._inside == "borders":
            if name == "border":
                self._borders.append(False)
            elif name in _EDGES and self._borders and attributes.get("style", "none") != "none":
                self._borders[-1] = True
        elif self._inside == "cellXfs" and len(self._looks) < MAX_FORMATS:
            self._format(name, attributes)

    def _fill(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "fill":
            self._fills.append("")
        elif name == "patternFill":
            self._solid = attributes.get("patternType", "none") not in ("none", "gray125")
        elif name == "fgColor" and self._solid and self._fills:
            self._fills[-1] = self._colour(attributes)

    def _format(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "xf":
            self._looks.append(
                Look(
                    fill=_at(self._fills, attributes.get("fillId"), ""),
                    bold=_at(self._bold, attributes.get("fontId"), False),
                    bordered=_at(self._borders, attributes.get("borderId"), False),
                    code=self._codes.get(attributes.get("numFmtId", "0"), ""),
                )
            )
        elif name == "protection" and self._looks:
            locked = attributes.get("locked", "1") not in ("0", "false")
            self._looks[-1] = replace(self._looks[-1], locked=locked)
        elif name == "alignment" and self._looks:
            self._looks[-1] = replace(self._looks[-1], align=attributes.get("horizontal", ""))

    def _end(self, name: str) -> None:
        if name == self._inside:
            self._inside = ""

    def _colour(self, attributes: Mapping[str, str]) -> str:
        if re.fullmatch("[0-9A-Fa-f]{8}", rgb := attributes.get("rgb", "")):
            return f"#{rgb[2:].lower()}"
        if (number := attributes.get("indexed", "")).isdecimal():
            return f"#{_INDEXED[int(number)]}" if int(number) < len(_INDEXED) else ""
        colour = self._theme.get(attributes.get("theme", ""), "")
        return _tinted(colour, float(attributes.get("tint", "0"))) if colour else ""


def _at(known: list[T], number: str | None, otherwise: T) -> T:
    place = int(number) if number and number.isdecimal() else 0
    return known[place] if place < len(known) else otherwise


def _theme_colours(package: Package, part: str) -> dict[str, str]:
    found: dict[str, str] = {}
    inside = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if name in _THEME_ORDER:
            inside = name
        elif inside and name in ("srgbClr", "sysClr"):
            value = attributes.get("lastClr" if name == "sysClr" else "val", "")
            if re.fullmatch("[0-9A-Fa-f]{6}", value):
                found.setdefault(str(_THEME_ORDER.index(inside)), f"#{value.lower()}")

    def end(name: str) -> None:
        nonlocal inside
        if name == inside:
            inside = ""

    with package.open(part, SMALL) as stream:
        read_through(stream, xml_parser(start, end))
    return found


def _tinted(colour: str, tint: float) -> str:
    """A colour made lighter (0 to 1) or darker (-1 to 0), as Excel does it."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, light, depth = colorsys.rgb_to_hls(red, green, blue)
    tint = max(-1.0, min(1.0, tint))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    parts = colorsys.hls_to_rgb(hue, min(1.0, light), depth)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
