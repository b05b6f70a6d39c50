"""Declare that the ledger names every participant of a system, and take it back (台帳の網羅)."""

from __future__ import annotations

from datetime import datetime

from core.procurement.coverage import (
    BASIS_OF,
    CoverageEntry,
    CoverageEvent,
    CoverageKind,
    admitted_coverage,
)
from core.procurement.headline import headline
from core.reference.pack import Reference
from core.store.coverage import add_coverage, coverage_events
from core.store.ledger_index import ledger_index
from core.store.work import Work, command, refuse_stale
from core.values.errors import InvalidInputError


@command("ledger:declare_coverage", "台帳の網羅の宣言", permission="ledger:record")
def declare_coverage(
    work: Work,
    *,
    entry: CoverageEntry,
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Say that from a day on the ledger names every participant; the number of the record.

    Args:
        entry: ``note`` says why the ledger's count and the latest 公表値 differ, where they do.
        seen_event: Number of the last word on the two that the screen showed; 0 for none.

    Raises:
        InvalidInputError: Something is wrong with a field.
        ConflictError: Something was said meanwhile, or this is said already.
    """
    return _say(work, reference, entry, CoverageKind.DECLARED, seen_event)


@command("ledger:withdraw_coverage", "台帳の網羅の宣言の取下げ", permission="ledger:record")
def withdraw_coverage(
    work: Work,
    *,
    entry: CoverageEntry,
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Take that back from a day on, whatever was declared later; the number of the record.

    Args:
        entry: ``source`` says why it does not hold.
        seen_event: Number of the last word on the two that the screen showed.

    Raises:
        InvalidInputError: Something is wrong with a field.
        ConflictError: Something was said meanwhile, or nothing is declared from that day on.
    """
    return _say(work, reference, entry, CoverageKind.WITHDRAWN, seen_event)


def _say(
    work: Work, reference: Reference, entry: CoverageEntry, kind: CoverageKind, seen_event: int
) -> int:
    existing = coverage_events(work.session)
    own = [e for e in existing if (e.programme, e.edition) == (entry.programme, entry.edition)]
    if own:
        did = f"「{own[-1].kind.label}」({own[-1].effective.isoformat()}から)と記録して"
        refuse_stale(own[-1], own[-1].event_id, seen_event, "この共同調達の網羅", did)
    event = entry.event(kind, work.now, work.by)
    checked = admitted_coverage(existing, event, reference.procurements.systems, work.today)
    if kind is CoverageKind.DECLARED:
        _refuse_unexplained(work, reference, checked)
    added = add_coverage(work.session, checked)
    work.audit(
        added.programme, event=added.event_id, edition=added.edition, effective=added.effective
    )
    return added.event_id


def _refuse_unexplained(work: Work, reference: Reference, event: CoverageEvent) -> None:
    """A count beside a 公表値 that says otherwise is the number only with a reason beside it."""
    found = headline(
        event.programme,
        BASIS_OF[event.edition],
        event.effective,
        index=ledger_index(work.session, reference.succession),
        totals=reference.totals_of(event.programme),
        free_edition=reference.procurements.programme(event.programme).free_edition,
    )
    if found.unnamed and not event.note:
        raise InvalidInputError(
            {
                "note": f"{event.effective.isoformat()}時点の台帳は{found.named}団体、"
                f"最も新しい公表値は{(found.named or 0) + found.unnamed}団体です。"
                "違う理由を備考に入力してください。"
            }
        )
