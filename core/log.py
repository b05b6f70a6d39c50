"""The log: one JSON line an event, on stderr, without personal data.

A line has ``time`` (with zone), ``level``, ``logger``, ``message``, and where they are known
``request``, ``user`` (account name, as the audit trail has it), ``page`` and ``number`` (受付番号). Of
an error it keeps the types, where it happened, and words only where they cannot be a reader's: an
operating system's and a database driver's. What was typed stands in no line.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import datetime
from types import MappingProxyType, TracebackType
from typing import TextIO

from core.values.errors import DatabaseTroubleError
from core.values.fiscal import JAPAN

_NOTHING: MappingProxyType[str, str] = MappingProxyType({})
_ABOUT: ContextVar[MappingProxyType[str, str]] = ContextVar("about", default=_NOTHING)
_FRAMES = 30


def about(**known: str) -> None:
    """What the following events of this thread or task are about: ``request``, ``user``, ``page``.

    Args:
        known: Empty takes it away.
    """
    said = {**_ABOUT.get(), **known}
    _ABOUT.set(MappingProxyType({name: text for name, text in said.items() if text}))


class JsonLines(logging.Formatter):
    """One event as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, JAPAN).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            **_ABOUT.get(),
            "message": record.getMessage(),
        }
        if (number := getattr(record, "number", "")) != "":
            said["number"] = number
        if record.exc_info and record.exc_info[1] is not None:
            said["error"] = [_kind(each) for each in _chain(record.exc_info[1])]
            said["trace"] = _trace(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, as Python would show them."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    words = ""
    if isinstance(error, DatabaseTroubleError):
        words = f"{error.trouble}: {error.reason}"
    elif isinstance(error, OSError):
        words = error.strerror or ""
    return f"{name}: {words}" if words else name


def _trace(error: BaseException) -> list[str]:
    """Where it happened, the deepest call last; a file's name without the folders above ours."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(path: str) -> str:
    return path.replace("\\", "/").rpartition("/site-packages/")[2]


def write_json(stream: TextIO | None = None) -> logging.Handler:
    """From now on every logger of this process writes through one handler.

    Args:
        stream: Where to; None for stderr.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("noriai").setLevel(logging.INFO)
    for name in list(logging.Logger.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    return handler


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("noriai").critical("the program ends", exc_info=(kind, error, trace))


def _uncaught_in_thread(said: threading.ExceptHookArgs) -> None:
    error = said.exc_value or said.exc_type()
    logging.getLogger("noriai").error("a thread ended", exc_info=error)
