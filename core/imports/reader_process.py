"""Files that somebody sent are read in processes that can be ended.

A few at once, more in a queue, everybody else is asked to come back. A process that took too long,
too much memory or fell is replaced; the file it read is refused. One that did its work waits for
the next file, and ends with whoever started it: its input closes.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import BoundedSemaphore, Lock, Timer
from typing import Any

from core.values.errors import InvalidInputError

AT_ONCE, WAITING = 2, 10
"""Files read at once and files that wait; the next sender is refused."""
WAIT_SECONDS = 30
"""Longest wait in the queue."""
FILES_EACH = 200
"""Files a process reads before another takes its place."""
MAX_ANSWER = 200_000_000
"""Most bytes of an answer: what a few hundred thousand rows come to."""

_LOG = logging.getLogger("noriai")
_ROOT = Path(__file__).resolve().parents[2]
_LONGEST_SECONDS = 300
"""For a process that does not end itself when it should; the slowest honest file is long done."""
_KEPT = frozenset(
    {"LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH"}
    | {"SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "WINDIR"}
)
"""Of the environment; addresses and passwords of databases are none of a reader's business."""

BUSY = "いま多くのファイルを読み取っているため混み合っています。1分ほど待って、もう一度お試しください。"
GAVE_UP = (
    "読み取りに時間かメモリーがかかりすぎるため、読むのをやめました。"
    "必要な内容だけを新しいファイルに写して保存し、もう一度お試しください。"
)
FAILED = "ファイルを読み取れませんでした。元のアプリで開き、別の名前で保存し直して、もう一度お試しください。"


class _EndedError(Exception):
    """The process is gone.

    Attributes:
        begun: Whether it had the file already, so that the file may be why.
    """

    def __init__(self, *, begun: bool) -> None:
        self.begun = begun


class _Reader:
    """One process."""

    def __init__(self, command: Sequence[str]) -> None:
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW
        self._process = subprocess.Popen(  # noqa: S603  our own module, by the same interpreter
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={name: value for name, value in os.environ.items() if name.upper() in _KEPT},
            creationflags=flags,
        )
        self.files = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, job: str, contents: Sequence[bytes], options: Any) -> Iterator[Mapping[str, Any]]:
        """Hand over files; what the process says, line by line.

        Raises:
            _EndedError: The process ended before it was done.
        """
        self.files += 1
        assert self._process.stdin is not None  # noqa: S101  both are pipes
        assert self._process.stdout is not None  # noqa: S101
        head = {"job": job, "sizes": [len(content) for content in contents], "options": options}
        begun, left = False, MAX_ANSWER
        try:
            self._process.stdin.write(json.dumps(head).encode() + b"\n")
            for content in contents:
                self._process.stdin.write(content)
            self._process.stdin.flush()
            while left > 0:
                line = self._process.stdout.readline(left)
                if not line.endswith(b"\n"):
                    break
                left -= len(line)
                begun = True
                yield json.loads(line)
        except (OSError, ValueError):
            raise _EndedError(begun=begun) from None
        raise _EndedError(begun=begun)

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self._process.kill()

    def end(self) -> None:
        """End it and leave nothing of it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


class ReaderProcesses:
    """The processes of one server.

    Args:
        at_once: Files read at once.
        waiting: Files that wait.
        command: What starts a process; tests start others.
    """

    def __init__(
        self,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        command: Sequence[str] = (sys.executable, "-m", "core.imports.reader_worker"),
    ) -> None:
        self._command = command
        self._room = BoundedSemaphore(at_once + waiting)
        self._turn = BoundedSemaphore(at_once)
        self._lock = Lock()
        self._idle: list[_Reader] = []
        self._at_work: set[_Reader] = set()

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes there are now."""
        with self._lock:
            return tuple(reader.pid for reader in (*self._idle, *self._at_work))

    @contextmanager
    def read(
        self, job: str, contents: Sequence[bytes], options: Any = None, *, field: str = "file"
    ) -> Iterator[Iterator[Any]]:
        """The parts of what a job of the reading process answers, as they come.

        Waits for its turn: not for an event loop, nor inside a transaction.

        Args:
            job: Key of ``core.imports.reader_worker.JOBS``.
            field: What a refusal stands against.

        Raises:
            InvalidInputError: The job refuses, or ``field``: too many are waiting, the file takes
                too long or too much memory, the process fell.
        """
        if not self._room.acquire(blocking=False):
            raise InvalidInputError({field: BUSY})
        try:
            if not self._turn.acquire(timeout=WAIT_SECONDS):
                raise InvalidInputError({field: BUSY})
            try:
                with closing(self._parts(job, contents, options, field)) as parts:
                    yield parts
            finally:
                self._turn.release()
        finally:
            self._room.release()

    def _parts(
        self, job: str, contents: Sequence[bytes], options: Any, field: str
    ) -> Generator[Any]:
        for last_try in (False, True):
            reader, done = self._take(), False
            watch = Timer(_LONGEST_SECONDS, reader.kill)
            watch.daemon = True
            watch.start()
            try:
                for said in reader.ask(job, contents, options):
                    if "refused" in said:
                        done = True
                        raise InvalidInputError(
                            {str(name) or field: str(why) for name, why in said["refused"].items()}
                        )
                    if "failed" in said:
                        _LOG.error("a file of job %s could not be read\n%s", job, said["failed"])
                        raise InvalidInputError({field: FAILED})
                    yield from said.get("parts", ())
                    if "done" in said:
                        done = True
                        return
            except _EndedError as ended:
                if ended.begun or last_try:
                    sizes = [len(content) for content in contents]
                    _LOG.warning("reading was given up: job %s, bytes %s", job, sizes)
                    raise InvalidInputError({field: GAVE_UP}) from None
            finally:
                watch.cancel()
                self._give_back(reader, reusable=done)

    def _take(self) -> _Reader:
        with self._lock:
            reader = self._idle.pop() if self._idle else _Reader(self._command)
            self._at_work.add(reader)
        return reader

    def _give_back(self, reader: _Reader, *, reusable: bool) -> None:
        with self._lock:
            self._at_work.discard(reader)
            if reusable and reader.files < FILES_EACH:
                self._idle.append(reader)
                return
        reader.end()

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            readers = [*self._idle, *self._at_work]
            self._idle.clear()
        for reader in readers:
            reader.end()


READERS = ReaderProcesses()
"""Those of this process."""
atexit.register(READERS.close)
