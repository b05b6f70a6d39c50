"""Sheet 積算基礎: the visit counts everything follows from, the terms, the subsidy step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from core.estimate.calculation import YearEstimate
from core.exports.book import Page
from core.exports.budget.conditions import Conditions
from core.exports.budget.shares import UNPRINTED, Places, write_shares
from core.exports.budget.terms_table import rows, write_terms
from core.exports.budget.working import (
    STEPS,
    STEPS_UNPAID,
    Working,
    write_expression,
    write_steps,
    write_steps_unpaid,
)
from core.exports.live import Live, minus, total, words
from core.params import RoundingScope
from core.reference.names import Names
from core.reference.plans import SupportPlan

NAME = "積算基礎"
WIDTHS = (11, 56, 15, 13, 16, 16, 16, 38)
_FIRST = 6
"""Row of the first plan."""


@dataclass(frozen=True)
class Basis:
    """What the other sheets refer to.

    Attributes:
        plans: Numbers of the plans, in the order of the rows.
        visits: Each plan's 支援回数, in the order of the rows.
        prices: Each plan's 単価, in the same order.
        own_prices: Whether a plan has a fee of its own.
        usual_price: 単価 of every other plan.
        price_range, visit_range: References to those of every plan.
        visit_count: Visits of all plans.
        subsidy, conditions: None where there is no subsidy.
    """

    plans: tuple[int, ...]
    names: tuple[Live[str], ...]
    visits: tuple[Live[int], ...]
    prices: tuple[Live[int], ...]
    own_prices: bool
    usual_price: Live[int]
    price_range: str
    visit_range: str
    visit_count: Live[int]
    gross: Live[int]
    net: Live[int]
    working: Working
    subsidy: Live[int] | None
    conditions: Conditions | None

    @property
    def price(self) -> Live[int | str]:
        """単価 where every plan that is asked for has the same, else that they differ."""
        if not self.own_prices:
            return self.usual_price
        asked_for, fees = f"({self.visit_range}>0)", self.price_range
        highest = f"SUMPRODUCT(MAX({asked_for}*{fees}))"
        differing = f"SUMPRODUCT({asked_for}*({fees}<>{highest}))"
        asked = {p.value for p, count in zip(self.prices, self.visits, strict=True) if count.value}
        value = self.usual_price.value if not asked else asked.pop() if len(asked) == 1 else VARIES
        return Live(
            f"IF({self.visit_count.formula}=0,{self.usual_price.formula},"
            f'IF({differing}=0,{highest},"{VARIES}"))',
            value,
        )


VARIES = "プランによる"


def write_basis(
    page: Page, year: YearEstimate, plans: Sequence[SupportPlan], title: str, names: Names
) -> Basis:
    """Write the sheet."""
    end = _FIRST + len(plans) - 1
    terms_row = end + 4
    steps_row = terms_row + rows(year) + 2
    shares_row = _shares_row(year, len(plans))
    _headings(page, names.subsidy, title, terms_row - 1, steps_row - 1, shares_row - 1)
    conditions, price = write_terms(page, year, terms_row)
    plan_names, visits = _plan_inputs(page, year, plans)
    prices, costs = _costs(page, visits, price, year, plans)
    own_prices = any(plan.number in year.terms.own_prices for plan in plans)
    count = page.amount(f"D{end + 1}", _added("D", end, visits), "sum")
    gross = page.amount(f"E{end + 1}", _added("E", end, costs), "sum")
    fee, subsidy = prices if own_prices else price, None
    if conditions is None or names.subsidy is None:
        expression = write_expression(page, year, visits, fee, shares_row - 1)
        working, net = write_steps_unpaid(page, gross, expression, steps_row)
        for row, cost in enumerate((*costs, net), _FIRST):
            page.amount(f"F{row}:G{row}", cost, *(("sum",) if row > end else ()))
    else:
        rounded = [
            page.amount(f"C{shares_row + 1 + index}", conditions.rounded(cost))
            for index, cost in enumerate(costs)
        ]
        expression = write_expression(page, year, visits, fee, shares_row + len(plans) + 3)
        working, subsidy, net = write_steps(
            page, year, conditions, (gross, rounded), expression, steps_row, names.subsidy
        )
        weights = costs if own_prices else visits
        _write_shares(page, year, plans, conditions, (weights, rounded), subsidy, shares_row)
        for index, cost in enumerate(costs):
            row = _FIRST + index
            share = Live(page.ref(f"F{row}"), _shares(year, plans)[index])
            page.amount(f"G{row}", minus(cost, share))
        page.amount(f"F{end + 1}", subsidy, "sum")
        page.amount(f"G{end + 1}", net, "sum")
    page.text(f"A{end + 1}:C{end + 1}", "合計", "label", "center", "sum")
    page.blank(f"H{end + 1}", "cell", "sum")
    page.sheet.repeat_rows(0, 1)
    return Basis(
        plans=tuple(plan.number for plan in plans),
        names=plan_names,
        visits=visits,
        prices=prices,
        own_prices=own_prices,
        usual_price=price,
        price_range=page.ref(f"C{_FIRST}:C{end}"),
        visit_range=page.ref(f"D{_FIRST}:D{end}"),
        visit_count=count,
        gross=gross,
        net=net,
        working=working,
        subsidy=subsidy,
        conditions=conditions,
    )


def _shares_row(year: YearEstimate, plans: int) -> int:
    steps = STEPS_UNPAID if year.terms.subsidy is None else STEPS
    return _FIRST + plans + 3 + rows(year) + 2 + steps + 3


def last_cell(year: YearEstimate, plans: int) -> str:
    """Last cell that is printed: how the shares and the expression come about stands below it."""
    return f"H{_shares_row(year, plans) - 3}"


def _added(column: str, end: int, parts: Sequence[Live[int]]) -> Live[int]:
    return total(f"{column}{_FIRST}:{column}{end}", [part.value for part in parts])


def _headings(
    page: Page, called: str | None, title: str, terms: int, steps: int, shares: int
) -> None:
    page.headed(NAME, title)
    page.legend(
        "支援回数を変えると、このブックのすべての額が変わる。",
        "要綱などで確かめた値に書き換えられる。",
    )
    page.row(
        _FIRST - 1,
        "プラン番号",
        "支援プラン",
        "単価\n(円/回)",
        "支援回数\n(回/年度)",
        "歳出\n(円)",
        f"{called}\n(円)" if called else "",
        "一般財源\n(円)",
        "備考",
        looks=("head",),
    )
    if called is None:
        page.text(f"F{_FIRST - 1}:G{_FIRST - 1}", "一般財源\n(円)", "head")
    page.height(_FIRST - 1, lines=2)
    page.section(f"A{terms}:H{terms}", "補助条件(前提値)" if called else "単価(前提値)")
    page.section(f"A{steps}:H{steps}", f"{called or '一般財源'}の計算")
    if called:
        page.section(f"A{shares}:H{shares}", f"端数処理と、プラン別の配分(最大剰余法){UNPRINTED}")
    for row in (4, terms - 1, steps - 1, shares - 1):
        page.height(row, lines=0)


def _plan_inputs(
    page: Page, year: YearEstimate, plans: Sequence[SupportPlan]
) -> tuple[tuple[Live[str], ...], tuple[Live[int], ...]]:
    chosen = {line.plan: line.visits for line in year.lines}
    names, visits = [], []
    for row, plan in enumerate(plans, _FIRST):
        page.number(f"A{row}", plan.number, "cell", "center")
        # spaces part the plans in a sentence on the first sheet
        name = plan.name.replace(" ", "\u3000")
        page.text(f"B{row}", name, "cell", "typed")
        names.append(Live(page.ref(f"B{row}"), name))
        count = page.number(
            f"D{row}", chosen.get(plan.number, 0), "cell", "input", "number", "bold"
        )
        visits.append(count)
        crowded = count.value > year.months_left
        note = f"月1回を超える月がある(残り{year.months_left}か月)"
        page.live(
            f"H{row}",
            Live(f'IF(D{row}>{year.months_left},"{note}","")', note if crowded else ""),
            "cell",
        )
        page.height(row, ("B", name), ("H", note if crowded else ""))
    usual = max([year.terms.visits_per_year, *chosen.values()])
    limits = [year.terms.own_visits.get(plan.number, usual) for plan in plans]
    rows = enumerate(limits, _FIRST)
    for most, alike in groupby(rows, key=lambda each: each[1]):
        places = [row for row, _ in alike]
        page.accept(
            f"D{places[0]}:D{places[-1]}",
            "between",
            f"支援回数は0から{most}までの整数で入力してください。",
            minimum=0,
            maximum=most,
            input_title="支援回数",
            input_message=f"0から{most}まで。0は希望しない。",
            error_title="入力できない回数です",
        )
    return tuple(names), tuple(visits)


def _costs(
    page: Page,
    visits: Sequence[Live[int]],
    price: Live[int],
    year: YearEstimate,
    plans: Sequence[SupportPlan],
) -> tuple[tuple[Live[int], ...], list[Live[int]]]:
    """A plan's own fee is typed where it stands; every other is that of the terms."""
    prices, costs = [], []
    for row, (plan, count) in enumerate(zip(plans, visits, strict=True), _FIRST):
        place, own = f"C{row}", year.terms.own_prices.get(plan.number)
        if own is None:
            prices.append(page.amount(place, price))
        else:
            prices.append(page.number(place, int(own), "cell", "premise", "number"))
            page.accept(place, ">=", "0以上の整数を入力してください。", value=0)
        cost = Live(f"C{row}*D{row}", prices[-1].value * count.value)
        costs.append(page.amount(f"E{row}", cost))
    return tuple(prices), costs


