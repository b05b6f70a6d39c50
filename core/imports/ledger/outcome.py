"""What would become of each row of a file."""

from __future__ import annotations

from dataclasses import dataclass

from core.imports.ledger.rows import ReadRow
from core.procurement.event import LedgerEvent
from core.values.label import Labelled


class Outcome(Labelled):
    """取り込みの見込み."""

    NEW = "new", "追加"
    UNCHANGED = "unchanged", "変更なし"
    CONFLICTING = "conflicting", "食い違い"
    REFUSED = "refused", "取り込めない"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row and what would become of it.

    Attributes:
        row: As read.
        outcome: 取り込みの見込み.
        reason: Why it conflicts or is refused; empty otherwise.
        event: What would be recorded, for a new row: its number is provisional and rises with the
            line, ``corrects`` may be such a number.
        number: 記録番号 of the record it equals or conflicts with; None for none.
    """

    row: ReadRow
    outcome: Outcome
    reason: str = ""
    event: LedgerEvent | None = None
    number: int | None = None


@dataclass(frozen=True)
class Preview:
    """What importing a file would change.

    Attributes:
        rows: In file order.
        ignored: Headings that mean nothing here.
        last_event: Number of the newest record when it was made; the import refuses when that
            has moved.
    """

    rows: tuple[PlannedRow, ...]
    ignored: tuple[str, ...]
    last_event: int

    def of(self, outcome: Outcome) -> tuple[PlannedRow, ...]:
        """The rows of one outcome, in file order."""
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def in_the_way(self) -> tuple[PlannedRow, ...]:
        """Rows that must be settled before anything is imported: all or nothing."""
        return tuple(
            row for row in self.rows if row.outcome in (Outcome.CONFLICTING, Outcome.REFUSED)
        )

    @property
    def new(self) -> tuple[PlannedRow, ...]:
        """Rows that would be recorded."""
        return self.of(Outcome.NEW)

    @property
    def corrections(self) -> tuple[str, ...]:
        """Names that would be read otherwise than written, each once."""
        return tuple(sorted({row.row.correction for row in self.rows if row.row.correction}))
