"""What importing a file into the ledger would change (取り込みの確認)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.imports.ledger.outcome import Preview
from core.imports.ledger.plan import cells_of, plan, read_file
from core.imports.ledger.table import Progress
from core.reference.catalogue import shipped
from core.store.engine import reading
from core.store.ledger import events_of_cells, last_event_id


@requires("ledger:record")
def ledger_import_view(
    engine: Engine,
    principal: Principal,
    *,
    content: bytes,
    accept_names: bool,
    now: datetime,
    progress: Progress | None = None,
) -> Preview:
    """Every row of a file with what would become of it; nothing is written.

    Args:
        content: The file, .xlsx or CSV.
        accept_names: Whether names that are not quite right may be read as offered.
        progress: Told how many rows are done, and of how many once that is known: first while
            reading, then while comparing.

    Raises:
        InvalidInputError: Field ``file``: it cannot be read at all.
    """
    reference = shipped()
    systems = reference.procurements.systems
    rows, ignored = read_file(content, reference.participants, systems, progress)
    with reading(engine) as session:
        existing = events_of_cells(session, cells_of(rows))
        last = last_event_id(session)
    return plan(
        rows,
        ignored,
        existing,
        last_event=last,
        participants=reference.participants,
        systems=systems,
        accept_names=accept_names,
        recorded_at=now,
        recorded_by=principal.username,
        progress=progress,
    )
