"""published_totals.csv: counts somebody published (公表値), each on its own basis."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, TypeAdapter, ValidationInfo, model_validator

from core.procurement.counting import CountBasis
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
from core.values.fiscal import Precision

COLUMNS = "programme,lot,basis,metric,value,as_of,date_precision,status,source"


class PublishedTotal(Fact):
    """One 公表値. Counts of different bases never meet in one series."""

    programme: ProgrammeKey
    lot: Annotated[str | None, BeforeValidator(lambda cell: cell or None)]  # None: the whole
    basis: CountBasis  # what the count includes
    metric: Literal["participants", "late_joiners_in_fy2022", "late_joiners_planned_fy2023"]
    value: Count  # 団体数
    date_precision: Precision
    as_of: KnownAsSaid
    status: Status
    source: SourceKey
    line: int

    @model_validator(mode="after")
    def _lot_is_there(self, info: ValidationInfo) -> Self:
        lots = known(info, "lots")
        if lots is not None and self.lot is not None and self.lot not in lots[self.programme]:
            raise RefusalError(
                f"共同調達「{self.programme}」に区分「{self.lot}」はありません。", "lot"
            )
        return self


ROWS: TypeAdapter[tuple[PublishedTotal, ...]] = TypeAdapter(
    Annotated[
        tuple[PublishedTotal, ...],
        AfterValidator(
            distinct("公表値", "programme", "lot", "basis", "metric", "as_of", "source")
        ),
    ]
)
