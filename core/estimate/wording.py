"""The working in words: what an officer copies into 積算基礎."""

from __future__ import annotations

from collections import Counter

from core.estimate.calculation import YearEstimate
from core.estimate.subsidy import Step
from core.values.money import Yen, yen_text


def gross_expression(year: YearEstimate) -> str:
    """歳出の積算: fee × visits × plans, plans with equal visits and fee together.

    Returns:
        Such as ``100,000円 × 12回 × 2プラン + 100,000円 × 6回 × 1プラン``; ``0円`` without plans.
    """
    counts = Counter((line.visits, line.unit_price) for line in year.lines)
    terms = [
        f"{yen_text(price)} × {visits}回 × {plans}プラン"
        for (visits, price), plans in sorted(counts.items(), reverse=True)
    ]
    return " + ".join(terms) or yen_text(0)


def working(year: YearEstimate) -> tuple[Step, ...]:
    """Every step from the fee to 一般財源, in order."""
    paid = f"{yen_text(year.gross)} − {yen_text(year.subsidy)} = {yen_text(year.net)}"
    if year.terms.subsidy is None:
        paid = f"{yen_text(year.net)}(歳出の全額)"
    return (
        Step("歳出", f"{gross_expression(year)} = {yen_text(year.gross)}", year.gross),
        *year.steps[1:],
        Step("一般財源", paid, year.net),
    )


def one_price(year: YearEstimate) -> Yen | None:
    """Yen a visit where every chosen plan has the same; None where they differ."""
    prices = {line.unit_price for line in year.lines}
    return year.terms.unit_price if not prices else prices.pop() if len(prices) == 1 else None


def price_text(year: YearEstimate) -> str:
    """1回あたりの費用, of each plan that differs, too.

    Returns:
        Such as ``100,000円(プラン8は120,000円)``.
    """
    if (only := one_price(year)) is not None:
        return yen_text(only)
    others = [line for line in year.lines if line.unit_price != year.terms.unit_price]
    named = "、".join(f"プラン{line.plan}は{yen_text(line.unit_price)}" for line in others)
    return f"{yen_text(year.terms.unit_price)}({named})"
