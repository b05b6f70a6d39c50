"""A number with everything it owes its reader (DESIGN.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.values.fiscal import era_date
from core.values.label import Labelled


class Status(Labelled):
    """Whether something has happened or is foreseen (実績・予定)."""

    ACTUAL = "actual", "実績"
    PLANNED = "planned", "予定"
    ASSUMED = "assumed", "仮定"


Value = int | Fraction | None
"""A whole number, an exact share in per cent, or unknown."""


@dataclass(frozen=True)
class Figure:
    """One number on a screen.

    Attributes:
        value: The number; None is unknown, which is not zero.
        unit: 団体, 件, 円, …
        basis: 集計基準: what is included and what is not.
        as_of: 基準日 as a reader sees it.
        source: Key in data/sources.yaml, or 台帳 for what municipalities recorded here.
    """

    label: str
    value: Value
    unit: str
    definition: str
    basis: str
    as_of: str
    source: str
    status: Status

    @property
    def text(self) -> str:
        """The number with its unit; 不明 when unknown."""
        return value_text(self.value, self.unit)


def value_text(value: Value, unit: str) -> str:
    """A value with its unit; 不明 when unknown."""
    return "不明" if value is None else f"{number_text(value)}{unit}"


def number_text(value: int | Fraction) -> str:
    """A number as a reader sees it: a share with one decimal, half up.

    Examples:
        >>> number_text(28_800_000), number_text(Fraction(100, 3)), number_text(Fraction(1, 20))
        ('28,800,000', '33.3', '0.1')
    """
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    tenths = (abs(value) * 20 + 1) // 2
    return f"{'−' if value < 0 and tenths else ''}{tenths // 10:,}.{tenths % 10}"


def plain_number(value: Value) -> int | float | None:
    """A number as a cell or a machine holds it: shares to one decimal, half up."""
    if value is None or isinstance(value, int):
        return value
    tenths = (abs(value) * 20 + 1) // 2
    return float(Fraction(tenths if value >= 0 else -tenths, 10))


LEDGER_SOURCE = "noriai-ledger"
"""Source of what municipalities recorded here (台帳)."""


def day_label(day: date) -> str:
    """基準日 of a figure computed for a day."""
    return f"{era_date(day)}時点"
