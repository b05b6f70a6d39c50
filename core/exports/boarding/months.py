"""Sheets 月別 and 待つ費用: cumulative cost with a chart, and what each month of waiting costs."""

from __future__ import annotations

from core.boarding.cost import BoardingCost
from core.boarding.request import Present
from core.boarding.waiting import WaitingRow, waiting_rows
from core.boarding.wording import WAITING_DEFINITION, month_text
from core.exports.boarding.basis import Basis
from core.exports.book import Page
from core.exports.live import Live, minus
from core.values.fiscal import FiscalYear

MONTHS_NAME, WAITING_NAME = "月別", "待つ費用"
MONTHS_WIDTHS = (16, 16, 10, 20, 20, 20, 4, 16, 16, 16, 16)
WAITING_WIDTHS = (12, 18, 14, 14, 24, 24, 26)
_FIRST = 5


def write_months(page: Page, cost: BoardingCost, basis: Basis) -> str:
    """Write one row a month and the chart; returns the last cell."""
    page.headed("月別の累計", "単位: 円(税込)。一時的な費用は利用開始月に含む(仮定)。", "note")
    heads = ("年月", "年度", "利用月", "単独調達 累計", "共同調達 累計", "差額 累計")
    page.row(_FIRST - 1, *heads, looks=("head",))
    page.sheet.repeat_rows(_FIRST - 2)
    for index, month in enumerate(cost.months):
        row = _FIRST + index
        page.text(f"A{row}", month_text(month.month), "cell")
        page.text(f"B{row}", FiscalYear.of(month.month).label, "cell")
        page.number(f"C{row}", index + 1, "cell", "number")
        so_far, prices = f"C{row}", basis.prices
        alone = page.amount(f"D{row}", prices.alone.over(so_far, int(month.cumulative_alone)))
        joint = page.amount(f"E{row}", prices.joint.over(so_far, int(month.cumulative_joint)))
        page.live(f"F{row}", minus(alone, joint), "cell", "change")
    _chart(page, len(cost.months))
    return f"K{max(_FIRST + len(cost.months) - 1, _FIRST + 18)}"


def _chart(page: Page, months: int) -> None:
    """Two lines told apart by dash as well as colour."""
    last = _FIRST + months - 2
    page.chart(
        f"H{_FIRST}",  # not beside the heads, which are printed on every page
        {"type": "line"},
        "単独調達と共同調達の累計",
        (
            {
                "name": name,
                "categories": [page.name, _FIRST - 1, 0, last, 0],
                "values": [page.name, _FIRST - 1, column, last, column],
                "line": {"color": colour, "width": 2.25, "dash_type": dash},
            }
            for name, column, colour, dash in (
                ("単独調達 累計", 3, "#333333", "dash"),
                ("共同調達 累計", 4, "#0017C1", "solid"),
            )
        ),
        {"interval_unit": max(1, months // 6)},
        (page.pixels(4, 7) - 12, 380),
        x_offset=6,
        description="単独調達と共同調達の累計の折れ線グラフ。数値は左の表にある。",
    )


def write_waiting(page: Page, cost: BoardingCost, basis: Basis) -> str:
    """Write one row a month of waiting; returns the last cell."""
    page.headed(WAITING_NAME, WAITING_DEFINITION, "note")
    page.height(2, ("A:G", WAITING_DEFINITION))
    page.height(3, lines=0)
    page.row(
        _FIRST - 1,
        "待つ月数",
        "参加する月",
        "単独の月数",
        "共同の月数",
        "単独でつなぐ\n総額(円)",
        "待つ費用\n(いま参加との差、円)",
        "使わずに待つ\n総額(円、先送りで節約ではない)",
        looks=("head",),
    )
    page.height(_FIRST - 1, lines=2)
    page.sheet.repeat_rows(_FIRST - 2)
    rows = waiting_rows(cost)
    for row, waiting in enumerate(rows, _FIRST):
        page.number(f"A{row}", waiting.wait, "cell", "number")
        started = month_text(waiting.start) if waiting.start else "参加しない"
        page.text(f"B{row}", started, "cell")
        page.number(f"C{row}", waiting.wait, "cell", "number")
        page.number(f"D{row}", waiting.joint_months, "cell", "number")
        whole = page.amount(f"E{row}", _total(waiting, basis))
        extra = Live(f"{whole.formula}-E{_FIRST}", int(waiting.extra))
        page.live(f"F{row}", extra, "cell", "change", "bold")
        if cost.request.present is Present.UNUSED:
            page.amount(f"G{row}", _idle(waiting, basis))
        else:
            page.text(f"G{row}", "—(利用中)", "cell", "center")
    return f"G{_FIRST + len(rows) - 1}"


def _total(waiting: WaitingRow, basis: Basis) -> Live[int]:
    ways = ((basis.prices.alone, waiting.wait), (basis.prices.joint, waiting.joint_months))
    parts = [way.over(months, 0).formula for way, months in ways if months]
    return Live("+".join(parts), int(waiting.total))


def _idle(waiting: WaitingRow, basis: Basis) -> Live[int]:
    months, total = waiting.joint_months, int(waiting.idle_total or 0)
    return basis.prices.joint.over(months, total) if months else Live("0", 0)
