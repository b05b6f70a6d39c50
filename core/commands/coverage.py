"""Declare that the ledger names every participant of a system, and take it back (台帳の網羅)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.procurement.coverage import (
    BASIS_OF,
    CoverageEntry,
    CoverageEvent,
    CoverageKind,
    admitted_coverage,
)
from core.procurement.headline import headline
from core.reference.catalogue import shipped
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.coverage import add_coverage, coverage_events
from core.store.engine import writing
from core.store.ledger_index import ledger_index
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN, japan_day


@requires("ledger:record")
def declare_coverage(
    engine: Engine,
    principal: Principal,
    *,
    entry: CoverageEntry,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> int:
    """Say that from a day on the ledger names every participant of a system and edition.

    Args:
        entry: ``note`` says why the ledger's count and the latest 公表値 differ, where they do.
        seen_event: Number of the last word on the two that the screen showed; 0 for none.
        request_id: The same id again changes nothing.

    Returns:
        Number of the record.

    Raises:
        InvalidInputError: Something is wrong with a field.
        ConflictError: Something was said meanwhile, or this is said already.
    """
    event = entry.event(CoverageKind.DECLARED, now, principal.username)
    return _say(engine, principal, event, seen_event, request_id, "ledger:declare_coverage")


@requires("ledger:record")
def withdraw_coverage(
    engine: Engine,
    principal: Principal,
    *,
    entry: CoverageEntry,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> int:
    """Take that back from a day on, whatever was declared of later days.

    Args:
        entry: ``source`` says why it does not hold.
        seen_event: Number of the last word on the two that the screen showed.
        request_id: The same id again changes nothing.

    Returns:
        Number of the record.

    Raises:
        InvalidInputError: Something is wrong with a field.
        ConflictError: Something was said meanwhile, or nothing is declared from that day on.
    """
    event = entry.event(CoverageKind.WITHDRAWN, now, principal.username)
    return _say(engine, principal, event, seen_event, request_id, "ledger:withdraw_coverage")


def _say(
    engine: Engine,
    principal: Principal,
    event: CoverageEvent,
    seen_event: int,
    request_id: str,
    action: str,
) -> int:
    systems, now = shipped().procurements.systems, event.recorded_at
    with writing(engine) as session:
        earlier = earlier_result(session, principal, request_id, action=action)
        if earlier is not None:
            return int(earlier)
        existing = coverage_events(session)
        _refuse_stale(existing, event, seen_event)
        checked = admitted_coverage(existing, event, systems, now.astimezone(JAPAN).date())
        if event.kind is CoverageKind.DECLARED:
            _refuse_unexplained(session, checked)
        added = add_coverage(session, checked)
        detail = {"event": added.event_id, "edition": added.edition, "effective": added.effective}
        remember_result(session, principal, now, action, request_id, str(added.event_id))
        record_audit(session, principal, now, action, added.programme, detail)
        return added.event_id


def _refuse_stale(
    existing: tuple[CoverageEvent, ...], event: CoverageEvent, seen_event: int
) -> None:
    own = [e for e in existing if (e.programme, e.edition) == (event.programme, event.edition)]
    if not own or own[-1].event_id == seen_event:
        return
    last = own[-1]
    raise ConflictError(
        f"{japan_day(last.recorded_at)}に{last.recorded_by}が「{last.kind.label}」"
        f"({last.effective.isoformat()}から)を記録しています。画面を更新して確認してください。"
    )


def _refuse_unexplained(session: Session, event: CoverageEvent) -> None:
    """A count beside a 公表値 that says otherwise is the number only with a reason beside it."""
    reference = shipped()
    found = headline(
        event.programme,
        BASIS_OF[event.edition],
        event.effective,
        index=ledger_index(session, reference.municipalities),
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
