"""Sheet 前提・出典: what every figure rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from core.estimate.calculation import Estimate, YearEstimate
from core.estimate.caveats import ended_note, pace_note, provisional_note
from core.estimate.terms import Premise
from core.exports.book import Page
from core.reference.names import Names
from core.reference.sources import Source
from core.values.fiscal import era_date

NAME = "前提・出典"
WIDTHS = (27, 16, 16, 16, 21, 58, 54)
_LATER = "後年度は、値が登録されていない限り同じ{terms}が続くものとし、4月から同じ回数の支援を受ける(仮定)。"
_VISITS = (
    "支援は開始月から月1回とし、残りの月数に収まらない回数は開始月から順に1回ずつ加える(仮定)。"
)
_LASTING = (
    "この表の値は作成時のもの。シート「積算基礎」の前提値を書き換えても、この表は変わらない。"
)
_UNPAID = (
    "歳出は総計予算主義により全額を計上し、全額を一般財源とする。",
    "千円単位は、歳出を千円未満切上げとする(仮定)。",
    _VISITS,
    _LATER,
    "{grants}、地方債、その他の特定財源は見込まない。充てる場合はシート「予算要求書」の黄色のセルに入力する。",
    _LASTING,
)
"""What is taken for granted where the prefecture pays no subsidy."""
_ASSUMPTIONS = (
    "歳出は総計予算主義により全額を計上し、{subsidy}は全額を歳入に計上する。",
    "千円単位は、歳出を千円未満切上げ、{grants}を千円未満切捨て、一般財源をその差とする(仮定)。",
    _VISITS,
    "{subsidy}の月別の額は、月ごとの歳出の割合で按分したもので、交付の時期を示さない(仮定)。",
    _LATER,
    "地方債、その他の特定財源は見込まない。充てる場合はシート「予算要求書」の黄色のセルに入力する。",
    _LASTING,
)


def write_premises(
    page: Page,
    estimate: Estimate,
    sources: Mapping[str, Source],
    names: Names,
    made_on: date,
    link: str,
) -> str:
    """Write the sheet; returns its last cell."""
    page.headed(NAME, f"{estimate.first.fiscal_year.full_label}の試算の前提")
    heads = ("項目", "値(作成時)", "根拠区分", "適用開始日", "準用", "出典", "備考")
    page.row(3, *heads, looks=("head",))
    page.sheet.repeat_rows(2)
    row = 4
    for label, premise in _premises(estimate):
        _premise(page, row, label, premise, sources)
        row += 1
    assumed = [
        each.format(
            subsidy=names.subsidy,
            grants=names.national_and_own_grants,
            terms=estimate.first.terms.said,
        )
        for each in (_ASSUMPTIONS if names.subsidy else _UNPAID)
    ]
    row = write_listed(page, row + 1, "計算上の仮定", assumed, "cell")
    row = write_listed(page, row + 1, "作成時の注意", _warnings(estimate), "cell", "warning")
    return write_made(page, row + 1, made_on, link)


def _premises(estimate: Estimate) -> list[tuple[str, Premise]]:
    """The first year's; of later years those that say something else."""
    listed = [(premise.label, premise) for premise in estimate.first.terms.premises]
    known = {premise.name: premise for premise in estimate.first.terms.premises}
    for year in estimate.years[1:]:
        for premise in year.terms.premises:
            earlier = known.get(premise.name)
            said = earlier and (earlier.text, earlier.valid_from)
            if said != (premise.text, premise.valid_from):
                listed.append((f"{premise.label}({year.fiscal_year.label})", premise))
            known[premise.name] = premise
    return listed


def _premise(
    page: Page, row: int, label: str, premise: Premise, sources: Mapping[str, Source]
) -> None:
    carried = f"{premise.carried_from.label}の値を準用" if premise.carried_from else ""
    texts = (
        label,
        premise.text,
        premise.basis_label,
        era_date(premise.valid_from) if premise.valid_from else "",
        carried,
        source_text(premise.source, sources),
        premise.note,
    )
    for column, text in zip("ABCDEFG", texts, strict=True):
        page.text(f"{column}{row}", text, "label" if column == "A" else "cell", "typed")
    page.height(row, *zip("ABCDEFG", texts, strict=True))


def write_made(page: Page, row: int, made_on: date, link: str) -> str:
    """When and how the book was made; the heading stands on ``row``. Returns the last cell."""
    made = (
        ("作成日", era_date(made_on)),
        ("試算を再現するリンク", link),
        ("作成", "この試算は乗合(Noriai)で作成"),
    )
    page.section(f"A{row}:G{row}", "作成")
    for below, (label, text) in enumerate(made, row + 1):
        page.said(below, label, text)
    return f"G{row + len(made)}"


def source_text(key: str, sources: Mapping[str, Source]) -> str:
    """出典 with its address; the words themselves where they are no key."""
    source = sources.get(key)
    if source is None:
        return key
    cited = f"{source.title}({source.publisher})"
    return f"{cited}\n{source.url}" if source.url else cited


def _warnings(estimate: Estimate) -> list[str]:
    return [
        note
        for year in estimate.years
        for note in (_pace(estimate, year), provisional_note(year))
        if note is not None
    ] + [note for note in (ended_note(estimate),) if note] or ["なし"]


def _pace(estimate: Estimate, year: YearEstimate) -> str | None:
    """Later years begin in April; their visits are the first year's."""
    note = pace_note(year)
    if note is None or year is estimate.first:
        return note
    return f"{year.fiscal_year.label}: {note}"


def write_listed(page: Page, row: int, heading: str, texts: Sequence[str], *looks: str) -> int:
    """Heading and one row a text; returns the next free row."""
    page.section(f"A{row}:G{row}", heading)
    for below, text in enumerate(texts, row + 1):
        page.text(f"A{below}:G{below}", text, *looks)
        page.height(below, ("A:G", text))
    return row + len(texts) + 1
