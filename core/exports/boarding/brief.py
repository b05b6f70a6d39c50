"""課長への1枚 of boarding late, on one A4 page (PDF)."""

from __future__ import annotations

from datetime import date

from core.boarding.cost import BoardingCost
from core.boarding.wording import (
    break_even_text,
    month_text,
    paper_notes,
    published_text,
    signed_yen,
    waiting_text,
    working,
)
from core.exports.budget.brief import write_foot, write_title
from core.exports.budget.workbook import request_file_name
from core.exports.paper import DARK, Paper
from core.reference.pack import Reference
from core.reference.procurements import Procurement
from core.values.money import thousand_yen_text, yen_text

_NUMBERS = frozenset({"単独調達", "共同調達", "差額", "要求額(千円)"})


def boarding_pdf(
    cost: BoardingCost,
    *,
    procurement: Procurement,
    reference: Reference,
    municipality: str | None,
    made_on: date,
    link: str,
    made_up: bool,
) -> bytes:
    """The page for whoever decides whether the town boards.

    Args:
        municipality: 団体名; None leaves it out.
        link: Address that reproduces the comparison.
    """
    first, request = cost.first, cost.request
    title = f"{first.fiscal_year.label} 予算要求の概要"
    subject = f"{procurement.label}の共同調達への参加(後乗り)"
    page = Paper(f"{title} {subject}", made_on, made_up=made_up)
    write_title(page, title, subject, municipality, made_on)
    page.section(
        "この要求の額",
        f"税込。{reference.names.national_and_own_grants}は見込まず、全額が一般財源。",
    )
    provisional = "" if cost.own_merit else "(仮)"
    page.line_of(f"一般財源 {yen_text(first.joint)}{provisional}", 18, DARK)
    sections = "、".join(
        f"節{each.number} {each.name} {thousand_yen_text(each.thousand)}" for each in first.sections
    )
    page.line_of(f"予算書では{thousand_yen_text(first.thousand)}({sections})。", 9)
    page.section("前提と注意")
    page.box_of(
        [f"・{note}" for note in paper_notes(cost, reference.names.national_and_own_grants)]
    )
    page.section("導入するもの", f"{month_text(request.start)}から{request.months}か月の利用。")
    page.line_of(published_text([procurement.what, *procurement.effects]), 9)
    page.section(
        "単独で調達する場合との比較",
        "単位: 円。差額は単独調達から共同調達を引いたもので、△は共同調達のほうが高い。",
    )
    page.table_of(
        (
            ("年度", 50.0),
            ("単独調達", 36.0),
            ("共同調達", 36.0),
            ("差額", 36.0),
            ("要求額(千円)", 28.0),
        ),
        [
            *(
                (
                    each.fiscal_year.full_label,
                    f"{each.alone:,}",
                    f"{each.joint:,}",
                    signed_yen(each.saving).removesuffix("円"),
                    f"{each.thousand:,}",
                )
                for each in cost.years
            ),
            (
                "契約期間の計",
                f"{cost.alone_total:,}",
                f"{cost.joint_total:,}",
                signed_yen(cost.saving).removesuffix("円"),
                f"{sum(each.thousand for each in cost.years):,}",
            ),
        ],
        numbers=_NUMBERS,
    )
    page.ln(0.8)
    page.line_of(break_even_text(cost), 9)
    page.line_of(waiting_text(cost), 9)
    page.section("計算の過程(契約期間)")
    for step in working(cost):
        page.line_of(f"{step.label}: {step.expression}", 8.5)
    page.section("決めていただくこと")
    for line in (
        f"{first.fiscal_year.label}の予算に、この参加を要求するか。",
        "共同調達の見積りが上の仮定より高い場合に、いくらまでなら参加するか。",
        "費目(委託料・使用料・負担金)と、必要性・効果の書きぶり(予算要求書の黄色の欄)。",
    ):
        page.line_of(f"□ {line}", 9)
    write_foot(page, procurement.source, reference.sources, link)
    return page.finished()


def boarding_pdf_file_name(
    cost: BoardingCost,
    procurement: Procurement,
    municipality: str | None,
    made_on: date,
    *,
    made_up: bool,
) -> str:
    """Name a reader finds again."""
    return request_file_name(
        f"{procurement.label}後乗り",
        cost.first.fiscal_year,
        municipality,
        made_on,
        made_up=made_up,
        kind="予算要求の概要",
        suffix=".pdf",
    )
