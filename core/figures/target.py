"""目標: what the secretariat wants an indicator to be by a day; set and taken back, never edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.figures.indicator import Indicator, Wanted
from core.values.errors import InvalidInputError
from core.values.figure import Value
from core.values.fiscal import era_date
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


def limits(indicator: Indicator, municipalities: int) -> tuple[int, int]:
    """Smallest and largest target that says anything.

    Where more is wanted, or neither, 0 would be reached before anybody does anything; there are
    no more municipalities than there are, and no share is larger than the whole.
    """
    least = 0 if indicator.wanted is Wanted.DOWN else 1
    if indicator.below_zero:
        least = -LARGEST
    if indicator.unit == "%":
        return least, 100
    counted = indicator.unit == "団体" and indicator.filterable
    return least, municipalities if counted else LARGEST


def check_target(target: Target, indicator: Indicator, municipalities: int, today: date) -> None:
    """Refuse a target that cannot be drawn, explained or missed; taking back is always allowed.

    Raises:
        InvalidInputError: Fields ``value``, ``day``.
    """
    if target.value is None:
        return
    problems = {}
    least, most = limits(indicator, municipalities)
    if not least <= target.value <= most:
        problems["value"] = (
            f"「{indicator.name}」の目標値は{indicator.text(least)}から{indicator.text(most)}までに"
            f"してください: {target.value:,}"
        )
    if target.day < today:
        problems["day"] = f"期限は今日以降にしてください: {era_date(target.day)}"
    if problems:
        raise InvalidInputError(problems)
