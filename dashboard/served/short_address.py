"""The short address ``/w`` and its code (二次元コード) for the officers in the room."""

from __future__ import annotations

from functools import cache

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.values.fiscal import budget_request_year
from core.values.offer import OfferedPart
from dashboard import context

PATH = "/w"


def short_address() -> str:
    """What officers type or scan, as readers reach this server."""
    return context.settings().base_url + PATH


def wish_path() -> str:
    """Where it leads, relative to it: the plans of the year being budgeted, to state a wish."""
    if OfferedPart.TALENT not in context.reference().offers:
        return "home"
    return f"plans?fy={int(budget_request_year(context.today()))}"


async def _short_address(_request: Request) -> Response:
    return RedirectResponse(wish_path(), headers={"Cache-Control": "no-store"})


@cache
def code_of(address: str) -> str:
    """The code of an address as a picture for an ``img``, quiet zone included."""
    picture: str = segno.make(address, micro=False, error="m").svg_data_uri(border=4)
    return picture


ROUTES = (Route(PATH, _short_address),)
