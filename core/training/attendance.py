"""出席: who came, as marked from a list, from a file, or by a code on the wall."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.values.label import Labelled

ATTEMPTS = 5
"""Wrong codes of one municipality for one session within :data:`ATTEMPTS_WITHIN`."""
ATTEMPTS_WITHIN = timedelta(minutes=15)
LONGEST_CODE = timedelta(hours=12)
"""How long a code can be valid at most."""
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, 1, I, O: read from the back row
_CODE_LENGTH = 6


class AttendanceMark(Labelled):
    """What was recorded of somebody's attendance (出席の記録); nothing recorded is unknown."""

    PRESENT = "present", "出席"
    ABSENT = "absent", "欠席"
    CLEARED = "cleared", "未記録"


class AttendanceMeans(Labelled):
    """How attendance was recorded (出席の記録方法)."""

    LIST = "list", "一覧"
    FILE = "file", "ファイル"
    CODE = "code", "コード"


@dataclass(frozen=True)
class AttendanceEvent:
    """One mark on one enrolment."""

    event_id: int
    enrolment_id: str
    session_id: str
    lg_code: str
    mark: AttendanceMark
    means: AttendanceMeans
    recorded_at: datetime
    recorded_by: str


def attendance(events: Iterable[AttendanceEvent]) -> dict[str, AttendanceEvent]:
    """The last mark by ``enrolment_id``; whoever is absent from it was never or no longer marked.

    Args:
        events: In any order.
    """
    last: dict[str, AttendanceEvent] = {}
    for event in sorted(events, key=lambda each: each.event_id):
        last[event.enrolment_id] = event
    return {
        enrolment_id: event
        for enrolment_id, event in last.items()
        if event.mark is not AttendanceMark.CLEARED
    }


@dataclass(frozen=True)
class AttendanceCode:
    """The code on the wall."""

    code: str
    expires_at: datetime  # from when it is no longer taken


def new_code() -> str:
    """A code out of a thousand million, without characters that look alike."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def typed_code(text: str) -> str:
    """A code as typed: width, case, blanks and hyphens make no difference.

    Examples:
        >>> typed_code(" ａｂ3-d5f ")
        'AB3D5F'
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in plain if character.isalnum())
