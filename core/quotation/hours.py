"""削減時間: working hours a system saves a year, as the municipality states them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.free_text import Text

MAX_HOURS = 10_000_000
"""More hours than any municipality works."""
MEASURED = Text("測り方", 500, lines=True, example="例: 申請1件15分 × 4,000件")
HOURS_REASON = Text("理由", 500, lines=True, optional=True)


@dataclass(frozen=True)
class HoursEvent:
    """One word about the hours of a system in a year; the last one counts.

    Attributes:
        hours: Saved in the year; None takes back what was said.
        measured: How they were measured or worked out; empty where taken back.
        reason: Why it is said anew or taken back; empty for the first word.
    """

    event_id: int
    lg_code: str
    programme: str
    fiscal_year: FiscalYear
    hours: int | None
    measured: str
    reason: str
    recorded_at: datetime
    recorded_by: str


HoursKey = tuple[str, str, FiscalYear]
"""Municipality, programme, year."""


def hours_stated(events: Iterable[HoursEvent]) -> Mapping[HoursKey, HoursEvent]:
    """The last word on each that was not taken back."""
    last = {(each.lg_code, each.programme, each.fiscal_year): each for each in events}
    return {key: each for key, each in last.items() if each.hours is not None}


def check_hours(hours: int | None) -> None:
    """Refuse hours that cannot be.

    Raises:
        InvalidInputError: Field ``hours``.
    """
    if hours is None or not 0 <= hours <= MAX_HOURS:
        raise InvalidInputError(
            {"hours": f"削減時間は0時間以上{MAX_HOURS:,}時間以下の整数で入力してください。"}
        )


def check_said_anew(before: HoursEvent | None, hours: int, measured: str, reason: str) -> None:
    """Refuse to say the same again, or otherwise without a reason.

    Raises:
        ConflictError: Nothing changes.
        InvalidInputError: Field ``reason``.
    """
    if before is None:
        return
    if (before.hours, before.measured) == (hours, measured):
        raise ConflictError("変更がありません。直す項目を入力してから押してください。")
    if not reason:
        raise InvalidInputError(
            {"reason": "この年度の削減時間は記録済みです。直す理由を入力してください。"}
        )
