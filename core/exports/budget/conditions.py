"""補助条件 as cells, and the grant as a formula of them (core.estimate.subsidy as Excel says it)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.estimate.subsidy import granted_subsidy
from core.estimate.terms import SubsidyTerms
from core.exports.live import Live, quoted
from core.params import RoundingScope
from core.values.money import Direction, Yen


@dataclass(frozen=True)
class Conditions:
    """Where the terms of one fiscal year stand.

    Attributes:
        terms: The values the book was made with.
        direction: Reference to 端数処理の方向, a label of :class:`Direction`.
        scope: Reference to 端数処理の対象, a label of ``RoundingScope``.
        cap: Reference to 補助上限額, yen; an empty cell is no cap.
    """

    terms: SubsidyTerms
    price: str
    numerator: str
    denominator: str
    unit: str
    direction: str
    scope: str
    cap: str

    @property
    def per_plan(self) -> str:
        """Whether each plan is rounded."""
        return f"{self.scope}={quoted(RoundingScope.PLAN.label)}"

    def rounded(self, cost: Live[int]) -> Live[int]:
        """Rate and rounding of one amount, never above the amount itself."""
        divisor = f"({self.denominator}*{self.unit})"
        multiples = f"{cost.formula}*{self.numerator}/{divisor}"
        up, half = (quoted(d.label) for d in (Direction.UP, Direction.HALF_UP))
        formula = (
            f"MIN(ROUNDDOWN({cost.formula}/{self.unit},0),"
            f"IF({self.direction}={up},ROUNDUP({multiples},0),"
            f"IF({self.direction}={half},ROUND({multiples},0),"
            f"ROUNDDOWN({multiples},0))))*{self.unit}"
        )
        alone = replace(self.terms, cap=None)
        return Live(formula, int(granted_subsidy([Yen(cost.value)], alone).amount))

    def before_cap(self, whole: Live[int], each: Sequence[Live[int]]) -> Live[int]:
        """The grant without its cap.

        Args:
            each: What :meth:`rounded` gives for each plan.
        """
        at_once = self.rounded(whole)
        added = "+".join(part.formula for part in each)
        per_plan = self.terms.scope is RoundingScope.PLAN
        return Live(
            f"IF({self.per_plan},{added},{at_once.formula})",
            sum(part.value for part in each) if per_plan else at_once.value,
        )

    def capped(self, amount: Live[int], granted: int) -> Live[int]:
        """The grant; the cap is brought down to a multiple of the unit.

        Args:
            amount: Before the cap.
            granted: What the estimate says.
        """
        down = f"ROUNDDOWN({self.cap}/{self.unit},0)*{self.unit}"
        return Live(
            f"IF(ISNUMBER({self.cap}),MIN({amount.formula},{down}),{amount.formula})", granted
        )
