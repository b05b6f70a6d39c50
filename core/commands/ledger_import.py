"""Import a file into the ledger (参加台帳の取り込み): all of it in one transaction, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Annotated

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.imports.ledger.names import Known
from core.imports.ledger.plan import Outcome, PlannedRow, cells_of, plan, read_file
from core.imports.ledger.rows import ReadRow
from core.imports.ledger.table import FileTold
from core.procurement.event import PROVISIONAL, LedgerEvent
from core.reference.pack import Reference
from core.store.ledger import add_events, events_of_cells, last_event_id
from core.store.work import Work, command
from core.values.errors import ConflictError, InvalidInputError
from core.values.free_text import Text

FILE_NAME = Text("ファイルの名前", 255)

_NAMED = 20
"""Rows in the way that a refusal names."""


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    new: int  # rows recorded
    unchanged: int  # rows that were recorded already
    left_out: int = 0  # rows in the way, left out by somebody's word


@requires("ledger:record")
def import_ledger(
    engine: Engine,
    principal: Principal,
    *,
    name: Annotated[str, FILE_NAME],
    content: bytes,
    accept_names: bool,
    leave_out: bool = False,
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> Imported:
    """Record every new row of a file, or none; rows in the way are left out where that is said.

    Args:
        name: Of the file, for the audit trail.
        content: The file, .xlsx or CSV; read before the transaction begins, since writers queue.
        accept_names: Whether names that are not quite right may be read as offered.
        leave_out: Whether the rows that can be taken are taken without those that cannot.
        seen_event: ``last_event`` of the preview that was agreed to.

    Raises:
        InvalidInputError: Field ``file``: it cannot be read, or rows conflict or are refused; the
            message names their lines.
        ConflictError: Something was recorded since the preview.
    """
    rows, told = read_file(content, Known.of(reference))
    return _import(
        engine,
        principal,
        name=name,
        digest=hashlib.sha256(content).hexdigest(),
        rows=rows,
        told=told,
        accept_names=accept_names,
        leave_out=leave_out,
        seen_event=seen_event,
        reference=reference,
        request_id=request_id,
        now=now,
    )


@command("ledger:import", "参加台帳の取り込み", "ledger:record")
def _import(
    work: Work,
    *,
    name: Annotated[str, FILE_NAME],
    digest: str,
    rows: Sequence[ReadRow],
    told: FileTold,
    accept_names: bool,
    leave_out: bool = False,
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> Imported:
    last = last_event_id(work.session)
    if last != seen_event:
        raise ConflictError(
            f"確認の後に台帳へ記録が追加されました(最新の記録番号{last})。"
            "もう一度ファイルを選んで確認してください。"
        )
    preview = plan(
        rows,
        told,
        events_of_cells(work.session, cells_of(rows, reference.succession)),
        Known.of(reference),
        last_event=last,
        accept_names=accept_names,
        recorded_at=work.now,
        recorded_by=work.by,
    )
    left_out = len(preview.in_the_way)
    if not leave_out or not preview.new:
        _refuse_rows(preview.in_the_way)
    result = Imported(len(preview.new), len(preview.of(Outcome.UNCHANGED)), left_out)
    if result.new:
        _insert(work.session, [row.event for row in preview.new if row.event is not None])
        work.audit(name, **asdict(result), sha256=digest)
    return result


def _refuse_rows(in_the_way: Sequence[PlannedRow]) -> None:
    if not in_the_way:
        return
    named = [f"{each.row.line}行目: {each.reason}" for each in in_the_way[:_NAMED]]
    more = f"\nほか{len(in_the_way) - _NAMED}行" if len(in_the_way) > _NAMED else ""
    raise InvalidInputError(
        {
            "file": f"{len(in_the_way)}行を取り込めないため、何も取り込みませんでした。\n"
            + "\n".join(named)
            + more
        }
    )


def _insert(session: Session, events: Sequence[LedgerEvent]) -> None:
    """Insert in file order; a row that corrects another of the file waits for its number."""
    numbers: dict[int, int] = {}
    waiting: list[LedgerEvent] = []

    def flush() -> None:
        given = add_events(session, [replace(event, event_id=0) for event in waiting])
        numbers.update(zip((event.event_id for event in waiting), given, strict=True))
        waiting.clear()

    for event in events:
        corrects = event.corrects
        if corrects is not None and corrects >= PROVISIONAL:
            if corrects not in numbers:
                flush()
            event = replace(event, corrects=numbers[corrects])
        waiting.append(event)
    flush()
