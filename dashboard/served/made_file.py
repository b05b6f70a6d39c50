"""``/media/…``: a file a button made, for the sign-in it was made for and as long as that lasts.

Streamlit gives a file to whoever knows its address. :func:`dashboard.kit.submit.download` notes in
the kind of the file whose it is, and the note is taken off here, after asking who asks.

Streamlit also drops a finished file as soon as two scripts, anybody's, have ended since: with many
readers before the browser has fetched it. :class:`HeldFiles` keeps it for a while.
"""

from __future__ import annotations

from time import monotonic

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import memory_media_file_storage
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from core.access.principal import Role
from dashboard import context
from dashboard.kit.submit import whose
from dashboard.served.database_threads import ask
from dashboard.served.refusals import refused

PATH = "/media/"
HELD_SECONDS = 600.0
"""How long a finished file stays after Streamlit would have dropped it."""
_MOST_BYTES = 256 * 1024 * 1024
"""Of all files held; above it the one dropped first goes first."""


class HeldFiles(MemoryMediaFileStorage):
    """Streamlit's store of files, which lets a file a button made go only after a while.

    Its one caller holds a lock around both.
    """

    def __init__(self, media_endpoint: str) -> None:
        super().__init__(media_endpoint)
        self._held: dict[str, float] = {}  # until when, the first dropped first

    def load_and_get_id(
        self,
        path_or_data: str | bytes,
        mimetype: str,
        kind: MediaFileKind,
        filename: str | None = None,
    ) -> str:
        """Add a file, or the same one again: then it is not on its way out."""
        file_id = super().load_and_get_id(path_or_data, mimetype, kind, filename)
        self._held.pop(file_id, None)
        return file_id

    def delete_file(self, file_id: str) -> None:
        """Hold a made file, drop a picture; what was held long enough goes."""
        found = self._files_by_id.get(file_id)
        if found is None or found.kind is not MediaFileKind.DOWNLOADABLE:
            super().delete_file(file_id)
        else:
            self._held.setdefault(file_id, monotonic() + HELD_SECONDS)
        kept = sum(self._files_by_id[each].content_size for each in self._held)
        for each, until in list(self._held.items()):
            if until > monotonic() and kept <= _MOST_BYTES:
                break
            kept -= self._files_by_id[each].content_size
            del self._held[each]
            super().delete_file(each)


# Its application asks for the store by this name and takes no other.
memory_media_file_storage.MemoryMediaFileStorage = HeldFiles  # type: ignore[misc]


class MadeFiles:
    """ASGI middleware: 404 for everybody else's files, and for those nobody's name is on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self._app(scope, receive, send)
            return
        refusing = False

        async def asked(message: Message) -> None:
            nonlocal refusing
            if message["type"] == "http.response.start" and message["status"] < 300:
                headers = MutableHeaders(scope=message)
                kind, holder = whose(headers.get("content-type", ""))
                refusing = not await _is(scope, holder)
                headers["content-type"] = kind
                headers["cache-control"] = "private, no-store"
                if refusing:
                    await refused(scope, 404)(scope, receive, send)
            if not refusing:
                await send(message)

        await self._app(scope, receive, asked)


async def _is(scope: Scope, holder: str | None) -> bool:
    """Whether a file is for whoever asks: one made without a sign-in is for its address alone."""
    if not holder:
        return holder is not None
    token = HTTPConnection(scope).cookies.get(context.cookie_name(), "")
    if context.holder_of(token) != holder:
        return False
    principal = await ask(context.who_holds, token)
    return principal.role is not Role.PUBLIC
