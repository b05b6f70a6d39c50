"""What the page brings along: one script and one style, each at the address of its content.

The script runs before Streamlit's and tells it two things (``window.__streamlit``): the theme, which
otherwise comes with the first message, after one of Streamlit's own was drawn with a font of its own
(170 KB); and where the server is and whom it trusts, which it otherwise asks before it connects, first
below the page's own address. It connects at once then, and asks all the same meanwhile.
How these are called there is nobody's promise: a test looks whether Streamlit still reads them. The
style is Streamlit's, with the icons cut (dashboard/served/icons.py), and ours after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime.app_session import _populate_theme_msg

from dashboard.kit.assets import ASSETS, below, digest
from dashboard.served import icons
from dashboard.served.packed import STATIC, TYPES, answer, form_for, packed_bytes
from dashboard.served.refusals import refused

SCRIPTS = ("page.js", "session.js", "release.js")
STYLES = ("page.css", "cards.css", "print.css")  # the last for paper alone
_SOURCE = re.compile(r"@font-face\{font-family:Source [^}]*\}")
"""Fonts of Streamlit's that stand last in every list, for what no font of the reader's has."""
_ICONS = re.compile(r"url\(\.\./static/media/MaterialSymbols[^)]*\)")
_CONNECTION = (
    'BACKEND_BASE_URL: new URL("..", document.currentScript.src).href, '
    "HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false }"
)
_FOLDER = "/assets/"  # scripts find what is beside them by their own address


def script_address() -> str:
    """Where the browser finds the script."""
    return f"{below()}{_FOLDER}noriai.js?{digest(_script())}"


def font_address() -> str:
    """Where the browser finds the icons; empty until they are cut."""
    font = icons.cut()
    return f"{below()}{_FOLDER}noriai.woff2?{digest(font)}" if font else ""


def style_address() -> str:
    """Where the browser finds the style."""
    return f"{below()}{_FOLDER}noriai.css?{digest(_style())}"


def _script() -> bytes:
    return _scripts(theme_text(), _changed(SCRIPTS))


def _style() -> bytes:
    return _styles(icons.cut(), _changed(STYLES))


def _changed(names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple((ASSETS / name).stat().st_mtime_ns for name in names)


@lru_cache(maxsize=1)
def _scripts(theme: str, _changed: tuple[int, ...]) -> bytes:
    told = f"window.__streamlit = {{ LIGHT_THEME: {theme}, {_CONNECTION} }}"
    parts = [(ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS]
    return "\n".join([told, *(f"{{\n{part}\n}}" for part in parts)]).encode()  # a scope each


@lru_cache(maxsize=1)
def _styles(font: bytes | None, _changed: tuple[int, ...]) -> bytes:
    [path] = (STATIC / "css").glob("index.*.css")
    whole = _SOURCE.sub("", path.read_text(encoding="utf-8"))
    whole = whole.replace("url(../media/", "url(../static/media/")
    if font is not None:
        whole = _ICONS.sub(f"url(noriai.woff2?{digest(font)})", whole)
    screen = [(ASSETS / name).read_text(encoding="utf-8") for name in STYLES[:-1]]
    printed = (ASSETS / STYLES[-1]).read_text(encoding="utf-8")
    return "\n".join((whole, *screen, f"@media print {{\n{printed}\n}}")).encode()


@cache
def theme_text() -> str:
    """The theme of .streamlit/config.toml as Streamlit tells it to a browser, as JSON."""
    told = CustomThemeConfig()
    _populate_theme_msg(told)
    return json.dumps(MessageToDict(told, use_integers_for_enums=True))


async def _bundle(request: Request) -> Response:
    kind = request.path_params["kind"]
    if (content := _CONTENTS.get(kind, lambda: None)()) is None:
        return refused(request.scope, 404)
    form = "identity" if kind == "woff2" else form_for(request.headers)
    made = await packed_bytes(content, form)
    return answer(request, made, TYPES[f".{kind}"], forever=request.url.query == made.content)


_CONTENTS: Mapping[str, Callable[[], bytes | None]] = {
    "js": _script,
    "css": _style,
    "woff2": icons.cut,
}
ROUTES = (Route(f"{_FOLDER}noriai.{{kind}}", _bundle),)
