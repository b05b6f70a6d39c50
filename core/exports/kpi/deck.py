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
from core.exports.kpi.wording import published_words, source_words
from core.kpi.indicator import Indicator, Subject, Value
from core.kpi.reading import Reading
from core.kpi.registry import indicators
from core.procurement.counting import CountBasis
from core.reference.catalogue import shipped
from core.support.wish import WishState
from core.values.fiscal import era_date
from core.views.kpi import KpiDetailAnswer, MeetingAnswer

_SYSTEMS = ("chat", "eapply", "docs", "econtract")
_AMOUNTS = ("talent_gross", "talent_subsidy", "talent_net")
DRAWN = (*(f"{key}_paid" for key in _SYSTEMS), *_AMOUNTS)
"""Indicators the deck draws in detail."""
_MOST_POINTS = 24


def meeting_deck(answer: MeetingAnswer, made_on: date, *, made_up: bool) -> bytes:
    """The deck of a moment.

    Args:
        answer: As :func:`core.views.kpi.kpi_meeting_view` gives it, :data:`DRAWN` in detail.
        made_on: 作成日.
        made_up: Whether the database holds made-up data; every slide then says so.
    """
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
    for subject in Subject:
        _table(deck, answer, subject)
    _alerts(deck, answer)
    stream = BytesIO()
    deck.book.save(stream)
    return stream.getvalue()


def _of(answer: MeetingAnswer, key: str) -> tuple[Indicator, Reading]:
    return indicators()[key], next(r for r in answer.overview.readings if r.key == key)


def _notes(found: Sequence[Indicator]) -> str:
    """Definition, basis and source of everything on a slide."""
    return "\n".join(
        f"■{each.name} 定義: {each.definition} 集計基準: {each.basis} "
        f"{each.status.label}。出典: {source_words(each.source)}"
        for each in found
    )


def _participation(deck: Deck, answer: MeetingAnswer) -> None:
    as_of = answer.overview.as_of
    ledger, published, rows, shown = [], [], [], []
    for key in _SYSTEMS:
        counted, own = _of(answer, f"{key}_paid")
        said, beside = _of(answer, f"{key}_published")
        _, gap = _of(answer, f"{key}_unnamed")
        shown += [counted, said]
        ledger.append(_plain(own.value))
        published.append(_plain(beside.value))
        actual = [total for total in own.published if total.status.value == "actual"]
        day = f"{actual[0].as_of.label}時点" if actual else "公表なし"
        difference = "不明" if gap.value is None else f"{gap.value:+,}"
        rows.append(
            (_short(key), counted.text(own.value), said.text(beside.value), difference, day)
        )
    page = deck.page(
        "共同調達の参加: 台帳と公表値",
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: {CountBasis.PAID.label}。"
        "台帳は名前のある団体、公表値は時点がそれぞれ違います。",
        f"出典: {source_words(indicators()['chat_published'].source)}、台帳",
        _notes(shown),
    )
    page.bars(
        (0.6, 1.75, 6.2, 4.95),
        [_short(key) for key in _SYSTEMS],
        [
            SeriesLine("台帳", tuple(ledger), DARK),
            SeriesLine("公表値(実績)", tuple(published), LIGHT),
        ],
        "団体",
    )
    page.table(
        (6.95, 1.95),
        (("システム", 1.75), ("台帳", 0.9), ("公表値", 0.95), ("差", 0.75), ("公表値の時点", 1.45)),
        rows,
        size=12,
        numbers=frozenset({1, 2, 3}),
    )
    page.words(
        (6.95, 5.3, 5.8, 1.3),
        "差は、公表値から台帳の数を引いた数です。名前が公表されていない団体の目安で、"
        "台帳を差から補うことはしません。",
        14,
    )


def _short(programme: str) -> str:
    return shipped().procurements.programme(programme).short_label


def _plain(value: Value) -> float | None:
    return None if value is None else float(value)


