"""The icons of the screens: Streamlit's font of 4,300, cut to those that can come into sight.

The whole one is 375 KB, more than all scripts a page needs. An icon that is missing would show its
name; so what could be one is kept: every text of the program that is the name of an icon, and every
name in Streamlit's own scripts.
"""

from __future__ import annotations

import ast
import io
import logging
import re
from collections.abc import Iterator
from functools import cache

from anyio import to_thread
from fontTools import subset
from fontTools.ttLib import TTFont

from core.settings import PROJECT
from dashboard.kit.assets import digest
from dashboard.served.packed import STATIC, folder, keep
from dashboard.served.release import release

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"
_NAMED = re.compile(r":material/(\w+)")
_FOLDERS = ("core", "dashboard", "pages")
_CUT: list[bytes] = []


def cut() -> bytes | None:
    """The font as it is sent, as WOFF2; None until it is made."""
    return _CUT[0] if _CUT else None


async def prepare() -> None:
    """Make it, or take what an earlier start made; takes two seconds the first time."""
    if not _CUT:
        _CUT.append(await to_thread.run_sync(_made))


def _made() -> bytes:
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    [path] = (STATIC / "media").glob("MaterialSymbols-Rounded.*.woff2")
    place, whole = folder(), path.read_bytes()
    # a release holds the names it uses
    file = place / f"{digest(release().encode() + whole)}.woff2" if place else None
    if file is not None and file.is_file():
        return file.read_bytes()
    made = _cut(whole)
    if file is not None:
        keep(file, made)
    return made


def _cut(whole: bytes) -> bytes:
    font = TTFont(io.BytesIO(whole))
    options = subset.Options(layout_closure=False, layout_features=["*"], glyph_names=False)
    cutting = subset.Subsetter(options)
    icons = _icons()
    cutting.populate(glyphs=[icons[name] for name in sorted(used())], text=_LETTERS)
    cutting.subset(font)
    font.flavor = "woff2"
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


@cache
def used() -> frozenset[str]:
    """Names of all icons that can come into sight."""
    return frozenset(each for each in (*_of_the_program(), *_of_streamlit()) if each in _icons())


def _of_the_program() -> Iterator[str]:
    for each in _FOLDERS:
        for path in (PROJECT / each).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
                    yield from _NAMED.findall(node.value)


def _of_streamlit() -> Iterator[str]:
    for path in (STATIC / "js").glob("*.js"):
        yield from _NAMED.findall(path.read_text(encoding="utf-8"))


@cache
def _icons() -> dict[str, str]:
    """All icons of the font: the name one writes, the glyph that is drawn."""
    font = TTFont(io.BytesIO(_whole()))
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items() if code < 0x80}
    found = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            for first, ligatures in getattr(table, "ligatures", {}).items():
                for each in ligatures:
                    name = "".join(letters.get(part, "?") for part in (first, *each.Component))
                    found[name] = each.LigGlyph
    return found


def _whole() -> bytes:
    [path] = (STATIC / "media").glob("MaterialSymbols-Rounded.*.woff2")
    return path.read_bytes()
