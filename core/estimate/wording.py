"""The working in words: what an officer copies into 積算基礎."""

from __future__ import annotations

from core.estimate.calculation import YearEstimate
from core.estimate.subsidy import Step
from core.values.money import yen_text


def gross_expression(year: YearEstimate) -> str:
    """歳出の積算: fee × visits × plans, plans with equal visits together.

    Returns:
        Such as ``100,000円 × 12回 × 2プラン + 100,000円 × 6回 × 1プラン``; ``0円`` without plans.
    """
    counts: dict[int, int] = {}
    for line in year.lines:
        counts[line.visits] = counts.get(line.visits, 0) + 1
    terms = [
        f"{yen_text(year.terms.unit_price)} × {visits}回 × {plans}プラン"
        for visits, plans in sorted(counts.items(), reverse=True)
    ]
    return " + ".join(terms) or yen_text(0)


def working(year: YearEstimate) -> tuple[Step, ...]:
    """Every step from the fee to 一般財源, in order."""
    return (
        Step("歳出", f"{gross_expression(year)} = {yen_text(year.gross)}", year.gross),
        *year.steps[1:],
        Step(
            "一般財源",
            f"{yen_text(year.gross)} − {yen_text(year.subsidy)} = {yen_text(year.net)}",
            year.net,
        ),
    )
