"""Sheet 予算要求書: the page that goes to 財政課."""

from __future__ import annotations

from core.boarding.cost import BoardingCost
from core.boarding.wording import month_text, outline_text, paper_notes, published_text
from core.exports.boarding.basis import Basis
from core.exports.book import Page
from core.exports.budget.request import (
    FIRST,
    Asker,
    cited,
    write_caveats,
    write_end,
    write_funding_unpaid,
    write_head,
    write_item,
    write_item_heads,
    write_no_income,
    write_reasons,
)
from core.exports.live import Live, minus, thousand_yen, total, words, yen
from core.reference.corrections import corrections_text
from core.reference.pack import Reference
from core.reference.procurements import Procurement


def write_request(
    page: Page,
    cost: BoardingCost,
    procurement: Procurement,
    reference: Reference,
    asker: Asker,
    basis: Basis,
) -> str:
    """Write the sheet; returns its last cell."""
    write_head(page, cost.first.fiscal_year, asker)
    scheme = procurement.scheme
    page.said(6, "事業名", f"{procurement.label}の共同調達への参加(後乗り)")
    page.said(
        7,
        "根拠",
        f"{cited(procurement.source, reference.sources)}とりまとめ根拠: {scheme.grounds}。"
        f"調達主体: {scheme.procurer}、契約主体: {scheme.contractor}。"
        + corrections_text(procurement.corrections_in(procurement.label, procurement.what)),
    )
    request = cost.request
    page.said(8, "事業概要", outline_text(procurement.what, cost.request))
    page.said(
        9,
        "参加の内容",
        f"{month_text(request.start)}から{request.months}か月の利用。"
        f"{cost.first.fiscal_year.label}は{cost.first.months}か月分。"
        f"現在の状況: {request.present.label}。",
    )
    write_reasons(page, published_text(procurement.effects))
    spent = _amounts(page, basis, reference.names.grants, own_merit=cost.own_merit)
    page.height(spent + 3, lines=0)
    first = basis.years[0]
    lines = (
        ("本要求(千円)", "D", first.thousand.value, "千円"),
        ("本要求(円)", "F", first.joint.value, "円"),
    )
    write_funding_unpaid(page, spent, reference.names.national_and_own_grants, *lines)
    row = write_caveats(page, spent + 8, paper_notes(cost, reference.names.national_and_own_grants))
    row = _working(page, cost, basis, row)
    return write_end(page, row, asker.note, "見積額")


def _amounts(page: Page, basis: Basis, grants: str, *, own_merit: bool) -> int:
    """1 歳出と歳入; returns the row of 歳出 計."""
    write_item_heads(page, provisional=not own_merit)
    for row, section in enumerate(basis.sections, FIRST):
        write_item(
            page, row, "歳出", section.account, section.thousand, section.amount, section.note
        )
        page.height(row, ("B", section.account), ("G:H", section.note.value))
    spent = FIRST + len(basis.sections)
    page.text(f"A{spent}:B{spent}", "歳出 計", "label", "center", "sum")
    before = f"C{FIRST}:C{spent - 1}"
    page.amount(f"C{spent}", Live(f'IF(COUNT({before})=0,"",SUM({before}))', ""), "sum")
    amounts = [section.amount.value for section in basis.sections]
    thousands = [section.thousand.value for section in basis.sections]
    gross = page.amount(f"D{spent}", total(f"D{FIRST}:D{spent - 1}", thousands), "sum")
    page.amount(f"F{spent}", total(f"F{FIRST}:F{spent - 1}", amounts), "sum")
    page.text(f"G{spent}:H{spent}", "節ごとに千円未満切上げ(仮定)", "cell", "sum")
    write_no_income(page, spent, grants, gross, basis.years[0].joint, spent)
    return spent


def _working(page: Page, cost: BoardingCost, basis: Basis, row: int) -> int:
    """3 積算基礎 and 4 比較; returns the row after them."""
    page.section(f"A{row}:H{row}", "3 見積額の積算基礎と、契約期間の総額の比較")
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
        *zip(_OF_THE_CONTRACT, (text for _, text in basis.working), strict=True),
        ("後年度負担", _later(cost, basis)),
    ]
    for below, (label, text) in enumerate(lines, row + 1):
        page.said(below, label, text)
    return row + 1 + len(lines)


_OF_THE_CONTRACT = ("単独の総額", "共同の総額", "総額の差", "元が取れる月")


def _joined(notes: list[Live[str]]) -> list[str | Live[str]]:
    parts: list[str | Live[str]] = []
    for note in notes:
        parts += [" + ", note] if parts else [note]
    return parts


def _later(cost: BoardingCost, basis: Basis) -> Live[str]:
    parts: list[str | Live[str]] = []
    for year, cells in list(zip(cost.years, basis.years, strict=True))[1:]:
        parts += ["、" if parts else "", f"{year.fiscal_year.label} ", thousand_yen(cells.thousand)]
    return words(*parts) if parts else words("なし(単年度の契約)")
