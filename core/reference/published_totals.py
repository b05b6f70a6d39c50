"""data/published_totals.csv: counts somebody published (公表値), each on its own basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.procurement.counting import CountBasis
from core.reference.sources import Folder
from core.reference.table import Row
from core.values.figure import Status
from core.values.fiscal import PartialDate, Precision

NAME = "published_totals.csv"
BASES = tuple(CountBasis)
"""集計基準. Counts of different bases never meet in one series."""

METRICS = (
    "participants",
    "late_joiners_in_fy2022",
    "late_joiners_planned_fy2023",
)
"""What is counted: 参加団体, 令和4年度の後乗り, 令和5年度の後乗り予定."""

_HEADER = (
    "programme",
    "lot",
    "basis",
    "metric",
    "value",
    "as_of",
    "date_precision",
    "status",
    "source",
)


@dataclass(frozen=True)
class PublishedTotal:
    """One 公表値.

    Attributes:
        programme: Programme key.
        lot: 区分; None for the whole programme.
        basis: 集計基準: what the count includes.
        metric: What is counted, one of :data:`METRICS`.
        value: 団体数.
        as_of: 基準日, as exactly as published.
        status: Actual or planned.
        source: Key in data/sources.yaml.
        line: Line of data/published_totals.csv it stands on.
    """

    programme: str
    lot: str | None
    basis: CountBasis
    metric: str
    value: int
    as_of: PartialDate
    status: Status
    source: str
    line: int


def read_published_totals(
    folder: Folder, lots: Mapping[str, tuple[str, ...]]
) -> tuple[PublishedTotal, ...]:
    """Every published count in file order.

    Args:
        folder: data/.
        lots: Programme key → keys of its lots.

    Raises:
        ReferenceDataError: An unknown programme, lot, basis or metric, a value that is not a
            whole number, a date of another precision, a row twice.
    """
    found: dict[tuple[object, ...], PublishedTotal] = {}
    for row in folder.rows(NAME, _HEADER):
        total = _total(row, lots)
        key = (total.programme, total.lot, total.basis, total.metric, total.as_of, total.source)
        if key in found:
            raise row.refusal(f"{found[key].line}行目と同じ公表値が重複しています。")
        found[key] = total
    return tuple(found.values())


def _total(row: Row, lots: Mapping[str, tuple[str, ...]]) -> PublishedTotal:
    programme, lot = row.text("programme"), row.cells["lot"] or None
    if programme not in lots:
        raise row.refusal(f"共同調達「{programme}」はprocurements.yamlにありません。")
    if lot is not None and lot not in lots[programme]:
        raise row.refusal(f"共同調達「{programme}」に区分「{lot}」はありません。")
    precision = Precision(row.one_of("date_precision", tuple(Precision)))
    return PublishedTotal(
        programme=programme,
        lot=lot,
        basis=CountBasis(row.one_of("basis", BASES)),
        metric=row.one_of("metric", METRICS),
        value=row.whole("value"),
        as_of=row.dated("as_of", precision),
        status=Status(row.one_of("status", tuple(Status))),
        source=row.text("source"),
        line=row.line,
    )
