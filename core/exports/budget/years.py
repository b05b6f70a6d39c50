"""年度別 on the sheet 月別・年度別: one row a fiscal year, each with its own terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from core.estimate.calculation import Estimate, YearEstimate
from core.exports.book import Page
from core.exports.budget.basis import Basis
from core.exports.budget.conditions import Conditions
from core.exports.live import Live, minus, thousands_down, thousands_up, total
from core.reference.names import Names


@dataclass(frozen=True)
class YearCells:
    """One fiscal year's amounts, thousand yen; the subsidy as grants."""

    gross: Live[int]
    subsidy: Live[int]
    net: Live[int]


def own_prices(estimate: Estimate) -> tuple[int, ...]:
    """Plans of the first year that have a fee of their own in any year; each takes a column."""
    own = {plan for year in estimate.years for plan in year.terms.own_prices}
    return tuple(plan for plan in estimate.first.terms.plans if plan in own)


def rows(years: int) -> int:
    """Rows it takes; none for a single year."""
    return years + 3 if years > 1 else 0


def write_years(
    page: Page, estimate: Estimate, basis: Basis, row: int, names: Names
) -> list[YearCells]:
    """Write one row a fiscal year; the heading stands on ``row``.

    A later year's term that equals the first year's refers to it, so that a correction there
    holds for all years (後年度も同条件, 仮定).
    """
    own = own_prices(estimate)
    page.section(
        f"A{row}:{xl_col_to_name(13 + len(own))}{row}", "年度別(後年度は4月開始、支援回数は同じ)"
    )
    heads = (
        "年度", "単価\n(円/回)", "補助率\n分子", "補助率\n分母", "端数処理\nの単位(円)",
        "端数処理\nの方向", "端数処理\nの対象", "補助上限額\n(円)", "歳出\n(円)", f"{names.subsidy}\n(円)",
        "一般財源\n(円)", "歳出\n(千円)", f"{names.national_and_own_grants}\n(千円)", "一般財源\n(千円)",
    )  # fmt: skip
    fees = [f"プラン{plan}の\n単価(円/回)" for plan in own]
    page.row(row + 1, *heads, *fees, looks=("head",))
    page.height(row + 1, lines=2)
    first, below = row + 2, row + 2
    years = []
    for below, year in enumerate(estimate.years, first):
        page.text(f"A{below}", year.fiscal_year.full_label, "label")
        conditions = _terms(page, estimate.first, year, basis.conditions, below)
        prices = _own_prices(page, estimate.first, year, basis, own, below)
        years.append(_amounts(page, year, conditions, basis, prices, below))
    page.text(f"A{below + 1}:H{below + 1}", "計", "label", "center", "sum")
    sums = [
        (year.gross, year.subsidy, year.net, thousands.gross, thousands.subsidy, thousands.net)
        for year in estimate.years
        for thousands in (year.thousands,)
    ]
    for column, values in zip("IJKLMN", zip(*sums, strict=True), strict=True):
        added = total(f"{column}{first}:{column}{below}", [int(value) for value in values])
        page.amount(f"{column}{below + 1}", added, "sum")
    return years


def _terms(
    page: Page, first: YearEstimate, year: YearEstimate, shared: Conditions, row: int
) -> Conditions:
    subsidy, earlier = year.terms.subsidy, first.terms.subsidy
    direction, usual = subsidy.rounding.direction, earlier.rounding.direction
    same_rate = subsidy.rate == earlier.rate
    terms: tuple[tuple[str, int | str, bool, str], ...] = (
        ("B", int(year.terms.unit_price), year.terms.unit_price == first.terms.unit_price, shared.price),
        ("C", subsidy.rate.numerator, same_rate, shared.numerator),
        ("D", subsidy.rate.denominator, same_rate, shared.denominator),
        ("E", subsidy.rounding.unit, subsidy.rounding.unit == earlier.rounding.unit, shared.unit),
        ("F", direction.label, direction is usual, shared.direction),
        ("G", subsidy.scope.label, subsidy.scope is earlier.scope, shared.scope),
    )  # fmt: skip
    for column, value, same, reference in terms:
        look = "center" if isinstance(value, str) else "number"
        if same:
            page.live(f"{column}{row}", Live(reference, value), "cell", look)
        elif isinstance(value, str):
            page.text(f"{column}{row}", value, "cell", "premise", look)
        else:
            page.number(f"{column}{row}", value, "cell", "premise", look)
    if subsidy.cap == earlier.cap:
        shown: Live[int | str] = Live(
            f'IF(ISNUMBER({shared.cap}),{shared.cap},"なし")',
            "なし" if subsidy.cap is None else int(subsidy.cap),
        )
        page.amount(f"H{row}", shown)
    elif subsidy.cap is None:
        page.text(f"H{row}", "なし", "cell", "premise", "right")
    else:
        page.number(f"H{row}", int(subsidy.cap), "cell", "premise", "number")
    return Conditions(
        terms=subsidy,
        price=f"B{row}",
        numerator=f"C{row}",
        denominator=f"D{row}",
        unit=f"E{row}",
        direction=f"F{row}",
        scope=f"G{row}",
        cap=f"H{row}",
    )


def _own_prices(
    page: Page,
    first: YearEstimate,
    year: YearEstimate,
    basis: Basis,
    own: Sequence[int],
    row: int,
) -> dict[int, Live[int]]:
    """Plan → its fee in a year, where it is not that of every plan; nothing of one that ended."""
    found = {}
    for index, plan in enumerate(own):
        place, price = f"{xl_col_to_name(14 + index)}{row}", int(year.terms.price(plan))
        shared = basis.prices[basis.plans.index(plan)]
        if plan not in year.terms.plans:
            page.text(place, "なし", "cell", "right")
        elif plan not in year.terms.own_prices:
            found[plan] = page.amount(place, Live(f"B{row}", price))
        elif plan in first.terms.own_prices and price == shared.value:
            found[plan] = page.amount(place, shared)
        else:
            found[plan] = page.number(place, price, "cell", "premise", "number")
    return found


def _amounts(
    page: Page,
    year: YearEstimate,
    conditions: Conditions,
    basis: Basis,
    prices: Mapping[int, Live[int]],
    row: int,
) -> YearCells:
    usual = Live(conditions.price, int(year.terms.unit_price))
    costs = []
    for plan, visits in zip(basis.plans, basis.visits, strict=True):
        if plan in year.terms.plans:
            price = prices.get(plan, usual)
            cost = f"({visits.formula}*{price.formula})"
            costs.append(Live(cost, visits.value * price.value))
    costs = costs or [Live("0", 0)]
    whole = f"{basis.visit_count.formula}*{conditions.price}"
    if prices or len(costs) < len(basis.plans):
        whole = "+".join(cost.formula for cost in costs)
    gross = page.amount(f"I{row}", Live(whole, int(year.gross)))
    each = [conditions.rounded(cost) for cost in costs]
    granted = conditions.capped(conditions.before_cap(gross, each), int(year.subsidy))
    subsidy = page.amount(f"J{row}", granted)
    page.amount(f"K{row}", minus(gross, subsidy))
    up = page.amount(f"L{row}", thousands_up(gross, year.thousands.gross))
    down = page.amount(f"M{row}", thousands_down(subsidy, year.thousands.subsidy))
    return YearCells(up, down, page.amount(f"N{row}", minus(up, down)))
