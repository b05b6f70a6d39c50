"""Sheet 積算基礎: the quotation everything follows from, the prices, the fiscal years."""

from __future__ import annotations

from dataclasses import dataclass

from core.boarding.cost import BoardingCost, YearCost
from core.boarding.request import BudgetSection, section_of
from core.exports.boarding.quotation import Prices, Way, write_prices, write_quotation
from core.exports.book import Page
from core.exports.live import (
    Live,
    minus,
    number_text,
    quoted,
    thousands_up,
    total,
    words,
    yen,
)
from core.values.money import Yen, budget_thousands

NAME = "積算基礎"
WIDTHS = (30, 18, 18, 18, 18, 18, 18, 18)
_YEARS = 28
"""Row of the first fiscal year."""


@dataclass(frozen=True)
class SectionCells:
    """共同調達の歳出 of one 節 in the first fiscal year.

    Attributes:
        amount: Yen.
        thousand: Thousand yen, rounded up.
    """

    account: str
    amount: Live[int]
    thousand: Live[int]
    note: Live[str]


@dataclass(frozen=True)
class YearCells:
    """One fiscal year's amounts.

    Attributes:
        alone: 単独調達, yen.
        joint: 共同調達, yen.
        thousand: 共同調達, thousand yen.
    """

    alone: Live[int]
    joint: Live[int]
    thousand: Live[int]


@dataclass(frozen=True)
class Basis:
    """What the other sheets refer to.

    Attributes:
        sections: 節 of the first fiscal year.
        working: Label and sentence of each step.
    """

    prices: Prices
    sections: tuple[SectionCells, ...]
    years: tuple[YearCells, ...]
    working: tuple[tuple[str, Live[str]], ...]


def write_basis(page: Page, cost: BoardingCost, title: str) -> Basis:
    """Write the sheet."""
    page.headed(NAME, title)
    page.legend(
        "見積額を変えると、このブックのすべての額が変わる。", "確かめた値に書き換えられる。"
    )
    for row in (4, 17, 25):
        page.height(row, lines=0)
    write_quotation(page, cost)
    prices = write_prices(page, cost)
    years, sections = _years(page, cost, prices)
    working = _working(page, cost, prices, _YEARS + len(cost.years) + 3)
    page.sheet.repeat_rows(0, 1)
    return Basis(prices, sections, years, working)


def last_cell(cost: BoardingCost) -> str:
    """Last cell of the sheet."""
    return f"H{_YEARS + len(cost.years) + 8}"


def _years(
    page: Page, cost: BoardingCost, prices: Prices
) -> tuple[tuple[YearCells, ...], tuple[SectionCells, ...]]:
    page.section(f"A{_YEARS - 2}:H{_YEARS - 2}", "年度別")
    page.row(
        _YEARS - 1,
        "年度",
        "利用月数\n(か月)",
        "単独調達\n(円)",
        "共同調達 一時的\nな費用(円)",
        "共同調達 月額\n(円)",
        "共同調達 計\n(円)",
        "差額\n(円)",
        "共同調達 計\n(千円)",
        looks=("head",),
    )
    page.height(_YEARS - 1, lines=2)
    written = [
        _year(page, cost, year, prices, first=index == 0) for index, year in enumerate(cost.years)
    ]
    below = _YEARS + len(cost.years)
    page.text(f"A{below}", "契約期間の計", "label", "center", "sum")
    each = ("months", "alone", "joint_once", "joint_monthly", "joint", "saving", "thousand")
    for column, name in zip("BCDEFGH", each, strict=True):
        values = [int(getattr(year, name)) for year in cost.years]
        added = total(f"{column}{_YEARS}:{column}{below - 1}", values)
        page.live(
            f"{column}{below}", added, "cell", "change" if name == "saving" else "number", "sum"
        )
    page.text(
        f"A{below + 1}:H{below + 1}",
        "千円単位は節ごとに千円未満を切り上げて合計した額(仮定)。",
        "note",
    )
    return tuple(cells for cells, _ in written), written[0][1]


