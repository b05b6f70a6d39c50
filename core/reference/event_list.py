"""data/event_list_columns.csv: the header of 自治体標準オープンデータセット「イベント一覧」."""

from __future__ import annotations

from dataclasses import dataclass

from core.reference.sources import Folder

NAME = "event_list_columns.csv"
_HEADER = ("column", "meaning")


@dataclass(frozen=True)
class EventColumn:
    """One column.

    Attributes:
        name: As the header says it.
        meaning: What stands in it here, and when it is empty.
    """

    name: str
    meaning: str


def read_event_columns(folder: Folder) -> tuple[EventColumn, ...]:
    """The columns in the order of the file they go into.

    Raises:
        ReferenceDataError: A column twice.
    """
    columns: dict[str, EventColumn] = {}
    for row in folder.rows(NAME, _HEADER):
        column = EventColumn(row.text("column"), row.text("meaning"))
        if column.name in columns:
            raise row.refusal(f"列「{column.name}」が重複しています。")
        columns[column.name] = column
    return tuple(columns.values())
