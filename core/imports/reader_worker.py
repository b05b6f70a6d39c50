"""The process that reads files: one request a line, answers a line each, until nobody asks.

``python -m core.imports.reader_worker``, started by core.imports.reader_process alone. It has no
database, no session, no secret and no right to write a file; it ends itself when a file takes too
long or too much memory, and when whoever started it is gone. It knows the standard library, the
words of the rules and nothing else, so that it is there within a tenth of a second.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import IO, Any

from core.imports.accounts.table import plain_accounts
from core.imports.attachments import plain_findings
from core.imports.attendance import plain_attendance
from core.imports.document_template import plain_template
from core.imports.form.jobs import plain_layout, plain_pictures, plain_readings
from core.imports.ledger.table import plain_table
from core.imports.request_form import plain_form
from core.values.errors import DashboardError

if sys.platform != "win32":
    import resource

WORK_SECONDS = 4
"""Seconds of computing a file may take; the last may be cut short, since whole ones are counted."""
WALL_SECONDS = 30 if sys.platform != "win32" else 2 * WORK_SECONDS
"""The same by the clock, for a machine with much else to do; on Windows the only limit."""
ROWS_A_SECOND = 10_000
"""For so many parts that a file has given it gets another second: 100,000 rows are an honest file."""
MEMORY = 1_500_000_000
"""Most bytes of the process."""
BATCH = 500
"""Parts of an answer that go in one line."""

JOBS: Mapping[str, Callable[[Sequence[bytes], Any], Iterator[Any]]] = MappingProxyType(
    {
        "ledger": plain_table,
        "accounts": plain_accounts,
        "attendance": plain_attendance,
        "attachments": plain_findings,
        "request_form": plain_form,
        "form_layout": plain_layout,
        "form_pictures": plain_pictures,
        "form_readings": plain_readings,
        "document_template": plain_template,
    }
)
"""What may be asked: files and options in, parts of the answer out, all of it as JSON holds it."""


def main() -> None:
    """Answer requests until the asking end closes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library may print is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server's Ctrl+C; its end is noticed below
    _limit_for_good()
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        while line := sys.stdin.buffer.readline():
            request = json.loads(line)
            contents = [sys.stdin.buffer.read(size) for size in request["sizes"]]
            _say(answers, {"begun": True})
            limits = _Limits(nowhere)
            goes_on = _answer(answers, limits, request["job"], contents, request["options"])
            faulthandler.cancel_dump_traceback_later()
            if not goes_on:
                return


def _answer(
    answers: IO[bytes], limits: _Limits, job: str, contents: Sequence[bytes], options: Any
) -> bool:
    """Answer one request; returns whether this process may take another."""
    try:
        batch: list[Any] = []
        for number, part in enumerate(JOBS[job](contents, options), start=1):
            batch.append(part)
            if number % ROWS_A_SECOND == 0:
                limits.extend()
            if len(batch) == BATCH:
                _say(answers, {"parts": batch})
                batch = []
        _say(answers, {"parts": batch, "done": True})
    except DashboardError as error:
        _say(answers, {"refused": getattr(error, "problems", None) or {"": str(error)}})
    except MemoryError:
        return False  # said by ending: what was allocated may not leave room for words
    except Exception:  # noqa: BLE001  a mistake of ours, told to whoever can write it down
        _say(answers, {"failed": traceback.format_exc()})
        return False
    return True


def _say(answers: IO[bytes], words: Mapping[str, Any]) -> None:
    answers.write(json.dumps(words).encode() + b"\n")
    answers.flush()


def _limit_for_good() -> None:
    if sys.platform != "win32":
        _lower(resource.RLIMIT_AS, MEMORY)
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_FSIZE, 0)


def _lower(which: int, to: int) -> None:
    if sys.platform != "win32":
        _, hard = resource.getrlimit(which)
        if hard != resource.RLIM_INFINITY:
            to = min(to, hard)
        resource.setrlimit(which, (to, hard))


class _Limits:
    """What this file may take."""

    def __init__(self, nowhere: IO[str]) -> None:
        self._nowhere = nowhere
        self._processor = WORK_SECONDS
        if sys.platform != "win32":
            used = resource.getrusage(resource.RUSAGE_SELF)
            self._processor += int(used.ru_utime + used.ru_stime)
        self._set()

    def extend(self) -> None:
        """Another second, and the clock from now on."""
        self._processor += 1
        self._set()

    def _set(self) -> None:
        faulthandler.dump_traceback_later(WALL_SECONDS, exit=True, file=self._nowhere)
        if sys.platform != "win32":
            _lower(resource.RLIMIT_CPU, self._processor)


if __name__ == "__main__":
    main()
