"""Sheet 前提・出典: what every figure rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.boarding.wording import ASSUMPTIONS, WAITING_DEFINITION
from core.estimate.terms import Premise
from core.exports.book import Page
from core.exports.budget.premises import NAME, source_text, write_listed, write_made
from core.reference.pack import Reference


def write_premises(
    page: Page,
    rests_on: Sequence[Premise],
    reference: Reference,
    title: str,
    made_on: date,
    link: str,
) -> str:
    """Write the sheet; returns its last cell."""
    page.headed(NAME, f"{title}の前提")
    page.row(3, "項目", "値(作成時)", "根拠区分", looks=("head",))
    page.text("D3:F3", "出典", "head")
    page.text("G3", "備考", "head")
    page.sheet.repeat_rows(2)
    row = 4
    for premise in rests_on:
        source = source_text(premise.source, reference.sources)
        page.text(f"A{row}", premise.label, "label")
        page.text(f"B{row}", premise.text, "cell", "typed")
        page.text(f"C{row}", premise.basis_label, "cell")
        page.text(f"D{row}:F{row}", source, "cell", "typed")
        page.text(f"G{row}", premise.note, "cell", "typed")
        page.height(
            row, ("A", premise.label), ("B", premise.text), ("D:F", source), ("G", premise.note)
        )
        row += 1
    grants = reference.names.national_and_own_grants
    assumed = [each.format(grants=grants) for each in ASSUMPTIONS]
    row = write_listed(page, row + 1, "計算上の仮定", assumed, "cell")
    row = write_listed(page, row + 1, "待つ費用の定義", (WAITING_DEFINITION,), "cell")
    return write_made(page, row + 1, made_on, link)
