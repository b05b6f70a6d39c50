"""A number with everything it owes its reader (DESIGN.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.values.fiscal import era_date
from core.values.label import Labelled


class Status(Labelled):
    """Whether something has happened or is foreseen (実績・予定)."""

    ACTUAL = "actual", "実績"
    PLANNED = "planned", "予定"
    ASSUMED = "assumed", "仮定"


@dataclass(frozen=True)
class Figure:
    """One number on a screen.

    Attributes:
        label: What it is called.
        value: The number; None is unknown, which is not zero.
        unit: 団体, 件, 円, …
        definition: What is counted, in one sentence.
        basis: 集計基準: what is included and what is not.
        as_of: 基準日 as a reader sees it.
        source: Key in data/sources.yaml, or 台帳 for what municipalities recorded here.
        status: 実績, 予定 or 仮定.
    """

    label: str
    value: int | None
    unit: str
    definition: str
    basis: str
    as_of: str
    source: str
    status: Status

    @property
    def text(self) -> str:
        """The number with its unit; 不明 when unknown."""
        return "不明" if self.value is None else f"{self.value:,}{self.unit}"


LEDGER_SOURCE = "noriai-ledger"
"""Source of what municipalities recorded here (台帳)."""


def day_label(day: date) -> str:
    """基準日 of a figure computed for a day."""
    return f"{era_date(day)}時点"