def _year(
    page: Page, cost: BoardingCost, year: YearCost, prices: Prices, *, first: bool
) -> tuple[YearCells, tuple[SectionCells, ...]]:
    row = _YEARS + cost.years.index(year)
    page.text(f"A{row}", year.fiscal_year.full_label, "label")
    months = page.number(f"B{row}", year.months, "cell", "number")
    begins = f"{prices.alone.once.formula}+" if first else ""
    fees = f"{prices.alone.monthly.formula}*{months.formula}"
    alone = page.amount(f"C{row}", Live(f"{begins}{fees}", int(year.alone)))
    paid_once = prices.joint.once.formula if first else "0"
    once = page.amount(f"D{row}", Live(paid_once, int(year.joint_once)))
    fees = f"{prices.joint.monthly.formula}*{months.formula}"
    monthly = page.amount(f"E{row}", Live(fees, int(year.joint_monthly)))
    added = f"{once.formula}+{monthly.formula}"
    joint = page.amount(f"F{row}", Live(added, int(year.joint)), "bold")
    page.live(f"G{row}", minus(alone, joint), "cell", "change")
    sections = _sections(cost, year, once, monthly, prices.joint.monthly)
    added = "+".join(section.thousand.formula for section in sections)
    thousand = page.amount(f"H{row}", Live(added, year.thousand), "bold")
    return YearCells(alone, joint, thousand), sections


def _sections(
    cost: BoardingCost, year: YearCost, once: Live[int], monthly: Live[int], price: Live[int]
) -> tuple[SectionCells, ...]:
    """節 of a year, also those that hold nothing until the quotation is changed."""
    request = cost.request
    once_said = words("一時的な費用 ", yen(once))
    monthly_said = words(
        "月額 ", yen(price), " × ", number_text(Live(str(year.months), year.months), "か月")
    )
    if request.initial_section is request.monthly_section:
        both = Live(f"({once.formula}+{monthly.formula})", once.value + monthly.value)
        parts = [(request.monthly_section, both, words(once_said, " + ", monthly_said))]
    else:
        parts = [
            (request.initial_section, once, once_said),
            (request.monthly_section, monthly, monthly_said),
        ]
        parts.sort(key=lambda part: list(BudgetSection).index(part[0]))
    return tuple(
        SectionCells(
            account="節{} {}".format(*section_of(section, year.fiscal_year)),
            amount=amount,
            thousand=thousands_up(amount, budget_thousands(Yen(amount.value), Yen(0)).gross),
            note=note,
        )
        for section, amount, note in parts
    )


def _working(
    page: Page, cost: BoardingCost, prices: Prices, row: int
) -> tuple[tuple[str, Live[str]], ...]:
    alone, joint = prices.alone.total, prices.joint.total

    def whole(way: Way) -> Live[str]:
        months = number_text(prices.months, "か月")
        return words(yen(way.once), " + ", yen(way.monthly), " × ", months, " = ", yen(way.total))

    saving = Live(f"({alone.formula}-{joint.formula})", int(cost.saving))
    lines = (
        ("単独調達(標準価格)", whole(prices.alone)),
        ("共同調達", whole(prices.joint)),
        ("差額(単独 − 共同)", words(yen(alone), " − ", yen(joint), " = ", yen(saving))),
        ("元が取れる月", _break_even(cost, prices)),
    )
    page.section(f"A{row}:H{row}", "計算の過程(契約期間)")
    for below, (label, text) in enumerate(lines, row + 1):
        page.said(below, label, text)
    return lines


def _break_even(cost: BoardingCost, prices: Prices) -> Live[str]:
    ahead = f"({prices.joint.once.formula}-{prices.alone.once.formula})"
    gain = f"({prices.alone.monthly.formula}-{prices.joint.monthly.formula})"
    at_once = "利用開始月から(参加時の一時的な費用が単独調達を上回らない)"
    never = "契約期間内に元は取れない"
    month = Live(f"ROUNDUP({ahead}/{gain},0)", cost.break_even or 0)
    reached = words("参加時に多く払う額 ÷ 毎月の差額を切り上げて ", number_text(month, "か月目"))
    if cost.joint.once <= cost.alone.once:
        said = at_once
    else:
        said = never if cost.break_even is None else reached.value
    return Live(
        f"IF({ahead}<=0,{quoted(at_once)},IF({gain}<=0,{quoted(never)},"
        f"IF({month.formula}>{prices.months.formula},{quoted(never)},{reached.formula})))",
        said,
    )
