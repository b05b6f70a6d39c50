"""What is offered in a fiscal year: its support plans, and what of them differs by plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.values.fiscal import FiscalYear
from core.values.money import Yen


@dataclass(frozen=True)
class Offer:
    """One support plan as it is offered in a fiscal year.

    Attributes:
        unit_price: Yen a visit where the plan has a fee of its own; None: that of every plan.
        visits: Most visits in a fiscal year where they are the plan's own; None: those of every plan.
        source: Key in data/sources.yaml.
    """

    number: int
    unit_price: Yen | None = None
    visits: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Offers:
    """The support plans that hold for a fiscal year.

    Attributes:
        fiscal_year: 年度 they were published for; an earlier one where they are carried over (準用).
        plans: By number, ascending; numbers may have gaps.
        subsidised: Whether the prefecture pays a subsidy for them at all.
    """

    fiscal_year: FiscalYear
    plans: Mapping[int, Offer]
    subsidised: bool = True

    def carried_to(self, fiscal_year: FiscalYear) -> bool:
        """Whether they stand in for a later year, of which none are published."""
        return self.fiscal_year < fiscal_year

    @property
    def listed(self) -> str:
        """Every number there is, runs of them in short.

        Examples:
            >>> Offers(FiscalYear(2027), {n: Offer(n) for n in (1, 2, 4, 5, 6, 8)}).listed
            '1、2、4から6、8'
        """
        runs: list[list[int]] = []
        for number in self.plans:
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        return "、".join(
            f"{run[0]}から{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs
        )


Offered = Callable[[FiscalYear], Offers]
"""What is offered in any fiscal year: the published year itself or the latest before it."""
