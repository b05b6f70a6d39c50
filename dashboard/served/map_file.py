"""The boundaries of the municipalities, served once and kept by the browser for a year.

The address holds a hash of the content: another map is another address, so no browser ever has to
ask whether it changed.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.values.errors import NotOfferedError
from core.values.offer import OfferedPart
from dashboard import context
from dashboard.served.served_file import refusal

_FOLDER = "/map"
_FOREVER = "public, max-age=31536000, immutable"


def map_address() -> str:
    """Where the browser finds the boundaries, below the path of NORIAI_BASE_URL."""
    return f"{urlsplit(context.settings().base_url).path}{_FOLDER}/{_name()}"


async def _map_file(request: Request) -> Response:
    """The boundaries; a page opened before an upgrade is sent on to the present ones."""
    if not _content():
        return refusal(404, f"{NotOfferedError(OfferedPart.MAP.label)}\n")
    if request.path_params["name"] != _name():
        return RedirectResponse(map_address(), headers={"Cache-Control": "no-store"})
    return Response(_content(), media_type="application/json", headers={"Cache-Control": _FOREVER})


def _content() -> bytes:
    return context.reference().map.encode()


def _name() -> str:
    return _name_of(_content())


@lru_cache(maxsize=4)
def _name_of(content: bytes) -> str:
    return f"municipalities.{hashlib.sha256(content).hexdigest()[:16]}.topojson"


ROUTES = (Route(f"{_FOLDER}/{{name}}", _map_file),)
