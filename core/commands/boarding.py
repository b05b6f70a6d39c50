"""後乗り: windows by the secretariat; statements and steps by the municipality."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.boarding.statement import check_statement, open_window, target_in
from core.boarding.steps import BoardingStep, StepRecord, check_own_step, own_records
from core.boarding.window import (
    Window,
    WindowChange,
    WindowEvent,
    check_closing,
    check_opening,
    windows,
)
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.recording import Entry, admitted, event_of
from core.procurement.standing import NO_RECORD, steps
from core.reference.catalogue import shipped
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.boarding import add_step_record, add_window_event, step_records, window_events
from core.store.engine import writing
from core.store.ledger import add_event, events_of
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN, FiscalYear, PartialDate, Precision, japan_day


@requires("boarding:manage")
def open_boarding_window(
    engine: Engine,
    principal: Principal,
    *,
    programme: str,
    fiscal_year: int,
    first_day: date,
    last_day: date,
    source: str,
    note: str,
    request_id: str,
    now: datetime,
) -> None:
    """Open a window (後乗り募集): officers may state their intention on its days.

    Args:
        programme: Key of the joint procurement.
        fiscal_year: 年度 that use begins in.
        first_day: First day, inclusive.
        last_day: Last day, inclusive.
        source: Where the dates were announced.
        note: What must be known beside it.
        request_id: The same id again changes nothing.
        now: The moment of recording.

    Raises:
        InvalidInputError: All problems of the form at once.
        ConflictError: Another window of the programme and fiscal year shares a day.
    """
    shipped().procurements.programme(programme)
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="boarding:open") is not None:
            return
        event = WindowEvent(
            event_id=0,
            programme=programme,
            fiscal_year=_year(fiscal_year),
            change=WindowChange.OPENED,
            opening=None,
            first_day=first_day,
            last_day=last_day,
            source=source.strip(),
            note=note.strip(),
            recorded_at=now,
            recorded_by=principal.username,
        )
        check_opening(event, windows(window_events(session)))
        add_window_event(session, event)
        _remember(session, principal, now, "boarding:open", request_id, programme, event)


@requires("boarding:manage")
def close_boarding_window(
    engine: Engine,
    principal: Principal,
    *,
    window_id: int,
    last_day: date,
    note: str,
    request_id: str,
    now: datetime,
) -> None:
    """Close a window before its time; the day before its first day calls it off.

    Args:
        window_id: Number of the event that opened it.
        last_day: Last day on which statements are still taken.
        note: Why.
        request_id: The same id again changes nothing.
        now: The moment of recording.

    Raises:
        InvalidInputError: No such window, or field ``last_day``.
        ConflictError: Closed already.
    """
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="boarding:close") is not None:
            return
        window = _window(windows(window_events(session)), window_id)
        check_closing(window, last_day)
        event = replace(
            window.opened,
            event_id=0,
            change=WindowChange.CLOSED,
            opening=window_id,
            last_day=last_day,
            note=note.strip(),
            recorded_at=now,
            recorded_by=principal.username,
        )
        add_window_event(session, event)
        subject = event.programme
        _remember(session, principal, now, "boarding:close", request_id, subject, event)


@requires("boarding:state", municipality="lg_code")
def state_boarding(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    programme: str,
    window_id: int,
    kind: EventKind,
    lot: str | None,
    start_month: int | None,
    note: str,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """State 関心 or 予定, or withdraw, inside an open window; becomes an event of the ledger.

    Args:
        lg_code: The municipality.
        programme: Key of the joint procurement.
        window_id: Number of the event that opened the window.
        kind: 関心, 予定 or 取下げ.
        lot: 区分; None where the programme has none or it is not decided.
        start_month: For 予定: calendar month use is meant to begin in; None when not decided.
        note: What must be known beside it.
        seen_event: Number of the last event the screen showed; 0 for none.
        request_id: The same id again changes nothing.
        now: The moment of recording; its day in Japan must lie in the window.

    Raises:
        InvalidInputError: Not for the officer to state, no such lot, a note too long.
        ConflictError: No window is open, it cannot follow, or something changed meanwhile.
    """
    reference = shipped()
    today = now.astimezone(JAPAN).date()
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="boarding:state") is not None:
            return
        window = open_window(window_id, programme, windows(window_events(session)), today)
        existing = events_of(session, lg_code, programme)
        _refuse_stale(existing, seen_event)
        path = steps(existing)
        check_statement(kind, path[-1].state if path else NO_RECORD, window)
        planned = kind is EventKind.PLANNED
        entry = Entry(
            participant=lg_code,
            programme=programme,
            kind=kind,
            effective=PartialDate(today, Precision.DAY),
            source=f"{window.opened.fiscal_year.label}の後乗り募集への市町村の回答",
            lot=lot,
            target=target_in(window, start_month) if planned else None,
            note=note,
        )
        stated = event_of(entry, now, principal.username)
        event = admitted(existing, stated, reference.by_code, reference.procurements.systems)
        number = add_event(session, event).event_id
        remember_result(session, principal, now, "boarding:state", request_id, str(number))
        detail = {
            "programme": programme,
            "kind": kind,
            "lot": lot,
            "target": event.target and event.target.label,
            "window": window_id,
            "event": number,
        }
        record_audit(session, principal, now, "boarding:state", lg_code, detail)


@requires("boarding:state", municipality="lg_code")
def record_boarding_step(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    programme: str,
    step: BoardingStep,
    done_on: date,
    taken_back: bool,
    note: str,
    request_id: str,
    now: datetime,
) -> None:
    """Record 予算要求 or 議決 with its day, or take such a record back.

    Args:
        lg_code: The municipality.
        programme: Key of the joint procurement.
        step: 予算要求 or 議決; the others are confirmed by the secretariat in the ledger.
        done_on: The day it was done, not in the future; for taking back the day recorded.
        taken_back: The record no longer counts.
        note: What must be known beside it.
        request_id: The same id again changes nothing.
        now: The moment of recording.

    Raises:
        InvalidInputError: All problems of the form at once.
        ConflictError: Nothing is planned, out of order, recorded already, nothing to take back.
    """
    shipped().procurements.programme(programme)
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="boarding:step") is not None:
            return
        record = StepRecord(
            record_id=0,
            lg_code=lg_code,
            programme=programme,
            step=step,
            done_on=done_on,
            taken_back=taken_back,
            note=note.strip(),
            recorded_at=now,
            recorded_by=principal.username,
        )
        path = steps(events_of(session, lg_code, programme))
        known = own_records(step_records(session, lg_code, programme), path)
        check_own_step(record, path, known, now)
        add_step_record(session, record)
        remember_result(session, principal, now, "boarding:step", request_id, "")
        detail = {
            "programme": programme,
            "step": step,
            "done_on": done_on,
            "taken_back": taken_back,
            "note": record.note,
        }
        record_audit(session, principal, now, "boarding:step", lg_code, detail)


def _year(number: int) -> FiscalYear:
    try:
        return FiscalYear(number)
    except ValueError as error:
        raise InvalidInputError({"fiscal_year": f"{error}。一覧から選び直してください。"}) from None


def _window(known: list[Window], window_id: int) -> Window:
    for window in known:
        if window.opened.event_id == window_id:
            return window
    raise InvalidInputError(
        {"window_id": "この募集は見つかりません。画面を更新して選び直してください。"}
    )


def _refuse_stale(existing: list[LedgerEvent], seen_event: int) -> None:
    last = max(existing, key=lambda event: event.event_id, default=None)
    if last is not None and last.event_id != seen_event:
        raise ConflictError(
            f"{japan_day(last.recorded_at)}に{last.recorded_by}が「{last.kind.label}」"
            f"({last.effective.label})と記録しています。画面を更新して確認してください。"
        )


def _remember(
    session: Session,
    principal: Principal,
    now: datetime,
    action: str,
    request_id: str,
    subject: str,
    event: WindowEvent,
) -> None:
    remember_result(session, principal, now, action, request_id, "")
    detail = {
        "fiscal_year": int(event.fiscal_year),
        "first_day": event.first_day,
        "last_day": event.last_day,
        "source": event.source,
        "note": event.note,
    }
    record_audit(session, principal, now, action, subject, detail)
