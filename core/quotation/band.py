"""価格帯: what of one price may leave its municipality's hands without its word.

The edges are fixed. Whatever is told to others is worked out of bands and of nothing finer, so no
question, no series of questions and no number of municipalities that tell each other theirs can find
out more of a price than its band, which is at least a third of its lower edge wide.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from core.quotation.price import MAX_YEN
from core.values.money import Yen

_STEPS = (10, 15, 20, 30, 50, 70)
_LOWEST = 100_000


def _edges() -> tuple[int, ...]:
    found, ten = [0], _LOWEST // 10
    while found[-1] <= MAX_YEN * 12 * 2:  # a term of one month, and tax
        found += [step * ten for step in _STEPS]
        ten *= 10
    return tuple(found)


EDGES = _edges()
"""0, 10万, 15万, 20万, 30万, 50万, 70万, 100万, … yen a year."""


@dataclass(frozen=True)
class Band:
    """From ``low`` to below ``high``, yen a year."""

    low: Yen
    high: Yen

    @property
    def label(self) -> str:
        """As a reader sees it."""
        return f"{man_text(self.low)}以上{man_text(self.high)}未満"


def band_number(yearly: int) -> int:
    """Which band an amount lies in, from 0.

    Examples:
        >>> [band_number(each) for each in (0, 99_999, 100_000, 149_999, 150_000)]
        [0, 0, 1, 1, 2]
    """
    return bisect_right(EDGES, yearly) - 1


def bands(first: int, last: int) -> Band:
    """What two bands and those between them span.

    Examples:
        >>> bands(1, 2).label
        '10万円以上20万円未満'
    """
    return Band(Yen(EDGES[first]), Yen(EDGES[last + 1]))


def man_text(amount: int) -> str:
    """An edge in 万円 or 億円.

    Examples:
        >>> man_text(0), man_text(1_500_000), man_text(150_000_000)
        ('0円', '150万円', '1億5,000万円')
    """
    man = amount // 10_000
    if not man:
        return "0円"
    oku, rest = divmod(man, 10_000)
    return (f"{oku:,}億" if oku else "") + (f"{rest:,}万" if rest else "") + "円"
