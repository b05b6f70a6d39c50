"""後乗り: windows by the secretariat; statements and steps by the municipality."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from core.boarding.statement import check_statement, open_window, target_in
from core.boarding.steps import BoardingStep, StepRecord, check_own_step, own_records
from core.boarding.window import (
    NOTE,
    SOURCE,
    WindowChange,
    WindowEvent,
    check_closing,
    check_opening,
    windows,
)
from core.procurement.carried import carried_on
from core.procurement.event import EventKind
from core.procurement.recording import NOTE as LEDGER_NOTE
from core.procurement.recording import Entry, admitted, event_of
from core.procurement.standing import NO_RECORD, steps
from core.reference.pack import Reference
from core.store.boarding import STEPS, WINDOWS
from core.store.ledger import add_event, events_of, former_events
from core.store.work import Work, command, refuse_stale
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear, PartialDate, Precision


@command("boarding:open", "後乗り募集の開始", "boarding:manage")
def open_boarding_window(
    work: Work,
    *,
    programme: str,
    fiscal_year: int,
    first_day: date,
    last_day: date,
    source: Annotated[str, SOURCE],
    note: Annotated[str, NOTE],
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Open a window (後乗り募集): officers may state their intention on its days.

    Raises:
        InvalidInputError: All problems of the form at once.
        ConflictError: Another window of the programme and fiscal year shares a day.
    """
    reference.procurements.programme(programme)
    event = WindowEvent(
        event_id=0,
        programme=programme,
        fiscal_year=_year(fiscal_year),
        change=WindowChange.OPENED,
        opening=None,
        first_day=first_day,
        last_day=last_day,
        source=source,
        note=note,
        recorded_at=work.now,
        recorded_by=work.by,
    )
    check_opening(event, windows(WINDOWS.all(work.session)))
    _add(work, event)


@command("boarding:close", "後乗り募集の終了", "boarding:manage")
def close_boarding_window(
    work: Work,
    *,
    window_id: int,
    last_day: date,
    note: Annotated[str, NOTE],
    request_id: str,
    now: datetime,
) -> None:
    """Close a window before its time; the day before its first day calls it off.

    Args:
        last_day: Last day on which statements are still taken.

    Raises:
        InvalidInputError: No such window, or field ``last_day``.
        ConflictError: Closed already.
    """
    known = windows(WINDOWS.all(work.session))
    window = next((each for each in known if each.opened.event_id == window_id), None)
    if window is None:
        raise InvalidInputError(
            {"window_id": "この募集は見つかりません。画面を更新して選び直してください。"}
        )
    check_closing(window, last_day)
    event = replace(
        window.opened,
        event_id=0,
        change=WindowChange.CLOSED,
        opening=window_id,
        last_day=last_day,
        note=note,
        recorded_at=work.now,
        recorded_by=work.by,
    )
    _add(work, event)


@command("boarding:state", "後乗りの意向の記録")
def state_boarding(
    work: Work,
    *,
    lg_code: str,
    programme: str,
    window_id: int,
    kind: EventKind,
    lot: str | None,
    start_month: int | None,
    note: Annotated[str, LEDGER_NOTE],
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """State 関心 or 予定, or withdraw, inside an open window; becomes an event of the ledger.

    Args:
        window_id: Number of the event that opened the window; open on the day of ``now`` in Japan.
        kind: 関心, 予定 or 取下げ.
        lot: 区分; None where the programme has none or it is not decided.
        start_month: For 予定: calendar month use is meant to begin in; None when not decided.

    Raises:
        InvalidInputError: Not for the officer to state, no such lot, a note too long.
        ConflictError: No window is open, it cannot follow, or something changed meanwhile.
    """
    window = open_window(window_id, programme, windows(WINDOWS.all(work.session)), work.today)
    existing = events_of(work.session, lg_code, programme)
    if existing:
        last = existing[-1]
        did = f"「{last.kind.label}」({last.effective.label})と記録して"
        refuse_stale(last, last.event_id, seen_event, "この共同調達", did)
    former = former_events(work.session, reference.succession, lg_code, programme)
    cell = {**former, lg_code: existing}
    path = steps(carried_on(reference.succession, cell, lg_code, work.today))
    check_statement(kind, path[-1].state if path else NO_RECORD, window)
    entry = Entry(
        participant=lg_code,
        programme=programme,
        kind=kind,
        effective=PartialDate(work.today, Precision.DAY),
        source=f"{window.opened.fiscal_year.label}の後乗り募集への団体の回答",
        lot=lot,
        target=target_in(window, start_month) if kind is EventKind.PLANNED else None,
        note=note,
    )
    stated = event_of(entry, work.now, work.by)
    event = admitted(
        existing, stated, reference.by_code, reference.procurements.systems, reference.succession,
        former,
    )  # fmt: skip
    work.audit(
        lg_code,
        programme=programme,
        kind=kind,
        lot=lot,
        target=event.target and event.target.label,
        window=window_id,
        event=add_event(work.session, event).event_id,
    )


@command("boarding:step", "後乗りの手順の記録", "boarding:state")
def record_boarding_step(
    work: Work,
    *,
    lg_code: str,
    programme: str,
    step: BoardingStep,
    done_on: date,
    taken_back: bool,
    note: Annotated[str, NOTE],
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Record 予算要求 or 議決 with its day, or take such a record back.

    Args:
        step: 予算要求 or 議決; the others are confirmed by the secretariat in the ledger.
        done_on: The day it was done, not in the future; for taking back the day recorded.
        taken_back: The record no longer counts.

    Raises:
        InvalidInputError: All problems of the form at once.
        ConflictError: Nothing is planned, out of order, recorded already, nothing to take back.
    """
    reference.procurements.programme(programme)
    events = events_of(work.session, lg_code, programme)
    record = StepRecord(
        record_id=0,
        lg_code=lg_code,
        programme=programme,
        step=step,
        done_on=done_on,
        taken_back=taken_back,
        note=note,
        after_event=max((each.event_id for each in events), default=0),
        recorded_at=work.now,
        recorded_by=work.by,
    )
    former = former_events(work.session, reference.succession, lg_code, programme)
    cell = {**former, lg_code: events}
    path = steps(carried_on(reference.succession, cell, lg_code, work.today))
    known = own_records(STEPS.all(work.session, lg_code=lg_code, programme=programme), path)
    check_own_step(record, path, known, work.now)
    STEPS.add(work.session, record)
    work.audit(
        lg_code, programme=programme, step=step, done_on=done_on, taken_back=taken_back, note=note
    )


def _year(number: int) -> FiscalYear:
    try:
        return FiscalYear(number)
    except ValueError as error:
        raise InvalidInputError({"fiscal_year": f"{error}。一覧から選び直してください。"}) from None


def _add(work: Work, event: WindowEvent) -> None:
    WINDOWS.add(work.session, event)
    work.audit(
        event.programme,
        fiscal_year=int(event.fiscal_year),
        first_day=event.first_day,
        last_day=event.last_day,
        source=event.source,
        note=event.note,
    )
