"""Record in the ledger of joint procurements and correct it (参加台帳の記録・訂正)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.recording import MAX_SOURCE, Entry, admitted, event_of, voiding
from core.reference.catalogue import shipped
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.engine import writing
from core.store.ledger import add_event, event_numbered, events_of
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import japan_day


@requires("ledger:record")
def record_participation(
    engine: Engine,
    principal: Principal,
    *,
    entry: Entry,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> int:
    """Record what is said of one participant and one programme.

    Args:
        seen_event: Number of the last event of the two that the screen showed; 0 for none.
        request_id: The same id again changes nothing.

    Returns:
        記録番号.

    Raises:
        InvalidInputError: Something is wrong with the entry by itself.
        ConflictError: Something was recorded meanwhile, or it cannot follow what is recorded.
    """
    _refuse_bare_correction(entry)
    with writing(engine) as session:
        earlier = earlier_result(session, principal, request_id, action="ledger:record")
        if earlier is not None:
            return int(earlier)
        existing = events_of(session, entry.participant, entry.programme)
        _refuse_stale(existing, seen_event)
        event = event_of(entry, now, principal.username)
        return _add(session, principal, existing, event, "ledger:record", request_id, now)


@requires("ledger:record")
def correct_participation(
    engine: Engine,
    principal: Principal,
    *,
    event_id: int,
    replacement: Entry | None,
    why: str,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> int:
    """Take an event out of the ledger, with or without another in its place; both stay readable.

    Args:
        event_id: 記録番号 of the event that no longer counts.
        replacement: What takes its place, of the same participant and programme; None for nothing.
        why: Grounds of the correction, where nothing takes its place; else the replacement's
            source says it.
        seen_event: Number of the last event of participant and programme that the screen showed.
        request_id: The same id again changes nothing.

    Returns:
        記録番号 of the correction.

    Raises:
        InvalidInputError: Field ``why``, or what is wrong with the replacement by itself.
        ConflictError: No such event, corrected already, something was recorded meanwhile, or a
            later event could not stand; the message names it.
    """
    if replacement is None and not 0 < len(why.strip()) <= MAX_SOURCE:
        raise InvalidInputError({"why": f"訂正の理由を{MAX_SOURCE}文字以内で入力してください。"})
    if replacement is not None:
        _refuse_bare_correction(replacement)
    with writing(engine) as session:
        earlier = earlier_result(session, principal, request_id, action="ledger:correct")
        if earlier is not None:
            return int(earlier)
        corrected = event_numbered(session, event_id)
        if corrected is None:
            raise ConflictError(
                f"記録番号{event_id}の記録はありません。画面を更新して選び直してください。"
            )
        existing = events_of(session, corrected.participant, corrected.programme)
        _refuse_stale(existing, seen_event)
        if replacement is None:
            event = voiding(corrected, why, now, principal.username)
        else:
            _refuse_elsewhere(corrected, replacement)
            event = event_of(replacement, now, principal.username, corrects=event_id)
        return _add(session, principal, existing, event, "ledger:correct", request_id, now)


def _add(
    session: Session,
    principal: Principal,
    existing: Sequence[LedgerEvent],
    event: LedgerEvent,
    action: str,
    request_id: str,
    now: datetime,
) -> int:
    reference = shipped()
    checked = admitted(existing, event, reference.participants, reference.procurements.systems)
    added = add_event(session, checked)
    detail = {
        "event": added.event_id,
        "programme": added.programme,
        "kind": added.kind,
        "effective": added.effective.label,
        "lot": added.lot,
        "corrects": added.corrects,
    }
    remember_result(session, principal, now, action, request_id, str(added.event_id))
    record_audit(session, principal, now, action, added.participant, detail)
    return added.event_id


def _refuse_bare_correction(entry: Entry) -> None:
    if entry.kind is EventKind.CORRECTION:
        raise InvalidInputError(
            {"kind": "「訂正」は種類として選べません。訂正する記録を選んで訂正してください。"}
        )


def _refuse_elsewhere(corrected: LedgerEvent, replacement: Entry) -> None:
    before = (corrected.participant, corrected.programme)
    if (replacement.participant, replacement.programme) != before:
        raise InvalidInputError(
            {
                "participant": "訂正後の記録は同じ団体・同じ共同調達に限ります。"
                "団体や共同調達を間違えたときは、この記録を取り消してから正しいほうに記録してください。"
            }
        )


def _refuse_stale(existing: Sequence[LedgerEvent], seen_event: int) -> None:
    if not existing or existing[-1].event_id == seen_event:
        return
    last = existing[-1]
    raise ConflictError(
        f"この団体のこの共同調達には{japan_day(last.recorded_at)}に{last.recorded_by}が"
        f"「{last.kind.label}」({last.effective.label}、記録番号{last.event_id})を記録しています。"
        "画面を更新して確認してください。"
    )
