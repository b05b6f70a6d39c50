"""Sheet 予算要求書: the page that goes to 財政課."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.estimate.calculation import Estimate, YearEstimate
from core.estimate.caveats import caveats, is_provisional
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
from core.reference.names import Names
from core.reference.plans import SupportPlan, TalentSharing
from core.reference.sources import Source
from core.values.fiscal import FiscalYear

NAME = "予算要求書"
WIDTHS = (14, 18, 13, 13, 13, 13.5, 13.5, 15)
FIRST = 15
"""Row of the first line of 歳出と歳入, in every budget request."""


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
    names: Names,
) -> str:
    """Write the sheet; returns its last cell.

    Args:
        years: The rows of 年度別; empty for a single year.
    """
    write_head(page, estimate.first.fiscal_year, asker)
    page.said(6, "事業名", programme.name)
    grounds = f"{cited(programme.source, sources)}{programme.cost}{programme.subsidy or ''}"
    page.said(7, "根拠", grounds)
    page.said(
        8,
        "事業概要",
        _outline(estimate.first, programme, basis.working.plan_count, basis.visit_count),
    )
    page.said(9, "支援プラン", chosen_plans(basis, plans), lines=2)
    write_reasons(page)
    spent = _amounts(page, estimate, basis, names)
    row = write_caveats(page, spent + (9 if names.subsidy else 8), caveats(estimate, names.subsidy))
    if names.subsidy:
        row = _grant(page, programme, basis, row, names.subsidy)
    row = _working(page, estimate, basis, years, row, names.subsidy)
    return write_end(page, row, asker.note, "支援回数")


def _outline(
    year: YearEstimate, programme: TalentSharing, plans: Live[int], visits: Live[int]
) -> Live[str]:
    """What the programme is, and what of it this very year's request asks for."""
    return words(
        f"{programme.outline}本要求は、{year.fiscal_year.label}に{year.start_month}月から、",
        number_text(plans, "プラン・延べ"),
        number_text(visits, "回の支援を受けるための経費。"),
    )


def outline_text(year: YearEstimate, programme: TalentSharing) -> str:
    """The same where nothing is computed anew."""
    visits = sum(line.visits for line in year.lines)
    return _outline(year, programme, Live("", len(year.lines)), Live("", visits)).value


def write_head(page: Page, fiscal_year: FiscalYear, asker: Asker) -> None:
    """Title, 年度, 作成日, who asks and 款・項・目: rows 1 to 5 of every budget request."""
    page.text("A1:H1", NAME, "title")
    page.height(1, lines=2)
    page.text("A2:D2", fiscal_year.full_label, "subtitle")
    page.text("E2:H2", f"作成日 {asker.made_on}", "right")
    _field(page, "A3", "団体名", "B3:D3", asker.municipality)
    _field(page, "E3", "所属", "F3:H3", asker.department)
    page.height(3, ("B:D", asker.municipality), ("F:H", asker.department))
    _field(page, "A4", "担当", "B4:D4", hint="担当者の職・氏名")
    _field(page, "E4", "内線", "F4:H4", hint="内線番号")
    _field(page, "A5", "会計", "B5", "一般会計", hint="会計名。違うときは書き換える。")
    for label, name, place, example in (
        ("C5", "款", "D5", "例: 2 総務費"),
        ("E5", "項", "F5", "例: 1 総務管理費"),
        ("G5", "目", "H5", "団体の予算科目による。例: 情報管理費"),
    ):
        _field(page, label, name, place, hint=example)


def _field(page: Page, at: str, label: str, place: str, value: str = "", *, hint: str = "") -> None:
    """A label and what is known of it, or a yellow cell."""
    page.text(at, label, "label", *(("center",) if len(label) == 1 else ()))
    if value:
        page.text(place, value, "cell", "typed", *(("input",) if hint else ()))
    else:
        page.blank(place, "cell", "input")
    if hint:
        page.hint(place.partition(":")[0], label, hint)


def write_reasons(page: Page, effect: str = "") -> None:
    """必要性 and 効果, to be filled in: rows 10 to 12 with the gap under them.

    Args:
        effect: What was published of it, to begin with.
    """
    for row, label, hint, said in (
        (10, "必要性", "いまの課題と、なぜこの年度に要るか。", ""),
        (11, "効果", "見込む成果と、実施しない場合の影響。", effect),
    ):
        _field(page, f"A{row}", label, f"B{row}:H{row}", said, hint=hint)
        page.height(row, ("B:H", said), lines=4)
    page.height(12, lines=0)


