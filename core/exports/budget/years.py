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
    """One fiscal year's amounts, thousand yen."""

    gross: Live[int]
    net: Live[int]


_HEADS = ("年度", "単価\n(円/回)")
_TERMS = (
    "補助率\n分子", "補助率\n分母", "端数処理\nの単位(円)",
    "端数処理\nの方向", "端数処理\nの対象", "補助上限額\n(円)",
)  # fmt: skip


def _amount_heads(names: Names) -> dict[str, str]:
    """What an amount is → its head, in the order of the columns."""
    heads = {
        "gross": "歳出\n(円)", "subsidy": f"{names.subsidy}\n(円)", "net": "一般財源\n(円)",
        "up": "歳出\n(千円)", "down": f"{names.national_and_own_grants}\n(千円)",
        "left": "一般財源\n(千円)",
    }  # fmt: skip
    return {key: head for key, head in heads.items() if names.subsidy or key not in _OF_SUBSIDY}


_OF_SUBSIDY = ("subsidy", "down")


def columns(year: YearEstimate) -> int:
    """Columns that stand before the fees of single plans: fewer where there is no subsidy."""
    return len(_HEADS) + (4 if year.terms.subsidy is None else len(_TERMS) + 6)


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
    fees_from, amounts = columns(estimate.first), _amount_heads(names)
    before = fees_from - len(amounts)
    places = {key: xl_col_to_name(before + index) for index, key in enumerate(amounts)}
    page.section(
        f"A{row}:{xl_col_to_name(fees_from - 1 + len(own))}{row}",
        "年度別(後年度は4月開始、支援回数は同じ)",
    )
    terms = _TERMS if names.subsidy else ()
    fees = [f"プラン{plan}の\n単価(円/回)" for plan in own]
    page.row(row + 1, *_HEADS, *terms, *amounts.values(), *fees, looks=("head",))
    page.height(row + 1, lines=2)
    first, below = row + 2, row + 2
    years = []
    for below, year in enumerate(estimate.years, first):
        page.text(f"A{below}", year.fiscal_year.full_label, "label")
        price = _usual_price(page, estimate.first, year, basis, below)
        conditions = _terms(page, estimate.first, year, basis.conditions, price, below)
        prices = _own_prices(page, estimate.first, year, basis, own, below)
        years.append(_amounts(page, year, conditions, basis, price, prices, places, below))
    page.text(
        f"A{below + 1}:{xl_col_to_name(before - 1)}{below + 1}", "計", "label", "center", "sum"
    )
    for key, column in places.items():
        values = [_value(year, key) for year in estimate.years]
        added = total(f"{column}{first}:{column}{below}", values)
        page.amount(f"{column}{below + 1}", added, "sum")
    return years


def _value(year: YearEstimate, key: str) -> int:
    amounts, thousands = (year.gross, year.subsidy, year.net), year.thousands
    values = (*amounts, thousands.gross, thousands.subsidy, thousands.net)
    return int(
        dict(zip(("gross", "subsidy", "net", "up", "down", "left"), values, strict=True))[key]
    )


def _usual_price(
    page: Page, first: YearEstimate, year: YearEstimate, basis: Basis, row: int
) -> Live[int]:
    """単価 of every plan that has none of its own."""
    price = int(year.terms.unit_price)
    if year.terms.unit_price == first.terms.unit_price:
        page.live(f"B{row}", Live(basis.usual_price.formula, price), "cell", "number")
    else:
        page.number(f"B{row}", price, "cell", "premise", "number")
    return Live(f"B{row}", price)


def _terms(
    page: Page,
    first: YearEstimate,
    year: YearEstimate,
    shared: Conditions | None,
    price: Live[int],
    row: int,
) -> Conditions | None:
    """The terms of the subsidy; None where there is none."""
    subsidy, earlier = year.terms.subsidy, first.terms.subsidy
    if subsidy is None or earlier is None or shared is None:
        return None
    direction, usual = subsidy.rounding.direction, earlier.rounding.direction
    same_rate = subsidy.rate == earlier.rate
    terms: tuple[tuple[str, int | str, bool, str], ...] = (
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
        price=price.formula,
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
        place = f"{xl_col_to_name(columns(first) + index)}{row}"
        price = int(year.terms.price(plan))
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
    conditions: Conditions | None,
    basis: Basis,
    usual: Live[int],
    prices: Mapping[int, Live[int]],
    places: Mapping[str, str],
    row: int,
) -> YearCells:
    """Write the amounts of a year; what nothing is granted of is 一般財源 as it is."""
    costs = []
    for plan, visits in zip(basis.plans, basis.visits, strict=True):
        if plan in year.terms.plans:
            price = prices.get(plan, usual)
            cost = f"({visits.formula}*{price.formula})"
            costs.append(Live(cost, visits.value * price.value))
    costs = costs or [Live("0", 0)]
    whole = f"{basis.visit_count.formula}*{usual.formula}"
    if prices or len(costs) < len(basis.plans):
        whole = "+".join(cost.formula for cost in costs)
    at = {key: f"{column}{row}" for key, column in places.items()}
    gross = page.amount(at["gross"], Live(whole, int(year.gross)))
    if conditions is None:
        page.amount(at["net"], gross)
        up = page.amount(at["up"], thousands_up(gross, year.thousands.gross))
        return YearCells(up, page.amount(at["left"], up))
    each = [conditions.rounded(cost) for cost in costs]
    granted = conditions.capped(conditions.before_cap(gross, each), int(year.subsidy))
    subsidy = page.amount(at["subsidy"], granted)
    page.amount(at["net"], minus(gross, subsidy))
    up = page.amount(at["up"], thousands_up(gross, year.thousands.gross))
    down = page.amount(at["down"], thousands_down(subsidy, year.thousands.subsidy))
    return YearCells(up, page.amount(at["left"], minus(up, down)))
