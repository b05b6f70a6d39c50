"""Whole yen, rates as fractions, rounding by name, shares that add up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from core.values.label import Labelled


class Yen(int):
    """Integer yen. Adds to yen and whole numbers, multiplies with whole numbers, refuses floats.

    A rate is a :class:`~fractions.Fraction`; the product is an exact fraction that only a
    :class:`Rounding` turns back into yen.

    Examples:
        >>> Yen(100_000) * 12
        Yen(1200000)
        >>> Yen(1_234_567) * Fraction(1, 2)
        Fraction(1234567, 2)
        >>> Yen(1.5)
        Traceback (most recent call last):
        TypeError: Yen takes whole numbers, not float
    """

    def __new__(cls, amount: int) -> Self:
        if isinstance(amount, bool) or not isinstance(amount, int):
            raise TypeError(f"Yen takes whole numbers, not {type(amount).__name__}")
        return super().__new__(cls, amount)

    def __repr__(self) -> str:
        return f"Yen({int(self)})"

    def __str__(self) -> str:
        return str(int(self))

    def __add__(self, other: int) -> Yen:
        return Yen(int(self) + _whole(other))

    __radd__ = __add__

    def __sub__(self, other: int) -> Yen:
        return Yen(int(self) - _whole(other))

    def __rsub__(self, other: int) -> Yen:
        return Yen(_whole(other) - int(self))

    def __neg__(self) -> Yen:
        return Yen(-int(self))

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Fraction):
            return Fraction(int(self)) * other
        return Yen(int(self) * _whole(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        raise TypeError("Yen is not divided with '/': use a Fraction rate or largest_remainder")

    __rtruediv__ = __truediv__

    def __floordiv__(self, other: int) -> int:
        return int(self) // _whole(other)

    def __mod__(self, other: int) -> int:
        return int(self) % _whole(other)

    def __divmod__(self, other: int) -> tuple[int, int]:
        return divmod(int(self), _whole(other))


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"Yen combines with whole numbers, not {type(value).__name__}")
    return int(value)


def parse_rate(text: str) -> Fraction:
    """Read a rate: 1/2, 0.5, 50%, also in full width.

    What was read is read again as it prints: ``0.333333333`` prints as a ratio of two long numbers.

    Raises:
        ValueError: Not a decimal or percentage of at most twelve characters, nor a ratio of
            numbers of at most twenty digits; the message is Japanese.

    Examples:
        >>> parse_rate("1/2"), parse_rate("０．５"), parse_rate("50%")
        (Fraction(1, 2), Fraction(1, 2), Fraction(1, 2))
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    short = len(plain) <= 12 and re.fullmatch(r"-?\d+(\.\d+)?%?", plain)
    if not short and not re.fullmatch(r"-?\d{1,20}(/\d{1,20})?", plain):
        raise ValueError(f"率として読めません: {text[:40]}(例: 1/2、0.5、50%)")
    try:
        return Fraction(plain[:-1]) / 100 if plain.endswith("%") else Fraction(plain)
    except ZeroDivisionError:
        raise ValueError(f"分母が0の率は使えません: {text}") from None


def yen_text(amount: int) -> str:
    """Amount as a reader writes it.

    Examples:
        >>> yen_text(1_200_000)
        '1,200,000円'
    """
    return f"{int(amount):,}円"


def exact_yen_text(amount: Fraction) -> str:
    """Exact yen: 617,283.5円, or with the fraction where decimals do not end.

    Examples:
        >>> exact_yen_text(Fraction(1_234_567, 2)), exact_yen_text(Fraction(100, 3))
        ('617,283.5円', '33と1/3円')
    """
    whole, rest = divmod(amount.numerator, amount.denominator)
    if rest == 0:
        return yen_text(whole)
    tenths = Fraction(rest, amount.denominator) * 100
    if tenths.denominator == 1:
        return f"{whole:,}.{tenths.numerator:02d}".rstrip("0") + "円"
    return f"{whole:,}と{Fraction(rest, amount.denominator)}円"


def thousand_yen_text(amount: int) -> str:
    """A count of thousand yen as a reader writes it.

    Examples:
        >>> thousand_yen_text(1_200)
        '1,200千円'
    """
    return f"{int(amount):,}千円"


