"""目標: what the secretariat wants an indicator to be by a day; set and taken back, never edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.figures.indicator import Indicator, Wanted
from core.values.errors import InvalidInputError
from core.values.figure import Value
from core.values.free_text import Text

NOTE = Text("目標の根拠", 500, example="会議名、計画名など")
LARGEST = 10**15
"""Largest target, in the unit of its indicator."""


@dataclass(frozen=True)
class Target:
    """One 目標."""

    row_id: int  # order of recording; 0 before it is recorded
    indicator: str
    day: date
    value: int | None  # in the unit of the indicator; None takes the target of that day back
    note: str
    recorded_at: datetime
    recorded_by: str


def current_targets(recorded: Iterable[Target]) -> tuple[Target, ...]:
    """The last word for each indicator and day, taken back ones left out; by indicator and day."""
    last: dict[tuple[str, date], Target] = {}
    for target in sorted(recorded, key=lambda each: each.row_id):
        last[target.indicator, target.day] = target
    return tuple(last[key] for key in sorted(last) if last[key].value is not None)


def reached(indicator: Indicator, target: Target, value: Value) -> bool | None:
    """Whether a value meets a target; None when it is unknown.

    Where less is better the value may be at most the target, elsewhere at least.
    """
    if value is None or target.value is None:
        return None
    if indicator.wanted is Wanted.DOWN:
        return value <= target.value
    return value >= target.value


def check_target(target: Target) -> None:
    """Refuse a target that cannot be drawn or explained.

    Raises:
        InvalidInputError: Field ``value``.
    """
    if target.value is not None and abs(target.value) > LARGEST:
        problem = f"目標値は{LARGEST:,}以下にしてください: {target.value:,}"
        raise InvalidInputError({"value": problem})
