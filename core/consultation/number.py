"""受付番号: R5-014, gapless within a fiscal year."""

from __future__ import annotations

from dataclasses import dataclass

from core.values.fiscal import FiscalYear

_ERA_LETTERS = {"令和": "R", "平成": "H"}


@dataclass(frozen=True, order=True)
class ConsultationNumber:
    """Which request of which fiscal year."""

    fiscal_year: FiscalYear
    serial: int  # 1 for the first of the year, without gaps

    @property
    def label(self) -> str:
        """As readers see it.

        Examples:
            >>> ConsultationNumber(FiscalYear(2023), 14).label
            'R5-014'
            >>> ConsultationNumber(FiscalYear(2019), 1200).label
            'R1-1200'
        """
        year = self.fiscal_year.label.removesuffix("年度")
        number = year[2:].replace("元", "1")
        return f"{_ERA_LETTERS[year[:2]]}{number}-{self.serial:03d}"
