"""Scripts and styles, Streamlit's own and ours, leave compressed; each is compressed once.

Streamlit serves its files as they are: 4 to 7 MB a first visit. Here whoever asks first for a file
gets it in brotli or gzip, made on the spot in some milliseconds and kept in memory. What was asked
for is then compressed as small as it gets, which takes a second for a large one, and kept in a
folder over the next start.

The address of every file holds a digest of its content, so a browser keeps it for good. Whoever
stands between (nginx, a proxy of the office) learns by ``Vary`` that there are several forms of it,
each with its own ``ETag``. No part of a file is served (``Range``): its bytes depend on its form.
"""

from __future__ import annotations

import gzip
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import anyio
import brotli
import streamlit
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.settings import PROJECT
from dashboard.kit.assets import ASSETS, digest

_LOG = logging.getLogger("noriai")
STATIC = Path(streamlit.__file__).resolve().parent / "static" / "static"
_FOLDERS: Mapping[str, Path] = {"/static/": STATIC, "/assets/": ASSETS}
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".woff2": "font/woff2",
}
_FOREVER, _ASK = "public, max-age=31536000, immutable", "no-cache"
_QUICK, _SMALL = 5, 11
_LARGE = 1_000_000
"""Bytes; what is larger stays as it was compressed quickly: it would take several seconds."""
_LOOK_SECONDS = 2.0


@dataclass(frozen=True)
class Packed:
    """One form of a file.

    Attributes:
        content: Digest of what it holds, whatever the form.
        etag: Of this form alone.
        small: Whether it is as small as it gets.
    """

    body: bytes
    content: str
    etag: str
    small: bool = True


_CONTENTS: dict[tuple[Path, int], str] = {}
"""Digests by file and time of its last change."""
_MADE: dict[tuple[str, str], Packed] = {}
"""By digest of the content, and form; never more than there are files times three."""


async def packed(path: Path, form: str) -> Packed:
    """A file as ``br``, ``gzip`` or ``identity``."""
    file = (path, path.stat().st_mtime_ns)
    if made := _MADE.get((_CONTENTS.get(file, ""), form)):
        return made
    raw = await to_thread.run_sync(path.read_bytes)
    _CONTENTS[file] = digest(raw)
    return await packed_bytes(raw, form)


async def packed_bytes(raw: bytes, form: str) -> Packed:
    """What is in no file, likewise."""
    key = (digest(raw), form)
    if key not in _MADE:
        _MADE[key] = await to_thread.run_sync(_make, raw, form)
    return _MADE[key]


def _make(raw: bytes, form: str) -> Packed:
    content, body, small = digest(raw), raw, True
    if form == "gzip":
        body = gzip.compress(raw, 9, mtime=0)
    elif form == "br":
        kept = _kept(content)
        small = kept is not None or len(raw) > _LARGE
        body = brotli.compress(raw, quality=_QUICK) if kept is None else kept
    return Packed(body, content, f'"{digest(body)}-{form}"', small)


async def squeeze() -> None:
    """For as long as the server lives: make small what has been asked for, one after the other."""
    while True:
        await anyio.sleep(_LOOK_SECONDS)
        for key, made in list(_MADE.items()):
            if not made.small:
                _MADE[key] = await to_thread.run_sync(_small, made)


def _small(made: Packed) -> Packed:
    body = brotli.compress(brotli.decompress(made.body), quality=_SMALL)
    if place := folder():
        keep(place / f"{made.content}.br", body)
    return Packed(body, made.content, f'"{digest(body)}-br"')


@cache
def folder() -> Path | None:
    """Where what took long is kept over a start; None where nothing can be written.

    systemd names a place (``CacheDirectory=``); elsewhere it is beside the embedded database.
    """
    place = Path(os.environ.get("CACHE_DIRECTORY") or PROJECT / "var" / "packed")
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return place if os.access(place, os.W_OK) else None


def _kept(content: str) -> bytes | None:
    """What an earlier start made of a content; None where it did not, or not this."""
    if (place := folder()) is None:
        return None
    try:
        body = (place / f"{content}.br").read_bytes()
        return body if digest(brotli.decompress(body)) == content else None
    except (OSError, brotli.error):
        return None


def keep(file: Path, body: bytes) -> None:
    """Write a file of the folder; another server's process may write the same."""
    new = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        new.write_bytes(body)
        new.replace(file)
    except OSError as error:
        _LOG.info("what a start made could not be kept: %s", error)


class PackedFiles:
    """ASGI middleware: answers for the files that can be compressed, all others pass."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = file_of(scope["path"]) if scope["type"] == "http" else None
        if path is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        made = await packed(path, form_for(request.headers))
        query = scope["query_string"].decode("latin-1")
        forever = path.is_relative_to(STATIC) or query == made.content
        await answer(request, made, TYPES[path.suffix], forever=forever)(scope, receive, send)


def answer(request: Request, made: Packed, kind: str, *, forever: bool) -> Response:
    """A form of a file, or 304 when the asker has it already.

    Args:
        forever: Whether its address says what it holds, so that nobody has to ask again.
    """
    headers = {
        "ETag": made.etag,
        "Vary": "Accept-Encoding",
        "Cache-Control": _FOREVER if forever else _ASK,
    }
    known = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    if made.etag in known or f"W/{made.etag}" in known or "*" in known:
        return Response(status_code=304, headers=headers)
    form = made.etag.strip('"').rpartition("-")[2]
    if form != "identity":
        headers["Content-Encoding"] = form
    headers |= {"Content-Type": kind, "Content-Length": str(len(made.body))}
    return Response(b"" if request.method == "HEAD" else made.body, headers=headers)


def form_for(headers: Headers) -> str:
    """The form a browser asks for: brotli if it may be, gzip, or the file as it is.

    Examples:
        >>> [form_for(Headers({"accept-encoding": each})) for each in ("gzip, br", "*", "br;q=0")]
        ['br', 'br', 'identity']
    """
    wanted = {}
    for each in headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = each.strip().partition(";")
        wanted[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next(
        (form for form in ("br", "gzip") if wanted.get(form, wanted.get("*", False))), "identity"
    )


def file_of(path: str) -> Path | None:
    """The file at an address, if it is one of those here."""
    return _files().get(path)


@cache
def _files() -> dict[str, Path]:
    return {
        f"{address}{path.relative_to(place).as_posix()}": path
        for address, place in _FOLDERS.items()
        for path in place.rglob("*")
        if path.suffix in TYPES and path.suffix != ".woff2"  # is compressed already
    }
