"""A whole file beside the ledger: every row new, unchanged, conflicting or refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from core.imports.ledger.matching import CellMatch
from core.imports.ledger.names import Names
from core.imports.ledger.outcome import Outcome, PlannedRow, Preview
from core.imports.ledger.rows import ReadRow, read_rows
from core.imports.ledger.table import Progress, read_table
from core.procurement.event import LedgerEvent
from core.procurement.recording import System

Cell = tuple[str, str]
"""Programme and participant."""


def read_file(
    content: bytes,
    participants: Mapping[str, str],
    systems: Mapping[str, System],
    progress: Progress | None = None,
) -> tuple[tuple[ReadRow, ...], tuple[str, ...]]:
    """Rows of a file as read, and the headings that mean nothing here.

    Raises:
        InvalidInputError: The file cannot be read at all.
    """
    table = read_table(content, progress)
    names = Names(participants, {key: system.label for key, system in systems.items()})
    return tuple(read_rows(table.rows, names)), table.ignored


def cells_of(rows: Iterable[ReadRow]) -> set[Cell]:
    """The cells a file speaks of."""
    return {(row.entry.programme, row.entry.participant) for row in rows if row.entry is not None}


def plan(
    rows: Sequence[ReadRow],
    ignored: tuple[str, ...],
    existing: Mapping[Cell, Sequence[LedgerEvent]],
    *,
    last_event: int,
    participants: Mapping[str, str],
    systems: Mapping[str, System],
    accept_names: bool,
    recorded_at: datetime,
    recorded_by: str,
    progress: Progress | None = None,
) -> Preview:
    """What importing the rows would change.

    Args:
        rows: As read, in file order.
        ignored: Headings that mean nothing here.
        existing: All records of every cell the rows speak of, oldest first.
        last_event: Number of the newest record of all.
        participants: Code → name.
        systems: What each programme has.
        accept_names: Whether names that are not quite right may be read as offered.
        recorded_at: Moment of the import.
        recorded_by: Account name.
        progress: Told every thousand rows.
    """
    planned: dict[int, PlannedRow] = {}
    cells: dict[Cell, list[tuple[int, ReadRow]]] = {}
    for place, row in enumerate(rows):
        if row.entry is None:
            planned[place] = PlannedRow(row, Outcome.REFUSED, " ".join(row.problems))
        elif row.correction and not accept_names:
            planned[place] = PlannedRow(
                row,
                Outcome.REFUSED,
                f"団体名を{row.correction}と読み替えますか。読み替えを認めるか、ファイルを直してください。",
            )
        else:
            cells.setdefault((row.entry.programme, row.entry.participant), []).append((place, row))
    told = 0
    for cell, its_rows in cells.items():
        match = CellMatch(existing.get(cell, ()), participants, systems, recorded_at, recorded_by)
        planned.update(match.judge(its_rows))
        if progress is not None and len(planned) - told >= 1000:
            told = len(planned)
            progress(told, len(rows))
    return Preview(tuple(planned[place] for place in range(len(rows))), ignored, last_event)