def _shares(year: YearEstimate, plans: Sequence[SupportPlan]) -> list[int]:
    shares = {line.plan: int(line.subsidy) for line in year.lines}
    return [shares.get(plan.number, 0) for plan in plans]


def _write_shares(
    page: Page,
    year: YearEstimate,
    plans: Sequence[SupportPlan],
    conditions: Conditions,
    columns: tuple[Sequence[Live[int]], Sequence[Live[int]]],
    subsidy: Live[int],
    row: int,
) -> None:
    """Weights are visits, costs where fees differ, or what each plan was rounded to by itself."""
    alone, rounded = columns
    page.row(
        row,
        "プラン番号",
        "支援プラン",
        "プラン単独で端数処理した額(円)",
        "配分の重み",
        "配分額\n(1円未満切捨て)",
        "余り",
        "余りの順位",
        "余りが同じときの順",
        looks=("head",),
    )
    page.height(row, lines=3)
    rows = range(row + 1, row + 1 + len(plans))
    per_plan = conditions.terms.scope is RoundingScope.PLAN
    weights = []
    for index, (plan, below) in enumerate(zip(plans, rows, strict=True)):
        page.number(f"A{below}", plan.number, "cell", "center")
        name = Live(page.ref(f"B{_FIRST + index}"), plan.name.replace(" ", "\u3000"))
        page.live(f"B{below}", name, "cell")
        page.height(below, ("B", name.value))
        weight = Live(
            f"IF({conditions.per_plan},{rounded[index].formula}/{conditions.unit},"
            f"{alone[index].formula})",
            rounded[index].value // conditions.terms.rounding.unit
            if per_plan
            else alone[index].value,
        )
        weights.append(page.amount(f"D{below}", weight))
    write_shares(
        page,
        Places(
            floors=[f"E{below}" for below in rows],
            remainders=[f"F{below}" for below in rows],
            ranks=[f"G{below}" for below in rows],
            order=[f"H{below}" for below in rows],
            parts=[f"F{_FIRST + index}" for index in range(len(plans))],
        ),
        subsidy,
        weights,
        _order(year, plans),
        _shares(year, plans),
    )


