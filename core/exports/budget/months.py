"""Sheet 月別・年度別: visits and cost month by month, with a chart."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from core.estimate.calculation import YearEstimate
from core.estimate.schedule import visits_by_month
from core.exports.book import Page
from core.exports.budget.basis import Basis
from core.exports.budget.shares import UNPRINTED, Places, write_shares
from core.exports.budget.years import columns as year_columns
from core.exports.live import Live, minus, total
from core.reference.plans import SupportPlan

NAME = "月別・年度別"
_FEWEST = 8
"""Columns that the note beneath the months needs."""
_FIRST = 5
"""Row of the first plan."""
_CHART_ROWS = 16
_NOTE = "仮定: 支援は開始月から月1回とし、残りの月数に収まらない回数は開始月から順に1回ずつ加える。"
_SPREAD = "{subsidy}は月ごとの歳出の割合で按分した(実際の交付時期は公表されていない)。"


def widths(year: YearEstimate, plans: Sequence[SupportPlan], years: int, own: int) -> list[float]:
    """Wide enough for the largest amount the inputs allow; no wider than what stands there.

    Args:
        own: Columns of 年度別 for fees of single plans.
    """
    terms = year.terms
    most = years * sum(int(terms.price(p.number)) * terms.most_visits(p.number) for p in plans)
    columns = year_columns(year) + own if years > 1 else max(_FEWEST, len(year.months) + 2)
    return [32.0, *[max(12.5, len(f"{most:,}") + 2.0)] * (columns - 1)]


def write_months(
    page: Page,
    year: YearEstimate,
    plans: Sequence[SupportPlan],
    basis: Basis,
    room: int,
    called: str | None,
) -> int:
    """Write the first year month by month and its chart, and far below how its shares come about.

    Args:
        room: Rows to leave under the chart for 年度別.
        called: Name of the subsidy; None where there is none.

    Returns:
        First free row under the chart.
    """
    columns = [xl_col_to_name(index + 1) for index in range(len(year.months))]
    sums = xl_col_to_name(len(columns) + 1)
    row = _FIRST + len(plans)
    below_chart = row + _CHART_ROWS + 7
    working = below_chart + room + 2
    _labels(page, year, plans, (*columns, sums), row, working, called)
    spread = {plan.number: [0] * len(columns) for plan in plans}
    spread |= {line.plan: visits_by_month(line.visits, len(columns)) for line in year.lines}
    for below, (plan, visits) in enumerate(zip(plans, basis.visits, strict=True), _FIRST):
        for index, column in enumerate(columns):
            count = (
                f"INT({visits.formula}/{len(columns)})"
                f"+IF(MOD({visits.formula},{len(columns)})>{index},1,0)"
            )
            cell = Live(count, spread[plan.number][index])
            page.amount(f"{column}{below}", cell)
    counts, costs = [], []
    for column, month in zip(columns, year.months, strict=True):
        visits = total(f"{column}{_FIRST}:{column}{row - 1}", [month.visits])
        counts.append(page.amount(f"{column}{row}", visits, "sum"))
        cost = f"{column}{row}*{basis.usual_price.formula}"
        if basis.own_prices:
            cost = f"SUMPRODUCT({column}{_FIRST}:{column}{row - 1},{basis.price_range})"
        costs.append(page.amount(f"{column}{row + 1}", Live(cost, int(month.gross))))
    nets, net = costs, row + 2
    if basis.subsidy is not None:
        shares = write_shares(
            page,
            Places(
                floors=[f"{column}{working}" for column in columns],
                remainders=[f"{column}{working + 1}" for column in columns],
                ranks=[f"{column}{working + 2}" for column in columns],
                order=[f"{column}{working + 3}" for column in columns],
                parts=[f"{column}{row + 2}" for column in columns],
            ),
            basis.subsidy,
            costs if basis.own_prices else counts,
            list(range(1, len(columns) + 1)),
            [int(month.subsidy) for month in year.months],
        )
        net = row + 3
        nets = [minus(cost, share) for cost, share in zip(costs, shares, strict=True)]
    for column, left, month in zip(columns, nets, year.months, strict=True):
        page.amount(f"{column}{net}", left)
        so_far = Live(f"SUM($B{row + 1}:{column}{row + 1})", int(month.cumulative_gross))
        page.amount(f"{column}{net + 1}", so_far)
    _sums(page, year, plans, columns, sums, row)
    _chart(page, len(columns), row, called)
    return below_chart


def _labels(
    page: Page,
    year: YearEstimate,
    plans: Sequence[SupportPlan],
    columns: Sequence[str],
    row: int,
    working: int,
    called: str | None,
) -> None:
    page.text(f"A{_FIRST - 1}", "区分", "head")
    for column, month in zip(columns, year.months, strict=False):
        page.text(f"{column}{_FIRST - 1}", f"{month.month.month}月", "head")
    page.text(f"{columns[-1]}{_FIRST - 1}", "計", "head")
    for below, plan in enumerate(plans, _FIRST):
        page.text(f"A{below}", f"プラン{plan.number} {plan.short_name}(回)", "cell")
    spread = (f"{called}(按分、円)",) if called else ()
    names = ("支援回数 計(回)", "歳出(円)", *spread, "一般財源(円)", "歳出累計(円)")
    for offset, name in enumerate(names):
        page.text(f"A{row + offset}", name, "label", *(() if offset else ("sum",)))
    note = _NOTE + (_SPREAD if called else "")
    page.text(f"A{row + 5}:{page.last}{row + 5}", note.format(subsidy=called), "note")
    page.height(row + 5, (f"A:{page.last}", note))
    if called is None:
        return
    heading = f"{called}の月別按分の計算(最大剰余法){UNPRINTED}"
    page.section(f"A{working - 1}:{page.last}{working - 1}", heading)
    for offset, name in enumerate(
        ("按分額(1円未満切捨て)", "余り", "余りの順位", "余りが同じときの順")
    ):
        page.text(f"A{working + offset}", name, "label")


def _sums(
    page: Page,
    year: YearEstimate,
    plans: Sequence[SupportPlan],
    columns: Sequence[str],
    sums: str,
    row: int,
) -> None:
    visits = {line.plan: line.visits for line in year.lines}
    values = [
        *(visits.get(plan.number, 0) for plan in plans),
        sum(visits.values()),
        int(year.gross),
        *(() if year.terms.subsidy is None else (int(year.subsidy),)),
        int(year.net),
    ]
    for below, value in enumerate(values, _FIRST):
        added = total(f"{columns[0]}{below}:{columns[-1]}{below}", [value])
        look = ("sum",) if below == row else ("bold",)
        page.amount(f"{sums}{below}", added, *look)
    page.blank(f"{sums}{_FIRST + len(values)}", "cell")


def _chart(page: Page, months: int, row: int, called: str | None) -> None:
    """Stacked columns; the darker below, so that it reads without colour."""
    net = ("一般財源", row + (2 if called else 1), "#C5D7FB")
    parts = ((f"{called}(按分)", row + 1, "#0017C1"), net) if called else (net,)
    split = f"を{called}と一般財源に分けた積み上げ縦棒グラフ" if called else "の縦棒グラフ"
    page.chart(
        f"A{row + 6}",
        {"type": "column", "subtype": "stacked"},
        "月別の歳出と財源",
        (
            {
                "name": name,
                "categories": [page.name, _FIRST - 2, 1, _FIRST - 2, months],
                "values": [page.name, zero_based, 1, zero_based, months],
                "fill": {"color": fill},
                "border": {"color": "#333333", "width": 0.75},
                "gap": 60,
            }
            for name, zero_based, fill in parts
        ),
        {"name": "月"},
        (page.pixels(months + 2) - 12, 24 * (_CHART_ROWS - 1)),
        description=f"月別の歳出{split}。数値は上の表にある。",
        x_offset=6,
        y_offset=6,
    )
