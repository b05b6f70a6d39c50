"""event_list_columns.csv: the header of 自治体標準オープンデータセット「イベント一覧」."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter

from core.reference.facts import Fact, Text, distinct

COLUMNS = "column,meaning"


class EventColumn(Fact):
    """One column: its heading, and what stands in it here and when it is empty."""

    name: Annotated[Text, Field(validation_alias="column")]
    meaning: Text
    line: int


ROWS: TypeAdapter[tuple[EventColumn, ...]] = TypeAdapter(
    Annotated[tuple[EventColumn, ...], AfterValidator(distinct("列", "name"))]
)
