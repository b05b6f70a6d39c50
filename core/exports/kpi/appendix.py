"""資料編: the tables behind the slides, for whoever reads them later."""

from __future__ import annotations

from collections.abc import Sequence

from core.exports.kpi.slide import TABLE_HEIGHT, TABLE_TOP, Deck, row_height
from core.exports.kpi.wording import (
    inside_words,
    notes_words,
    published_words,
    sources_words,
    systems_of,
)
from core.figures.indicator import Place, Subject
from core.figures.reading import Reading, grouped
from core.figures.registry import subjects
from core.figures.talent import plans_told
from core.procurement.counting import CountBasis
from core.support.wish import WishState
from core.values.figure import number_text
from core.values.fiscal import era_date
from core.values.money import amount_labels
from core.values.offer import OfferedPart
from core.views.kpi import MeetingAnswer

TITLE = "資料編"


def add(deck: Deck, answer: MeetingAnswer) -> None:
    """A slide that parts, then the tables."""
    deck.cover(
        TITLE,
        ["前のページの図のもとになる表と、すべての指標の値・増減・定義です。"],
        "ここから後ろは、会議で映すためではなく、あとで確かめるための表です。",
    )
    _participation(deck, answer)
    reference = answer.overview.reference
    if OfferedPart.TALENT in reference.offers:
        _plans(deck, answer)
        _talent(deck, answer)
    for subject in subjects(reference):
        _table(deck, answer, subject)
    _alerts(deck, answer)


def _participation(deck: Deck, answer: MeetingAnswer) -> None:
    as_of, reference = answer.overview.as_of, answer.overview.reference
    rows, shown = [], []
    for key, label in systems_of(reference):
        found, names, planned = (answer.of(f"{key}_{k}") for k in ("paid", "named", "planned"))
        shown += [found, names, planned]
        rest = None if found.value is None else max(int(found.value) - int(names.value or 0), 0)
        origin = found.birth.origin
        rows.append(
            (
                label,
                found.text,
                names.text,
                "不明" if rest is None else f"{rest}団体",
                planned.text,
                f"{origin.label} {found.birth.as_of}" if origin else "公表値も網羅もなし",
            )
        )
    page = deck.page(
        "共同調達の参加(表)",
        "",
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: {CountBasis.PAID.label}。"
        "公表値の参加団体の名前がすべて公表されたわけではなく、名前がわかる団体の数は参加の実績ではない。",
        sources_words(shown, reference),
        notes_words(shown, reference),
    )
    page.table(
        (0.6, TABLE_TOP),
        (
            ("システム", 2.4),
            ("参加", 1.7),
            ("名前がわかる", 1.9),
            ("公表だけ", 1.5),
            ("予定", 1.2),
            ("いつの何による数か", 3.4),
        ),
        rows,
        size=18,
        numbers=frozenset({1, 2, 3, 4}),
    )


def _plans(deck: Deck, answer: MeetingAnswer) -> None:
    as_of, reference = answer.overview.as_of, answer.overview.reference
    wished, published = answer.of("talent_by_plan"), answer.of("talent_published_plans")
    counted = {g.label: g.value for g in grouped(wished.indicator, wished.parts)}
    told = {part.key: part.numerator for part in published.parts}
    rows = [
        (
            plan.label,
            number_text(counted.get(plan.label) or 0),
            "不明" if told.get(str(plan.number)) is None else f"{told[str(plan.number)]}",
        )
        for plan in plans_told(reference, as_of)
    ]
    rows.append(("のべ", number_text(wished.value or 0), published.text.removesuffix("件")))
    page = deck.page(
        "プラン別の希望(表)",
        "",
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: ここに記録された希望以上。"
        f"公表値は{published.birth.as_of}の予定。",
        sources_words([wished, published], reference),
        notes_words([wished, published], reference),
    )
    page.table(
        (0.6, TABLE_TOP),
        (("プラン", 5.4), ("希望以上", 2.2), ("公表値", 2.2)),
        rows,
        size=18,
        numbers=frozenset({1, 2}),
    )