def _months(first: date, as_of: date, last: date) -> list[date]:
    """Beginnings of months; 基準日's is always among them, so that 予定 begins where 実績 ends."""
    numbers = [day.year * 12 + day.month - 1 for day in (first, as_of, last)]
    step = -(-(numbers[2] - numbers[0] + 1) // _MOST_POINTS)
    begin = numbers[1] - (numbers[1] - numbers[0]) // step * step
    end = numbers[2] + (numbers[1] - numbers[2]) % step
    return [date(n // 12, n % 12 + 1, 1) for n in range(begin, end + 1, step)]


def _history(deck: Deck, answer: MeetingAnswer) -> None:
    as_of = answer.overview.as_of
    first = min(answer.details[f"{key}_paid"].points[0].day for key in _SYSTEMS)
    last = max(
        [as_of, *(f.day for key in _SYSTEMS for f in answer.details[f"{key}_paid"].foreseen)]
    )
    months = _months(first, as_of, last)
    series = []
    for mark, (key, colour) in enumerate(zip(_SYSTEMS, (DARK, ORANGE, TEXT, MIDDLE), strict=True)):
        detail = answer.details[f"{key}_paid"]
        actual = tuple(_at(detail, month, as_of) for month in months)
        series.append(SeriesLine(_short(key), actual, colour, mark=mark))
        if detail.foreseen:
            planned = tuple(_foreseen(detail, month, as_of) for month in months)
            series.append(
                SeriesLine(f"{_short(key)}(予定)", planned, colour, dashed=True, mark=mark)
            )
    page = deck.page(
        "参加団体の推移(台帳)",
        f"単位: 団体 基準日: {era_date(as_of)} 集計基準: {CountBasis.PAID.label}。"
        "各月の初めの値。破線は予定で、実績ではありません。",
        "出典: 台帳",
        _notes([indicators()[f"{key}_paid"] for key in _SYSTEMS]),
    )
    page.lines((0.6, 1.7, 12.1, 4.2), [f"{month:%Y-%m}" for month in months], series, "団体")
    page.words((0.6, 5.95, 12.1, 0.85), _history_words(answer), 14)


def _at(detail: KpiDetailAnswer, month: date, as_of: date) -> float | None:
    """The value at the beginning of a month; of 基準日's month at 基準日; nothing after it."""
    if month > as_of:
        return None
    day = as_of if (month.year, month.month) == (as_of.year, as_of.month) else month
    position = bisect_right([point.day for point in detail.points], day)
    return _plain(detail.points[position - 1].value) if position else None


def _foreseen(detail: KpiDetailAnswer, month: date, as_of: date) -> float | None:
    if month < as_of.replace(day=1):
        return None
    begun = [each.value for each in detail.foreseen if each.day <= month]
    return float(begun[-1]) if begun else _plain(detail.reading.value)


def _history_words(answer: MeetingAnswer) -> str:
    parts = []
    for key in _SYSTEMS:
        detail = answer.details[f"{key}_paid"]
        each = indicators()[f"{key}_paid"]
        later = f"(予定どおりなら{detail.foreseen[-1].value}団体)" if detail.foreseen else ""
        parts.append(f"{_short(key)} {each.text(detail.reading.value)}{later}")
    return "台帳に名前のある団体: " + "、".join(parts) + "。"


def _talent(deck: Deck, answer: MeetingAnswer) -> None:
    as_of = answer.overview.as_of
    states = [state for state in WishState if state is not WishState.WITHDRAWN]
    amounts = {
        key: {group.label: group for group in answer.details[key].groups} for key in _AMOUNTS
    }

    def of(key: str, state: WishState) -> int:
        group = amounts[key].get(state.label)
        return 0 if group is None or group.value is None else int(group.value)

    rows = [
        (
            state.label,
            f"{amounts['talent_gross'][state.label].rows if state.label in amounts['talent_gross'] else 0:,}件",
            *(f"{of(key, state):,}" for key in _AMOUNTS),
        )
        for state in states
    ]
    rows.append(
        (
            "合計",
            f"{len(answer.details['talent_gross'].rows):,}件",
            *(f"{sum(of(key, state) for state in states):,}" for key in _AMOUNTS),
        )
    )
    upwards = states[::-1]  # a bar chart begins at the bottom
    found = [_of(answer, key) for key in ("talent_budget", "talent_budget_left", "talent_pending")]
    shown = [indicators()[key] for key in _AMOUNTS] + [each for each, _ in found]
    page = deck.page(
        "人材シェアリング: 希望と予算",
        f"単位: 円 基準日: {era_date(as_of)} 集計基準: 希望を記録した時点の試算。辞退を除く。"
        "すべて予定額で、実績ではありません。",
        "出典: 台帳",
        _notes(shown),
    )
    page.bars(
        (0.6, 1.75, 5.9, 4.95),
        [state.label for state in upwards],
        [
            SeriesLine("府補助金", tuple(float(of("talent_subsidy", s)) for s in upwards), DARK),
            SeriesLine("一般財源", tuple(float(of("talent_net", s)) for s in upwards), LIGHT),
        ],
        "円",
        stacked=True,
    )
    page.table(
        (6.65, 1.95),
        (("状態", 1.2), ("プラン", 0.9), ("歳出", 1.35), ("府補助金", 1.35), ("一般財源", 1.3)),
        rows,
        size=12,
        numbers=frozenset({1, 2, 3, 4}),
    )
    page.words(
        (6.65, 5.3, 6.1, 1.4),
        "\n".join(f"{each.name}: {each.text(reading.value)}" for each, reading in found)
        + "\n議決されなければ、議決前の額がなくなります。",
        14,
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
    found = [
        (indicators()[r.key], r)
        for r in answer.overview.readings
        if indicators()[r.key].subject is subject and indicators()[r.key].headline
    ]
    for number, part in enumerate(_pages(found)):
        more = "(続き)" if number else ""
        sources = "、".join(dict.fromkeys(source_words(each.source) for each, _ in part))
        page = deck.page(
            f"{subject.label}の指標{more}",
            f"単位: 各行 基準日: {era_date(as_of)}"
            + (f" 比べる日: {era_date(compared)}" if compared else "")
            + " 集計基準: ノートの各指標の説明",
            f"出典: {sources}",
            _notes([each for each, _ in part]),
        )
        page.table(
            (0.6, BODY_TOP),
            _COLUMNS,
            [_row(each, reading) for each, reading in part],
            size=_SIZE,
            numbers=frozenset({1, 2}),
        )


def _pages(
    found: Sequence[tuple[Indicator, Reading]],
) -> list[list[tuple[Indicator, Reading]]]:
    """As many rows a slide as fit."""
    widths = [wide for _, wide in _COLUMNS]
    head = row_height([name for name, _ in _COLUMNS], widths, _SIZE)
    pages: list[list[tuple[Indicator, Reading]]] = []
    left = 0.0
    for each, reading in found:
        need = row_height(_row(each, reading), widths, _SIZE)
        if need > left:
            pages.append([])
            left = BODY_HEIGHT - head
        pages[-1].append((each, reading))
        left -= need
    return pages


def _row(each: Indicator, reading: Reading) -> tuple[str, ...]:
    compared = reading.compared_with is not None
    return (
        each.name,
        each.text(reading.value),
        each.change_text(reading.value, reading.before) if compared else "－",
        each.status.label,
        _beside(each, reading),
        each.definition,
    )


def _beside(each: Indicator, reading: Reading) -> str:
    target = reading.target
    aimed = f"目標 {each.text(target.value)}({era_date(target.day)})" if target else ""
    published = f"公表値 {published_words(reading)}" if reading.published else ""
    return " ".join(filter(None, (published, aimed))) or "－"


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
