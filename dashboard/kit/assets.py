"""The addresses of what the page itself brings along: styles and scripts of dashboard/assets.

An address holds a digest of the file: another content is another address, so a browser keeps what
it has and never asks (dashboard/served/packed.py).
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from dashboard import context

ASSETS = Path(__file__).resolve().parents[1] / "assets"


def asset(name: str) -> str:
    """The address of a file in dashboard/assets, below the path of NORIAI_BASE_URL."""
    return f"{below()}/assets/{name}?{_digest(name)}"


def below() -> str:
    """The path of NORIAI_BASE_URL, which every address of ours begins with; usually empty."""
    return urlsplit(context.settings().base_url).path.rstrip("/")


def digest(content: bytes) -> str:
    """Tells one content from every other, in an address."""
    return hashlib.sha256(content).hexdigest()[:16]


@cache
def _digest(name: str) -> str:
    return digest((ASSETS / name).read_bytes())
