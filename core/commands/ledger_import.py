"""Import a file into the ledger (参加台帳の取り込み): all of it in one transaction, or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.imports.ledger.plan import Outcome, PlannedRow, Preview, cells_of, plan, read_file
from core.procurement.event import PROVISIONAL, LedgerEvent
from core.reference.catalogue import shipped
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.engine import writing
from core.store.ledger import add_events, events_of_cells, last_event_id
from core.values.errors import ConflictError, InvalidInputError

_NAMED = 20
"""Rows in the way that a refusal names."""


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        new: Rows recorded.
        unchanged: Rows that were recorded already.
    """

    new: int
    unchanged: int


@requires("ledger:record")
def import_ledger(
    engine: Engine,
    principal: Principal,
    *,
    name: str,
    content: bytes,
    accept_names: bool,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> Imported:
    """Record every new row of a file, or none.

    Args:
        name: Of the file, for the audit trail.
        content: The file, .xlsx or CSV.
        accept_names: Whether names that are not quite right may be read as offered.
        seen_event: ``last_event`` of the preview that was agreed to.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: Field ``file``: it cannot be read, or rows conflict or are refused; the
            message names their lines.
        ConflictError: Something was recorded since the preview.
    """
    reference = shipped()
    systems = reference.procurements.systems
    rows, ignored = read_file(content, reference.participants, systems)
    with writing(engine) as session:
        earlier = earlier_result(session, principal, request_id, action="ledger:import")
        if earlier is not None:
            return Imported(**json.loads(earlier))
        last = last_event_id(session)
        if last != seen_event:
            raise ConflictError(
                f"確認の後に台帳へ記録が追加されました(最新の記録番号{last})。"
                "もう一度ファイルを選んで確認してください。"
            )
        preview = plan(
            rows,
            ignored,
            events_of_cells(session, cells_of(rows)),
            last_event=last,
            participants=reference.participants,
            systems=systems,
            accept_names=accept_names,
            recorded_at=now,
            recorded_by=principal.username,
        )
        _refuse_rows(preview.in_the_way)
        result = Imported(len(preview.new), len(preview.of(Outcome.UNCHANGED)))
        _record(session, principal, name, content, preview, result, request_id, now)
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


def _record(
    session: Session,
    principal: Principal,
    name: str,
    content: bytes,
    preview: Preview,
    result: Imported,
    request_id: str,
    now: datetime,
) -> None:
    if result.new:
        _insert(session, [row.event for row in preview.new if row.event is not None])
    remember_result(
        session, principal, now, "ledger:import", request_id, json.dumps(asdict(result))
    )
    if result.new:
        detail = asdict(result) | {"sha256": hashlib.sha256(content).hexdigest()}
        record_audit(session, principal, now, "ledger:import", name, detail)


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
