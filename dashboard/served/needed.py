"""Which of Streamlit's files a page needs, known before its browser knows it.

A browser asks for the code of a kind of element (a checkbox, a chart) when the first one arrives,
which is after the page, its scripts, the connection and the first run: on a line with 40 ms each
kind adds its wait. What the latest first runs of a page all drew is noted from their messages, and
the next page names the files of these kinds in its head. A kind too few costs that wait; one too
many costs its bytes, so only what every one of them drew is named.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from functools import cache
from itertools import count

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.served.packed import STATIC

_RUNS = 3
"""How many first runs of a page are compared."""
_LONGEST = 256 * 1024
"""Bytes of a message; no longer one is read for this."""
_ALL, _EACH = 30, 10
"""How many first runs of a process are all read, and which of those after."""
_OTHERWISE = {
    "vega_lite_chart": ("ArrowVegaLiteChart", "embed"),
    "graphviz_chart": ("GraphVizChart",),
    "code": ("StreamlitSyntaxHighlighter",),
    "imgs": ("ImageList",),
}
"""Kinds whose code is not called as they are, or loads more by itself."""
_IMPORTS = re.compile(
    r"""(?:^|[;}])(?:import|export)\s*(?:[\w$*{][^"'`;()]*?from\s*)?["']\./([\w.-]+\.js)["']"""
)

_DRAWN: dict[str, deque[frozenset[str]]] = defaultdict(lambda: deque(maxlen=_RUNS))
"""Kinds of elements the latest first runs drew, by the path of the page."""


_BEGUN = count()


class FirstRun:
    """What the first run of one open page draws."""

    def __init__(self) -> None:
        self._page: str | None = None
        self._kinds: set[str] = set()
        number = next(_BEGUN)
        self._over = number >= _ALL and number % _EACH != 0  # reading costs the server time

    def went(self, message: bytes | None) -> None:
        """A message to the browser."""
        if self._over or not message or len(message) > _LONGEST:
            return
        try:
            sent = ForwardMsg.FromString(message)
        except DecodeError:
            return
        kind = sent.WhichOneof("type")
        if kind == "navigation":
            self._page = _path(sent)
        elif kind == "delta" and sent.delta.WhichOneof("type") == "new_element":
            self._kinds.add(str(sent.delta.new_element.WhichOneof("type")))
        elif kind == "script_finished":
            self._over = True
            if self._page is not None and sent.script_finished == sent.FINISHED_SUCCESSFULLY:
                _DRAWN[self._page].append(frozenset(self._kinds))


def _path(sent: ForwardMsg) -> str | None:
    """The path of the page a run is about; empty for the one at the root."""
    for page in sent.navigation.app_pages:
        if page.page_script_hash == sent.navigation.page_script_hash:
            return "" if page.is_default else str(page.url_pathname)
    return None


def scripts(page: str) -> tuple[str, ...]:
    """Names of the scripts below /static/js a page will ask for, beyond those it names itself."""
    runs = _DRAWN.get(page)
    return _scripts(frozenset.intersection(*runs)) if runs else ()


@cache
def _scripts(kinds: frozenset[str]) -> tuple[str, ...]:
    named = known_scripts()
    called = [
        name.lower()
        for kind in sorted(kinds)
        for name in _OTHERWISE.get(kind, (kind.replace("_", ""),))
    ]
    wanted = [named[name] for name in called if name in named]
    return tuple(dict.fromkeys(each for script in wanted for each in (script, *needs(script))))


@cache
def known_scripts() -> dict[str, str]:
    """Streamlit's scripts by what they are called, in small letters and without their digest."""
    return {
        path.name.split(".")[0].lower(): path.name for path in sorted((STATIC / "js").glob("*.js"))
    }


@cache
def needs(script: str) -> tuple[str, ...]:
    """All a script imports before it runs, and what that imports."""
    found: dict[str, None] = {}
    _gather(script, found)
    found.pop(script, None)
    return tuple(found)


def _gather(script: str, found: dict[str, None]) -> None:
    for each in _imports(script):
        if each not in found:
            found[each] = None
            _gather(each, found)


@cache
def _imports(script: str) -> tuple[str, ...]:
    return tuple(_IMPORTS.findall((STATIC / "js" / script).read_text(encoding="utf-8")))
