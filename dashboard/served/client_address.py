"""Where a request comes from: its peer, or whom a trusted proxy names."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.types import Scope

from dashboard import context


def client_address(scope: Scope) -> str:
    """The address of whoever asks; empty when the connection has none.

    ``X-Forwarded-For`` is written by anybody, so it counts only when the peer is one of
    NORIAI_TRUSTED_PROXIES, and then from its end: each proxy adds whom it was asked by. The first
    that is no trusted proxy is who asks. :mod:`dashboard.served.doors` puts the answer into the
    scope, so that ``request.client`` and ``st.context.ip_address`` say the same.
    """
    client = scope.get("client")
    asked_by = str(client[0]) if client else ""
    named = [
        each.strip()
        for name, value in scope.get("headers", ())
        if name == b"x-forwarded-for"
        for each in value.decode("latin-1").split(",")
    ]
    while named and is_trusted(asked_by) and (before := _plain(named.pop())):
        asked_by = before
    return asked_by


def is_trusted(address: str) -> bool:
    """Whether NORIAI_TRUSTED_PROXIES names it."""
    networks = _networks(context.settings().trusted_proxies)
    if not networks or not (plain := _plain(address)):
        return False
    return any(ip_address(plain) in network for network in networks)


@lru_cache(maxsize=1)
def _networks(given: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(each.strip()) for each in given.split(",") if each.strip())


def _plain(text: str) -> str:
    """An address without a port, as it is always written; empty for what is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)
