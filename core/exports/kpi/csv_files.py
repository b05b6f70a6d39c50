"""指標 as CSV, and the codebook that says what stands in each column (項目説明)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from core.exports.file import MARK_COLUMN, MARK_MEANING, csv_file
from core.exports.kpi.wording import inside_words, published_words, scope_words, source_words
from core.figures.indicator import Indicator, Part
from core.figures.reading import Reading
from core.values.figure import plain_number
from core.views.kpi import KpiAnswer


@dataclass(frozen=True)
class _Column:
    name: str
    meaning: str
    cell: Callable[[Reading, KpiAnswer], str | int | float | None]


_COLUMNS = (
    _Column("指標コード", "指標を見分ける英数字。変わらない。", lambda r, _a: r.indicator.key),
    _Column("分野", "指標の分野。", lambda r, _a: r.indicator.subject.label),
    _Column("指標", "指標名。", lambda r, _a: r.indicator.name),
    _Column(
        "値",
        "半角の数。割合は百分率で小数1桁。空欄は不明で、0ではない。",
        lambda r, _a: plain_number(r.value),
    ),
    _Column("単位", "値の単位。", lambda r, _a: r.indicator.unit),
    _Column(
        "基準日", "値を尋ねた日(YYYY-MM-DD)。その日を含む。", lambda r, _a: r.as_of.isoformat()
    ),
    _Column(
        "値の時点",
        "値が表す時点。公表値が最もよく知られた数のときは公表の時点。",
        lambda r, _a: r.birth.as_of,
    ),
    _Column("不明の理由", "値が空欄の理由。", lambda r, _a: r.why),
    _Column(
        "比べる日",
        "比べた日(YYYY-MM-DD)。空欄は比べていない。",
        lambda r, _a: r.compared_with.isoformat() if r.compared_with else "",
    ),
    _Column(
        "比べる日の値",
        "比べた日の値。空欄は不明か、比べていない。",
        lambda r, _a: plain_number(r.before),
    ),
    _Column(
        "増減",
        "値から比べる日の値を引いた数。空欄は計算できない。",
        lambda r, _a: plain_number(r.change),
    ),
    _Column("対象", "数えた団体。", lambda r, a: scope_words(r, a.chosen, a.reference)),
    _Column("実績・予定", "実績、予定、仮定。", lambda r, _a: r.indicator.status.label),
    _Column(
        "公表値",
        "同じ集計基準の、ほかの公表値。",
        lambda r, _a: published_words(r),
    ),
    _Column(
        "うち名前がわかる団体", "公表値のうち台帳に名前のある団体。", lambda r, _a: inside_words(r)
    ),
    _Column("目標", "設定された目標。空欄は設定なし。", lambda r, _a: _target(r)),
    _Column("定義", "何を数えたか。", lambda r, _a: r.indicator.definition),
    _Column("分子", "足し合わせたもの、または割合の分子。", lambda r, _a: r.indicator.numerator),
    _Column(
        "分母", "割合の分母。空欄は割合ではない。", lambda r, _a: r.indicator.denominator or ""
    ),
    _Column("集計基準", "何を含み、何を含まないか。", lambda r, _a: r.indicator.basis),
    _Column("集計方法", "合計、割合、中央値。", lambda r, _a: r.indicator.fold.label),
    _Column(
        "望ましい方向", "増えるとよいか、減るとよいか。", lambda r, _a: r.indicator.wanted.label
    ),
    _Column("出典", "値の出どころ。", lambda r, a: source_words(r.birth.source, a.reference)),
)


def _target(reading: Reading) -> str:
    target = reading.target
    return "" if target is None else f"{target.value}({target.day.isoformat()}まで)"


def kpi_csv(answer: KpiAnswer, *, made_up: bool) -> bytes:
    """Every indicator a row: UTF-8 with BOM and CRLF; no cell can be taken for a formula."""
    rows = tuple(tuple(column.cell(r, answer) for column in _COLUMNS) for r in answer.readings)
    return csv_file(tuple(column.name for column in _COLUMNS), rows, made_up=made_up)


def codebook_csv(*, made_up: bool) -> bytes:
    """項目説明: every column of :func:`kpi_csv` a row, in the same order."""
    described = [(column.name, column.meaning) for column in _COLUMNS]
    if made_up:
        described.append((MARK_COLUMN, MARK_MEANING))
    rows = ((place, *each) for place, each in enumerate(described, start=1))
    return csv_file(("列", "項目名", "説明"), rows, made_up=made_up)


def rows_csv(indicator: Indicator, parts: Iterable[Part], as_of: date, *, made_up: bool) -> bytes:
    """内訳 of one indicator, a part a line."""
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
                part.lg_code or "",
                part.label,
                part.group,
                part.numerator,
                part.denominator if indicator.denominator else None,
                part.detail,
            )
            for part in parts
        ),
        made_up=made_up,
    )
