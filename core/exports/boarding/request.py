"""Sheet 予算要求書: the page that goes to 財政課."""

from __future__ import annotations

from collections.abc import Mapping

from core.boarding.cost import BoardingCost
from core.exports.boarding.basis import Basis, SectionCells
from core.exports.book import Page
from core.exports.budget.request import Asker, cited, write_described, write_head, write_note
from core.exports.live import Live, minus, thousand_yen, total, words, yen
from core.reference.corrections import corrections_text
from core.reference.procurements import Procurement
from core.reference.sources import Source

WIDTHS = (18, 28, 15, 15, 15, 17, 17, 19)
_FIRST = 11
"""Row of the first 節."""


def write_request(
    page: Page,
    cost: BoardingCost,
    procurement: Procurement,
    sources: Mapping[str, Source],
    asker: Asker,
    basis: Basis,
) -> str:
    """Write the sheet; returns its last cell."""
    write_head(page, cost.first.fiscal_year, asker)
    scheme = procurement.scheme
    write_described(
        page,
        4,
        ("事業名", f"{procurement.label}の共同調達への参加(後乗り)"),
        (
            "根拠",
            f"{cited(procurement.source, sources)}とりまとめ根拠: {scheme.grounds}。"
            f"調達主体: {scheme.procurer}、契約主体: {scheme.contractor}。"
            + corrections_text(procurement.corrections_in(procurement.label, procurement.what)),
        ),
        ("事業概要", procurement.what),
    )
    page.height(7, lines=0)
    row = _amounts(page, basis)
    row = _funding(page, basis, row + 2)
    row = _working(page, cost, basis, row + 1)
    write_note(page, row, asker.note)
    page.text(
        f"A{row + 1}:H{row + 1}",
        "黄色のセルは入力欄。額はシート「積算基礎」の見積額から計算している。この試算は乗合(Noriai)で作成。",
        "note",
    )
    return f"H{row + 1}"


def _amounts(page: Page, basis: Basis) -> int:
    """1 歳出と歳入; returns the row of 差引."""
    page.section("A9:H9", "1 歳出と歳入")
    page.row(
        10,
        "区分",
        "科目",
        "前年度\n(千円)",
        "本年度\n(千円)",
        "比較\n(千円)",
        "本年度\n(円)",
        looks=("head",),
    )
    page.text("G10:H10", "説明", "head")
    page.height(10, lines=2)
    for row, section in enumerate(basis.sections, _FIRST):
        _section(page, row, section)
    spent, revenue = _FIRST + len(basis.sections), _FIRST + len(basis.sections) + 1
    first = basis.years[0]
    page.text(f"A{spent}:B{spent}", "歳出 計", "label", "center", "sum")
    before = f"C{_FIRST}:C{spent - 1}"
    page.live(
        f"C{spent}",
        Live(f'IF(COUNT({before})=0,"",SUM({before}))', ""),
        "cell",
        "number",
        "sum",
    )
    amounts = [section.amount.value for section in basis.sections]
    thousands = [section.thousand.value for section in basis.sections]
    gross = page.live(
        f"D{spent}", total(f"D{_FIRST}:D{spent - 1}", thousands), "cell", "number", "sum"
    )
    page.live(f"F{spent}", total(f"F{_FIRST}:F{spent - 1}", amounts), "cell", "number", "sum")
    page.text(f"G{spent}:H{spent}", "節ごとに千円未満切上げ(仮定)", "cell", "sum")
    page.text(f"A{revenue}", "歳入", "label", "center")
    page.text(f"B{revenue}", "国府支出金", "cell")
    for column in "CD":
        page.blank(f"{column}{revenue}", "cell", "input", "number")
    page.live(f"F{revenue}", Live(f"D{revenue}*1000", 0), "cell", "number")
    page.text(f"G{revenue}:H{revenue}", "見込まない。充てる場合に入力", "cell")
    net = revenue + 1
    page.text(f"A{net}", "差引", "label", "center", "sum")
    page.text(f"B{net}", "一般財源", "cell", "sum")
    page.live(
        f"C{net}", Live(f'IF(C{spent}="","",C{spent}-C{revenue})', ""), "cell", "number", "sum"
    )
    left = Live(f"D{spent}-D{revenue}", gross.value)
    page.live(f"D{net}", left, "cell", "number", "sum")
    page.live(f"F{net}", Live(f"F{spent}-F{revenue}", first.joint.value), "cell", "number", "sum")
    page.text(f"G{net}:H{net}", "歳出 − 歳入", "cell", "sum")
    for row in range(_FIRST, net + 1):
        look = ("sum",) if row in (spent, net) else ()
        change = Live(f'IF(C{row}="","",D{row}-C{row})', "")
        page.live(f"E{row}", change, "cell", "change", *look)
    return net


