"""Whether a file may be sent: who sends it, to which page, and how much is there already."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from streamlit import runtime

from core.access.principal import Role
from core.values.errors import DatabaseTroubleError
from dashboard import context
from dashboard.kit import upload
from dashboard.served.database_threads import ask

PATH = "/_stcore/upload_file/"
LONGEST = 21 * 1024 * 1024
"""Bytes of one request: the 20 MB of server.maxUploadSize and what stands around a file."""
MOST_COMING = 6
"""Files of one sign-in on their way at once: a browser sends all that were chosen together."""
MOST_FILES = 60
MOST_BYTES = 120 * 1024 * 1024
"""Of one sign-in, in all its open pages."""
MOST_BYTES_OF_ALL = 1024 * 1024 * 1024


class Uploads:
    """Files on their way in and those Streamlit keeps; lives in the event loop."""

    def __init__(self) -> None:
        self._coming: list[tuple[str, int]] = []  # sign-in, bytes

    async def may_send(self, asking: HTTPConnection) -> int:
        """The status that refuses a request below PATH; 0 when it is taken."""
        session = str(asking.scope["path"]).removeprefix(PATH).partition("/")[0]
        token = asking.cookies.get(context.cookie_name(), "")
        holder = context.holder_of(token)
        if not holder or upload.holder_of(session) != holder:
            return 403
        try:
            principal = await ask(context.who_holds, token)
        except DatabaseTroubleError:
            return 503
        return 403 if principal.role is Role.PUBLIC or principal.must_change_password else 0

    def begin(self, asking: HTTPConnection, size: int) -> int:
        """Count a file that is about to come; the status that refuses it, or 0."""
        holder = context.holder_of(asking.cookies.get(context.cookie_name(), ""))
        kept = _kept()
        own = [each for session in upload.sessions_of(holder) for each in kept.get(session, ())]
        coming = [each for who, each in self._coming if who == holder]
        if len(coming) >= MOST_COMING:
            return 429
        own += coming
        all_ = sum(map(sum, kept.values())) + sum(each for _, each in self._coming)
        if len(own) >= MOST_FILES or sum(own) + size > MOST_BYTES:
            return 429
        if all_ + size > MOST_BYTES_OF_ALL:
            return 503
        self._coming.append((holder, size))
        return 0

    def end(self, asking: HTTPConnection, size: int) -> None:
        """It has come, or will not."""
        self._coming.remove(
            (context.holder_of(asking.cookies.get(context.cookie_name(), "")), size)
        )


def _kept() -> dict[str, list[int]]:
    """Sizes of the files Streamlit keeps, by session."""
    if not runtime.exists():
        return {}
    storage = getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {})
    return {
        session: [len(file.data) for file in list(files.values())]
        for session, files in list(storage.items())
    }
