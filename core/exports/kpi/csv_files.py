"""指標 as CSV, and the codebook that says what stands in each column (項目説明)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from core.exports.file import MARK_COLUMN, MARK_MEANING, csv_file
from core.exports.kpi.wording import (
    change,
    plain_number,
    published_words,
    scope_words,
    source_words,
)
from core.kpi.indicator import Indicator, Row
from core.kpi.reading import Reading
from core.kpi.registry import indicators
from core.views.kpi import KpiAnswer


@dataclass(frozen=True)
class _Column:
    name: str
    meaning: str
    cell: Callable[[Indicator, Reading, KpiAnswer], str | int | float | None]


_COLUMNS = (
    _Column("指標コード", "指標を見分ける英数字。変わらない。", lambda i, _r, _a: i.key),
    _Column("分野", "指標の分野。", lambda i, _r, _a: i.subject.label),
    _Column("指標", "指標名。", lambda i, _r, _a: i.name),
    _Column(
        "値",
        "半角の数。割合は百分率で小数1桁。空欄は不明で、0ではない。",
        lambda _i, r, _a: plain_number(r.value),
    ),
    _Column("単位", "値の単位。", lambda i, _r, _a: i.unit),
    _Column(
        "基準日", "値が表す日(YYYY-MM-DD)。その日を含む。", lambda _i, r, _a: r.as_of.isoformat()
    ),
    _Column(
        "比べる日",
        "比べた日(YYYY-MM-DD)。空欄は比べていない。",
        lambda _i, r, _a: r.compared_with.isoformat() if r.compared_with else "",
    ),
    _Column(
        "比べる日の値",
        "比べた日の値。空欄は不明か、比べていない。",
        lambda _i, r, _a: plain_number(r.before),
    ),
    _Column(
        "増減",
        "値から比べる日の値を引いた数。空欄は計算できない。",
        lambda _i, r, _a: plain_number(change(r)),
    ),
    _Column("対象", "数えた市町村。", lambda i, r, a: scope_words(i, r, a.chosen.label)),
    _Column("実績・予定", "実績、予定、仮定。", lambda i, _r, _a: i.status.label),
    _Column(
        "公表値",
        "同じ集計基準の公表値。台帳の値と置き換えない。",
        lambda _i, r, _a: published_words(r),
    ),
    _Column("目標", "設定された目標。空欄は設定なし。", lambda _i, r, _a: _target(r)),
    _Column("定義", "何を数えたか。", lambda i, _r, _a: i.definition),
    _Column("分子", "足し合わせたもの、または割合の分子。", lambda i, _r, _a: i.numerator),
    _Column("分母", "割合の分母。空欄は割合ではない。", lambda i, _r, _a: i.denominator or ""),
    _Column("集計基準", "何を含み、何を含まないか。", lambda i, _r, _a: i.basis),
    _Column("集計方法", "合計、割合、中央値。", lambda i, _r, _a: i.fold.label),
    _Column("望ましい方向", "増えるとよいか、減るとよいか。", lambda i, _r, _a: i.wanted.label),
    _Column("出典", "値の出どころ。", lambda i, _r, _a: source_words(i.source)),
)


def _target(reading: Reading) -> str:
    target = reading.target
    return "" if target is None else f"{target.value}({target.day.isoformat()}まで)"


def kpi_csv(answer: KpiAnswer, *, made_up: bool) -> bytes:
    """Every indicator a row: UTF-8 with BOM and CRLF; no cell can be taken for a formula."""
    rows = tuple(
        tuple(column.cell(indicators()[r.key], r, answer) for column in _COLUMNS)
        for r in answer.readings
    )
    return csv_file(tuple(column.name for column in _COLUMNS), rows, made_up=made_up)


def codebook_csv(*, made_up: bool) -> bytes:
    """項目説明: every column of :func:`kpi_csv` a row, in the same order."""
    described = [(column.name, column.meaning) for column in _COLUMNS]
    if made_up:
        described.append((MARK_COLUMN, MARK_MEANING))
    rows = ((place, *each) for place, each in enumerate(described, start=1))
    return csv_file(("列", "項目名", "説明"), rows, made_up=made_up)


def rows_csv(indicator: Indicator, rows: Iterable[Row], as_of: date, *, made_up: bool) -> bytes:
    """内訳 of one indicator, a row a line."""
    header = (
        "指標コード", "指標", "基準日", "団体コード", "項目", "分け方", "分子", "分母", "備考",
    )  # fmt: skip
    return csv_file(
        header,
        (
            (
                indicator.key,
                indicator.name,
                as_of.isoformat(),
                row.lg_code or "",
                row.label,
                row.group,
                row.numerator,
                row.denominator if indicator.denominator else None,
                row.detail,
            )
            for row in rows
        ),
        made_up=made_up,
    )
