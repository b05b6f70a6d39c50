"""A whole file beside the ledger: every row new, unchanged, conflicting or refused."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from core.imports.ledger.names import Known, Names
from core.imports.ledger.rows import ReadRow, read_rows
from core.imports.ledger.table import FileTold, Progress
from core.imports.reading import ledger_table
from core.procurement.carried import Cell, check_follows
from core.procurement.event import PROVISIONAL, EventKind, LedgerEvent, corrected
from core.procurement.layout import Column, date_text, unguarded
from core.procurement.recording import (
    UNCHANGED,
    System,
    check_correction,
    check_entry,
    doubts,
    event_of,
)
from core.procurement.standing import steps
from core.values.errors import DashboardError
from core.values.fiscal import PartialDate, day_in_japan
from core.values.free_text import composed
from core.values.label import Labelled
from core.values.succession import Succession


class Outcome(Labelled):
    """取り込みの見込み."""

    NEW = "new", "追加"
    UNCHANGED = "unchanged", "変更なし"
    RENAMED = "renamed", "読み替え"  # would be taken once somebody accepts how a name is read
    CONFLICT = "conflict", "食い違い"
    REFUSED = "refused", "取り込めない"


_IN_THE_WAY = frozenset((Outcome.RENAMED, Outcome.CONFLICT, Outcome.REFUSED))


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row and what would become of it.

    Attributes:
        reason: Why it conflicts or is refused; of a new row what is to be looked at once more.
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
    """What importing a file would change."""

    rows: tuple[PlannedRow, ...]  # in file order
    told: FileTold
    last_event: int  # newest record when it was made; when it has moved the import refuses

    def of(self, outcome: Outcome) -> tuple[PlannedRow, ...]:
        """The rows of one outcome, in file order."""
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def in_the_way(self) -> tuple[PlannedRow, ...]:
        """Rows that must be settled, or left out by somebody's word, before others are imported."""
        return tuple(row for row in self.rows if row.outcome in _IN_THE_WAY)

    @property
    def new(self) -> tuple[PlannedRow, ...]:
        """Rows that would be recorded."""
        return self.of(Outcome.NEW)

    @property
    def corrections(self) -> tuple[str, ...]:
        """Names that would be read otherwise than written, each once."""
        return tuple(sorted({row.row.correction for row in self.rows if row.row.correction}))


_WORDS = (
    ("lot", "区分"),
    ("target", "開始予定"),
    ("source", "出典"),
    ("note", "備考"),
    ("corrects", "訂正する記録番号"),
    ("kind", "種類"),
    ("effective", "適用日"),
)
_TRIED = 200
"""Most rows of a cell that are tried one by one when they do not fit together: each try folds all."""
_ENCODED_TWICE = str.maketrans("〜−‖—¢£¬¦‾¥‑‐–", "～－∥―￠￡￢￤￣\\---")
"""Characters that CP932 and Unicode's own tables write differently, and hyphens CP932 lacks."""


def _same_text(text: str) -> str:
    """A text as it is compared: what another encoding or system makes of it stays the same."""
    if text.startswith("'"):
        text = unguarded(text)
    if text.isascii():
        return text
    return composed(text.translate(_ENCODED_TWICE)).replace("\r\n", "\n")


_MAY_LACK = {"lot": Column.LOT, "target": Column.TARGET, "note": Column.NOTE}
"""What a file may have no column of: it then says nothing of it, neither that it is empty."""


def _content(event: LedgerEvent, lacking: frozenset[str]) -> Hashable:
    """What makes two records the same, of what the file has columns of."""
    return (
        "lot" in lacking or event.lot,
        "target" in lacking or event.target,
        _same_text(event.source),
        "note" in lacking or _same_text(event.note),
        event.corrects,
        event.kind,
        event.effective,
    )


