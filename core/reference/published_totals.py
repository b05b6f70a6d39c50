"""published_totals.csv: counts somebody published (公表値), each on its own basis."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainValidator,
    TypeAdapter,
    ValidationInfo,
    model_validator,
)

from core.procurement.counting import CountBasis
from core.procurement.published import Metric, PublishedTotal, part_of
from core.reference.facts import (
    Count,
    Fact,
    KnownAsSaid,
    ProgrammeKey,
    RefusalError,
    SourceKey,
    distinct,
    known,
)
from core.values.figure import Status
from core.values.fiscal import FiscalYear, Precision

COLUMNS = "programme,lot,basis,metric,period,value,as_of,date_precision,status,source"


def _year(cell: object) -> FiscalYear | None:
    return FiscalYear.parse(str(cell)) if cell else None


class PublishedTotalRow(Fact):
    """One row."""

    programme: ProgrammeKey
    lot: Annotated[str | None, BeforeValidator(lambda cell: cell or None)]
    basis: CountBasis
    metric: Metric
    period: Annotated[FiscalYear | None, PlainValidator(_year)]
    value: Count
    date_precision: Precision
    as_of: KnownAsSaid
    status: Status
    source: SourceKey
    line: int

    @model_validator(mode="after")
    def _lot_and_period_fit(self, info: ValidationInfo) -> Self:
        lots = known(info, "lots")
        if lots is not None and self.lot is not None and self.lot not in lots[self.programme]:
            raise RefusalError(f"共同調達「{self.programme}」に区分「{self.lot}」はありません。")
        if self.metric is Metric.PARTICIPANTS and self.period is not None:
            raise RefusalError("「period」は、年度のうちの数(後乗りなど)だけに書きます。")
        if self.metric is not Metric.PARTICIPANTS and self.period is None:
            raise RefusalError("「period」が空です。いつの年度の数かを書いてください。")
        return self

    @property
    def total(self) -> PublishedTotal:
        """What the rules count with."""
        return PublishedTotal(**{n: value for n, value in self if n != "date_precision"})


def _parts_stand_in_their_wholes(
    rows: tuple[PublishedTotalRow, ...],
) -> tuple[PublishedTotalRow, ...]:
    totals = [row.total for row in rows]
    for index, part in enumerate(totals):
        if part.period is None:
            continue
        found = part_of(part, totals)
        if found is None:
            raise RefusalError(
                f"この数を含む参加団体数(同じ出典・集計基準・区分、{part.period.label})の行がありません。",
                index,
            )
        if part.value > found.whole.value:
            raise RefusalError(
                f"{part.value}が、それを含む{found.whole.line}行目の{found.whole.value}より大きくなっています。",
                index,
            )
    return rows


ROWS: TypeAdapter[tuple[PublishedTotalRow, ...]] = TypeAdapter(
    Annotated[
        tuple[PublishedTotalRow, ...],
        AfterValidator(
            distinct("公表値", "programme", "lot", "basis", "metric", "period", "as_of", "source")
        ),
        AfterValidator(_parts_stand_in_their_wholes),
    ]
)
