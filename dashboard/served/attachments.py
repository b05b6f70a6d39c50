"""``/attachments/<団体コード>/<番号>``: a file of a consultation, after asking who asks."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.consultation.attachment import CheckedFile
from core.values.errors import DashboardError, DatabaseTroubleError
from core.views.consultations import attachment_view
from dashboard import context
from dashboard.served.database_threads import ask
from dashboard.served.served_file import refusal

_NOT_FOUND = (
    "この添付は開けません。サインインし直すか、アドバイザー相談の画面からやり直してください。"
)


async def _attachment(request: Request) -> Response:
    """The file as a download, or 404: the answer is the same whether or not it exists."""
    token = request.cookies.get(context.cookie_name(), "")
    lg_code, number = request.path_params["lg_code"], request.path_params["attachment_id"]

    def asked() -> CheckedFile:
        return attachment_view(
            context.engine(), context.who_holds(token), lg_code=lg_code, attachment_id=number
        )

    return await checked_file(asked, _NOT_FOUND)


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


ROUTES = (Route("/attachments/{lg_code:str}/{attachment_id:int}", _attachment),)
