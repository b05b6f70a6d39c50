"""会議資料: a few slides to be shown in a room, the long tables behind them, every chart native.

Large type and one message a slide; definition, basis and source are in the notes and at the foot.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import BytesIO
from types import MappingProxyType

from core.exports.kpi import appendix
from core.exports.kpi.scene_page import add_scene
from core.exports.kpi.slide import (
    DARK,
    LIGHT,
    MIDDLE,
    NIGHT,
    ORANGE,
    PALE,
    SKY,
    TEXT,
    WHITE,
    Deck,
    Figure,
    Look,
    SeriesLine,
    Tile,
)
from core.exports.kpi.wording import notes_words, sources_words, systems_of
from core.figures.reading import Reading, grouped
from core.figures.scenes.scene import Mark
from core.figures.talent import plans_told
from core.procurement.counting import CountBasis
from core.support.wish import WishState
from core.values.figure import Status, Value
from core.values.fiscal import era_date
from core.values.offer import OfferedPart
from core.views.kpi import KpiDetailAnswer, MeetingAnswer

_MOST_POINTS = 24


def meeting_deck(
    answer: MeetingAnswer,
    made_on: date,
    *,
    made_up: bool,
    step: Callable[[str], object] = lambda _: None,
) -> bytes:
    """The deck of a moment; ``step`` is told what is being done."""
    reference = answer.overview.reference
    deck = Deck(f"{reference.names.alliance} 会議資料", made_up=made_up, step=step)
    as_of = answer.overview.as_of
    compared = answer.overview.compared_with
    deck.cover(
        f"{reference.names.alliance} 会議資料",
        [
            f"基準日 {era_date(as_of)}",
            f"比べる日 {era_date(compared)}" if compared else "比べる日なし",
            f"作成日 {era_date(made_on)}  対象 {reference.everybody}",
            "未回答・0・辞退は別のものです。不明は0ではありません。予定は実績ではありません。",
        ],
        "この資料の数字は、事務局KPIの画面と同じ定義で計算しています。定義と出典は各ページのノートにあります。",
    )
    _headlines(deck, answer)
    _participation(deck, answer)
    _history(deck, answer)
    if OfferedPart.TALENT in answer.overview.reference.offers:
        _plans(deck, answer)
        _towns(deck, answer)
        _missing(deck, answer)
    if OfferedPart.SUBSIDY in answer.overview.reference.offers:
        _money(deck, answer)
    for scene in answer.asked:
        add_scene(deck, scene)
    appendix.add(deck, answer)
    step("ファイルにまとめています")
    stream = BytesIO()
    deck.book.save(stream)
    return stream.getvalue()


_HEADLINES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "talent_municipalities": ("検討中は別に", "talent_considering"),
        "talent_unanswered": ("辞退は別に", "talent_withdrawn_municipalities"),
        "talent_subsidy": ("予算に占める割合 ", "talent_budget_share"),
        "in_some": ("台帳に名前がある団体", ""),
        "in_none": ("不参加とは限らない", ""),
    }
)
"""Fact → what stands under it: words, and another fact."""
_SHOWN = 4


def _headlines(deck: Deck, answer: MeetingAnswer) -> None:
    """Four numbers a room remembers; those of 共同調達 alone where no talent is shared."""
    as_of, reference = answer.overview.as_of, answer.overview.reference
    there = {each.key for each in answer.overview.readings}
    found = [answer.of(key) for key in _HEADLINES if key in there][:_SHOWN]
    beside = (
        f"{words}{answer.of(other).text if other else ''}"
        for words, other in (_HEADLINES[each.key] for each in found)
    )
    page = deck.page(
        "いまの数字",
        f"{era_date(as_of)}時点"
        + (
            f"、増減は{era_date(answer.overview.compared_with)}から"
            if answer.overview.compared_with
            else ""
        ),
        f"単位: 各数字 基準日: {era_date(as_of)} 集計基準: ノートの各指標の説明",
        sources_words(found, reference),
        notes_words(found, reference),
    )
    page.figures(
        [
            Figure(each.indicator.name, each.text, f"{words}{_changed(each)}")
            for each, words in zip(found, beside, strict=True)
        ]
    )


def _changed(found: Reading) -> str:
    if found.compared_with is None or found.value is None or found.before is None:
        return ""
    return f"・増減 {found.indicator.change_text(found.value, found.before)}"


def _participation(deck: Deck, answer: MeetingAnswer) -> None:
    as_of, reference = answer.overview.as_of, answer.overview.reference
    named, rest, planned, labels, shown = [], [], [], [], []
    for key, label in systems_of(reference):
        found, names, ahead = (answer.of(f"{key}_{kind}") for kind in ("paid", "named", "planned"))
        shown += [found, names, ahead]
        inside = int(names.value or 0)
        beyond = None if found.value is None else max(int(found.value) - inside, 0)
        named.append(float(inside) if inside or beyond is not None else None)
        rest.append(None if beyond is None else float(beyond))
        planned.append(float(ahead.value or 0))
        labels.append(f"{label} {found.text}")
    known = [found for found in shown[::3] if found.value is not None]
    most = max(known, key=lambda found: found.value or 0, default=None)
    page = deck.page(
        "共同調達の参加",
        f"最も多いのは{most.indicator.name.removesuffix(': 参加')}の{most.text}です。"
        "不明は0ではありません。"
        if most
        else "参加している団体の数は、どのシステムも不明です。0ではありません。",
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: {CountBasis.PAID.label}。"
        "網羅の宣言があれば台帳の数、なければ最も新しい公表値。予定は実績と足さない。"
        "時点はそれぞれ違う(資料編)。",
        sources_words(shown, reference),
        notes_words(shown, reference),
    )
    page.bars(
        labels[::-1],  # a bar chart begins at the bottom
        [
            SeriesLine("名前がわかる", tuple(named[::-1]), DARK),
            SeriesLine("公表だけ", tuple(rest[::-1]), LIGHT, look=Look.HATCHED),
            SeriesLine("予定", tuple(planned[::-1]), WHITE, look=Look.DASHED),
        ],
        "団体",
        stacked=True,
        far=len(reference.municipalities),
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
    details = [(label, answer.details[f"{key}_paid"]) for key, label in systems_of(reference)]
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
                look=Look.DASHED if planned else Look.PLAIN,
                mark=mark % 4,
                apart=kind.startswith("(公表"),
            )
            for kind, values, planned in kinds
            if any(value is not None for value in values)
        ]
    if not series:
        return
    shown = [detail.reading for _, detail in details]
    page = deck.page(
        "参加団体の推移",
        "、".join(f"{label} {detail.reading.text}" for label, detail in details),
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: {CountBasis.PAID.label}。"
        "離れた点は公表値(公表された時点)、線は台帳の網羅がある期間、薄い点は予定。",
        sources_words(shown, reference),
        notes_words(shown, reference),
    )
    page.lines([f"{month:%Y-%m}" for month in months], series, "団体")


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


def _plans(deck: Deck, answer: MeetingAnswer) -> None:
    """プラン別の希望: recorded here, beside the table that was published."""
    as_of, reference = answer.overview.as_of, answer.overview.reference
    wished, published = answer.of("talent_by_plan"), answer.of("talent_published_plans")
    considered = answer.of("talent_considering_plans")
    counted = {g.label: g.value for g in grouped(wished.indicator, wished.parts)}
    told = {part.key: part.numerator for part in published.parts}
    upwards = plans_told(reference, as_of)[::-1]  # a bar chart begins at the bottom
    page = deck.page(
        "プラン別の希望",
        f"希望以上はのべ{wished.text}、検討中は別に{considered.text}です。",
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: ここに記録された希望以上。"
        f"公表値は{published.birth.as_of}の予定で、年度が違うことがある。",
        sources_words([wished, published], reference),
        notes_words([wished, considered, published], reference),
    )
    page.bars(
        [plan.label for plan in upwards],
        [
            SeriesLine(
                "公表値(予定)",
                tuple(_plain(told.get(str(plan.number))) for plan in upwards),
                LIGHT,
                look=Look.HATCHED,
            ),
            SeriesLine(
                "希望以上(記録)",
                tuple(float(counted.get(plan.label) or 0) for plan in upwards),
                DARK,
            ),
        ],
        "団体",
        across=True,
    )


_FILLS = (WHITE, PALE, LIGHT, SKY, DARK, NIGHT)
"""Of the marks of a scene, white to darkest, as on the wall."""


def _towns(deck: Deck, answer: MeetingAnswer) -> None:
    """Each municipality with how far its furthest wish has come, by name and sign."""
    as_of, reference = answer.overview.as_of, answer.overview.reference
    scene = answer.scenes["tiles"]
    if scene.chart is None:
        return
    found = [
        answer.of(f"talent_{key}")
        for key in ("municipalities", "considering", "withdrawn_municipalities", "unanswered")
    ]
    page = deck.page(
        f"{reference.names.towns}ごとの参加希望",
        "、".join(
            f"{each.indicator.name.removesuffix('の団体').removesuffix('した団体')} {each.text}"
            for each in found
        ),
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: {scene.chart.basis}",
        sources_words(found, reference),
        notes_words(found, reference),
    )
    legend = scene.chart.legend
    page.tiles(
        [_tile(legend[item.mark or 0], item.label) for item in scene.chart.items],
        [_tile(mark, mark.label) for mark in legend],
    )


def _tile(mark: Mark, name: str) -> Tile:
    return Tile(f"{mark.sign} {name}", _FILLS[mark.shade], WHITE if mark.shade > _DARKEST else TEXT)


_DARKEST = 3  # shade that still takes dark letters


def _missing(deck: Deck, answer: MeetingAnswer) -> None:
    """Who has not answered, in letters that are read from the last row."""
    as_of, reference = answer.overview.as_of, answer.overview.reference
    scene, found = answer.scenes["missing"], answer.of("talent_unanswered")
    page = deck.page(
        f"まだ回答していない{reference.names.towns} {found.text}",
        scene.sentence.removesuffix("右上のアドレスから回答できます。"),
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: {found.indicator.basis}",
        sources_words([found], reference),
        notes_words([found], reference),
    )
    by_area: dict[str, list[str]] = {}
    for name, area, _category in scene.rows:
        by_area.setdefault(area, []).append(name)
    if by_area:
        page.named(by_area)


def _money(deck: Deck, answer: MeetingAnswer) -> None:
    """希望の補助金 by how far it has come, beside the budget."""
    as_of, reference = answer.overview.as_of, answer.overview.reference
    subsidy, considered = answer.of("talent_subsidy"), answer.of("talent_considering_subsidy")
    amounts = {g.label: int(g.value or 0) for g in grouped(subsidy.indicator, subsidy.parts)}
    if not any(amounts.values()) and not considered.value:
        return  # 0円 stands among the numbers of the first slide
    states = [s for s in WishState if s not in (WishState.WITHDRAWN, WishState.CONSIDERING)]
    beside = [answer.of(f"talent_{key}") for key in ("budget", "budget_left", "pending", "decided")]
    page = deck.page(
        "人材シェアリング: 希望と予算",
        f"希望の{reference.names.subsidy} {subsidy.text}、予算 {beside[0].text}、残り {beside[1].text}",
        f"単位: 円 基準日: {era_date(as_of)} 集計基準: 希望を記録した時点の試算。検討中は希望に含めず、"
        "辞退を除く。すべて予定額で、実績ではない。",
        sources_words([subsidy, beside[0]], reference),
        notes_words([subsidy, considered, *beside], reference),
    )
    rows = [(s.label, float(amounts.get(s.label, 0)), DARK) for s in states[::-1]]
    page.bars(
        [label for label, _, _ in rows] + ["検討中(別)"],
        [
            SeriesLine(
                f"{reference.names.subsidy}(希望以上)",
                (*(value for _, value, _ in rows), None),
                DARK,
            ),
            SeriesLine(
                f"{reference.names.subsidy}(検討中)",
                (*(None for _ in rows), float(considered.value or 0)),
                WHITE,
                look=Look.DASHED,
            ),
        ],
        "円",
        stacked=True,
    )
