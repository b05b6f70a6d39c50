"""会議資料: the numbers of a meeting as slides, every chart native, every source in the notes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from io import BytesIO

from core.exports.kpi.slide import (
    BODY_HEIGHT,
    BODY_TOP,
    DARK,
    LIGHT,
    MIDDLE,
    ORANGE,
    TEXT,
    Deck,
    SeriesLine,
    row_height,
)
from core.exports.kpi.wording import inside_words, published_words, source_words
from core.figures.indicator import Place, Subject
from core.figures.reading import Reading, grouped
from core.figures.talent import plan_label
from core.procurement.counting import CountBasis
from core.reference.pack import Reference
from core.support.wish import WishState
from core.values.figure import Status, Value, number_text
from core.values.fiscal import era_date
from core.views.kpi import KpiDetailAnswer, MeetingAnswer

_MOST_POINTS = 24


def meeting_deck(answer: MeetingAnswer, made_on: date, *, made_up: bool) -> bytes:
    """The deck of a moment."""
    deck = Deck("GovTech大阪 会議資料", made_up=made_up)
    as_of = answer.overview.as_of
    compared = answer.overview.compared_with
    deck.cover(
        "GovTech大阪 会議資料",
        [
            f"基準日 {era_date(as_of)}",
            f"比べる日 {era_date(compared)}" if compared else "比べる日なし",
            f"作成日 {era_date(made_on)}  対象 府内43市町村",
            "未回答・0・辞退は別のものです。不明は0ではありません。予定は実績ではありません。",
        ],
        "この資料の数字は、事務局KPIの画面と同じ定義で計算しています。定義と出典は各ページのノートにあります。",
    )
    _participation(deck, answer)
    _history(deck, answer)
    _talent(deck, answer)
    _plans(deck, answer)
    for subject in Subject:
        _table(deck, answer, subject)
    _alerts(deck, answer)
    stream = BytesIO()
    deck.book.save(stream)
    return stream.getvalue()


def _notes(found: Sequence[Reading], reference: Reference) -> str:
    """Definition, basis and source of everything on a slide."""
    return "\n".join(
        f"■{each.indicator.name} 定義: {each.indicator.definition} 集計基準: {each.indicator.basis} "
        f"{each.indicator.status.label}、{each.birth.as_of}。出典: {source_words(each.birth.source, reference)}"
        + (f" 不明の理由: {each.why}" if each.why else "")
        for each in found
    )


def _sources(found: Sequence[Reading], reference: Reference) -> str:
    return "出典: " + "、".join(
        dict.fromkeys(source_words(each.birth.source, reference) for each in found)
    )


def _systems(reference: Reference) -> list[tuple[str, str]]:
    return [(p.key, p.short_label) for p in reference.procurements.programmes if p.key != "talent"]


def _participation(deck: Deck, answer: MeetingAnswer) -> None:
    as_of, reference = answer.overview.as_of, answer.overview.reference
    named, rest, rows, shown = [], [], [], []
    for key, label in _systems(reference):
        found, names = answer.of(f"{key}_paid"), answer.of(f"{key}_named")
        shown += [found, names]
        inside = int(names.value or 0)
        beyond = None if found.value is None else max(int(found.value) - inside, 0)
        named.append(float(inside) if inside or beyond is not None else None)
        rest.append(None if beyond is None else float(beyond))
        origin = found.birth.origin
        rows.append(
            (
                label,
                found.text,
                names.text,
                "不明" if beyond is None else f"{beyond}団体",
                f"{origin.label} {found.birth.as_of}" if origin else "公表値も網羅もなし",
            )
        )
    page = deck.page(
        "共同調達の参加",
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: {CountBasis.PAID.label}。"
        "台帳の網羅の宣言があれば台帳の数、なければ最も新しい公表値。時点はそれぞれ違います。",
        _sources(shown, reference),
        _notes(shown, reference),
    )
    page.bars(
        (0.6, 1.75, 6.0, 4.95),
        [label for _, label in _systems(reference)][::-1],  # a bar chart begins at the bottom
        [
            SeriesLine("名前がわかる", tuple(named[::-1]), DARK),
            SeriesLine("公表だけ", tuple(rest[::-1]), LIGHT),
        ],
        "団体",
        stacked=True,
    )
    page.table(
        (6.75, 1.95),
        (
            ("システム", 1.45),
            ("参加", 0.95),
            ("名前がわかる", 1.0),
            ("公表だけ", 0.95),
            ("いつの何による数か", 1.75),
        ),
        rows,
        size=12,
        numbers=frozenset({1, 2, 3}),
    )
    page.words(
        (6.75, 5.3, 6.0, 1.3),
        "不明は0ではありません。公表値の参加団体の名前がすべて公表されたわけではなく、"
        "名前がわかる団体の数は参加の実績ではありません。",
        14,
    )


def _plain(value: Value) -> float | None:
    return None if value is None else float(value)


def _months(first: date, as_of: date, last: date) -> list[date]:
    """Beginnings of months; 基準日's is always among them."""
    numbers = [day.year * 12 + day.month - 1 for day in (first, as_of, last)]
    step = -(-(numbers[2] - numbers[0] + 1) // _MOST_POINTS)
    begin = numbers[1] - -(-(numbers[1] - numbers[0]) // step) * step
    end = numbers[2] + (numbers[1] - numbers[2]) % step
    return [date(n // 12, n % 12 + 1, 1) for n in range(begin, end + 1, step)]


def _history(deck: Deck, answer: MeetingAnswer) -> None:
    """Points where somebody published a count, lines where the ledger names everyone."""
    as_of, reference = answer.overview.as_of, answer.overview.reference
    details = [(label, answer.details[f"{key}_paid"]) for key, label in _systems(reference)]
    first = min(detail.points[0].day for _, detail in details)
    ahead = [t.as_of.first for _, d in details for t in d.published]
    ahead += [f.day for _, d in details for f in d.foreseen]
    months = _months(first, as_of, max([as_of, *ahead]))
    series = []
    for mark, ((label, detail), colour) in enumerate(
        zip(details, (DARK, ORANGE, TEXT, MIDDLE) * len(details), strict=False)
    ):
        kinds = (
            ("", _line(detail, months, as_of), False),
            ("(公表)", _published(detail, months, planned=False), False),
            ("(予定)", _foreseen(detail, months, as_of), True),
            ("(公表、予定)", _published(detail, months, planned=True), True),
        )
        series += [
            SeriesLine(
                f"{label}{kind}",
                values,
                colour,
                dashed=planned,
                mark=mark % 4,
                apart=kind.startswith("(公表"),
            )
            for kind, values, planned in kinds
            if any(value is not None for value in values)
        ]
    shown = [detail.reading for _, detail in details]
    page = deck.page(
        "参加団体の推移",
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: {CountBasis.PAID.label}。"
        "離れた点は公表値で、公表された時点に置いています。線は台帳の網羅がある期間。薄い点は予定です。",
        _sources(shown, reference),
        _notes(shown, reference),
    )
    if series:
        page.lines((0.6, 1.7, 12.1, 4.2), [f"{month:%Y-%m}" for month in months], series, "団体")
    page.words(
        (0.6, 5.95, 12.1, 0.85),
        "、".join(f"{label} {detail.reading.text}" for label, detail in details) + "。",
        14,
    )


def _published(
    detail: KpiDetailAnswer, months: Sequence[date], *, planned: bool
) -> tuple[float | None, ...]:
    """What somebody published, each in the column its day falls into, the last of several."""
    values: list[float | None] = [None] * len(months)
    for total in sorted(detail.published, key=lambda each: each.as_of.first):
        place = bisect_right(months, total.as_of.first) - 1
        if place >= 0 and (total.status is not Status.ACTUAL) is planned:
            values[place] = float(total.value)
    return tuple(values)


def _line(detail: KpiDetailAnswer, months: Sequence[date], as_of: date) -> tuple[float | None, ...]:
    """The ledger's number at the beginning of each month, of 基準日's at 基準日; nothing after it."""
    days = [point.day for point in detail.line]

    def at(month: date) -> float | None:
        if month > as_of:
            return None
        day = as_of if (month.year, month.month) == (as_of.year, as_of.month) else month
        position = bisect_right(days, day)
        return _plain(detail.line[position - 1].value) if position else None

    return tuple(map(at, months))


def _foreseen(
    detail: KpiDetailAnswer, months: Sequence[date], as_of: date
) -> tuple[float | None, ...]:
    """予定 from 基準日 on; none where the number is not the ledger's."""

    def at(month: date) -> float | None:
        if not detail.foreseen or month < as_of.replace(day=1):
            return None
        begun = [each.value for each in detail.foreseen if each.day <= month]
        return float(begun[-1]) if begun else _plain(detail.reading.value)

    return tuple(map(at, months))


_AMOUNTS = ("gross", "subsidy", "net")


def _talent(deck: Deck, answer: MeetingAnswer) -> None:
    as_of, reference = answer.overview.as_of, answer.overview.reference
    found = {
        kind + key: answer.of(f"talent_{kind}{key}")
        for kind in ("", "considering_")
        for key in _AMOUNTS
    }
    groups = {
        key: {g.label: g for g in grouped(found[key].indicator, found[key].parts)}
        for key in _AMOUNTS
    }
    states = [s for s in WishState if s not in (WishState.WITHDRAWN, WishState.CONSIDERING)]

    def of(key: str, label: str) -> int:
        group = groups[key].get(label)
        return 0 if group is None else int(group.value or 0)

    rows = []
    for state in (s.label for s in states):
        plans = groups["gross"][state].parts if state in groups["gross"] else 0
        rows.append((state, f"{plans:,}件", *(f"{of(key, state):,}" for key in _AMOUNTS)))
    for label, kind in (("希望以上の計", ""), ("検討中(別)", "considering_")):
        own = [found[kind + key] for key in _AMOUNTS]
        totals = (number_text(each.value or 0) for each in own)
        rows.append((label, f"{len(own[0].parts):,}件", *totals))
    upwards = states[::-1]  # a bar chart begins at the bottom
    beside = [
        answer.of(key)
        for key in ("talent_budget", "talent_budget_left", "talent_pending", "talent_unanswered")
    ]
    page = deck.page(
        "人材シェアリング: 希望と予算",
        f"単位: 円 基準日: {era_date(as_of)} 集計基準: 希望を記録した時点の試算。検討中は希望に含めず、辞退を除く。"
        "すべて予定額で、実績ではありません。",
        _sources([found["subsidy"], beside[0]], reference),
        _notes([*found.values(), *beside], reference),
    )
    page.bars(
        (0.6, 1.75, 5.9, 4.95),
        [state.label for state in upwards],
        [
            SeriesLine("府補助金", tuple(float(of("subsidy", s.label)) for s in upwards), DARK),
            SeriesLine("一般財源", tuple(float(of("net", s.label)) for s in upwards), LIGHT),
        ],
        "円",
        stacked=True,
    )
    page.table(
        (6.65, 1.95),
        (("状態", 1.5), ("プラン", 0.9), ("歳出", 1.3), ("府補助金", 1.25), ("一般財源", 1.25)),
        rows,
        size=12,
        numbers=frozenset({1, 2, 3, 4}),
    )
    page.words(
        (6.65, 5.15, 6.1, 1.6),
        "\n".join(f"{each.indicator.name}: {each.text}" for each in beside)
        + "\n議決されなければ、議決前の額がなくなります。",
        14,
    )


def _plans(deck: Deck, answer: MeetingAnswer) -> None:
    """プラン別の希望: recorded here, beside the table that was published."""
    as_of, reference = answer.overview.as_of, answer.overview.reference
    wished, published = answer.of("talent_by_plan"), answer.of("talent_published_plans")
    considered = answer.of("talent_considering_plans")
    plans = reference.plans
    counted = {g.label: g.value for g in grouped(wished.indicator, wished.parts)}
    told = {part.key: part.numerator for part in published.parts}
    rows = [
        (
            plan_label(plan),
            number_text(counted.get(plan_label(plan)) or 0),
            "不明" if told.get(str(plan.number)) is None else f"{told[str(plan.number)]}",
        )
        for plan in plans
    ]
    rows.append(("のべ", number_text(wished.value or 0), published.text.removesuffix("件")))
    page = deck.page(
        "プラン別の希望",
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: ここに記録された希望以上"
        f"(検討中は別に{considered.text})。公表値は{published.birth.as_of}の予定で、年度が違うことがあります。",
        _sources([wished, published], reference),
        _notes([wished, considered, published], reference),
    )
    upwards = plans[::-1]
    page.bars(
        (0.6, 1.75, 7.2, 4.95),
        [plan_label(plan) for plan in upwards],
        [
            SeriesLine(
                "公表値(予定)",
                tuple(_plain(told.get(str(plan.number))) for plan in upwards),
                LIGHT,
            ),
            SeriesLine(
                "希望以上(記録)",
                tuple(float(counted.get(plan_label(plan)) or 0) for plan in upwards),
                DARK,
            ),
        ],
        "団体",
        across=True,
    )
    page.table(
        (8.0, 1.95),
        (("プラン", 2.5), ("希望以上", 1.1), ("公表値", 1.1)),
        rows,
        size=12,
        numbers=frozenset({1, 2}),
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
            f"単位: 各行 基準日: {era_date(as_of)}"
            + (f" 比べる日: {era_date(compared)}" if compared else "")
            + " 集計基準: ノートの各指標の説明",
            _sources(part, reference),
            _notes(part, reference),
        )
        page.table(
            (0.6, BODY_TOP),
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
            left = BODY_HEIGHT - head
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
        f"基準日: {era_date(answer.overview.as_of)} 事務局が設定した条件。",
        "出典: 台帳",
        "\n".join(
            f"■{alert.text} 該当: {'、'.join(alert.named) or 'なし'}"
            for alert in answer.overview.alerts
        ),
    )
    page.table(
        (0.6, 1.75),
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
