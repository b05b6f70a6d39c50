"""削減額: what joint procurement saves a year, of those that know both prices.

A sum tells more than a range does: the numbers themselves are added. It is told by the rules of official
statistics: of five municipalities on, none of which makes up the sum; and it is worked out anew only when
the difference to every sum told before is made up in the same way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.quotation.cut import FEWEST, Best, Cut, Slot, Values, changed, cuts
from core.quotation.event import Quotation, QuotationEvent
from core.quotation.price import Way
from core.values.money import Direction, Rounding, Yen
from core.values.succession import Succession

CHANGES = 5
"""Municipalities whose saving must have changed before a sum is worked out anew."""
_TOLD = Rounding(100_000, Direction.DOWN)


@dataclass(frozen=True)
class Saving:
    """A municipality's own, a year with tax.

    Attributes:
        before: 単独 where it is known, else 標準価格; None when neither is.
        joint: 共同; None when unknown.
    """

    before: Quotation | None
    joint: Quotation | None

    @property
    def before_yearly(self) -> Yen | None:
        """Yen a year before."""
        return _yearly(self.before)

    @property
    def joint_yearly(self) -> Yen | None:
        """Yen a year jointly."""
        return _yearly(self.joint)

    @property
    def yearly(self) -> Yen | None:
        """What is saved a year; below zero where it costs more; None when either is unknown."""
        before, joint = self.before_yearly, self.joint_yearly
        return None if before is None or joint is None else before - joint


def _yearly(each: Quotation | None) -> Yen | None:
    return None if each is None or each.price is None else each.price.yearly


def saving(found: Best) -> Saving:
    """What a municipality saves with one system."""
    return Saving(found.get(Way.ALONE) or found.get(Way.STANDARD), found.get(Way.JOINT))


@dataclass(frozen=True)
class SavingTold:
    """A sum that is told from a day on.

    Attributes:
        day: Of the cut.
        municipalities: How many are in.
        yearly: Yen a year, below 100,000 cut off; None: nothing is told from that day on.
    """

    day: date
    municipalities: int
    yearly: Yen | None


def savings_told(
    events: Iterable[QuotationEvent], succession: Succession, slot: Slot
) -> tuple[SavingTold, ...]:
    """Every sum that was ever told of a system, oldest first."""
    told = cuts(events, succession, slot, lambda found: saving(found).yearly, CHANGES, _holds)
    return tuple(
        SavingTold(
            each.day,
            len(each.values),
            _TOLD.apply(sum(each.values.values())) if each.values else None,
        )
        for each in told
    )


def _holds(values: Values, told: Sequence[Cut]) -> bool:
    if not hides(values.values()):
        return False
    return all(hides(changed(each.values, values).values()) for each in told)


def hides(numbers: Collection[int]) -> bool:
    """Whether a sum hides each of its numbers, also from who knows the second largest.

    What is left without the two largest must be a third of the largest, at least (p%-Regel).

    Examples:
        >>> hides([30, 20, 4, 3, 3]), hides([30, 20, 4, 3, 2]), hides([1, 1, 1, 1])
        (True, False, False)
    """
    largest, _second, *rest = (
        sorted(map(abs, numbers), reverse=True) if len(numbers) > 1 else (1, 0)
    )
    return len(numbers) >= FEWEST and sum(rest) * 3 >= largest
