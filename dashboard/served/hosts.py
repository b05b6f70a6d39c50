"""The names this server answers to: that of NORIAI_BASE_URL, and this machine's own for checks."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from dashboard import context

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_WRITTEN = re.compile(r"[A-Za-z0-9._:\[\]-]+")
_PORTS = {"http": 80, "https": 443}


def is_own_host(host: str) -> bool:
    """Whether a ``Host`` header names this server; a proxy may leave out or change the port."""
    name = _name(host)
    return name in _LOOPBACK or (
        name != "" and name == urlsplit(context.settings().base_url).hostname
    )


def is_readable_host(host: str) -> bool:
    """Whether a ``Host`` header is one at all."""
    return _name(host) != ""


def is_own_origin(origin: str, host: str) -> bool:
    """Whether a page of this server sent a request, going by its ``Origin`` and ``Host``."""
    if (found := _origin(origin)) is None:
        return False
    if found == _origin(context.settings().base_url):
        return True
    return _name(host) in _LOOPBACK and urlsplit(origin).netloc == host


def own_host() -> str:
    """The ``Host`` readers' browsers send."""
    return urlsplit(context.settings().base_url).netloc


def _name(host: str) -> str:
    if not _WRITTEN.fullmatch(host):
        return ""
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018  read to be refused
    except ValueError:
        return ""
    return (parts.hostname or "").rstrip(".")


def _origin(address: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None
