"""The one field that takes files, and what the server must know to take them.

Streamlit would take a file for any session and keep it until the session ends, whoever sends it and
whatever the page shows. :mod:`dashboard.served.doors` takes one only for a session whose page has
such a field, from the sign-in that page is drawn for.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import context

_MOST_SESSIONS = 4_000
"""More than a process has; the oldest is forgotten, and its next run is known again."""


@dataclass
class _Page:
    name: str
    holder: str  # of the sign-in a file field was drawn for; empty: none was


_PAGES: OrderedDict[str, _Page] = OrderedDict()
_LOCK = Lock()


def enter(name: str) -> None:
    """Say at every run which page it draws; on another page than before, no field is there yet."""
    if (session := _session()) is None:
        return
    with _LOCK:
        if (known := _PAGES.get(session)) is None or known.name != name:
            _PAGES[session] = _Page(name, "")
        _PAGES.move_to_end(session)
        if len(_PAGES) > _MOST_SESSIONS:
            _PAGES.popitem(last=False)


def expect_files() -> None:
    """Say that a file field is drawn now; stands before each one."""
    with _LOCK:
        if (page := _PAGES.get(_session() or "")) is not None:
            page.holder = context.holder()


def holder_of(session: str) -> str:
    """The sign-in whose page in a session has a file field; empty when none has."""
    with _LOCK:
        return _PAGES[session].holder if session in _PAGES else ""


def sessions_of(holder: str) -> list[str]:
    """The sessions of a sign-in that have a file field."""
    with _LOCK:
        return [session for session, page in _PAGES.items() if page.holder == holder]


def _session() -> str | None:
    running = get_script_run_ctx()
    return None if running is None else running.session_id
