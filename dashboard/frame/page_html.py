"""The page Streamlit serves, made Japanese and without a script of its own in it."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    (
        "</head>",
        '<link rel="stylesheet" href="/assets/page.css">'
        '<link rel="stylesheet" href="/assets/cards.css">'
        '<link rel="stylesheet" href="/assets/print.css" media="print">'
        '<script src="/assets/page.js" defer></script>'
        '<script src="/assets/session.js" defer></script>'
        '<script src="/assets/cards.js" type="module"></script>'
        f'<meta name="noriai-release" content="{release()}">'
        '<script src="/assets/release.js" defer></script></head>',
    ),
    ("</body>", f"{_HATCHING}</body>"),
)
_LEFT_OUT = (
    # A Latin font this page never uses (0.4 MB on a first visit).
    ('<link\n      rel="preload"\n      href="./static/media/SourceSans', "/>"),
    # Tells a crawler to wait. Nothing else is a script in the page, so the browser may refuse all.
    ("<script>\n      window.prerenderReady", "</script>"),
    # An interface for machines which is closed here, and how to use it.
    ("<!--\n      Machine-readable pointer", "/>"),
    ("<p>\n        Reading this without a browser?", "</p>"),
    ("<p>\n        The protocol is described at", "</p>"),
)


class JapanesePage:
    """ASGI middleware: rewrites the start page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _may_be_page(scope["path"]):
            scope = {
                **scope,
                "headers": [h for h in scope["headers"] if h[0] != b"accept-encoding"],
            }
        await self._app(scope, receive, _Rewriter(send).send)


def _may_be_page(path: str) -> bool:
    return not path.startswith(("/_stcore/", "/static/", "/assets/", "/component/", "/media/"))


class _Rewriter:
    """Holds back an HTML answer until it is whole, then sends it rewritten."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if MutableHeaders(scope=message).get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if message.get("more_body", False):
                return
            await self._send_rewritten()
            return
        await self._send(message)

    async def _send_rewritten(self) -> None:
        start, body = self._start, self._body
        if start is None:
            return
        if body:
            text = body.decode()
            for old, new in _REPLACEMENTS:
                text = text.replace(old, new)
            for begins, ends in _LEFT_OUT:
                text = _without(text, begins, ends)
            body = text.encode()
            headers = MutableHeaders(scope=start)
            headers["content-length"] = str(len(body))
            del headers["etag"]
            headers["content-language"] = "ja"
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _without(text: str, begins: str, ends: str) -> str:
    """A page without its first part that begins and ends so; whole when it has none."""
    start = text.find(begins)
    return text if start < 0 else text[:start] + text[text.index(ends, start) + len(ends) :]
