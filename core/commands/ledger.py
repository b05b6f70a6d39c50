"""Record in the ledger of joint procurements and correct it (参加台帳の記録・訂正)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from core.procurement.event import EventKind, LedgerEvent
from core.procurement.recording import SOURCE, WHY, Entry, admitted, event_of, voiding
from core.reference.pack import Reference
from core.store.ledger import (
    add_event,
    add_events,
    event_numbered,
    events_of,
    events_of_cells,
    former_events,
)
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import PartialDate

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


@dataclass(frozen=True)
class PlanConfirmed:
    """A plan (予定, 委任状) that became participation."""

    participant: str
    programme: str
    effective: PartialDate  # from when
    lot: str | None
    seen_event: int  # number of the last record the screen showed


@command("ledger:confirm", "参加予定の確認", "ledger:record")
def confirm_plans(
    work: Work,
    *,
    plans: Sequence[PlanConfirmed],
    kind: EventKind,
    source: Annotated[str, SOURCE],
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Record of several plans at once that participation began; how many. All of them, or none.

    Args:
        kind: 当初参加 or 後乗り.

    Raises:
        InvalidInputError: Fields ``kind``, ``source``, ``plans``.
        ConflictError: Something was recorded meanwhile, or participation cannot follow; names every
            plan of which that is so.
    """
    if kind not in (EventKind.JOINED, EventKind.JOINED_LATE):
        raise InvalidInputError({"kind": "「当初参加」か「後乗り」を選んでください。"})
    if not plans:
        raise InvalidInputError({"plans": "確認する予定を選んでください。"})
    found = events_of_cells(work.session, {(each.programme, each.participant) for each in plans})
    problems: list[str] = []
    events: list[LedgerEvent] = []
    for each in plans:
        entry = Entry(each.participant, each.programme, kind, each.effective, source, each.lot)
        existing = found.get((each.programme, each.participant), [])
        try:
            _refuse_stale(existing, each.seen_event)
            events.append(
                admitted(
                    existing,
                    event_of(entry, work.now, work.by),
                    reference.named,
                    reference.procurements.systems,
                    reference.succession,
                    former_events(
                        work.session, reference.succession, each.participant, each.programme
                    ),
                )
            )
        except ConflictError as error:
            name = reference.named.get(each.participant, each.participant)
            problems.append(f"{name}: {error}")
    if problems:
        raise ConflictError("何も記録していません。\n\n" + "\n\n".join(problems))
    numbers = add_events(work.session, events)
    work.audit(
        f"{len(numbers)}件",
        kind=kind,
        first_event=numbers[0],
        last_event=numbers[-1],
        participants="、".join(sorted({event.participant for event in events})),
    )
    return len(numbers)


def _add(
    work: Work, reference: Reference, existing: Sequence[LedgerEvent], event: LedgerEvent
) -> int:
    former = former_events(work.session, reference.succession, event.participant, event.programme)
    checked = admitted(
        existing, event, reference.named, reference.procurements.systems, reference.succession,
        former,
    )  # fmt: skip
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