def write_caveats(page: Page, row: int, notes: Sequence[str]) -> int:
    """What the page must say by itself: it may be all that is read. Returns the row after it."""
    page.section(f"A{row}:H{row}", "前提と注意")
    said = "\n".join(f"・{note}" for note in notes)
    page.text(f"A{row + 1}:H{row + 1}", said, "cell", "caveat")
    page.height(row + 1, ("A:G", said))  # bold is wider
    return row + 2


def write_end(page: Page, row: int, note: str, inputs: str) -> str:
    """備考, empty to be filled in, and under it from what the amounts are computed.

    Returns:
        The last cell of the page.
    """
    if note:
        page.said(row, "備考", note, lines=2)
    else:
        page.text(f"A{row}", "備考", "label")
        page.blank(f"B{row}:H{row}", "cell", "input")
        page.height(row, lines=2)
    origin = f"額はシート「積算基礎」の{inputs}から計算している。"
    said = f"黄色のセルは入力欄。{origin}この試算は乗合(Noriai)で作成。"
    page.text(f"A{row + 1}:H{row + 1}", said, "note")
    page.height(row + 1, ("A:H", said))
    return f"H{row + 1}"


def cited(key: str, sources: Mapping[str, Source]) -> str:
    """「資料名」(発行者)。"""
    source = sources.get(key)
    return f"「{source.title}」({source.publisher})。" if source else key


