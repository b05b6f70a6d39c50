"""A request as an officer types it, and how tests drive the commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands.consultations import record_step, request_consultation
from core.consultation.attachment import OfferedFile
from core.consultation.case import Consultation
from core.consultation.event import ConsultationState, Step
from core.consultation.request import RequestForm
from core.consultation.theme import MeetingForm
from core.store.consultations import consultations
from core.store.engine import reading
from core.values.fiscal import JAPAN
from tests.support.reference import REFERENCE

OURS, NEIGHBOUR = "271403", "272108"
NOW = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
TODAY = NOW.date()
PDF = b"%PDF-1.7\nsome pages\n%%EOF\n"
FORM = RequestForm(
    theme="daily_work",
    title="無線LANの費用",
    question="導入事例を知りたい",
    tried="",
    meeting="either",
    wished=(date(2023, 10, 20),),
    wished_note="",
    department="DX推進課",
    contact="山田 花子",
    mail="dx@city.example.lg.jp",
    phone="",
)
OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
ANSWERS = {
    ConsultationState.COORDINATING: Step(ConsultationState.COORDINATING),
    ConsultationState.SCHEDULED: Step(
        ConsultationState.SCHEDULED, TODAY, meeting=MeetingForm.ONLINE
    ),
    ConsultationState.HELD: Step(
        ConsultationState.HELD, TODAY, meeting=MeetingForm.WRITTEN, answer="中継器が要りません。"
    ),
    ConsultationState.WITHDRAWN: Step(ConsultationState.WITHDRAWN, reason="解決したため"),
}


def officer_of(lg_code: str) -> Principal:
    return Principal(f"tanto-{lg_code}", "担当", Role.OFFICER, lg_code)


def ask(
    engine: Engine,
    lg_code: str = OURS,
    *,
    files: Sequence[OfferedFile] = (),
    request_id: str = "ask",
    now: datetime = NOW,
    **changes: object,
) -> Consultation:
    number = request_consultation(
        engine,
        officer_of(lg_code),
        lg_code=lg_code,
        form=replace(FORM, **changes),  # type: ignore[arg-type]
        files=files,
        reference=REFERENCE,
        request_id=request_id,
        now=now,
    )
    return next(c for c in every(engine) if c.number.label == number)


def every(engine: Engine, lg_code: str | None = None) -> list[Consultation]:
    with reading(engine) as session:
        return consultations(session, lg_code)


def again(engine: Engine, consultation: Consultation) -> Consultation:
    """As it stands now."""
    return next(c for c in every(engine) if c.consultation_id == consultation.consultation_id)


def advance(
    engine: Engine, consultation: Consultation, *states: ConsultationState, now: datetime = NOW
) -> Consultation:
    for state in states:
        current = again(engine, consultation)
        record_step(
            engine,
            OFFICE,
            lg_code=current.lg_code,
            consultation_id=current.consultation_id,
            step=ANSWERS[state],
            seen_event=current.last.event_id,
            request_id=f"{current.number.label} {len(current.events)}",
            now=now,
        )
    return again(engine, consultation)
