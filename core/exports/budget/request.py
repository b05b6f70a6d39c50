"""Sheet 予算要求書: the page that goes to 財政課."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.estimate.calculation import Estimate
from core.exports.book import Page
from core.exports.budget.basis import Basis, chosen_plans
from core.exports.budget.years import YearCells
from core.exports.live import (
    Live,
    minus,
    number_text,
    thousand_yen,
    thousands_down,
    thousands_up,
    words,
)
from core.reference.plans import SupportPlan, TalentSharing
from core.reference.sources import Source
from core.values.fiscal import FiscalYear

NAME = "予算要求書"
WIDTHS = (15, 30, 15, 15, 15, 17, 17, 19)
LAST = "H31"


@dataclass(frozen=True)
class Asker:
    """Who requests, and what they add.

    Attributes:
        municipality: 団体名; empty to be filled in.
        department: 所属; empty to be filled in.
        made_on: 作成日 in words.
    """

    municipality: str
    department: str
    made_on: str
    note: str


def write_request(
    page: Page,
    estimate: Estimate,
    plans: Sequence[SupportPlan],
    programme: TalentSharing,
    sources: Mapping[str, Source],
    asker: Asker,
    basis: Basis,
    years: Sequence[YearCells],
) -> None:
    """Write the sheet.

    Args:
        years: The rows of 年度別; empty for a single year.
    """
    write_head(page, estimate.first.fiscal_year, asker)
    page.said(4, "事業名", programme.name)
    grounds = f"{cited(programme.source, sources)}{programme.cost}{programme.subsidy}"
    page.said(5, "根拠", grounds)
    page.said(6, "事業概要", programme.summary)
    page.said(7, "支援プラン", chosen_plans(basis, plans), lines=2)
    page.height(8, lines=0)
    _amounts(page, estimate, basis)
    _grant(page, estimate, basis)
    _working(page, estimate, basis, years)
    write_end(page, 30, asker.note, "支援回数")


def write_head(page: Page, fiscal_year: FiscalYear, asker: Asker) -> None:
    """Title, 年度, 作成日, 団体名 and 所属: rows 1 to 3 of every budget request."""
    page.text("A1:H1", NAME, "title")
    page.height(1, lines=2)
    page.text("A2:D2", fiscal_year.full_label, "subtitle")
    page.text("E2:H2", f"作成日 {asker.made_on}", "right")
    for place, label, value in (
        ("B3:D3", "団体名", asker.municipality),
        ("F3:H3", "所属", asker.department),
    ):
        page.text(f"{'A' if place[0] == 'B' else 'E'}3", label, "label")
        if value:
            page.text(place, value, "cell", "typed")
        else:
            page.blank(place, "cell", "input")
    page.height(3, ("B:D", asker.municipality), ("F:H", asker.department))


def write_end(page: Page, row: int, note: str, inputs: str) -> None:
    """備考, empty to be filled in, and under it from what the amounts are computed."""
    if note:
        page.said(row, "備考", note, lines=2)
    else:
        page.text(f"A{row}", "備考", "label")
        page.blank(f"B{row}:H{row}", "cell", "input")
        page.height(row, lines=2)
    origin = f"額はシート「積算基礎」の{inputs}から計算している。"
    said = f"黄色のセルは入力欄。{origin}この試算は乗合(Noriai)で作成。"
    page.text(f"A{row + 1}:H{row + 1}", said, "note")


def cited(key: str, sources: Mapping[str, Source]) -> str:
    """「資料名」(発行者)。"""
    source = sources.get(key)
    return f"「{source.title}」({source.publisher})。" if source else key


def write_item_heads(page: Page) -> None:
    """Section 1 歳出と歳入 and its heads: rows 9 and 10 of every budget request."""
    page.section("A9:H9", "1 歳出と歳入")
    heads = ("区分", "科目", "前年度\n(千円)", "本年度\n(千円)", "比較\n(千円)", "本年度\n(円)")
    page.row(10, *heads, looks=("head",))
    page.text("G10:H10", "説明", "head")
    page.height(10, lines=2)


def write_item(
    page: Page,
    row: int,
    kind: str,
    account: str,
    thousand: Live[int] | None,
    amount: Live[int],
    note: str | Live[str],
) -> None:
    """A line of 歳出と歳入.

    Args:
        kind: 歳出 or 歳入.
        thousand: 本年度, thousand yen; None leaves it to be filled in.
        amount: 本年度, yen.
    """
    page.text(f"A{row}", kind, "label", "center")
    page.text(f"B{row}", account, "cell")
    page.blank(f"C{row}", "cell", "input", "number")
    if thousand is None:
        page.blank(f"D{row}", "cell", "input", "number")
    else:
        page.amount(f"D{row}", thousand, "bold")
    page.amount(f"F{row}", amount)
    if isinstance(note, str):
        page.text(f"G{row}:H{row}", note, "cell")
    else:
        page.live(f"G{row}:H{row}", note, "cell")


def write_net(
    page: Page, spent: int, revenue: int, thousand: Live[int], amount: Live[int], *sums: int
) -> None:
    """差引 under 歳入, and 比較 of every line from row 11 on.

    Args:
        spent: Row of 歳出 in all.
        revenue: Row of 歳入.
        thousand: 一般財源, thousand yen; ``amount`` in yen.
        sums: Rows above it that are sums, too.
    """
    net = revenue + 1
    page.text(f"A{net}", "差引", "label", "center", "sum")
    page.text(f"B{net}", "一般財源", "cell", "sum")
    page.amount(f"C{net}", Live(f'IF(C{spent}="","",C{spent}-C{revenue})', ""), "sum")
    page.amount(f"D{net}", thousand, "sum")
    page.amount(f"F{net}", amount, "sum")
    page.text(f"G{net}:H{net}", "歳出 − 歳入", "cell", "sum")
    for row in range(11, net + 1):
        look = ("sum",) if row in (*sums, net) else ()
        change = Live(f'IF(C{row}="","",D{row}-C{row})', "")
        page.live(f"E{row}", change, "cell", "change", *look)


def write_funding(page: Page, row: int, *lines: tuple[str, Live[int], Live[int], int, str]) -> None:
    """Section 2 財源内訳; 地方債 and その他 are typed into the first line and hold for all.

    Args:
        lines: Label, 事業費, 国府支出金, 一般財源 as computed, and the unit: the first in 千円.
    """
    page.section(f"A{row}:H{row}", "2 財源内訳")
    heads = ("区分", "", "事業費", "国府支出金", "地方債", "その他", "一般財源", "単位")
    page.row(row + 1, *heads, looks=("head",))
    page.text(f"A{row + 1}:B{row + 1}", "区分", "head")
    first = row + 2
    for below, (label, gross, subsidy, net, unit) in enumerate(lines, first):
        page.text(f"A{below}:B{below}", label, "label")
        page.amount(f"C{below}", gross)
        page.amount(f"D{below}", subsidy)
        for column in "EF":
            if below == first:
                page.blank(f"{column}{below}", "cell", "input", "number")
            else:
                factor = 1 if unit == "千円" else 1000
                page.amount(f"{column}{below}", Live(f"{column}{first}*{factor}", 0))
        left = Live(f"C{below}-D{below}-E{below}-F{below}", net)
        page.amount(f"G{below}", left, "bold")
        page.text(f"H{below}", unit, "cell", "center")


def _amounts(page: Page, estimate: Estimate, basis: Basis) -> None:
    """Sections 1 and 2, and the sentence under them; rows 9 to 20."""
    thousands, working = estimate.first.thousands, basis.working
    write_item_heads(page)
    number, name = estimate.first.section
    asked = words(
        number_text(working.plan_count, "プラン、延べ"), number_text(basis.visit_count, "回")
    )
    up, down = (
        thousands_up(basis.gross, thousands.gross),
        thousands_down(basis.subsidy, thousands.subsidy),
    )
    write_item(page, 11, "歳出", f"節{number} {name}", up, basis.gross, asked)
    write_item(
        page,
        12,
        "歳入",
        "国府支出金(府補助金)",
        down,
        basis.subsidy,
        words("補助率 ", working.rate),
    )
    up, down = Live(page.ref("D11"), up.value), Live(page.ref("D12"), down.value)
    write_net(page, 11, 12, minus(up, down), basis.net)
    page.height(14, lines=0)
    write_funding(
        page,
        15,
        ("本要求(千円)", up, down, thousands.net, "千円"),
        ("本要求(円)", basis.gross, basis.subsidy, basis.net.value, "円"),
        ("【参考】府補助金がない場合", up, Live("0", 0), up.value, "千円"),
    )
    for row in (11, 12, 13, 17, 18, 19):
        page.height(row)
    exposure = words(
        "府補助金がない場合は、一般財源が",
        thousand_yen(Live("(G19-G17)", thousands.gross - thousands.net)),
        "増えて",
        thousand_yen(Live("G19", thousands.gross)),
        "となる。千円単位は歳出切上げ、国府支出金切捨て、一般財源は差(仮定)。",
    )
    page.live("A20:H20", exposure, "note")
    page.height(20, ("A:H", exposure.value))


def _grant(page: Page, estimate: Estimate, basis: Basis) -> None:
    page.section("A21:H21", "3 特定財源の内訳")
    heads = ("名称", "", "単価\n(円/回)", "補助率", "件数\n(プラン)", "延べ回数\n(回)")
    page.row(22, *heads, "補助対象経費\n(円)", "補助金額\n(円)", looks=("head",))
    page.text("A22:B22", "名称", "head")
    page.height(22, lines=2)
    page.text("A23:B23", "大阪府補助金(デジタル人材シェアリング)", "cell")
    price = Live(basis.conditions.price, int(estimate.first.terms.unit_price))
    page.amount("C23", price)
    page.live("D23", basis.working.rate, "cell", "center")
    page.amount("E23", basis.working.plan_count)
    page.amount("F23", basis.visit_count)
    page.amount("G23", basis.gross)
    page.amount("H23", basis.subsidy, "bold")
    page.height(23, ("A:B", "大阪府補助金(デジタル人材シェアリング)"))
    rate = next(p for p in estimate.first.terms.premises if p.name == "talent.subsidy_rate")
    note = f"補助率の根拠区分: {rate.basis_label}。{rate.note}"
    page.text("A24:H24", note, "note")
    page.height(24, ("A:H", note))


def _working(page: Page, estimate: Estimate, basis: Basis, years: Sequence[YearCells]) -> None:
    page.section("A25:H25", "4 見積額の積算基礎")
    lines = (
        ("歳出", basis.working.gross, 2),
        ("府補助金", basis.working.subsidy, 1),
        ("一般財源", basis.working.net, 1),
    )
    for row, (label, text, least) in enumerate(lines, 26):
        page.said(row, label, text, lines=least)
    later: list[str | Live[str]] = []
    for year, cells in list(zip(estimate.years, years, strict=False))[1:]:
        later += [
            "、" if later else "",
            f"{year.fiscal_year.label} 歳出",
            thousand_yen(cells.gross),
            "(一般財源",
            thousand_yen(cells.net),
            ")",
        ]
    text = words(*later) if later else words("なし(単年度の試算)")
    page.said(29, "後年度負担", text)