def _talent(deck: Deck, answer: MeetingAnswer) -> None:
    as_of, reference = answer.overview.as_of, answer.overview.reference
    labels = amount_labels(reference.names.subsidy)
    found = {
        kind + key: answer.of(f"talent_{kind}{key}")
        for kind in ("", "considering_")
        for key in labels
    }
    groups = {
        key: {g.label: g for g in grouped(found[key].indicator, found[key].parts)} for key in labels
    }
    states = [s for s in WishState if s not in (WishState.WITHDRAWN, WishState.CONSIDERING)]

    def of(key: str, label: str) -> int:
        group = groups[key].get(label)
        return 0 if group is None else int(group.value or 0)

    rows = []
    for state in (s.label for s in states):
        plans = groups["gross"][state].parts if state in groups["gross"] else 0
        rows.append((state, f"{plans:,}件", *(f"{of(key, state):,}" for key in labels)))
    for label, kind in (("希望以上の計", ""), ("検討中(別)", "considering_")):
        own = [found[kind + key] for key in labels]
        totals = (number_text(each.value or 0) for each in own)
        rows.append((label, f"{len(own[0].parts):,}件", *totals))
    page = deck.page(
        "希望の額(表)",
        "",
        f"単位: 円 基準日: {era_date(as_of)} 集計基準: 希望を記録した時点の試算。検討中は希望に含めず、"
        "辞退を除く。議決されなければ、議決前の額がなくなる。",
        sources_words([found["gross"]], reference),
        notes_words([*found.values()], reference),
    )
    page.table(
        (0.6, TABLE_TOP),
        (
            ("状態", 2.6),
            ("プラン", 1.6),
            *((label, 2.6) for label in labels.values()),
        ),
        rows,
        size=18,
        numbers=frozenset(range(1, 2 + len(labels))),
    )


_COLUMNS = (
    ("指標", 2.7),
    ("値", 1.45),
    ("増減", 1.35),
    ("実績・予定", 1.0),
    ("公表値・目標", 2.2),
    ("定義", 3.4),
)
_SIZE = 12


def _table(deck: Deck, answer: MeetingAnswer, subject: Subject) -> None:
    """Every headline of a 分野, as many slides as it takes."""
    as_of, compared = answer.overview.as_of, answer.overview.compared_with
    reference = answer.overview.reference
    found = [
        each
        for each in answer.overview.readings
        if each.indicator.subject is subject and Place.CARD in each.indicator.shows
    ]
    for number, part in enumerate(_pages(found)):
        more = "(続き)" if number else ""
        page = deck.page(
            f"{subject.label}の指標{more}",
            "",
            f"単位: 各行 基準日: {era_date(as_of)}"
            + (f" 比べる日: {era_date(compared)}" if compared else "")
            + " 集計基準: ノートの各指標の説明",
            sources_words(part, reference),
            notes_words(part, reference),
        )
        page.table(
            (0.6, TABLE_TOP),
            _COLUMNS,
            [_row(each) for each in part],
            size=_SIZE,
            numbers=frozenset({1, 2}),
        )


def _pages(found: Sequence[Reading]) -> list[list[Reading]]:
    """As many rows a slide as fit."""
    widths = [wide for _, wide in _COLUMNS]
    head = row_height([name for name, _ in _COLUMNS], widths, _SIZE)
    pages: list[list[Reading]] = []
    left = 0.0
    for each in found:
        need = row_height(_row(each), widths, _SIZE)
        if need > left:
            pages.append([])
            left = TABLE_HEIGHT - head
        pages[-1].append(each)
        left -= need
    return pages


def _row(reading: Reading) -> tuple[str, ...]:
    each, compared = reading.indicator, reading.compared_with is not None
    return (
        each.name,
        reading.text,
        each.change_text(reading.value, reading.before) if compared else "－",
        each.status.label,
        _beside(reading),
        each.definition,
    )


def _beside(reading: Reading) -> str:
    each, target = reading.indicator, reading.target
    aimed = f"目標 {each.text(target.value)}({era_date(target.day)})" if target else ""
    published = f"公表値 {published_words(reading)}" if reading.birth.published else ""
    said = [reading.birth.origin.label, reading.birth.as_of] if reading.birth.origin else []
    return " ".join(filter(None, (*said, inside_words(reading), published, aimed))) or "－"


def _alerts(deck: Deck, answer: MeetingAnswer) -> None:
    if not answer.overview.alerts:
        return
    page = deck.page(
        "アラート",
        "",
        f"単位: 各行 集計基準: 各条件 基準日: {era_date(answer.overview.as_of)} 事務局が設定した条件。",
        "出典: 台帳",
        "\n".join(
            f"■{alert.text} 該当: {'、'.join(alert.named) or 'なし'}"
            for alert in answer.overview.alerts
        ),
    )
    page.table(
        (0.6, TABLE_TOP),
        (("状態", 1.6), ("内容", 6.3), ("条件", 4.2)),
        [
            (
                alert.state.label,
                alert.text,
                f"{alert.rule.kind.label}({alert.rule.threshold}{alert.rule.kind.unit})",
            )
            for alert in answer.overview.alerts
        ],
        size=13,
    )
