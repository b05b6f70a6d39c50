"""data/participation.csv: who is publicly known to take part (参加), by name."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from core.reference.sources import Folder
from core.reference.table import Row
from core.values.fiscal import PartialDate, Precision
from core.values.municipality import Municipality

NAME = "participation.csv"
EVENTS = ("planned", "joined", "joined_late", "free_edition", "live", "left")
"""参加台帳 events a publication can state: 予定, 当初参加, 後乗り, 無償版, 運用開始, 離脱."""

_HEADER = (
    "programme",
    "code",
    "municipality",
    "event",
    "effective",
    "date_precision",
    "as_of",
    "source",
)


@dataclass(frozen=True)
class PublishedParticipation:
    """One named participation as published.

    Attributes:
        programme: Programme key.
        lg_code: Whose.
        municipality: 名称.
        event: One of :data:`EVENTS`.
        effective: From when.
        as_of: When it was said.
        source: Key in data/sources.yaml.
        line: Line of data/participation.csv it stands on.
    """

    programme: str
    lg_code: str
    municipality: str
    event: str
    effective: PartialDate
    as_of: PartialDate
    source: str
    line: int


def read_participations(
    folder: Folder, municipalities: tuple[Municipality, ...], programmes: Container[str]
) -> tuple[PublishedParticipation, ...]:
    """Every participation in file order.

    Raises:
        ReferenceDataError: An unknown programme, municipality or event, a name that is not the
            code's, a date of another precision, a row twice.
    """
    names = {municipality.lg_code: municipality.name for municipality in municipalities}
    found: dict[tuple[str, str, str, PartialDate], PublishedParticipation] = {}
    for row in folder.rows(NAME, _HEADER):
        _check_known(row, names, programmes)
        each = _participation(row)
        key = each.programme, each.lg_code, each.event, each.effective
        if key in found:
            raise row.refusal(f"{found[key].line}行目と同じ参加が重複しています。")
        found[key] = each
    return tuple(found.values())


def _check_known(row: Row, names: Mapping[str, str], programmes: Container[str]) -> None:
    programme, code, name = row.text("programme"), row.text("code"), row.text("municipality")
    if programme not in programmes:
        raise row.refusal(f"共同調達「{programme}」はprocurements.yamlにありません。")
    if code not in names:
        raise row.refusal(f"団体コード{code}はmunicipalities.csvにありません。")
    if names[code] != name:
        raise row.refusal(f"団体コード{code}は{names[code]}のものです: {name}")


def _participation(row: Row) -> PublishedParticipation:
    precision = Precision(row.one_of("date_precision", tuple(Precision)))
    return PublishedParticipation(
        programme=row.text("programme"),
        lg_code=row.text("code"),
        municipality=row.text("municipality"),
        event=row.one_of("event", EVENTS),
        effective=row.dated("effective", precision),
        as_of=row.dated("as_of"),
        source=row.text("source"),
        line=row.line,
    )
