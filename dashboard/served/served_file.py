"""Files other programs fetch again and again: one answer for equal contents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import cached_property
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

_TYPES = {"csv": "text/csv; charset=utf-8", "ics": "text/calendar; charset=utf-8"}


@dataclass(frozen=True)
class ServedFile:
    """A file as it is served.

    Attributes:
        changed_at: When its contents last changed; None when that is not known.
    """

    name: str
    body: bytes
    changed_at: datetime | None = None

    @cached_property
    def etag(self) -> str:
        """Says whether two are the same; the digest is taken once, not for every request."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


def respond(request: Request, file: ServedFile, *, private: bool = False) -> Response:
    """The file, or 304 when the asker has it already; a private one nobody between may keep."""
    headers = {
        "ETag": file.etag,
        "Cache-Control": "private, no-cache" if private else "public, max-age=300",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(file.name)}",
    }
    if private:
        headers["X-Robots-Tag"] = "noindex"
    if file.changed_at is not None:
        headers["Last-Modified"] = format_datetime(file.changed_at, usegmt=True)
    known = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    if file.etag in known or f"W/{file.etag}" in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(file.body, headers=headers, media_type=_TYPES[file.name.rpartition(".")[2]])


def refusal(status: int, words: str) -> Response:
    """A sentence for whoever looks at the address in a browser."""
    return Response(
        words, status, {"Cache-Control": "no-store"}, media_type="text/plain; charset=utf-8"
    )
