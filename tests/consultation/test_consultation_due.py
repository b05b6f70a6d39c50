"""What stands on a municipality's home: fixed days, and answers it is waited for."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy import Engine

from core.commands.consultations import record_step
from core.commands.hearings import record_hearing
from core.consultation.due import ConsultationDueKind
from core.consultation.event import ConsultationState, Step
from core.consultation.hearing import HearingPlan, HearingState
from core.consultation.theme import MeetingForm
from core.values.fiscal import FiscalYear
from core.views.consultation_due import consultation_due_view
from tests.support.consultations import (
    NEIGHBOUR,
    NOW,
    OFFICE,
    OURS,
    TODAY,
    advance,
    again,
    ask,
    officer_of,
)
from tests.support.reference import REFERENCE

Kind = ConsultationDueKind
S, H, W = ConsultationState.SCHEDULED, ConsultationState.HELD, ConsultationState.WITHDRAWN


def due(engine: Engine, as_of: date = TODAY, lg_code: str = OURS) -> list[tuple[Kind, date | None]]:
    found = consultation_due_view(engine, officer_of(lg_code), lg_code=lg_code, as_of=as_of)
    return [(each.kind, each.day) for each in found]


def test_fixed_days_stand_there_by_day_and_go_when_past_or_off(engine: Engine) -> None:
    day, hearing = TODAY + timedelta(days=9), TODAY + timedelta(days=4)
    asked = ask(engine)
    assert due(engine) == []
    step = Step(S, day, time(10), MeetingForm.ONLINE, "Teams")
    record_step(
        engine, OFFICE, lg_code=OURS, consultation_id=asked.consultation_id, step=step,
        seen_event=asked.last.event_id, request_id="s", now=NOW,
    )  # fmt: skip
    plan = HearingPlan(hearing, None, MeetingForm.ON_SITE, "")
    for seen, state in enumerate((HearingState.PLANNED, HearingState.CANCELLED)):
        record_hearing(
            engine, OFFICE, lg_code=OURS, fiscal_year=FiscalYear(2023), state=state, plan=plan,
            seen_event=seen, request_id=f"h{seen}", reference=REFERENCE, now=NOW,
        )  # fmt: skip
        hearings = [(Kind.HEARING, hearing)] if state is HearingState.PLANNED else []
        assert due(engine) == [*hearings, (Kind.MEETING, day)]
    assert due(engine, as_of=day) == [(Kind.MEETING, day)]
    assert due(engine, as_of=day + timedelta(days=1)) == []
    assert due(engine, lg_code=NEIGHBOUR) == []
    (meeting,) = consultation_due_view(engine, officer_of(OURS), lg_code=OURS, as_of=TODAY)
    assert (meeting.query, meeting.asks) == ({"number": again(engine, asked).number.label}, False)
    assert "10:00から・オンライン" in meeting.text


def test_an_answer_waits_for_the_word_about_publishing_until_it_is_given(engine: Engine) -> None:
    asked = ask(engine)
    advance(engine, asked, ConsultationState.COORDINATING, H)
    assert due(engine) == [(Kind.CONSENT, None)]
    gone = ask(engine, request_id="second")
    advance(engine, gone, W)
    assert due(engine) == [(Kind.CONSENT, None)]
