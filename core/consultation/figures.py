"""What one municipality has under way with アドバイザー相談, each number with its birth certificate."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from core.consultation.case import Consultation
from core.consultation.measures import of_fiscal_year
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.fiscal import FiscalYear


def own_figures(consultations: Collection[Consultation], as_of: date) -> tuple[Figure, ...]:
    """What a municipality has under way."""
    year = FiscalYear.of(as_of)
    return (
        _figure(
            "進行中の相談",
            sum(c.is_open for c in consultations),
            "件",
            "受付・調整中・日程決定の相談の数。",
            "自団体。年度を問わない。",
            as_of,
        ),
        _figure(
            "今年度の相談",
            len(of_fiscal_year(consultations, year)),
            "件",
            f"{year.label}に受け付けた相談の数。",
            "自団体。取下げを含む。",
            as_of,
        ),
    )


def _figure(
    label: str, value: int | None, unit: str, definition: str, basis: str, as_of: date
) -> Figure:
    return Figure(
        label, value, unit, definition, basis, day_label(as_of), LEDGER_SOURCE, Status.ACTUAL
    )
