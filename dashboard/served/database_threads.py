"""Threads for what addresses ask the database.

Streamlit's and the project's own files leave by the common threads. While the database does not
answer, whoever asks it waits in these, and the files of a screen still arrive.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio import to_thread
from anyio.lowlevel import RunVar

R = TypeVar("R")
_THREADS = 20
_readers: RunVar[anyio.CapacityLimiter] = RunVar("readers of the database")


async def ask(question: Callable[..., R], *args: object) -> R:
    """What a function answers that may have to wait for the database."""
    readers = _readers.get(None) or anyio.CapacityLimiter(_THREADS)
    _readers.set(readers)  # of this event loop: one that ended took its waiters with it
    return await to_thread.run_sync(question, *args, limiter=readers)
