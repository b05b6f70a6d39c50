"""What is not there or not taken, in one Japanese sentence with a way home.

Streamlit answers every unknown address with its page and 200, and refuses in English.
:class:`InJapanese` stands around it and says both as they are.
"""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.settings import PROJECT
from dashboard import context
from dashboard.served import open_data

_WORDS = {
    400: "この要求は読めません。ホームからやり直してください。",
    403: "この操作はできません。画面を再読み込みし、必要ならサインインし直してください。",
    404: "このアドレスには何もありません。ホームからやり直してください。",
    405: "このアドレスでは、その操作はできません。ホームからやり直してください。",
    408: "送信が途中で止まったため、受け取りませんでした。もう一度送ってください。",
    413: "送られたものが大きすぎるため、受け取りませんでした。",
    421: "このサーバーは、ほかの名前では開けません。お知らせしたアドレスで開いてください。",
    429: "同じ場所からの要求が多すぎます。少し待ってから、もう一度開いてください。",
    500: "予期しないエラーが起きました。少し待ってから、もう一度開いてください。",
    503: "サーバーが混み合っています。少し待ってから、もう一度開いてください。",
}
_LONGEST = 2_000
"""Bytes of an error's own words that are looked at; longer ones are no sentence of Streamlit's."""
SCREENS = {path.stem for path in (PROJECT / "pages").glob("*.py")}


def words_of(status: int) -> str:
    """The sentence for a status; that of the nearest kind for one that has none."""
    return _WORDS.get(status) or _WORDS[500 if status >= 500 else 400]


def refused(scope: Scope, status: int) -> Response:
    """The answer to a request that is not taken: a page with a way home where one is looked at."""
    headers = {"Cache-Control": "no-store"}
    if status in (429, 503):
        headers["Retry-After"] = "5"
    words = words_of(status)
    if "text/html" not in Headers(scope=scope).get("accept", ""):
        return PlainTextResponse(f"{words}\n", status, headers)
    home = escape(urlsplit(context.settings().base_url).path)
    return HTMLResponse(
        '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{HTTPStatus(status).value} | 乗合 Noriai</title>"
        f'<link rel="icon" href="{home}/assets/icon.svg">'
        f'<link rel="stylesheet" href="{home}/assets/open_data.css"></head>'
        f'<body><main><h1>{words}</h1><p><a href="{home}/">乗合 Noriai のホームへ</a></p></main>'
        "</body></html>",
        status,
        headers,
    )


def is_page(path: str) -> bool:
    """Whether a screen, or the page of the open data, is at an address."""
    return path.strip("/") in {"", *SCREENS} or path == open_data.PATH


class InJapanese:
    """ASGI middleware: the page where no screen is, and errors in English, become refusals."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Answer(scope, receive, send).send)


class _Answer:
    """One answer on its way out; one that may have to be said otherwise is held back."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._held: Message | None = None
        self._body = b""
        self._replaced = False

    async def send(self, message: Message) -> None:
        if self._replaced:
            return
        if message["type"] == "http.response.start":
            if self._is_lost_page(message):
                await self._replace(404)
            elif message["status"] >= 400:
                self._held = message
            else:
                await self._send(message)
        elif self._held is not None:
            await self._send_held(message)
        else:
            await self._send(message)

    def _is_lost_page(self, start: Message) -> bool:
        html = Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")
        return bool(html and start["status"] == 200 and not is_page(self._scope["path"]))

    async def _send_held(self, message: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body", False) and len(self._body) < _LONGEST:
            return
        start, self._held = self._held, None
        if start is None:
            return
        if self._body.isascii():
            await self._replace(start["status"])
            return
        await self._send(start)
        await self._send({**message, "body": self._body})

    async def _replace(self, status: int) -> None:
        self._replaced = True
        await refused(self._scope, status)(self._scope, self._receive, self._send)
