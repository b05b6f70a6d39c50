"""The page Streamlit serves, made Japanese, answered from memory, naming what it will need.

Streamlit reads the same file anew for every page of every reader. Here the page of a screen is made
once and kept, in each form a browser takes; it is made anew when it has learnt of other scripts that
the screen needs (dashboard/served/needed.py).
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from functools import cache, lru_cache

import brotli
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_routes import _ensure_xsrf_cookie

from dashboard.frame.navigation import PASSWORD, SCREENS, SIGN_IN, SIGN_INS
from dashboard.kit.assets import asset
from dashboard.served import bundle, needed
from dashboard.served.packed import STATIC, form_for
from dashboard.served.release import release

# Hatching of what is not known, for charts: st.html lets no pattern through.
_HATCHING = (
    '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>'
    '<pattern id="noriai-unknown" width="5" height="5" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="5" height="5" fill="#ffffff"/>'
    '<rect width="1.6" height="5" fill="#a8a8a8"/></pattern></defs></svg>'
)
_REPLACEMENTS = (
    ('<html lang="en">', '<html lang="ja">'),
    ("<title>Streamlit</title>", "<title>乗合 Noriai</title>"),
    (
        "You need to enable JavaScript to run this app.",
        "この画面を表示するにはJavaScriptを有効にしてください。",
    ),
    ("</body>", f"{_HATCHING}</body>"),
)
_LEFT_OUT = (
    # Stands in our style (dashboard/served/bundle.py).
    ('<link rel="stylesheet" crossorigin href="./static/css/index.', ">"),
    # A Latin font this page never uses (0.4 MB on a first visit).
    ('<link\n      rel="preload"\n      href="./static/media/SourceSans', "/>"),
    # Tells a crawler to wait. Nothing else is a script in the page, so the browser may refuse all.
    ("<script>\n      window.prerenderReady", "</script>"),
    # An interface for machines which is closed here, and how to use it.
    ("<!--\n      Machine-readable pointer", "/>"),
    ("<p>\n        Reading this without a browser?", "</p>"),
    ("<p>\n        The protocol is described at", "</p>"),
)


_FIRST_SCRIPT = '<script type="module"'
PAGES = {"", *(each.name for each in (*SCREENS, SIGN_IN, SIGN_INS, PASSWORD))} - {"home"}


class JapanesePage:
    """ASGI middleware: answers for the page of every screen."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"][1:] in PAGES:
            await _answer(scope)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _answer(scope: Scope) -> Response:
    request = Request(scope)
    page = scope["path"][1:]
    addresses = (bundle.script_address(), bundle.style_address(), bundle.font_address())
    form = form_for(request.headers)
    body = _page(needed.scripts(page), addresses, asset("cards.js"), form)
    headers = {
        "Content-Language": "ja",
        "Content-Length": str(len(body)),
        "Vary": "Accept-Encoding",
        "Cache-Control": "no-store",
    }
    if form != "identity":
        headers["Content-Encoding"] = form
    response = HTMLResponse(b"" if request.method == "HEAD" else body, headers=headers)
    _ensure_xsrf_cookie(request, response)  # the browser connects before it asks anything else
    return response


@lru_cache(maxsize=200)
def _page(scripts: tuple[str, ...], ours: tuple[str, str, str], cards: str, form: str) -> bytes:
    body = page_html(scripts, ours, cards).encode()
    if form == "br":
        return bytes(brotli.compress(body, quality=9))
    return gzip.compress(body, 9, mtime=0) if form == "gzip" else body


def page_html(scripts: Iterable[str], ours: tuple[str, str, str], cards: str) -> str:
    """The page.

    Args:
        scripts: Names of Streamlit's scripts it is going to ask for.
        ours: Addresses of our script, our style, the icons; the last may be empty.
        cards: Address of the script of the cards.
    """
    text = _index().decode()
    for old, new in _REPLACEMENTS:
        text = text.replace(old, new)
    for begins, ends in _LEFT_OUT:
        text = _without(text, begins, ends)
    script, style, font = ours
    text = text.replace(
        _FIRST_SCRIPT, f'<script src="{script}" defer></script>\n    {_FIRST_SCRIPT}', 1
    )
    named = [
        f'<link rel="modulepreload" crossorigin href="./static/js/{each}">'
        for each in scripts
        if f"./static/js/{each}" not in text
    ]
    if font:
        named.append(f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{font}">')
    head = (
        f'<link rel="stylesheet" href="{style}">',
        f'<meta name="noriai-release" content="{release()}">',
        f'<script src="{cards}" type="module"></script>',
        *named,
    )
    return text.replace("</head>", "".join((*head, "</head>")), 1)


@cache
def _index() -> bytes:
    return (STATIC.parent / "index.html").read_bytes()


def _without(text: str, begins: str, ends: str) -> str:
    """A page without its first part that begins and ends so; whole when it has none."""
    start = text.find(begins)
    return text if start < 0 else text[:start] + text[text.index(ends, start) + len(ends) :]
