"""The working: 歳出の積算 in words, and the subsidy step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from core.estimate.calculation import YearEstimate
from core.estimate.wording import gross_expression
from core.exports.book import Page
from core.exports.budget.conditions import Conditions
from core.exports.live import Live, choose, exact_yen, minus, number_text, words, yen
from core.params import RoundingScope
from core.values.money import Yen


@dataclass(frozen=True)
class Working:
    """The working in words, live.

    Attributes:
        plan_count: Plans with a visit or more.
        subsidy, rate: None where there is no subsidy.
    """

    plan_count: Live[int]
    gross: Live[str]
    net: Live[str]
    subsidy: Live[str] | None = None
    rate: Live[str] | None = None


@dataclass(frozen=True)
class Expression:
    """歳出の積算.

    Attributes:
        text: Such as ``100,000円 × 12回 × 2プラン``.
    """

    plan_count: Live[int]
    text: Live[str]


def write_expression(
    page: Page,
    year: YearEstimate,
    visits: Sequence[Live[int]],
    price: Live[int] | Sequence[Live[int]],
    row: int,
) -> Expression:
    """Write the table that gathers plans of equal visits and fee; its heading stands on ``row``.

    Args:
        price: The fee of every plan; one a plan where they differ.
    """
    alike = isinstance(price, Live)
    page.section(
        f"A{row}:H{row}", f"積算の式(同じ回数{'' if alike else '・単価'}のプランをまとめる)"
    )
    heads = ("順", "式", "支援回数", "プラン数", *(() if alike else ("単価(円)",)))
    page.row(row + 1, *heads, looks=("head",))
    every = f"{visits[0].formula}:{visits[-1].formula}"
    groups = sorted(
        Counter((x.visits, int(x.unit_price)) for x in year.lines).items(), reverse=True
    )
    terms: list[Live[str]] = []
    for index in range(len(visits)):
        below = row + 2 + index
        (count, fee), plans = groups[index] if index < len(groups) else ((0, 0), 0)
        page.number(f"A{below}", index + 1, "cell", "center")
        if isinstance(price, Live):
            next_count = (
                f"SUMPRODUCT(MAX(({every}<C{below - 1})*{every}))" if index else f"MAX({every})"
            )
            page.amount(f"C{below}", Live(next_count, count))
            page.amount(f"D{below}", Live(f"IF(C{below}>0,COUNTIF({every},C{below}),0)", plans))
            each = price
        else:
            each = _next_group(page, every, price, below, (count, fee, plans), first=not index)
        text = words(
            yen(each),
            " × ",
            number_text(Live(f"C{below}", count), "回 × "),
            number_text(Live(f"D{below}", plans), "プラン"),
        )
        term = Live(f'IF(D{below}=0,"",{text.formula})', text.value if plans else "")
        terms.append(page.live(f"B{below}", term, "cell"))
    more = "".join(f'&IF({term.formula}="",""," + "&{term.formula})' for term in terms[1:])
    return Expression(
        plan_count=Live(f'COUNTIF({every},">0")', len(year.lines)),
        text=Live(f'IF(MAX({every})=0,"0円",{terms[0].formula}{more})', gross_expression(year)),
    )


def _next_group(
    page: Page,
    visits: str,
    prices: Sequence[Live[int]],
    row: int,
    group: tuple[int, int, int],
    *,
    first: bool,
) -> Live[int]:
    """Plans of equal visits and fee that come next: fewer visits, or as many at a lower fee.

    Args:
        group: Visits, fee and number of plans, as the estimate has them.

    Returns:
        The fee.
    """
    fees = f"{prices[0].formula}:{prices[-1].formula}"
    fewer, above = f"({visits}<C{row - 1})", f"({visits}=C{row - 1})*({fees}<E{row - 1})"
    left = "1" if first else f"({fewer}+{above})"
    count, fee, plans = group
    page.amount(f"C{row}", Live(f"SUMPRODUCT(MAX({left}*{visits}))", count))
    there = f"({visits}=C{row})"
    dearest = f"SUMPRODUCT(MAX({left}*{there}*{fees}))"
    page.amount(f"E{row}", Live(f"IF(C{row}>0,{dearest},0)", fee))
    alike = f"SUMPRODUCT({there}*({fees}=E{row}))"
    page.amount(f"D{row}", Live(f"IF(C{row}>0,{alike},0)", plans))
    return Live(f"E{row}", fee)


STEPS, STEPS_UNPAID = 5, 2
"""Steps of a working with and without a subsidy."""


def write_steps_unpaid(
    page: Page, gross: Live[int], expression: Expression, row: int
) -> tuple[Working, Live[int]]:
    """Write the working where there is no subsidy; its table head stands on ``row``.

    Returns:
        The working in words, and 一般財源.
    """
    _steps_head(page, row)
    spent = words(expression.text, " = ", yen(gross))
    whole = words(yen(gross), "(歳出の全額)")
    _step(page, row, 1, "歳出", spent, gross)
    net = _step(page, row, 2, "一般財源", whole, gross)
    return Working(expression.plan_count, spent, whole), net


def _steps_head(page: Page, row: int) -> None:
    page.text(f"A{row}", "順", "head")
    page.text(f"B{row}", "手順", "head")
    page.text(f"C{row}:G{row}", "計算", "head")
    page.text(f"H{row}", "金額(円)", "head")


def _step(
    page: Page, row: int, number: int, label: str, text: Live[str], amount: Live[int]
) -> Live[int]:
    below = row + number
    _step_words(page, below, number, label, text)
    return page.amount(f"H{below}", amount)


def _step_words(page: Page, below: int, number: int, label: str, text: Live[str]) -> None:
    page.number(f"A{below}", number, "cell", "center")
    page.text(f"B{below}", label, "cell")
    page.live(f"C{below}:G{below}", text, "cell")
    page.height(below, ("C:G", text.value))


def write_steps(
    page: Page,
    year: YearEstimate,
    conditions: Conditions,
    costs: tuple[Live[int], Sequence[Live[int]]],
    expression: Expression,
    row: int,
    called: str,
) -> tuple[Working, Live[int], Live[int]]:
    """Write the working of the subsidy; its table head stands on ``row``.

    Args:
        costs: 歳出, and what each plan alone is rounded to.
        called: Name of the subsidy.

    Returns:
        The working in words, the subsidy and 一般財源.
    """
    gross, rounded = costs
    rate = _rate(conditions)
    exact = exact_yen(gross, conditions.terms.rate, conditions.numerator, conditions.denominator)
    before_cap = conditions.before_cap(gross, rounded)
    _steps_head(page, row)
    step = partial(_step, page, row)
    eligible = step(1, "補助対象経費(= 歳出)", words(expression.text, " = ", yen(gross)), gross)
    _step_words(
        page, row + 2, 2, "補助率を掛けた額", words(yen(eligible), " × ", rate, " = ", exact)
    )
    page.text(f"H{row + 2}", "(左の計算式)", "cell", "center")
    rounding = words(
        number_text(Live(conditions.unit, conditions.terms.rounding.unit), "円未満"),
        Live(conditions.direction, conditions.terms.rounding.direction.label),
    )
    scope = Live(conditions.scope, conditions.terms.scope.label)
    before = step(
        3,
        "端数処理後の額(補助対象経費を超えない)",
        words(rounding, "(", scope, "に対して)"),
        before_cap,
    )
    subsidy = step(
        4,
        f"{called}(補助上限額の適用後)",
        _cap_words(conditions),
        conditions.capped(before, int(year.subsidy)),
    )
    net = step(5, "一般財源", words(yen(gross), " − ", yen(subsidy)), minus(gross, subsidy))
    capped = Live(
        f'IF(ISNUMBER({conditions.cap}),"、上限額を適用","")',
        "" if conditions.terms.cap is None else "、上限額を適用",
    )
    at_once = words(yen(gross), " × ", rate, " = ", exact, "、", rounding)
    by_plan = words("プランごとに歳出 × ", rate, "、", rounding, "して合計")
    per_plan = conditions.terms.scope is RoundingScope.PLAN
    how = choose(conditions.per_plan, per_plan, by_plan, at_once)
    working = Working(
        plan_count=expression.plan_count,
        rate=rate,
        gross=words(expression.text, " = ", yen(gross)),
        subsidy=words(how, capped, " → ", yen(subsidy)),
        net=words(yen(gross), " − ", yen(subsidy), " = ", yen(net)),
    )
    return working, subsidy, net


def _rate(conditions: Conditions) -> Live[str]:
    top, bottom = conditions.numerator, conditions.denominator
    return Live(f'IF({bottom}=1,{top}&"",{top}&"/"&{bottom})', str(conditions.terms.rate))


def _cap_words(conditions: Conditions) -> Live[str]:
    cap = conditions.terms.cap
    within = words(yen(Live(conditions.cap, int(cap or Yen(0)))), "以内")
    without = words("上限なし(未公表)")
    return choose(f"ISNUMBER({conditions.cap})", cap is not None, within, without)
