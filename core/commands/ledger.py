"""Record in the ledger of joint procurements and correct it (参加台帳の記録・訂正)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from core.procurement.event import EventKind, LedgerEvent
from core.procurement.recording import WHY, Entry, admitted, event_of, voiding
from core.reference.pack import Reference
from core.store.ledger import add_event, event_numbered, events_of
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError, InvalidInputError

_NO_WHY = replace(WHY, optional=True)  # a replacement's source says it


@command("ledger:record", "参加台帳の記録")
def record_participation(
    work: Work,
    *,
    entry: Entry,
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Record what is said of one participant and one programme; its 記録番号.

    Raises:
        InvalidInputError: Something is wrong with the entry by itself.
        ConflictError: Something was recorded meanwhile, or it cannot follow what is recorded.
    """
    _refuse_bare_correction(entry)
    existing = events_of(work.session, entry.participant, entry.programme)
    _refuse_stale(existing, seen_event)
    return _add(work, reference, existing, event_of(entry, work.now, work.by))


@command("ledger:correct", "参加台帳の訂正", "ledger:record")
def correct_participation(
    work: Work,
    *,
    event_id: int,
    replacement: Entry | None,
    why: Annotated[str, _NO_WHY],
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Take an event out of the ledger, with or without another in its place; both stay readable.

    The answer is the 記録番号 of the correction.

    Args:
        event_id: 記録番号 of the event that no longer counts.
        replacement: What takes its place, of the same participant and programme; None for nothing.
        why: Grounds of the correction, where nothing takes its place; else the replacement's
            source says it.

    Raises:
        InvalidInputError: Field ``why``, or what is wrong with the replacement by itself.
        ConflictError: No such event, corrected already, something was recorded meanwhile, or a
            later event could not stand; the message names it.
    """
    if replacement is not None:
        _refuse_bare_correction(replacement)
    elif not why:
        raise InvalidInputError({"why": "訂正の理由を入力してください。"})
    corrected = event_numbered(work.session, event_id)
    if corrected is None:
        raise ConflictError(
            f"記録番号{event_id}の記録はありません。画面を更新して選び直してください。"
        )
    existing = events_of(work.session, corrected.participant, corrected.programme)
    _refuse_stale(existing, seen_event)
    if replacement is None:
        return _add(work, reference, existing, voiding(corrected, why, work.now, work.by))
    before = (corrected.participant, corrected.programme)
    if (replacement.participant, replacement.programme) != before:
        raise InvalidInputError(
            {
                "participant": "訂正後の記録は同じ団体・同じ共同調達に限ります。"
                "団体や共同調達を間違えたときは、この記録を取り消してから正しいほうに記録してください。"
            }
        )
    return _add(
        work, reference, existing, event_of(replacement, work.now, work.by, corrects=event_id)
    )


def _add(
    work: Work, reference: Reference, existing: Sequence[LedgerEvent], event: LedgerEvent
) -> int:
    checked = admitted(existing, event, reference.participants, reference.procurements.systems)
    added = add_event(work.session, checked)
    work.audit(
        added.participant,
        event=added.event_id,
        programme=added.programme,
        kind=added.kind,
        effective=added.effective.label,
        lot=added.lot,
        corrects=added.corrects,
    )
    return added.event_id


def _refuse_bare_correction(entry: Entry) -> None:
    if entry.kind is EventKind.CORRECTION:
        raise InvalidInputError(
            {"kind": "「訂正」は種類として選べません。訂正する記録を選んで訂正してください。"}
        )


def _refuse_stale(existing: Sequence[LedgerEvent], seen_event: int) -> None:
    if existing:
        last = existing[-1]
        did = f"「{last.kind.label}」({last.effective.label}、記録番号{last.event_id})を記録して"
        refuse_stale(last, last.event_id, seen_event, "この団体のこの共同調達", did)
