"""A paper that stands for a sign-in's token for a moment: scripts of the page see it, never the token.

The cookie is the server's to set, and only the page knows that somebody has just signed in. What it
sends is good for one cookie, in this process, for a minute.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from threading import Lock
from time import monotonic

_SECONDS = 60.0
_MOST = 10_000


class Tickets:
    """Those not yet handed in; the oldest go when there are too many."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._lock = Lock()

    def issue(self, token: str) -> str:
        """One that stands for a token."""
        ticket = secrets.token_urlsafe(24)
        with self._lock:
            self._open[ticket] = (token, monotonic() + _SECONDS)
            while len(self._open) > _MOST:
                self._open.popitem(last=False)
        return ticket

    def redeem(self, ticket: str) -> str:
        """The token it stands for, once; empty for one that was handed in, is old or never was."""
        with self._lock:
            token, end = self._open.pop(ticket, ("", 0.0))
        return token if monotonic() < end else ""


TICKETS = Tickets()
"""Of this process."""