class CellMatch:
    """Judges the rows of one cell.

    Args:
        existing: All records of the cell, oldest first.
        lacking: Fields the file has no column of.
        former: Records of whoever became part of the municipality of the cell.
    """

    def __init__(
        self,
        existing: Sequence[LedgerEvent],
        participants: Mapping[str, str],
        systems: Mapping[str, System],
        recorded_at: datetime,
        recorded_by: str,
        lacking: frozenset[str] = frozenset(),
        succession: Succession = UNCHANGED,
        former: Cell = MappingProxyType({}),
    ) -> None:
        self._lacking = lacking
        self._succession, self._former = succession, former
        self._existing = {event.event_id: event for event in existing}
        self._participants, self._systems = participants, systems
        latest = max((event.recorded_at for event in existing), default=recorded_at)
        self._recorded = max(recorded_at, latest), recorded_by
        self._unmatched: dict[Hashable, list[int]] = {}
        for event in existing:
            self._unmatched.setdefault(_content(event, lacking), []).append(event.event_id)
        self._numbers: dict[int, int] = {}
        self._seen: dict[Hashable, ReadRow] = {}
        self._planned: dict[int, PlannedRow] = {}
        self._said: dict[Hashable, ReadRow] = {}
        self._new: dict[int, LedgerEvent] = {}

    def judge(self, rows: Sequence[tuple[int, ReadRow]]) -> dict[int, PlannedRow]:
        """Place in the file → what would become of the row.

        Args:
            rows: Place and row, in file order; all can be read and belong to the cell.
        """
        for place, row in rows:
            self._match(place, row)
        self._refuse_conflicts()
        self._check_alone()
        self._check_paths()
        self._refuse_followers()
        for place, event in self._new.items():
            asked = doubts(
                self._systems.get(event.programme),
                event.effective,
                event.target,
                day_in_japan(event.recorded_at),
            )
            said = f"{''.join(asked)}間違いないか確かめてください。" if asked else ""
            self._planned[place] = PlannedRow(
                self._planned[place].row, Outcome.NEW, said, event=event
            )
        return self._planned

    def _match(self, place: int, row: ReadRow) -> None:
        entry = row.entry
        assert entry is not None  # noqa: S101  only rows that can be read come here
        corrects = row.corrects
        if corrects is not None:
            corrects = self._numbers.get(corrects, corrects)
        event = event_of(entry, *self._recorded, corrects=corrects, event_id=PROVISIONAL + place)
        content = _content(event, self._lacking)
        if twin := self._twin(content, row, event):
            self._refuse(place, row, twin)
            return
        same = self._unmatched.get(content, [])
        if same:
            number = row.number if row.number in same else same[0]
            assert number is not None  # noqa: S101  same is not empty
            same.remove(number)
            self._planned[place] = PlannedRow(row, Outcome.UNCHANGED, number=number)
        else:
            number = event.event_id
            self._planned[place] = PlannedRow(row, Outcome.NEW)
            self._new[place] = event
        if row.number is not None:
            self._numbers[row.number] = number
        self._seen.setdefault(content, row)
        if row.number is None and event.corrects is None:
            self._said.setdefault((event.kind, event.effective), row)

    def _twin(self, content: Hashable, row: ReadRow, event: LedgerEvent) -> str:
        """What another row of the file says of the same; rows with a number are records of their own."""
        if row.number is not None and row.number in self._numbers:
            return f"記録番号{row.number}がこのファイルに2回あります。"
        twin = self._seen.get(content)
        if twin is not None and (row.number is None or twin.number is None):
            return f"{twin.line}行目と同じ内容です。どちらかを消してください。"
        other = self._said.get((event.kind, event.effective))
        if other is not None and row.number is None and event.corrects is None:
            return (
                f"{other.line}行目と同じ種類・適用日で、ほかの内容が違います。"
                "1行にまとめるか、正しいほうだけを残してください。"
            )
        return ""

    def _refuse(self, place: int, row: ReadRow, reason: str) -> None:
        self._planned[place] = PlannedRow(row, Outcome.REFUSED, reason)
        self._new.pop(place, None)

    def _refuse_conflicts(self) -> None:
        void = {**corrected(self._existing.values())}
        void |= {e.corrects: e.event_id for e in self._new.values() if e.corrects is not None}
        left = sorted(number for numbers in self._unmatched.values() for number in numbers)
        about: dict[Hashable, int] = {}
        for number in left:
            existing = self._existing[number]
            if number not in void and existing.kind is not EventKind.CORRECTION:
                about.setdefault((existing.kind, existing.effective), number)
        unmatched = {*left}
        for place, event in [*self._new.items()]:
            row = self._planned[place].row
            conflicts = [about[key]] if (key := (event.kind, event.effective)) in about else []
            conflicts += [row.number] if row.number in unmatched and row.number else []
            if not conflicts:
                continue
            conflict = min(conflicts)
            del self._new[place]
            self._planned[place] = PlannedRow(
                row,
                Outcome.CONFLICT,
                _difference(self._existing[conflict], event, self._lacking),
                number=conflict,
            )

    def _check_alone(self) -> None:
        for place, event in [*self._new.items()]:
            try:
                check_entry(event, self._participants, self._systems, self._succession)
                if event.corrects is not None:
                    earlier = [e for p, e in self._new.items() if p < place]
                    check_correction([*self._existing.values(), *earlier], event.corrects)
            except DashboardError as error:
                self._refuse(place, self._planned[place].row, str(error))

    def _refuse_followers(self) -> None:
        """A row that corrects a row of the file stands only while that one does."""
        while True:
            kept = {event.event_id for event in self._new.values()}
            lost = [
                place
                for place, event in self._new.items()
                if event.corrects is not None
                and event.corrects >= PROVISIONAL
                and event.corrects not in kept
            ]
            if not lost:
                return
            for place in lost:
                row = self._planned[place].row
                self._refuse(place, row, "訂正する行が取り込めないため、この行も取り込めません。")

    def _check_paths(self) -> None:
        existing = [*self._existing.values()]
        try:
            self._check_follows(existing, [*self._new.values()])
        except DashboardError as error:
            if len(self._new) <= _TRIED:
                self._find_the_ones_in_the_way(existing)
                return
            for place, row in [(place, self._planned[place].row) for place in self._new]:
                self._planned[place] = PlannedRow(
                    row,
                    Outcome.REFUSED,
                    f"同じ団体と共同調達の行が{_TRIED}を超え、順に確かめられません。{error}",
                )
            self._new = {}

    def _check_follows(self, accepted: Sequence[LedgerEvent], added: Sequence[LedgerEvent]) -> None:
        if not self._former:
            steps([*accepted, *added])
            return
        code = added[0].participant if added else ""
        check_follows(self._succession, {**self._former, code: accepted}, code, added)

    def _find_the_ones_in_the_way(self, accepted: list[LedgerEvent]) -> None:
        """Try rows one by one, corrections first, until none of those left can be added."""
        waiting = sorted(
            self._new.items(),
            key=lambda each: (each[1].corrects is None, each[1].effective.first, each[0]),
        )
        reasons: dict[int, str] = {}
        moved = True
        while waiting and moved:
            moved, left = False, []
            for place, event in waiting:
                try:
                    self._check_follows(accepted, [event])
                except DashboardError as error:
                    reasons[place] = str(error)
                    left.append((place, event))
                else:
                    accepted = [*accepted, event]
                    moved = True
            waiting = left
        for place, _ in waiting:
            self._refuse(place, self._planned[place].row, reasons[place])


