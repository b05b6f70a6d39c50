"""指標 as a workbook: numbers as numbers, definitions on a sheet of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.exports.book import Book, Cell, Column
from core.exports.kpi.wording import (
    UNKNOWN,
    inside_words,
    published_words,
    scope_words,
    source_words,
)
from core.figures.reading import Reading
from core.values.figure import Value, plain_number
from core.values.fiscal import era_date
from core.views.kpi import KpiAnswer

NUMBERS, DEFINITIONS, ALERTS = "指標", "定義", "アラート"
_A3 = 8
_NUMBERS = (
    Column("分野", 18),
    Column("指標", 34),
    Column("値", 16),
    Column("単位", 8),
    Column("比べる日の値", 16),
    Column("増減", 14, "change"),
    Column("実績・予定", 11),
    Column("値の時点・不明の理由", 40),
    Column("公表値", 34),
    Column("目標", 16),
    Column("目標の期限", 14),
    Column("対象", 24),
    Column("集計基準", 60),
)
_DEFINITIONS = (
    Column("指標コード", 32),
    Column("分野", 18),
    Column("指標", 34),
    Column("定義", 50),
    Column("分子", 30),
    Column("分母", 26),
    Column("集計基準", 60),
    Column("単位", 8),
    Column("集計方法", 10),
    Column("望ましい方向", 14),
    Column("実績・予定", 11),
    Column("出典", 50),
)
_ALERTS = (Column("状態", 14), Column("内容", 60), Column("条件", 50), Column("該当", 80))


def kpi_workbook(answer: KpiAnswer, made_on: date, *, made_up: bool) -> bytes:
    """Every indicator of an answer; equal arguments give equal bytes."""
    book = Book("事務局KPI", made_on, made_up=made_up)
    then = era_date(answer.compared_with) if answer.compared_with else None
    book.table(
        NUMBERS,
        _NUMBERS,
        (_numbers(reading, answer) for reading in answer.readings),
        title="事務局KPI",
        under=f"基準日 {era_date(answer.as_of)}、{f'比べる日 {then}' if then else '比べる日なし'}、"
        f"対象 {answer.chosen.label(answer.reference.everybody)}、作成日 {era_date(made_on)}。不明は0ではない。割合は百分率。"
        f"定義と出典は「{DEFINITIONS}」のシート。",
        frozen=2,
        paper=_A3,
    )
    book.table(
        DEFINITIONS,
        _DEFINITIONS,
        (_definition(reading, answer) for reading in answer.readings),
        title="指標の定義",
        under="画面、この表、会議資料は同じ定義を使います。",
        frozen=3,
        paper=_A3,
    )
    if answer.alerts:
        book.table(
            ALERTS,
            _ALERTS,
            _alerts(answer),
            title="アラート",
            under=f"基準日 {era_date(answer.as_of)}",
            frozen=1,
            paper=_A3,
        )
    return book.finished()


def _shown(value: Value) -> Cell:
    plain = plain_number(value)
    return UNKNOWN if plain is None else plain


def _numbers(reading: Reading, answer: KpiAnswer) -> tuple[Cell, ...]:
    each, target = reading.indicator, reading.target
    compared = reading.compared_with is not None
    return (
        each.subject.label,
        each.name,
        _shown(reading.value),
        each.unit,
        _shown(reading.before) if compared else None,
        _shown(reading.change) if compared else None,
        each.status.label,
        "、".join(filter(None, (reading.birth.as_of, inside_words(reading), reading.why))),
        published_words(reading),
        None if target is None else target.value,
        None if target is None else target.day,
        scope_words(reading, answer.chosen, answer.reference),
        each.basis,
    )


def _definition(reading: Reading, answer: KpiAnswer) -> tuple[Cell, ...]:
    each = reading.indicator
    return (
        each.key,
        each.subject.label,
        each.name,
        each.definition,
        each.numerator,
        each.denominator or "",
        each.basis,
        each.unit,
        each.fold.label,
        each.wanted.label,
        each.status.label,
        source_words(reading.birth.source, answer.reference),
    )


def _alerts(answer: KpiAnswer) -> Iterator[tuple[Cell, ...]]:
    for alert in answer.alerts:
        kind = alert.rule.kind
        condition = f"{kind.label}({alert.rule.threshold}{kind.unit})"
        yield (alert.state.label, alert.text, condition, "、".join(alert.named))
