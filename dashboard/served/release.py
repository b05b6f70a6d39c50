"""``/release``: which release answers here, so that a page of another one can say so.

A page stays open for days while servers are replaced. The page carries the release that made it;
``dashboard/assets/release.js`` compares when the browser has connected anew.
"""

from __future__ import annotations

import hashlib
from functools import cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.settings import PROJECT

_FOLDERS = ("core", "dashboard", "pages")
_KINDS = (".py", ".js", ".css")


@cache
def release() -> str:
    """A digest of the program's own files: no number has to be raised for another one."""
    digest = hashlib.sha256()
    for folder in _FOLDERS:
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.suffix in _KINDS:
                digest.update(path.relative_to(PROJECT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


async def _release(_request: Request) -> Response:
    return PlainTextResponse(release(), headers={"Cache-Control": "no-store"})


ROUTES = (Route("/release", _release),)
