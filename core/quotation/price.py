"""価格: one document about what one system costs one municipality; what is unknown stays unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated

from core.procurement.recording import System
from core.values.errors import InvalidInputError
from core.values.fiscal import era_date, outside_fiscal_years
from core.values.free_text import Text, read_form
from core.values.label import Labelled
from core.values.money import Yen, yen_text

MAX_YEN = 10**11
"""Largest amount of a document."""
MAX_MONTHS = 240
"""Longest term; twenty years."""
CONSUMPTION_TAX = Fraction(10, 100)
"""消費税等, since October 2019; no joint procurement is older (消費税法第29条, 地方税法第72条の83)."""
_TAXED, _AS_IT_IS = 1 + CONSUMPTION_TAX, Fraction(1)


class Document(Labelled):
    """文書の種類: what a price stands in; what was contracted outranks what was offered."""

    QUOTED = "quoted", "見積"
    CONTRACTED = "contracted", "契約額"


class Way(Labelled):
    """調達の方法: what the price is a price of."""

    ALONE = "alone", "単独"
    JOINT = "joint", "共同"
    STANDARD = "standard", "標準価格"


class Tax(Labelled):
    """税の別: whether 消費税等 is in the amounts."""

    INCLUDED = "included", "税込"
    EXCLUDED = "excluded", "税抜"


@dataclass(frozen=True)
class Price:
    """What a document says; an amount that is None is not said in it, which is not 0.

    Attributes:
        programme: Key of the joint procurement.
        lot: Its 区分; None where it has none.
        vendor: 事業者, empty where nobody is chosen or named.
        initial: 初期費用 in all, yen, as ``tax`` says.
        monthly: 月額, yen, as ``tax`` says.
        total: 総額 over the term as printed, yen, as ``tax`` says.
        months: Term.
        first_day: First day of use.
        dated: Day of the document.
        basis: What the price rests on: name of the document, what is in it and what not.
    """

    document: Document
    way: Way
    programme: str
    lot: str | None
    vendor: Annotated[str, Text("事業者", 100, optional=True)]
    initial: int | None
    monthly: int | None
    total: int | None
    months: int | None
    first_day: date | None
    tax: Tax
    dated: date
    basis: Annotated[str, Text("根拠", 500, lines=True, example="例: ○○社の見積書、保守込み")]

    @property
    def printed_total(self) -> Yen | None:
        """総額 as the document says or its parts make it, as ``tax`` says; None when unknown."""
        if self.total is not None:
            return Yen(self.total)
        if self.initial is None or self.monthly is None or self.months is None:
            return None
        return Yen(self.initial + self.monthly * self.months)

    @property
    def yearly(self) -> Yen | None:
        """1年あたりの額: 総額 with tax, by the months of the term times twelve; None when unknown.

        Below one yen it is cut off.
        """
        total = self.printed_total
        if total is None or self.months is None:
            return None
        factor = self._factor
        return Yen(int(total) * 12 * factor.numerator // (factor.denominator * self.months))

    def with_tax(self, amount: int | None) -> Yen | None:
        """An amount of the document with 消費税等, below one yen cut off; None when unknown."""
        factor = self._factor
        return None if amount is None else Yen(amount * factor.numerator // factor.denominator)

    @property
    def _factor(self) -> Fraction:
        """What makes an amount of the document one with tax."""
        return _TAXED if self.tax is Tax.EXCLUDED else _AS_IT_IS


def read_price(form: Price, systems: Mapping[str, System], today: date) -> Price:
    """A price as it is kept.

    Raises:
        InvalidInputError: Every field that cannot be used, all at once.
    """
    problems: dict[str, str] = {}
    price = read_form(form, problems)
    system = systems.get(price.programme)
    if system is None:
        problems["programme"] = "共同調達を一覧から選んでください。"
    elif price.lot is None and system.lots:
        problems["lot"] = f"{system.label}は区分ごとに記録します。区分を選んでください。"
    elif price.lot is not None and price.lot not in system.lots:
        problems["lot"] = f"{system.label}にない区分です。選び直してください。"
    problems |= _amounts(price)
    if price.dated > today:
        problems["dated"] = (
            f"文書の日付に先の日は記録できません: {era_date(price.dated)}(今日は{era_date(today)})。"
        )
    elif problem := outside_fiscal_years(price.dated):
        problems["dated"] = problem
    if price.first_day is not None and (problem := outside_fiscal_years(price.first_day)):
        problems["first_day"] = problem
    if problems:
        raise InvalidInputError(problems)
    return price


def _amounts(price: Price) -> dict[str, str]:
    problems = {}
    labels = {"initial": "初期費用", "monthly": "月額", "total": "総額"}
    for field, label in labels.items():
        amount = getattr(price, field)
        if amount is not None and not 0 <= amount <= MAX_YEN:
            problems[field] = f"{label}は0円以上{yen_text(MAX_YEN)}以下で入力してください。"
    if price.months is not None and not 1 <= price.months <= MAX_MONTHS:
        problems["months"] = f"契約月数は1以上{MAX_MONTHS}以下で入力してください。"
    if problems:
        return problems
    if all(getattr(price, field) is None for field in labels):
        return {
            "initial": "初期費用、月額、総額のうち、わかるものを1つ以上入力してください。"
            "わからないものは空欄のままにします。"
        }
    if price.total is None or price.months is None:
        return {}
    if price.initial is not None and price.monthly is not None:
        made = price.initial + price.monthly * price.months
        if made != price.total:
            return {
                "total": f"初期費用 + 月額 × {price.months}か月 は{yen_text(made)}で、"
                f"総額{yen_text(price.total)}と合いません。直すか、文書にないものを空欄にしてください。"
            }
    return {}