def _difference(existing: LedgerEvent, event: LedgerEvent, lacking: frozenset[str]) -> str:
    """Both texts of every field that differs."""
    differing = "、".join(
        f"{words}(台帳「{_shown(before)}」、ファイル「{_shown(after)}」)"
        for name, words in _WORDS
        if name not in lacking
        and (before := getattr(existing, name)) != (after := getattr(event, name))
        and not (isinstance(before, str) and _same_text(before) == _same_text(str(after)))
    )
    return (
        f"記録番号{existing.event_id}と{differing}が違います。台帳が誤りなら台帳を訂正し、"
        "ファイルが誤りならファイルを直してください。"
    )


def _shown(value: object) -> str:
    match value:
        case None | "":
            return "なし"
        case PartialDate():
            return date_text(value)
        case EventKind():
            return value.label
        case int() if value >= PROVISIONAL:
            return "このファイルの行"
    return str(value)


Place = tuple[str, str]
"""Programme and participant."""


def read_file(
    content: bytes, known: Known, progress: Progress | None = None
) -> tuple[tuple[ReadRow, ...], FileTold]:
    """Rows of a file as read, and what is told besides; not inside a transaction.

    Raises:
        InvalidInputError: The file cannot be read at all.
    """
    rows, told = ledger_table(content, progress)
    return tuple(read_rows(rows, Names(known))), told