def _order(year: YearEstimate, plans: Sequence[SupportPlan]) -> list[int]:
    """The order of the request first, then the plans not asked for."""
    asked = [line.plan for line in year.lines]
    rest = [plan.number for plan in plans if plan.number not in asked]
    return [[*asked, *rest].index(plan.number) + 1 for plan in plans]


def title_text(year: YearEstimate, programme: str) -> str:
    """年度 and 事業名, as every sheet shows them."""
    return f"{year.fiscal_year.full_label} {programme}"


def chosen_text(year: YearEstimate, plans: Sequence[SupportPlan]) -> str:
    """Plans and visits in one sentence, by number; empty without plans."""
    visits = {line.plan: line.visits for line in year.lines}
    return "、".join(
        f"プラン{plan.number}「{plan.name}」{visits[plan.number]}回"
        for plan in plans
        if plan.number in visits
    )


def chosen_plans(basis: Basis, plans: Sequence[SupportPlan]) -> Live[str]:
    """Plans and visits in one sentence, live."""
    parts: list[str] = []
    values: list[str] = []
    for plan, name, visits in zip(plans, basis.names, basis.visits, strict=True):
        part = words(f"プラン{plan.number}「", name, "」", Live(visits.formula, str(visits.value)))
        parts.append(f'IF({visits.formula}>0,{part.formula}&"回 ","")')
        if visits.value:
            values.append(f"{part.value}回")
    none = "(支援プランは選ばれていない)"
    joined = f'SUBSTITUTE(TRIM({"&".join(parts)})," ","、")'
    return Live(f'IF({basis.visit_count.formula}=0,"{none}",{joined})', "、".join(values) or none)
