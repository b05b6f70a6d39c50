"""他団体との比較: range and median of many prices, from which no single one can be worked out.

The rule, and what it rests on (docs/decisions.md): each price is put into its fixed band before
anything is counted; one fixed group a system, 区分 and way, with no filter; the lowest and the highest
municipality are left out of the range; worked out anew only when three municipalities changed; from five
municipalities on that are not shown by name anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from core.quotation.band import Band, band_number, bands
from core.quotation.cut import FEWEST, Best, Slot, cuts
from core.quotation.event import QuotationEvent
from core.quotation.price import Way
from core.values.succession import Succession

CHANGES = 3
"""Municipalities whose band must have changed before a range is worked out anew."""


@dataclass(frozen=True)
class Spread:
    """What all officers are told of a system, 区分 and way.

    Attributes:
        day: Of the cut; what was recorded later is not in.
        municipalities: How many are in.
        span: Of 1年あたりの額, the lowest and the highest municipality left out.
        median: The band of the one in the middle, of the two in the middle of an even number.
    """

    day: date
    municipalities: int
    span: Band
    median: Band


def spread(
    events: Iterable[QuotationEvent],
    succession: Succession,
    slot: Slot,
    way: Way,
    named: Collection[str] = (),
) -> Spread | None:
    """What is told of the prices recorded; None while nothing may be.

    Args:
        events: All there are, in the order of recording.
        named: Codes of the municipalities that agreed to being shown: known, they hide nobody.
    """

    def number(found: Best) -> int | None:
        price = found[way].price if way in found else None
        yearly = None if price is None else price.yearly
        return None if yearly is None else band_number(yearly)

    told = cuts(events, succession, slot, number, CHANGES)
    if not told or sum(code not in named for code in told[-1].values) < FEWEST:
        return None
    found = sorted(told[-1].values.values())
    middle = len(found) - 1
    return Spread(
        told[-1].day,
        len(found),
        bands(found[1], found[-2]),
        bands(found[middle // 2], found[(middle + 1) // 2]),
    )
