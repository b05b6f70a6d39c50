"""Waiting for a state. A machine may be as slow as it likes; only one that stands still fails."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

PATIENCE_SECONDS = 300


def wait_until(reached: Callable[[], object], what: str) -> None:
    """Look again and again until something holds; after a very long time it never will."""
    end = monotonic() + PATIENCE_SECONDS
    while not reached():
        assert monotonic() < end, f"not within {PATIENCE_SECONDS} s: {what}"
        sleep(0.05)