def cells_of(rows: Iterable[ReadRow], succession: Succession = UNCHANGED) -> set[Place]:
    """The cells a file speaks of, and those of whoever became part of its municipalities."""
    named = {(row.entry.programme, row.entry.participant) for row in rows if row.entry is not None}
    former = {(key, one) for key, code in named for one in succession.former(code)}
    return named | former


def _offered(accepted: PlannedRow) -> PlannedRow:
    """A row whose name nobody has accepted yet, from what would become of it then."""
    if accepted.outcome not in (Outcome.NEW, Outcome.UNCHANGED):
        return accepted
    name = accepted.row.correction
    return PlannedRow(
        accepted.row,
        Outcome.RENAMED,
        f"団体名を{name}と読み替えますか。読み替えを認めるか、ファイルを直してください。",
    )


def _waiting(row: PlannedRow) -> PlannedRow:
    """A row that could be taken beside those whose names nobody has accepted yet."""
    if row.outcome is not Outcome.REFUSED:
        return row
    return replace(row, reason=f"{row.reason}ほかの行の読み替えを認めれば取り込めます。")


def plan(
    rows: Sequence[ReadRow],
    told: FileTold,
    existing: Mapping[Place, Sequence[LedgerEvent]],
    known: Known,
    *,
    last_event: int,
    accept_names: bool,
    recorded_at: datetime,
    recorded_by: str,
    progress: Progress | None = None,
) -> Preview:
    """What importing the rows would change.

    Args:
        rows: As read, in file order.
        existing: All records of every cell the rows speak of, oldest first.
        last_event: Number of the newest record of all.
        accept_names: Whether names that are not quite right may be read as offered.
        progress: Told every thousand rows.
    """
    planned: dict[int, PlannedRow] = {}
    cells: dict[Place, list[tuple[int, ReadRow]]] = {}
    for place, row in enumerate(rows):
        if row.entry is None:
            planned[place] = PlannedRow(row, Outcome.REFUSED, " ".join(row.problems))
        else:
            cells.setdefault((row.entry.programme, row.entry.participant), []).append((place, row))
    lacking = frozenset(name for name, column in _MAY_LACK.items() if column not in told.columns)
    said = 0
    for cell, its_rows in cells.items():

        def judged(
            chosen: Sequence[tuple[int, ReadRow]], cell: Place = cell
        ) -> dict[int, PlannedRow]:
            match = CellMatch(
                existing.get(cell, ()),
                known.participants,
                known.systems,
                recorded_at,
                recorded_by,
                lacking,
                known.succession,
                {
                    code: existing[cell[0], code]
                    for code in known.succession.former(cell[1])
                    if (cell[0], code) in existing
                },
            )
            return match.judge(chosen)

        found = judged(its_rows)
        sure = [each for each in its_rows if accept_names or not each[1].correction]
        if len(sure) < len(its_rows):
            offered = {place: _offered(found[place]) for place, row in its_rows if row.correction}
            alone = {
                place: _waiting(row) if found[place].outcome is Outcome.NEW else row
                for place, row in judged(sure).items()
            }
            found = {**alone, **offered}
        planned.update(found)
        if progress is not None and len(planned) - said >= 1000:
            said = len(planned)
            progress(said, len(rows))
    return Preview(tuple(planned[place] for place in range(len(rows))), told, last_event)
