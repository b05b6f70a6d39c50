"""``/inquiry-documents/<番号>``: a file of an inquiry for the secretariat, before publishing, too."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.consultation.attachment import CheckedFile
from core.views.inquiries import inquiry_document_view
from dashboard import context
from dashboard.served.attachments import checked_file

_NOT_FOUND = "このファイルは開けません。サインインし直すか、照会の画面からやり直してください。"


async def _document(request: Request) -> Response:
    token = request.cookies.get(context.cookie_name(), "")
    number = request.path_params["file_id"]

    def asked() -> CheckedFile | None:
        who = context.who_holds(token)
        return inquiry_document_view(context.engine(), who, file_id=number)

    return await checked_file(asked, _NOT_FOUND)


ROUTES = (Route("/inquiry-documents/{file_id:int}", _document),)
