"""participation.csv: who is publicly known to take part (参加), by name."""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, TypeAdapter, ValidationInfo, model_validator

from core.reference.facts import (
    Fact,
    Known,
    KnownAsSaid,
    ProgrammeKey,
    RefusalError,
    SourceKey,
    Text,
    distinct,
    known,
)
from core.values.fiscal import Precision

Kind = Literal[
    "interest",
    "planned",
    "mandate",
    "joined",
    "joined_late",
    "free_edition",
    "live",
    "left",
    "withdrawn",
]
KINDS = get_args(Kind)
"""What a participation can be published as; the ledger knows more."""
COLUMNS = "programme,code,municipality,event,effective,date_precision,as_of,source"


class PublishedParticipation(Fact):
    """One named participation as published."""

    programme: ProgrammeKey
    lg_code: Annotated[Text, Field(validation_alias="code")]
    municipality: Text
    event: Kind
    date_precision: Precision  # of ``effective``
    effective: KnownAsSaid
    as_of: Known  # when it was said
    source: SourceKey
    line: int

    @model_validator(mode="after")
    def _code_and_name_agree(self, info: ValidationInfo) -> Self:
        names = known(info, "names")
        if names is not None and self.lg_code not in names:
            raise RefusalError(
                f"団体コード{self.lg_code}はmunicipalities.csvにありません。", "code"
            )
        if names is not None and self.municipality not in names[self.lg_code]:
            right = "、".join(names[self.lg_code])
            raise RefusalError(f"団体コード{self.lg_code}は{right}のものです: {self.municipality}")
        return self


ROWS: TypeAdapter[tuple[PublishedParticipation, ...]] = TypeAdapter(
    Annotated[
        tuple[PublishedParticipation, ...],
        AfterValidator(distinct("参加", "programme", "lg_code", "event", "effective")),
    ]
)
