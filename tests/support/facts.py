"""Facts by hand: what data/ names, and what somebody recorded since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time

from core.consultation.case import Consultation
from core.consultation.event import ConsultationEvent, ConsultationState, Step
from core.consultation.number import ConsultationNumber
from core.consultation.request import ConsultationRequest
from core.consultation.theme import MeetingForm, Theme
from core.figures.known import Known
from core.procurement.coverage import CoverageEvent, CoverageKind, Edition
from core.procurement.event import LedgerEvent
from core.procurement.index import indexed
from core.reference.ledger_seed import seed_events
from core.support.wish import WishEvent, WishState
from core.training.reach import KnownSession
from core.values.fiscal import JAPAN, FiscalYear
from core.values.money import Yen
from tests.support.reference import REFERENCE

SAKAI, HIRAKATA, SUITA = "271403", "272108", "272051"


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), JAPAN)


def shipped_ledger() -> tuple[LedgerEvent, ...]:
    return tuple(
        replace(event, event_id=number)
        for number, event in enumerate(seed_events(REFERENCE, at(date(2023, 7, 1))), start=1)
    )


def shipped_sessions() -> tuple[KnownSession, ...]:
    found = [
        KnownSession(f"{t.number}-{n}", s.date, t.title, t.theme, False, {}, {})
        for t in REFERENCE.trainings.trainings
        for n, s in enumerate(t.sessions)
    ]
    return tuple(sorted(found, key=lambda each: each.day))


def facts(
    *,
    ledger: Iterable[LedgerEvent] | None = None,
    wishes: Iterable[WishEvent] = (),
    sessions: Iterable[KnownSession] | None = None,
    consultations: Iterable[Consultation] = (),
    coverage: Iterable[CoverageEvent] = (),
    **others: object,
) -> Known:
    reference = REFERENCE
    events = shipped_ledger() if ledger is None else ledger
    values = {"parameters": reference.parameters, "windows": (), "cases": ()} | others
    return Known(
        reference=reference,
        ledger=indexed(events, reference.succession, coverage),
        wishes=tuple(wishes),
        sessions=shipped_sessions() if sessions is None else tuple(sessions),
        consultations=tuple(consultations),
        **values,  # type: ignore[arg-type]
    )


def wish(
    number: int,
    lg_code: str,
    plan: int,
    state: WishState,
    day: date,
    *,
    year: int = 2024,
    gross: int = 1_200_000,
    subsidy: int = 600_000,
) -> WishEvent:
    return WishEvent(
        event_id=number,
        lg_code=lg_code,
        fiscal_year=FiscalYear(year),
        plan=plan,
        state=state,
        visits=12,
        gross=Yen(gross),
        subsidy=Yen(subsidy),
        net=Yen(gross - subsidy),
        reason="見送り" if state is WishState.WITHDRAWN else "",
        recorded_at=at(day),
        recorded_by="tanto",
    )


def consultation(
    number: int,
    lg_code: str,
    theme: Theme,
    asked: date,
    *steps: tuple[date, ConsultationState, date | None],
) -> Consultation:
    moments = [(asked, ConsultationState.RECEIVED, None), *steps]
    events = tuple(
        ConsultationEvent(
            event_id=number * 100 + place,
            step=Step(state, held, meeting=MeetingForm.ONLINE if held else None),
            recorded_at=at(day),
            recorded_by="jimukyoku",
        )
        for place, (day, state, held) in enumerate(moments)
    )
    return Consultation(
        consultation_id=number,
        number=ConsultationNumber(FiscalYear.of(asked), number),
        lg_code=lg_code,
        request=ConsultationRequest(
            theme=theme,
            title="題",
            question="問",
            tried="",
            meeting=MeetingForm.EITHER,
            wished=(),
            wished_note="",
        ),
        contact=None,
        requested_at=at(asked, 9),
        requested_by="tanto",
        events=events,
        messages=(),
        attachments=(),
        example_events=(),
    )


def declared(day: date, *programmes: str) -> tuple[CoverageEvent, ...]:
    """The word that from a day on the ledger names everyone in these systems, whatever the 版."""
    said = [(key, edition) for key in programmes for edition in Edition]
    return tuple(
        CoverageEvent(
            event_id=number,
            programme=programme,
            edition=edition,
            kind=CoverageKind.DECLARED,
            effective=day,
            source="府通知",
            note="",
            recorded_at=at(day),
            recorded_by="jimukyoku",
        )
        for number, (programme, edition) in enumerate(said, start=1)
    )
