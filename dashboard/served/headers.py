"""What every answer tells the browser to allow, from one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import context

_POLICY = (
    "default-src 'none'",
    "script-src 'self' blob:",  # blob: the two components of our own, which Streamlit loads so
    "style-src 'self' 'unsafe-inline'",  # Streamlit writes its styles into the page
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "media-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
_FILE = ("default-src 'none'", "base-uri 'none'", "sandbox", "frame-ancestors 'none'")
"""A file somebody made, were a browser ever to show it: nothing runs, nothing is asked for."""
_NOT_USED = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{each}=()" for each in _NOT_USED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_BEHIND_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
_PLACES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    # address begins with, policy, Cache-Control where the answer says none
    ("/attachments/", _FILE, "private, no-store"),
    ("/inquiry-documents/", _FILE, "private, no-store"),
    ("/media/", _FILE, "private, no-store"),
    ("/calendar", _FILE, "no-store"),
    ("/assets/", _POLICY, "no-cache"),
    ("/", _POLICY, "no-store"),
)
"""The first place an address begins with; a page is kept by nobody, whatever Streamlit says."""


def headers_of(path: str) -> Mapping[str, str]:
    """What the answer at an address has beside its own; ``Cache-Control`` only where it has none."""
    policy, cache = next(
        (p, c) for place, p, c in _PLACES if path.startswith(place) or place == "/"
    )
    tls = _BEHIND_TLS if context.behind_tls() else {}
    return {"Content-Security-Policy": "; ".join(policy), "Cache-Control": cache, **_ALWAYS, **tls}


class Guarding:
    """ASGI middleware: the table's headers on every answer, and no word for other hosts' scripts."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*_kept(message["headers"])]
                guard(scope["path"], message)
            await send(message)

        await self._app(scope, receive, guarded)


def guard(path: str, start: Message) -> None:
    """Put the table's headers on the beginning of an answer."""
    headers = MutableHeaders(scope=start)
    for name, value in headers_of(path).items():
        headers.setdefault(name, value)
    if headers.get("content-type", "").startswith("text/html"):
        headers["Cache-Control"] = "no-store"


def _kept(headers: list[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    for name, value in headers:
        lower = name.lower()
        if lower.startswith(b"access-control-") or lower == b"server":
            continue  # nothing here is for another host's page
        if lower == b"set-cookie" and context.behind_tls() and b"; secure" not in value.lower():
            value += b"; Secure"
        yield name, value
