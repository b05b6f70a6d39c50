"""``/attachments/…``: a file of a consultation; below ``inquiries/``, of an inquiry or an answer to one;
below ``visits/``, of a visit.

Who asks is found out when it is asked for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.access.principal import Principal
from core.consultation.attachment import CheckedFile
from core.values.errors import DashboardError, DatabaseTroubleError
from core.views.consultations import attachment_view
from core.views.inquiries import inquiry_file_view
from core.views.support import visit_file_view
from dashboard import context
from dashboard.served.database_threads import ask
from dashboard.served.served_file import refusal

_NOT_FOUND = (
    "この添付は開けません。サインインし直すか、アドバイザー相談の画面からやり直してください。"
)
_NO_INQUIRY_FILE = (
    "このファイルは開けません。サインインし直すか、照会・回答の画面からやり直してください。"
)
_NO_VISIT_FILE = (
    "このファイルは開けません。サインインし直すか、支援の実施の画面からやり直してください。"
)
Found = Callable[[Principal, str, int], CheckedFile | None]


def _attachment(principal: Principal, lg_code: str, number: int) -> CheckedFile | None:
    return attachment_view(context.engine(), principal, lg_code=lg_code, attachment_id=number)


def _inquiry_file(principal: Principal, lg_code: str, number: int) -> CheckedFile | None:
    return inquiry_file_view(context.engine(), principal, lg_code=lg_code, file_id=number)


def _visit_file(principal: Principal, lg_code: str, number: int) -> CheckedFile | None:
    return visit_file_view(context.engine(), principal, lg_code=lg_code, file_id=number)


def _serving(find: Found, not_found: str) -> Callable[[Request], Awaitable[Response]]:
    """The file as a download, or 404: the answer is the same whether or not it exists."""

    async def serve(request: Request) -> Response:
        token = request.cookies.get(context.cookie_name(), "")
        lg_code, number = request.path_params["lg_code"], request.path_params["number"]

        def asked() -> CheckedFile | None:
            return find(context.who_holds(token), lg_code, number)

        return await checked_file(asked, not_found)

    return serve


async def checked_file(asked: Callable[[], CheckedFile | None], not_found: str) -> Response:
    """A file somebody attached, as a download; the same 404 whether it may not be seen or is not there.

    Args:
        asked: The view that says it, in a thread of the database.
    """
    try:
        file = await ask(asked)
    except DatabaseTroubleError:
        raise
    except DashboardError:
        file = None
    if file is None:
        return refusal(404, not_found)
    return Response(
        file.content,
        media_type=file.media_type,
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        },
    )


ROUTES = (
    Route("/attachments/{lg_code:str}/{number:int}", _serving(_attachment, _NOT_FOUND)),
    Route(
        "/attachments/inquiries/{lg_code:str}/{number:int}",
        _serving(_inquiry_file, _NO_INQUIRY_FILE),
    ),
    Route("/attachments/visits/{lg_code:str}/{number:int}", _serving(_visit_file, _NO_VISIT_FILE)),
)
