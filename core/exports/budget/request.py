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
    _project(page, plans, programme, sources, basis)
    up, down, net = _amounts(page, estimate, basis)
    _funding(page, estimate, basis, up, down, net)
    _grant(page, estimate, basis)
    _working(page, estimate, basis, years)
    write_note(page, 30, asker.note)
    page.text(
        "A31:H31",
        "黄色のセルは入力欄。額はシート「積算基礎」の支援回数から計算している。この試算は乗合(Noriai)で作成。",
        "note",
    )


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


def write_note(page: Page, row: int, note: str) -> None:
    """備考; empty to be filled in."""
    page.text(f"A{row}", "備考", "label")
    if note:
        page.text(f"B{row}:H{row}", note, "cell", "typed")
    else:
        page.blank(f"B{row}:H{row}", "cell", "input")
    page.height(row, ("B:H", note), lines=2)


def write_described(page: Page, row: int, *described: tuple[str, str]) -> None:
    """Labels with a sentence each, from a row on: 事業名, 根拠, 事業概要."""
    for below, (label, text) in enumerate(described, row):
        page.text(f"A{below}", label, "label")
        page.text(f"B{below}:H{below}", text, "cell", "typed")
        page.height(below, ("B:H", text))


def _project(
    page: Page,
    plans: Sequence[SupportPlan],
    programme: TalentSharing,
    sources: Mapping[str, Source],
    basis: Basis,
) -> None:
    ground = f"{cited(programme.source, sources)}{programme.cost}{programme.subsidy}"
    write_described(
        page,
        4,
        ("事業名", programme.name),
        ("根拠", ground),
        ("事業概要", programme.summary),
    )
    chosen = chosen_plans(basis, plans)
    page.text("A7", "支援プラン", "label")
    page.live("B7:H7", chosen, "cell")
    page.height(7, ("B:H", chosen.value), lines=2)
    page.height(8, lines=0)


def cited(key: str, sources: Mapping[str, Source]) -> str:
    """「資料名」(発行者)。"""
    source = sources.get(key)
    return f"「{source.title}」({source.publisher})。" if source else key


def _amounts(
    page: Page, estimate: Estimate, basis: Basis
) -> tuple[Live[int], Live[int], Live[int]]:
    year = estimate.first
    page.section("A9:H9", "1 歳出と歳入")
    page.row(
        10,
        "区分",
        "科目",
        "前年度\n(千円)",
        "本年度\n(千円)",
        "比較\n(千円)",
        "本年度\n(円)",
        "説明",
        looks=("head",),
    )
    page.text("G10:H10", "説明", "head")
    page.height(10, lines=2)
    number, name = year.section
    plan_count, visits = basis.working.plan_count, basis.visit_count
    lines = (
        (
            "歳出",
            f"節{number} {name}",
            thousands_up(basis.gross, year.thousands.gross),
            basis.gross,
            words(number_text(plan_count, "プラン、延べ"), number_text(visits, "回")),
        ),
        (
            "歳入",
            "国府支出金(府補助金)",
            thousands_down(basis.subsidy, year.thousands.subsidy),
            basis.subsidy,
            words("補助率 ", basis.working.rate),
        ),
    )
    cells = []
    for row, (kind, account, thousand, amount, note) in enumerate(lines, 11):
        page.text(f"A{row}", kind, "label", "center")
        page.text(f"B{row}", account, "cell")
        page.blank(f"C{row}", "cell", "input", "number")
        cells.append(page.live(f"D{row}", thousand, "cell", "number", "bold"))
        page.live(f"F{row}", amount, "cell", "number")
        page.live(f"G{row}:H{row}", note, "cell")
    up, down = cells
    page.text("A13", "差引", "label", "center", "sum")
    page.text("B13", "一般財源", "cell", "sum")
    page.live("C13", Live('IF(C11="","",C11-C12)', ""), "cell", "number", "sum")
    net = page.live("D13", minus(up, down), "cell", "number", "sum")
    page.live("F13", basis.net, "cell", "number", "sum")
    page.text("G13:H13", "歳出 − 歳入", "cell", "sum")
    for row in (11, 12, 13):
        look = ("sum",) if row == 13 else ()
        change = Live(f'IF(C{row}="","",D{row}-C{row})', "")
        page.live(f"E{row}", change, "cell", "change", *look)
        page.height(row, lines=1)
    page.height(14, lines=0)
    return up, down, net


def _funding(
    page: Page,
    estimate: Estimate,
    basis: Basis,
    up: Live[int],
    down: Live[int],
    net: Live[int],
) -> None:
    page.section("A15:H15", "2 財源内訳")
    page.row(
        16,
        "区分",
        "",
        "事業費",
        "国府支出金",
        "地方債",
        "その他",
        "一般財源",
        "単位",
        looks=("head",),
    )
    page.text("A16:B16", "区分", "head")
    year = estimate.first
    zero = Live("0", 0)
    rows = (
        (17, "本要求(千円)", up, down, net, "千円"),
        (18, "本要求(円)", basis.gross, basis.subsidy, basis.net, "円"),
        (19, "【参考】府補助金がない場合", up, zero, up, "千円"),
    )
    for row, label, gross, subsidy, rest, unit in rows:
        page.text(f"A{row}:B{row}", label, "label")
        page.live(f"C{row}", gross, "cell", "number")
        page.live(f"D{row}", subsidy, "cell", "number")
        left = Live(f"C{row}-D{row}-E{row}-F{row}", rest.value)
        page.live(f"G{row}", left, "cell", "number", "bold")
        page.text(f"H{row}", unit, "cell", "center")
        page.height(row, lines=1)
    for column in "EF":
        page.blank(f"{column}17", "cell", "input", "number")
        page.live(f"{column}18", Live(f"{column}17*1000", 0), "cell", "number")
        page.live(f"{column}19", Live(f"{column}17*1", 0), "cell", "number")
    exposure = words(
        "府補助金がない場合は、一般財源が",
        thousand_yen(Live("(G19-G17)", year.thousands.gross - year.thousands.net)),
        "増えて",
        thousand_yen(Live("G19", year.thousands.gross)),
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
    page.live("C23", price, "cell", "number")
    page.live("D23", basis.working.rate, "cell", "center")
    page.live("E23", basis.working.plan_count, "cell", "number")
    page.live("F23", basis.visit_count, "cell", "number")
    page.live("G23", basis.gross, "cell", "number")
    page.live("H23", basis.subsidy, "cell", "number", "bold")
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
        page.text(f"A{row}", label, "label")
        page.live(f"B{row}:H{row}", text, "cell")
        page.height(row, ("B:H", text.value), lines=least)
    page.text("A29", "後年度負担", "label")
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
    text = words(*later) if later else Live('"なし(単年度の試算)"', "なし(単年度の試算)")
    page.live("B29:H29", text, "cell")
    page.height(29, ("B:H", text.value))
