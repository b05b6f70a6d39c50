"""補助条件の表: the terms of the year of the request as cells that can be corrected."""

from __future__ import annotations

from collections.abc import Collection

from core.estimate.calculation import YearEstimate
from core.estimate.terms import Premise
from core.exports.book import Page
from core.exports.budget.conditions import Conditions
from core.exports.live import Live
from core.params import RoundingScope
from core.values.money import Direction

_LABELS = (
    ("単価(支援1回あたり、円)", "talent.unit_price"),
    ("補助率の分子", "talent.subsidy_rate"),
    ("補助率の分母", "talent.subsidy_rate"),
    ("端数処理の単位(円)", "talent.rounding_unit"),
    ("端数処理の方向", "talent.rounding_direction"),
    ("端数処理の対象", "talent.rounding_scope"),
    ("1団体あたりの補助上限額(円)", "talent.subsidy_cap"),
)


def rows(year: YearEstimate) -> int:
    """Rows the table takes: 単価 alone where there is no subsidy."""
    return 1 if year.terms.subsidy is None else len(_LABELS)


def write_terms(page: Page, year: YearEstimate, row: int) -> tuple[Conditions | None, Live[int]]:
    """Write the table from a row on.

    Returns:
        Where the terms of the subsidy stand, None where there is none; and 単価.
    """
    subsidy = year.terms.subsidy
    premises = {premise.name: premise for premise in year.terms.premises}
    for offset, (label, name) in enumerate(_LABELS[: rows(year)]):
        page.text(f"A{row + offset}:B{row + offset}", label, "label")
        own = year.terms.own_prices if name == "talent.unit_price" else ()
        note = _note(premises[name], own)
        page.text(f"D{row + offset}:H{row + offset}", note, "cell", "typed")
        page.height(row + offset, ("D:H", note))
    look = ("cell", "premise", "number")
    price = page.number(f"C{row}", int(year.terms.unit_price), *look)
    if subsidy is None:
        _at_least(page, f"C{row}", 0)
        return None, price
    numerator = page.number(f"C{row + 1}", subsidy.rate.numerator, *look)
    denominator = page.number(f"C{row + 2}", subsidy.rate.denominator, *look)
    unit = page.number(f"C{row + 3}", subsidy.rounding.unit, *look)
    words = ("cell", "premise", "center")
    page.text(f"C{row + 4}", subsidy.rounding.direction.label, *words)
    page.text(f"C{row + 5}", subsidy.scope.label, *words)
    if subsidy.cap is None:
        page.blank(f"C{row + 6}", *look)
    else:
        page.number(f"C{row + 6}", int(subsidy.cap), *look)
    _validate(page, row)
    conditions = Conditions(
        terms=subsidy,
        price=price.formula,
        numerator=numerator.formula,
        denominator=denominator.formula,
        unit=unit.formula,
        direction=page.ref(f"C{row + 4}"),
        scope=page.ref(f"C{row + 5}"),
        cap=page.ref(f"C{row + 6}"),
    )
    return conditions, price


def _note(premise: Premise, own: Collection[int]) -> str:
    carried = f"{premise.carried_from.label}の値を準用。" if premise.carried_from else ""
    empty = "空欄は上限なしとして計算する。" if premise.name == "talent.subsidy_cap" else ""
    other = f"{'、'.join(f'プラン{n}' for n in own)}は上の表の単価による。" if own else ""
    return f"{premise.basis_label}。{carried}{empty}{other}出典と備考はシート「前提・出典」。"


def _validate(page: Page, row: int) -> None:
    for first, last, low in ((row, row + 1, 0), (row + 2, row + 3, 1), (row + 6, row + 6, 0)):
        _at_least(page, f"C{first}:C{last}", low)
    for place, choices in (
        (f"C{row + 4}", [d.label for d in Direction]),
        (f"C{row + 5}", [scope.label for scope in RoundingScope]),
    ):
        page.accept(place, "list", "一覧から選んでください。", source=choices)


def _at_least(page: Page, place: str, low: int) -> None:
    page.accept(place, ">=", f"{low}以上の整数を入力してください。", value=low)
