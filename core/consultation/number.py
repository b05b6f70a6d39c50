"""受付番号: R5-014, gapless within a fiscal year."""

from __future__ import annotations

from dataclasses import dataclass

from core.values.fiscal import FiscalYear


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
        return f"{self.fiscal_year.short}-{self.serial:03d}"