def write_item_heads(page: Page, *, provisional: bool) -> None:
    """Section 1 歳出と歳入 and its heads, above :data:`FIRST`.

    Args:
        provisional: Whether the amounts are 仮; said beside them, too.
    """
    mark = "(仮の額。「前提と注意」による)" if provisional else ""
    page.section(f"A{FIRST - 2}:H{FIRST - 2}", f"1 歳出と歳入{mark}")
    heads = ("区分", "科目", "前年度\n(千円)", "本年度\n(千円)", "比較\n(千円)", "本年度\n(円)")
    page.row(FIRST - 1, *heads, looks=("head",))
    page.text(f"G{FIRST - 1}:H{FIRST - 1}", "説明", "head")
    page.height(FIRST - 1, lines=2)


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
    """差引 under 歳入, and 比較 of every line.

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
    for row in range(FIRST, net + 1):
        look = ("sum",) if row in (*sums, net) else ()
        change = Live(f'IF(C{row}="","",D{row}-C{row})', "")
        page.live(f"E{row}", change, "cell", "change", *look)


def write_funding(
    page: Page, row: int, grants: str, *lines: tuple[str, Live[int], Live[int], int, str]
) -> None:
    """Section 2 財源内訳; 地方債 and その他 are typed into the first line and hold for all.

    Args:
        grants: What the grants of state and prefecture are called together.
        lines: Label, 事業費, the grants, 一般財源 as computed, and the unit: the first in 千円.
    """
    page.section(f"A{row}:H{row}", "2 財源内訳")
    heads = ("区分", "", "事業費", grants, "地方債", "その他", "一般財源", "単位")
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


def _amounts(page: Page, estimate: Estimate, basis: Basis, names: Names) -> int:
    """Sections 1 and 2, eight rows from 歳出 on, seven without a subsidy; returns its row."""
    thousands, working = estimate.first.thousands, basis.working
    write_item_heads(page, provisional=is_provisional(estimate.first))
    number, name = estimate.first.section
    asked = words(
        number_text(working.plan_count, "プラン、延べ"), number_text(basis.visit_count, "回")
    )
    spent, revenue = FIRST, FIRST + 1
    up = thousands_up(basis.gross, thousands.gross)
    account = f"節{number} {name}"
    write_item(page, spent, "歳出", account, up, basis.gross, asked)
    if basis.subsidy is None or working.rate is None:
        write_no_income(page, spent, names.grants, up, basis.gross)
        page.height(spent, ("B", account))
        page.height(spent + 3, lines=0)
        lines = (
            ("本要求(千円)", "D", up.value, "千円"),
            ("本要求(円)", "F", basis.gross.value, "円"),
        )
        write_funding_unpaid(page, spent, names.national_and_own_grants, *lines)
        return spent
    down = thousands_down(basis.subsidy, thousands.subsidy)
    premises = {premise.name: premise for premise in estimate.first.terms.premises}
    rate = words("補助率 ", working.rate, f"・{premises['talent.subsidy_rate'].basis_label}")
    income = f"款 {names.grants}\n項 {names.subsidy}"
    write_item(page, revenue, "歳入", income, down, basis.subsidy, rate)
    up, down = Live(page.ref(f"D{spent}"), up.value), Live(page.ref(f"D{revenue}"), down.value)
    write_net(page, spent, revenue, minus(up, down), basis.net)
    page.height(spent + 3, lines=0)
    write_funding(
        page,
        spent + 4,
        names.national_and_own_grants,
        ("本要求(千円)", up, down, thousands.net, "千円"),
        ("本要求(円)", basis.gross, basis.subsidy, basis.net.value, "円"),
        (f"【参考】{names.subsidy}がない場合", up, Live("0", 0), up.value, "千円"),
    )
    for row in (spent, revenue, spent + 2, *range(spent + 6, spent + 9)):
        fills = ("B", account if row == spent else income) if row <= revenue else ("A", "")
        page.height(row, fills)
    return spent


def write_no_income(
    page: Page, spent: int, grants: str, thousand: Live[int], amount: Live[int], *sums: int
) -> None:
    """歳入 nothing is counted on, to be filled in, and 差引: the two rows under 歳出 in all.

    Args:
        grants: What a budget calls the grants of the prefecture.
        thousand, amount: 歳出 in all, in thousand yen and in yen.
        sums: As :func:`write_net` takes them.
    """
    revenue = spent + 1
    account, note = f"国庫支出金または{grants}", "見込まない。充てる場合に入力"
    write_item(page, revenue, "歳入", account, None, Live(f"D{revenue}*1000", 0), note)
    page.height(revenue, ("B", account), ("G:H", note))
    left = Live(f"D{spent}-D{revenue}", thousand.value)
    left_yen = Live(f"F{spent}-F{revenue}", amount.value)
    write_net(page, spent, revenue, left, left_yen, *sums)


def write_funding_unpaid(
    page: Page, spent: int, grants: str, *lines: tuple[str, str, int, str]
) -> None:
    """Section 2 under :func:`write_no_income`; the grants are what is filled in there.

    Args:
        lines: Label, column of the amount, the amount of 歳出 in all, and the unit.
    """
    write_funding(
        page,
        spent + 4,
        grants,
        *(
            (label, Live(f"{c}{spent}", value), Live(f"{c}{spent + 1}*1", 0), value, unit)
            for label, c, value, unit in lines
        ),
    )


def _grant(page: Page, programme: TalentSharing, basis: Basis, row: int, called: str) -> int:
    """3 特定財源の内訳, where there is a subsidy; returns the row after it."""
    subsidy, rate = basis.subsidy, basis.working.rate
    if subsidy is None or rate is None:
        return row
    page.section(f"A{row}:H{row}", "3 特定財源の内訳")
    heads = ("名称", "", "単価\n(円/回)", "補助率", "件数\n(プラン)", "延べ回数\n(回)")
    page.row(row + 1, *heads, "補助対象経費\n(円)", "補助金額\n(円)", looks=("head",))
    page.text(f"A{row + 1}:B{row + 1}", "名称", "head")
    page.height(row + 1, lines=2)
    below = row + 2
    name = f"{called}({programme.name})"
    page.text(f"A{below}:B{below}", name, "cell")
    page.amount(f"C{below}", basis.price)
    page.live(f"D{below}", rate, "cell", "center")
    page.amount(f"E{below}", basis.working.plan_count)
    page.amount(f"F{below}", basis.visit_count)
    page.amount(f"G{below}", basis.gross)
    page.amount(f"H{below}", subsidy, "bold")
    page.height(below, ("A:B", name))
    return below + 1


def _working(
    page: Page,
    estimate: Estimate,
    basis: Basis,
    years: Sequence[YearCells],
    row: int,
    called: str | None,
) -> int:
    """4 見積額の積算基礎, 3 without a subsidy; returns the row after it."""
    page.section(f"A{row}:H{row}", f"{4 if called else 3} 見積額の積算基礎")
    granted = basis.working.subsidy
    lines = (
        ("歳出", basis.working.gross),
        *(((called, granted),) if called and granted else ()),
        ("一般財源", basis.working.net),
        ("後年度負担", _later(estimate, years)),
    )
    for below, (label, text) in enumerate(lines, row + 1):
        page.said(below, label, text)
    return row + 1 + len(lines)


def _later(estimate: Estimate, years: Sequence[YearCells]) -> Live[str]:
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
    return words(*later) if later else words("なし(単年度の試算)")
