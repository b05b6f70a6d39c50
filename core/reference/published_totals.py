"""data/published_totals.csv: counts somebody published (公表値), each on its own basis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.procurement.counting import CountBasis
from core.procurement.published import Metric, PublishedTotal, part_of
from core.reference.sources import Folder
from core.reference.table import Row
from core.values.figure import Status
from core.values.fiscal import FiscalYear, Precision

NAME = "published_totals.csv"

_HEADER = (
    "programme",
    "lot",
    "basis",
    "metric",
    "period",
    "value",
    "as_of",
    "date_precision",
    "status",
    "source",
)


def read_published_totals(
    folder: Folder, lots: Mapping[str, tuple[str, ...]]
) -> tuple[PublishedTotal, ...]:
    """Every published count in file order.

    Args:
        folder: data/.
        lots: Programme key → keys of its lots.

    Raises:
        ReferenceDataError: An unknown programme, lot, basis or metric, a value that is not a
            whole number, a date of another precision, a row twice, a part without its year or
            whole, or larger than that.
    """
    found: dict[tuple[object, ...], PublishedTotal] = {}
    rows = folder.rows(NAME, _HEADER)
    for row in rows:
        total = _total(row, lots)
        key = (
            total.programme,
            total.lot,
            total.basis,
            total.metric,
            total.period,
            total.as_of,
            total.source,
        )
        if key in found:
            raise row.refusal(f"{found[key].line}行目と同じ公表値が重複しています。")
        found[key] = total
    for row, total in zip(rows, found.values(), strict=True):
        if total.period is not None:
            _check_part(row, total, found.values())
    return tuple(found.values())


def _total(row: Row, lots: Mapping[str, tuple[str, ...]]) -> PublishedTotal:
    programme, lot = row.text("programme"), row.cells["lot"] or None
    if programme not in lots:
        raise row.refusal(f"共同調達「{programme}」はprocurements.yamlにありません。")
    if lot is not None and lot not in lots[programme]:
        raise row.refusal(f"共同調達「{programme}」に区分「{lot}」はありません。")
    precision = Precision(row.one_of("date_precision", tuple(Precision)))
    metric = Metric(row.one_of("metric", tuple(Metric)))
    return PublishedTotal(
        programme=programme,
        lot=lot,
        basis=CountBasis(row.one_of("basis", tuple(CountBasis))),
        metric=metric,
        period=_period(row, metric),
        value=row.whole("value"),
        as_of=row.dated("as_of", precision),
        status=Status(row.one_of("status", tuple(Status))),
        source=row.text("source"),
        line=row.line,
    )


def _period(row: Row, metric: Metric) -> FiscalYear | None:
    if metric is Metric.PARTICIPANTS:
        if row.cells["period"]:
            raise row.refusal("「period」は、年度のうちの数(後乗りなど)だけに書きます。")
        return None
    try:
        return FiscalYear(row.whole("period"))
    except ValueError as error:
        raise row.refusal(f"「period」: {error}") from None


def _check_part(row: Row, part: PublishedTotal, totals: Iterable[PublishedTotal]) -> None:
    found = part_of(part, totals)
    if found is None:
        raise row.refusal(
            f"この数を含む参加団体数(同じ出典・集計基準・区分、{part.period and part.period.label})の行がありません。"
        )
    if part.value > found.whole.value:
        raise row.refusal(
            f"{part.value}が、それを含む{found.whole.line}行目の{found.whole.value}より大きくなっています。"
        )
