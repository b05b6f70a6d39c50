"""Whoever waits for the database keeps no file of a screen waiting."""

from __future__ import annotations

from threading import Event

import anyio
from anyio import to_thread

from dashboard.served.database_threads import ask
from tests.support.waiting import PATIENCE_SECONDS

MORE_THAN_THE_COMMON_THREADS = 60


def test_files_leave_while_every_question_to_the_database_hangs() -> None:
    answers = Event()
    left: list[str] = []

    async def crowd() -> None:
        async with anyio.create_task_group() as waiting:
            for _ in range(MORE_THAN_THE_COMMON_THREADS):
                waiting.start_soon(ask, answers.wait)
            await anyio.wait_all_tasks_blocked()
            with anyio.move_on_after(PATIENCE_SECONDS):
                left.append(await to_thread.run_sync(lambda: "a file"))
            answers.set()

    anyio.run(crowd)
    assert left == ["a file"]
