"""municipalities.csv, checked against checks.yaml."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter, ValidationInfo, field_validator

from core.reference.facts import (
    Count,
    Fact,
    Ordinal,
    RefusalError,
    SourceKey,
    Text,
    distinct,
    known,
)
from core.reference.files import Folder
from core.values.municipality import Municipality, check_digit

COLUMNS = "lg_code,name,kana,category,area,population_2020,lat,lng"


def _checked_code(code: str) -> str:
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        raise RefusalError(f"団体コードは6桁の数字です: {code}")
    if code[5] != check_digit(code[:5]):
        right = check_digit(code[:5])
        raise RefusalError(f"団体コード{code}の検査数字が違います(正しくは{right})。")
    return code


class MunicipalityRow(Fact):
    """One row."""

    lg_code: Annotated[Text, AfterValidator(_checked_code)]
    name: Text
    kana: Text
    category: Text
    area: Text
    population: Annotated[Count, Field(validation_alias="population_2020")]
    lat: Annotated[float, Field(ge=20, le=46, allow_inf_nan=False)]
    lng: Annotated[float, Field(ge=122, le=154, allow_inf_nan=False)]
    line: int


ROWS: TypeAdapter[tuple[MunicipalityRow, ...]] = TypeAdapter(
    Annotated[
        tuple[MunicipalityRow, ...],
        AfterValidator(distinct("団体コード", "lg_code")),
        AfterValidator(distinct("名称", "name")),
    ]
)


class Expected(Fact):
    """How many municipalities and people there must be."""

    municipalities: Ordinal
    population: Ordinal
    source: SourceKey

    @field_validator("municipalities", "population")
    @classmethod
    def _as_counted(cls, number: int, info: ValidationInfo) -> int:
        counted = known(info, "counted")[info.field_name]
        if number != counted:
            raise ValueError(f"municipalities.csvの{counted:,}と合いません: {number:,}")
        return number


class Checks(Fact):
    """checks.yaml."""

    expected: Expected


def read_municipalities(folder: Folder) -> tuple[Municipality, ...]:
    """Every municipality in file order.

    Raises:
        ReferenceDataError: A file is not as declared, or the two do not agree.
    """
    rows = folder.table("municipalities.csv", COLUMNS, ROWS)
    counted = {"municipalities": len(rows), "population": sum(row.population for row in rows)}
    folder.knowing(counted=counted).mapping("checks.yaml", Checks)
    return tuple(Municipality(**row.model_dump(exclude={"line"})) for row in rows)
