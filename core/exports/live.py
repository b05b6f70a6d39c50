"""Formulas that carry their value: what a viewer without recalculation shows is never missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

Value = TypeVar("Value", bound=int | float | str, covariant=True)


@dataclass(frozen=True)
class Live(Generic[Value]):
    """A cell formula and what it computes.

    Attributes:
        formula: Without the leading ``=``; in English, plain Excel functions only.
        value: Its result for the estimate the book is made from.
    """

    formula: str
    value: Value


def quoted(text: str) -> str:
    """Text as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'


def words(*parts: str | Live[str]) -> Live[str]:
    """Sentence of fixed words and live ones.

    Examples:
        >>> words("計", Live('A1&"回"', "12回"))
        Live(formula='"計"&A1&"回"', value='計12回')
    """
    return Live(
        "&".join(quoted(part) if isinstance(part, str) else part.formula for part in parts),
        "".join(part if isinstance(part, str) else part.value for part in parts),
    )


def number_text(number: Live[int], unit: str = "") -> Live[str]:
    """Whole number with separators and a unit; a negative as budget documents mark it.

    Examples:
        >>> number_text(Live("A1", -1_200), "円").value
        '△1,200円'
    """
    sign = "△" if number.value < 0 else ""
    return Live(
        f'TEXT({number.formula},"#,##0;△#,##0")&{quoted(unit)}',
        f"{sign}{abs(number.value):,}{unit}",
    )


def yen(amount: Live[int]) -> Live[str]:
    """1,200,000円."""
    return number_text(amount, "円")


def thousand_yen(amount: Live[int]) -> Live[str]:
    """1,200千円."""
    return number_text(amount, "千円")


def total(cells: str, values: Sequence[int]) -> Live[int]:
    """Sum of a range."""
    return Live(f"SUM({cells})", sum(values))


def minus(whole: Live[int], part: Live[int]) -> Live[int]:
    """Difference."""
    return Live(f"{whole.formula}-{part.formula}", whole.value - part.value)


def thousands_up(amount: Live[int], value: int) -> Live[int]:
    """千円未満切上げ; ``value`` from core.values.money."""
    return Live(f"ROUNDUP({amount.formula}/1000,0)", value)


def thousands_down(amount: Live[int], value: int) -> Live[int]:
    """千円未満切捨て; ``value`` from core.values.money."""
    return Live(f"ROUNDDOWN({amount.formula}/1000,0)", value)


def exact_yen(cost: Live[int], rate: Fraction, numerator: str, denominator: str) -> Live[str]:
    """Cost × rate to the hundredth of a yen, said to be 約 where the decimals go on.

    Examples:
        >>> exact_yen(Live("A1", 1_234_567), Fraction(1, 2), "B1", "B2").value
        '617,283.5円'
        >>> exact_yen(Live("A1", 100_000), Fraction(1, 3), "B1", "B2").value
        '約33,333.33円'
    """
    product = f"{cost.formula}*{numerator}"
    quotient = f"{product}/{denominator}"
    formula = (
        f'IF(MOD({product},{denominator})=0,TEXT({quotient},"#,##0"),'
        f'IF(MOD({product}*100,{denominator})=0,TEXT({quotient},"#,##0.0#"),'
        f'"約"&TEXT({quotient},"#,##0.00")))&"円"'
    )
    hundredths = cost.value * rate * 100
    nearest = int(hundredths + Fraction(1, 2))
    whole, rest = divmod(nearest, 100)
    if hundredths.denominator > 1:
        text = f"約{whole:,}.{rest:02d}"
    elif rest:
        text = f"{whole:,}.{rest:02d}".removesuffix("0")
    else:
        text = f"{whole:,}"
    return Live(formula, f"{text}円")


def choose(condition: str, holds: bool, yes: Live[Value], no: Live[Value]) -> Live[Value]:
    """IF; ``holds`` is whether the condition is met for the estimate."""
    return Live(f"IF({condition},{yes.formula},{no.formula})", yes.value if holds else no.value)
