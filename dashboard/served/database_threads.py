"""Threads for what addresses ask the database.

Streamlit's and the project's own files leave by the common threads. While the database does not
answer, whoever asks it waits in these, and the files of a screen still arrive.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio import to_thread

R = TypeVar("R")
_READERS = anyio.CapacityLimiter(20)


async def ask(question: Callable[..., R], *args: object) -> R:
    """What a function answers that may have to wait for the database."""
    return await to_thread.run_sync(question, *args, limiter=_READERS)
