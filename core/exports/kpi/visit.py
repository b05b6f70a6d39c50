"""訪問用の1枚: one A4 page about one municipality, its type embedded, its text searchable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.exports.paper import DARK, GREY, Paper
from core.figures.peers import too_few
from core.procurement.standing import State
from core.values.figure import value_text
from core.values.fiscal import FiscalYear, era_date
from core.values.money import amount_labels
from core.values.offer import OfferedPart
from core.views.peers import VisitAnswer

_NUMBERS = frozenset({"参加の数", "この団体", "中央値", "1以上の団体", "回数", "歳出", "一般財源"})
_MOST_WISHES, _MOST_LINES = 7, 5


def visit_pdf(answer: VisitAnswer, made_on: date, *, made_up: bool) -> bytes:
    """One page; longer lists end with how many are left out.

    The type is embedded, so the page looks the same on every machine; see docs/decisions.md.
    """
    page = _Sheet(f"{answer.municipality.name} 訪問資料", made_on, made_up=made_up)
    _head(page, answer, made_on)
    _systems(page, answer)
    _measures(page, answer)
    for offer, section in _SECTIONS:
        if offer in answer.reference.offers:
            section(page, answer)
    _windows(page, answer)
    page.foot(answer)
    return page.finished()


class _Sheet(Paper):
    def foot(self, answer: VisitAnswer) -> None:
        self.set_y(-15)
        census = answer.reference.sources[answer.municipality.source].title
        self.line_of(
            f"出典: 台帳(乗合に{answer.reference.names.towns}・事務局が記録した内容)、{census}。"
            f"基準日:{era_date(answer.as_of)}。\n"
            "空欄・不明は0ではない。名が公表されていない参加があるため、不明は不参加を意味しない。",
            7,
            GREY,
        )


def _head(page: _Sheet, answer: VisitAnswer, made_on: date) -> None:
    ours = answer.municipality
    page.line_of(f"{ours.name} 訪問資料", 20, DARK)
    page.ln(1)
    page.line_of(
        f"{ours.category}・{ours.area}地域・人口{ours.population:,}人({ours.census_label})・"
        f"団体コード{ours.lg_code}",
        9,
    )
    page.line_of(f"基準日 {era_date(answer.as_of)}・作成日 {era_date(made_on)}", 9)


def _mark(state: State) -> str:
    return f"{state.standing.mark} {state.standing.label}"


def _systems(page: _Sheet, answer: VisitAnswer) -> None:
    peers = answer.peers
    page.section(
        f"共同調達への参加と、似た{answer.reference.names.towns}",
        "集計基準: 台帳の記録。有償版・無償版・予定を状態で分ける。"
        f"似た{answer.reference.names.towns}は区分・地域が同じか人口が2倍以内(仮定)の順。",
    )
    widths = (28.0, *(27.0 for _ in peers.systems), 23.0)
    columns = list(
        zip((answer.reference.names.towns, *peers.systems, "参加の数"), widths, strict=True)
    )
    rows = [
        (
            ("★ " if place == 0 else "") + row.municipality.name,
            *map(_mark, row.states),
            f"{row.systems}件",
        )
        for place, row in enumerate(peers.rows)
    ]
    page.table_of(columns, rows, 8, numbers=_NUMBERS)


def _measures(page: _Sheet, answer: VisitAnswer) -> None:
    peers = answer.peers
    together = f"似た{peers.others}団体の中央値。どの団体の値かは示さない。"
    page.section(
        f"似た{answer.reference.names.towns}との比較",
        together if peers.together else too_few(peers.others, answer.reference.names.towns),
    )
    page.table_of(
        (
            ("項目", 44),
            ("この団体", 20),
            ("中央値", 20),
            ("1以上の団体", 24),
            ("定義と集計基準", 78),
        ),
        [
            (
                each.indicator.name,
                value_text(each.ours, each.indicator.unit),
                value_text(each.median, each.indicator.unit) if peers.together else "－",
                value_text(each.above_zero, "団体") if peers.together else "－",
                f"{each.indicator.definition}{each.indicator.basis}",
            )
            for each in answer.peers.measures
        ],
        8,
        numbers=_NUMBERS,
    )


def _wishes(page: _Sheet, answer: VisitAnswer) -> None:
    page.section(
        f"支援プランの希望({answer.fiscal_year.full_label}分)",
        "単位: 円。希望を記録した時点の試算で、予定額。",
    )
    if not answer.wishes:
        page.line_of("まだ何も記録されていません(未回答)。", 9)
        return
    labels = amount_labels(answer.reference.names.subsidy)
    widths = [23] * (len(labels) - 1) + [22]
    page.table_of(
        (
            ("プラン", 150 - sum(widths)),
            ("状態", 22),
            ("回数", 14),
            *zip(labels.values(), widths, strict=True),
        ),
        [
            (
                answer.reference.plan_title(wish.plan, wish.fiscal_year),
                wish.state.label,
                f"{wish.visits}回",
                *(f"{getattr(wish, attribute):,}" for attribute in labels),
            )
            for wish in answer.wishes[:_MOST_WISHES]
        ],
        8,
        numbers=_NUMBERS.union(labels.values()),
    )


def _listed(page: _Sheet, title: str, basis: str, lines: Sequence[str], none: str) -> None:
    page.section(title, basis)
    if not lines:
        page.line_of(none, 9)
        return
    for line in lines[:_MOST_LINES]:
        page.line_of(f"・{line}", 8.5)
    if len(lines) > _MOST_LINES:
        page.line_of(f"ほか{len(lines) - _MOST_LINES}件", 8.5)


def _trainings(page: _Sheet, answer: VisitAnswer) -> None:
    year, code = FiscalYear.of(answer.as_of), answer.municipality.lg_code
    _listed(
        page,
        f"研修への出席({year.label})",
        "ここに出席が記録された日程。",
        [f"{s.day.isoformat()} {s.title}({s.present[code]}人)" for s in answer.trainings],
        "出席の記録はありません。",
    )


def _consultations(page: _Sheet, answer: VisitAnswer) -> None:
    year = FiscalYear.of(answer.as_of)
    _listed(
        page,
        f"アドバイザー相談({year.label}と進行中)",
        "相談の内容は載せない。",
        [
            f"{line.number} {line.theme}({line.state}、{line.asked_on.isoformat()}受付)"
            for line in answer.consultations
        ],
        "相談の記録はありません。",
    )


def _windows(page: _Sheet, answer: VisitAnswer) -> None:
    names = {each.key: each.label for each in answer.reference.procurements.programmes}
    _listed(
        page,
        "いま募集中の後乗り",
        "事務局が登録した募集期間。",
        [
            f"{names[window.opened.programme]}: {window.period}"
            f"(残り{window.days_left(answer.as_of)}日)"
            for window in answer.windows
        ],
        "募集中の共同調達はありません。",
    )


_SECTIONS = (
    (OfferedPart.TALENT, _wishes),
    (OfferedPart.TRAININGS, _trainings),
    (OfferedPart.ADVISORS, _consultations),
)
