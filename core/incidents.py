"""受付番号: one number for one incident, however many readers meet it."""

from __future__ import annotations

import logging
import secrets
import traceback
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from core.values.errors import DatabaseTroubleError, Trouble

_QUIET_SECONDS = 600.0
"""What nobody has met for so long and is met again is another incident."""
_LOG = logging.getLogger("noriai")


@dataclass(frozen=True)
class Incident:
    """Something that fails for the same cause, from the first time on.

    Attributes:
        number: What a reader tells the office, and what the log is searched for.
        began: When it was first met.
        times: How often so far.
    """

    number: str
    began: datetime
    times: int = 1


@dataclass
class _Open:
    incident: Incident
    last: float


class Incidents:
    """Those of one process that are not over.

    The first meeting is logged with its traceback; the others are counted, and the count is logged
    whenever it has grown tenfold and when the incident is over.
    """

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._lock = Lock()

    def met(self, error: BaseException, now: datetime) -> Incident:
        """The incident an error belongs to."""
        cause, moment = cause_of(error), monotonic()
        with self._lock:
            known = self._open.get(cause)
            is_new = known is None or moment - known.last > _QUIET_SECONDS
            if known is None or is_new:
                known = _Open(Incident(secrets.token_hex(4), now), moment)
            else:
                before = known.incident
                known = _Open(Incident(before.number, before.began, before.times + 1), moment)
            self._open[cause] = known
            incident = known.incident
        if is_new:
            _LOG.error("incident", exc_info=error, extra={"number": incident.number})
        elif str(incident.times).strip("0") == "1":
            _LOG.warning("met %d times", incident.times, extra={"number": incident.number})
        return incident

    def over(self, trouble: Trouble) -> None:
        """What was wrong with the database is so no longer."""
        with self._lock:
            known = self._open.pop(trouble, None)
        if known is not None:
            _LOG.warning(
                "over, met %d times", known.incident.times, extra={"number": known.incident.number}
            )


INCIDENTS = Incidents()
"""Of this process."""


def cause_of(error: BaseException) -> str:
    """What makes two errors the same: what is wrong with the database, or type and place."""
    if isinstance(error, DatabaseTroubleError):
        return error.trouble.value
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__module__}.{type(error).__qualname__}@{place}"
