"""課長への1枚: what is asked for, what it costs, and what that rests on, on one A4 page (PDF)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from core.estimate.calculation import Estimate
from core.estimate.caveats import caveats, is_provisional
from core.estimate.wording import working
from core.exports.budget.workbook import request_file_name
from core.exports.paper import DARK, FOOT, GREY, Paper
from core.reference.names import Names
from core.reference.pack import Reference
from core.reference.sources import Source
from core.values.fiscal import era_date
from core.values.money import (
    Amounts,
    BudgetThousands,
    amount_labels,
    thousand_yen_text,
    yen_text,
)


def budget_pdf(
    estimate: Estimate,
    *,
    reference: Reference,
    municipality: str | None,
    made_on: date,
    link: str,
    made_up: bool,
) -> bytes:
    """The page for whoever decides whether the request is made.

    What the plans give is left out where it would not fit, then the working; amounts and caveats
    never are.

    Args:
        municipality: 団体名; None leaves it out.
        link: Address that reproduces the estimate.
    """
    asked = (estimate, reference, municipality, made_on)
    page = _written(*asked, made_up=made_up, contents=True, steps=True)
    for steps in (True, False):
        if page.get_y() > FOOT:
            page.leave()
            page = _written(*asked, made_up=made_up, contents=False, steps=steps)
    source = reference.of(estimate.first.fiscal_year).talent.source
    write_foot(page, source, reference.sources, link)
    return page.finished()


def budget_pdf_file_name(
    estimate: Estimate, municipality: str | None, made_on: date, *, made_up: bool
) -> str:
    """Name a reader finds again."""
    return request_file_name(
        "デジタル人材シェアリング",
        estimate.first.fiscal_year,
        municipality,
        made_on,
        made_up=made_up,
        kind="予算要求の概要",
        suffix=".pdf",
    )


def _numbers(names: Names) -> frozenset[str]:
    """Columns of amounts and counts."""
    grants = names.national_and_own_grants
    return frozenset({"歳出", grants, "一般財源", "回数", *amount_labels(names.subsidy).values()})


def _written(
    estimate: Estimate,
    reference: Reference,
    municipality: str | None,
    made_on: date,
    *,
    made_up: bool,
    contents: bool,
    steps: bool,
) -> Paper:
    year, names = estimate.first, reference.names
    about = reference.of(year.fiscal_year).talent
    title = f"{year.fiscal_year.label} 予算要求の概要"
    page = Paper(f"{title} {about.name}", made_on, made_up=made_up)
    write_title(page, title, about.name, municipality, made_on)
    thousands = year.thousands
    grants = names.national_and_own_grants if names.subsidy else None
    how = f"歳出 − {grants} = 一般財源" if grants else "歳出の全額が一般財源"
    page.section("この要求の額", f"{how}(自団体の負担)")
    page.line_of(f"一般財源 {yen_text(year.net)}{'(仮)' if is_provisional(year) else ''}", 18, DARK)
    page.ln(1)
    labels = amount_labels(grants)
    columns = (("区分", 66.0), *((label, 40.0) for label in labels.values()))
    without = f"【参考】{names.subsidy}がない場合(千円)"
    page.table_of(
        columns,
        [
            ("円", *_said(year, labels)),
            ("千円(予算書)", *_said(thousands, labels)),
            *(((without, f"{thousands.gross:,}", "0", f"{thousands.gross:,}"),) if grants else ()),
        ],
        numbers=_numbers(names),
    )
    number, name = year.section
    page.ln(0.8)
    page.line_of(f"歳出の節: {number} {name}。支援の開始: {year.start_month}月。", 8.5)
    page.section("前提と注意")
    page.box_of([f"・{note}" for note in caveats(estimate, names.subsidy)])
    _plans(page, estimate, reference, contents=contents)
    if len(estimate.years) > 1:
        page.section("年度別", "単位: 千円。後年度も同じプラン・同じ回数とした(仮定)。")
        page.table_of(
            (("年度", 66.0), *columns[1:]),
            [
                (each.fiscal_year.full_label, *_said(each.thousands, labels))
                for each in estimate.years
            ],
            numbers=_numbers(names),
        )
    if steps:
        page.section("計算の過程")
        for step in working(year):
            page.line_of(f"{step.label}: {step.expression}", 8.5)
    page.section("決めていただくこと")
    most = thousand_yen_text(thousands.gross)
    cut = f"{names.subsidy}が付かない、または減った場合も実施するか(一般財源は最大{most})。"
    for line in (
        f"{year.fiscal_year.label}の予算に、この支援を要求するか。",
        *((cut,) if names.subsidy else ()),
        "契約の形(委託料か負担金か)と、必要性・効果の書きぶり(予算要求書の黄色の欄)。",
    ):
        page.line_of(f"□ {line}", 9)
    return page


def _said(found: Amounts | BudgetThousands, labels: Mapping[str, str]) -> Iterator[str]:
    return (f"{getattr(found, attribute):,}" for attribute in labels)


def _plans(page: Paper, estimate: Estimate, reference: Reference, *, contents: bool) -> None:
    offered, names = reference.of(estimate.first.fiscal_year), reference.names
    labels = amount_labels(names.subsidy)
    shared = f"{names.subsidy}はプラン別に配分した額。" if names.subsidy else ""
    page.section(
        f"受ける支援({offered.talent.name})", f"{offered.talent.outline} {shared}単位: 円。"
    )
    plans = {plan.number: plan for plan in offered.plans}
    page.table_of(
        (
            ("支援プラン", 170.0 - 22.0 * len(labels)),
            ("回数", 16.0),
            *((label, 22.0) for label in labels.values()),
        ),
        [
            (
                f"{line.plan}. {plans[line.plan].name}"
                + (f"\n{''.join(plans[line.plan].supports)}" if contents else ""),
                f"{line.visits}回",
                *_said(line, labels),
            )
            for line in estimate.first.lines
        ],
        8,
        numbers=_numbers(names),
    )


def write_title(
    page: Paper, title: str, subject: str, municipality: str | None, made_on: date
) -> None:
    """What the page is, of what, by whom and when."""
    page.line_of(title, 18, DARK)
    page.line_of(subject, 11)
    page.line_of("・".join(filter(None, (municipality, f"作成日 {era_date(made_on)}"))), 9)


def write_foot(page: Paper, source: str, sources: Mapping[str, Source], link: str) -> None:
    """Source and the way back to the estimate."""
    page.set_y(FOOT)
    found = sources.get(source)
    cited = f"{found.title}({found.publisher})" if found else source
    page.line_of(f"出典: {cited}。この試算は乗合(Noriai)で作成。", 7, GREY)
    page.line_of(f"同じ試算を開くアドレス: {link}", 7, GREY)