class Direction(Labelled):
    """Which way an amount between two multiples goes (端数処理)."""

    DOWN = "down", "切捨て"
    UP = "up", "切上げ"
    HALF_UP = "half_up", "四捨五入"


@dataclass(frozen=True)
class Rounding:
    """端数処理: to a multiple of ``unit`` yen in a named direction.

    Attributes:
        unit: Yen, 1 or more (1,000 = 千円未満).
    """

    unit: int
    direction: Direction

    def __post_init__(self) -> None:
        if self.unit < 1:
            raise ValueError("rounding unit must be 1 yen or more")

    def apply(self, amount: Fraction | int) -> Yen:
        """Amount (0 or more) as a multiple of the unit.

        Examples:
            >>> Rounding(1000, Direction.DOWN).apply(Fraction(1_234_567, 2))
            Yen(617000)
            >>> Rounding(10, Direction.UP).apply(Fraction(1_234_567, 2))
            Yen(617290)
        """
        multiples = Fraction(amount) / self.unit
        whole = multiples.numerator // multiples.denominator
        rest = multiples - whole
        up = {
            Direction.DOWN: False,
            Direction.UP: rest > 0,
            Direction.HALF_UP: rest >= Fraction(1, 2),
        }[self.direction]
        return Yen((whole + int(up)) * self.unit)


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Divide ``total`` in proportion to ``weights`` so that the parts add up to it exactly.

    Args:
        total: 0 or more.
        weights: 0 or more each; ties in the remainder go to the earlier one.

    Returns:
        One whole number for each weight, within one of its exact share; all zero when ``total``
        is zero.

    Raises:
        ValueError: A negative number, or a positive total without any positive weight.

    Examples:
        >>> largest_remainder(1_000, [1, 1, 1])
        [334, 333, 333]
        >>> largest_remainder(0, [])
        []
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("total and weights must be 0 or more")
    whole = sum(weights)
    if total == 0:
        return [0] * len(weights)
    if whole == 0:
        raise ValueError("a positive total needs a positive weight")
    shares = [divmod(total * weight, whole) for weight in weights]
    parts = [share for share, _ in shares]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-shares[index][1], index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


@dataclass(frozen=True)
class BudgetThousands:
    """予算書の千円単位: 歳出 rounded up, 補助金 rounded down, 一般財源 the difference.

    So that what is requested covers what is paid, no more revenue is shown than granted, and
    the three still add up. 仮定: each municipality's own 予算編成要領 decides.

    Attributes:
        gross: 歳出, thousand yen.
        subsidy: 補助金, thousand yen.
        net: 一般財源, thousand yen; ``gross - subsidy``.
    """

    gross: int
    subsidy: int
    net: int


def budget_thousands(gross: Yen, subsidy: Yen) -> BudgetThousands:
    """歳出・補助金・一般財源 in thousand yen.

    Examples:
        >>> budget_thousands(Yen(1_234_567), Yen(617_000))
        BudgetThousands(gross=1235, subsidy=617, net=618)
    """
    up, down = -(-int(gross) // 1000), int(subsidy) // 1000
    return BudgetThousands(gross=up, subsidy=down, net=up - down)


def amount_labels(subsidy: str | None) -> dict[str, str]:
    """What is shown of an amount, in order: attribute of :class:`Amounts` → its name.

    Args:
        subsidy: What the prefecture's subsidy is called; where there is none (None) it is not among
            them, rather than 0.

    Examples:
        >>> amount_labels("県補助金")
        {'gross': '歳出', 'subsidy': '県補助金', 'net': '一般財源'}
        >>> amount_labels(None)
        {'gross': '歳出', 'net': '一般財源'}
    """
    named = {} if subsidy is None else {"subsidy": subsidy}
    return {"gross": "歳出", **named, "net": "一般財源"}


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """What something costs, yen, and who pays it; in thousand yen as a budget shows it.

    Attributes:
        gross: 歳出.
        subsidy: Of it.
    """

    gross: Yen
    subsidy: Yen

    @property
    def net(self) -> Yen:
        """一般財源."""
        return self.gross - self.subsidy

    @property
    def thousands(self) -> BudgetThousands:
        """The three in 千円."""
        return budget_thousands(self.gross, self.subsidy)
