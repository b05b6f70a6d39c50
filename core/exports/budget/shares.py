"""最大剰余法 as plain formulas: parts that add up to an amount exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.exports.book import Page
from core.exports.live import Live

UNPRINTED = "。ここから下は計算に使い、印刷しない"
"""Ends the heading of a working that is for whoever checks."""


@dataclass(frozen=True)
class Places:
    """Where the parts and their working stand, one cell a part each.

    Attributes:
        floors: Share without its fraction.
        remainders: What is left over, in parts of the weights' sum.
        ranks: 1 for the largest remainder.
        order: 1 for the part that comes first among equal remainders.
        parts: The result.
    """

    floors: Sequence[str]
    remainders: Sequence[str]
    ranks: Sequence[str]
    order: Sequence[str]
    parts: Sequence[str]


def write_shares(
    page: Page,
    places: Places,
    amount: Live[int],
    weights: Sequence[Live[int]],
    order: Sequence[int],
    parts: Sequence[int],
) -> list[Live[int]]:
    """Divide ``amount`` as :func:`core.values.money.largest_remainder` does.

    Args:
        weights: One for each part, side by side in one row or column.
        order: Which part comes first among equals, from 1.

    Returns:
        References to the parts.
    """
    whole = sum(weight.value for weight in weights)
    weight_sum = f"SUM({weights[0].formula}:{weights[-1].formula})"
    shares = [divmod(amount.value * w.value, whole) if whole else (0, 0) for w in weights]
    by_rank = sorted(range(len(shares)), key=lambda i: (-shares[i][1], order[i]))
    every_floor, every_remainder, every_order = (
        page.ref(f"{cells[0]}:{cells[-1]}")
        for cells in (places.floors, places.remainders, places.order)
    )
    written = []
    for index, (weight, (share, rest)) in enumerate(zip(weights, shares, strict=True)):
        cut = Live(
            f"IF({weight_sum}=0,0,INT({amount.formula}*{weight.formula}/{weight_sum}))", share
        )
        floor = page.amount(places.floors[index], cut)
        left = Live(f"{amount.formula}*{weight.formula}-{floor.formula}*{weight_sum}", rest)
        remainder = page.amount(places.remainders[index], left)
        first = page.number(places.order[index], order[index], "cell", "number")
        rank = page.amount(
            places.ranks[index],
            Live(
                f"SUMPRODUCT(--({every_remainder}>{remainder.formula}))"
                f"+SUMPRODUCT(({every_remainder}={remainder.formula})"
                f"*({every_order}<={first.formula}))",
                by_rank.index(index) + 1,
            ),
        )
        one_more = f"IF({rank.formula}<={amount.formula}-SUM({every_floor}),1,0)"
        part = Live(f"{floor.formula}+{one_more}", parts[index])
        written.append(page.amount(places.parts[index], part))
    return written