def _section(page: Page, row: int, section: SectionCells) -> None:
    page.text(f"A{row}", "歳出", "label", "center")
    page.text(f"B{row}", section.account, "cell")
    page.blank(f"C{row}", "cell", "input", "number")
    page.live(f"D{row}", section.thousand, "cell", "number", "bold")
    page.live(f"F{row}", section.amount, "cell", "number")
    page.live(f"G{row}:H{row}", section.note, "cell")
    page.height(row, ("B", section.account), ("G:H", section.note.value))


def _funding(page: Page, basis: Basis, row: int) -> int:
    """2 財源内訳; returns the row after it."""
    page.section(f"A{row}:H{row}", "2 財源内訳")
    heads = ("区分", "", "事業費", "国府支出金", "地方債", "その他", "一般財源", "単位")
    page.row(row + 1, *heads, looks=("head",))
    page.text(f"A{row + 1}:B{row + 1}", "区分", "head")
    spent = _FIRST + len(basis.sections)
    first = basis.years[0]
    lines = (
        ("本要求(千円)", f"D{spent}", f"D{spent + 1}", first.thousand.value, "千円"),
        ("本要求(円)", f"F{spent}", f"F{spent + 1}", first.joint.value, "円"),
    )
    for below, (label, gross, subsidy, value, unit) in enumerate(lines, row + 2):
        page.text(f"A{below}:B{below}", label, "label")
        page.live(f"C{below}", Live(gross, value), "cell", "number")
        page.live(f"D{below}", Live(f"{subsidy}*1", 0), "cell", "number")
        for column in "EF":
            if unit == "千円":
                page.blank(f"{column}{below}", "cell", "input", "number")
            else:
                page.live(
                    f"{column}{below}", Live(f"{column}{below - 1}*1000", 0), "cell", "number"
                )
        left = Live(f"C{below}-D{below}-E{below}-F{below}", value)
        page.live(f"G{below}", left, "cell", "number", "bold")
        page.text(f"H{below}", unit, "cell", "center")
    return row + 4


def _working(page: Page, cost: BoardingCost, basis: Basis, row: int) -> int:
    """3 積算基礎 and 4 比較; returns the row after them."""
    page.section(f"A{row}:H{row}", "3 見積額の積算基礎と、単独調達との比較")
    first, year = basis.years[0], cost.first
    lines: list[tuple[str, Live[str]]] = [
        (
            "本年度の歳出",
            words(*_joined([section.note for section in basis.sections]), " = ", yen(first.joint)),
        ),
        (
            "本年度の比較",
            words(
                "単独調達 ",
                yen(first.alone),
                " − 共同調達 ",
                yen(first.joint),
                " = ",
                yen(Live(minus(first.alone, first.joint).formula, int(year.saving))),
            ),
        ),
        *((f"契約期間 {label}", text) for label, text in basis.working),
        ("後年度負担", _later(cost, basis)),
    ]
    for below, (label, text) in enumerate(lines, row + 1):
        page.text(f"A{below}", label, "label")
        page.live(f"B{below}:H{below}", text, "cell")
        page.height(below, ("A", label), ("B:H", text.value))
    return row + 1 + len(lines)


def _joined(notes: list[Live[str]]) -> list[str | Live[str]]:
    parts: list[str | Live[str]] = []
    for note in notes:
        parts += [" + ", note] if parts else [note]
    return parts


def _later(cost: BoardingCost, basis: Basis) -> Live[str]:
    parts: list[str | Live[str]] = []
    for year, cells in list(zip(cost.years, basis.years, strict=True))[1:]:
        parts += ["、" if parts else "", f"{year.fiscal_year.label} ", thousand_yen(cells.thousand)]
    return words(*parts) if parts else Live('"なし(単年度の契約)"', "なし(単年度の契約)")
