"""What facts are made of, gathered in one session; rows of targets and alert rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Session

from core.boarding.window import windows
from core.figures.alert import AlertRule
from core.figures.indicator import Subject
from core.figures.known import Known
from core.figures.target import Target
from core.procurement.index import indexed
from core.reference.pack import Reference
from core.store.attendance import attendance_events
from core.store.boarding import WINDOWS
from core.store.consultations import consultations
from core.store.coverage import coverage_events
from core.store.enrolments import session_places
from core.store.ledger import ledger_events
from core.store.ledger_index import ledger_index
from core.store.parameters import all_parameters
from core.store.subsidy import cases
from core.store.support import contracts, visits
from core.store.table import Stored
from core.store.trainings import conditions, session_lines
from core.store.wishes import wish_events
from core.training.attendance import AttendanceMark, attendance
from core.training.enrolment import PlaceKind
from core.training.filter import TrainingFilter
from core.training.reach import KnownSession


class _NotRead(tuple[Any, ...]):
    """What nobody asked for: using it is a mistake, and not an empty answer."""

    def __iter__(self) -> Iterator[Any]:
        raise LookupError("This part of what is known was not read: name its subject to known().")


def known(
    session: Session,
    reference: Reference,
    subjects: Collection[Subject] = tuple(Subject),
    *,
    today: date | None = None,
) -> Known:
    """Everything known, of every day.

    Args:
        session: A transaction.
        reference: What is in data/.
        subjects: What will be asked about; a fact of another raises.
        today: No participation of a later day has come about; None for no day after it.
    """

    def of(*needed: Subject, read: Callable[[], Any]) -> Any:
        return read() if set(needed) & set(subjects) else _NotRead()

    return Known(
        reference=reference,
        ledger=of(Subject.PARTICIPATION, read=lambda: ledger_index(session, reference.succession)),
        wishes=of(Subject.TALENT, read=lambda: tuple(wish_events(session))),
        parameters=of(
            Subject.TALENT, Subject.CONSULTATIONS, read=lambda: tuple(all_parameters(session))
        ),
        windows=of(Subject.PARTICIPATION, read=lambda: tuple(windows(WINDOWS.all(session)))),
        sessions=of(Subject.TRAININGS, read=lambda: known_sessions(session, TrainingFilter())),
        consultations=of(Subject.CONSULTATIONS, read=lambda: tuple(consultations(session))),
        cases=of(Subject.TALENT, read=lambda: tuple(cases(session))),
        contracts=of(Subject.SUPPORT, read=lambda: tuple(contracts(session))),
        visits=of(Subject.SUPPORT, read=lambda: tuple(visits(session))),
        today=today,
    )


def known_at(session: Session, everything: Known, moment: datetime) -> Known:
    """Of what is known, what had been recorded by a moment; 研修 as they are."""
    said = coverage_events(session, known_at=moment)
    return replace(
        everything,
        ledger=indexed(
            ledger_events(session, known_at=moment), everything.reference.succession, said
        ),
        wishes=tuple(wish for wish in everything.wishes if wish.recorded_at <= moment),
        parameters=tuple(
            each
            for each in everything.parameters
            if each.recorded_at is None or each.recorded_at <= moment
        ),
        windows=tuple(
            windows(event for event in WINDOWS.all(session) if event.recorded_at <= moment)
        ),
        consultations=tuple(
            replace(
                each,
                events=tuple(event for event in each.events if event.recorded_at <= moment),
                messages=tuple(told for told in each.messages if told.sent_at <= moment),
            )
            for each in everything.consultations
            if each.requested_at <= moment
        ),
        cases=tuple(
            replace(each, events=tuple(e for e in each.events if e.recorded_at <= moment))
            for each in everything.cases
            if each.created_at <= moment
        ),
        contracts=tuple(
            replace(
                each, events=tuple(event for event in each.events if event.recorded_at <= moment)
            )
            for each in everything.contracts
            if each.events[0].recorded_at <= moment
        ),
        visits=tuple(
            replace(
                each, events=tuple(event for event in each.events if event.recorded_at <= moment)
            )
            for each in everything.visits
            if each.events[0].recorded_at <= moment
        ),
    )


def known_sessions(session: Session, wanted: TrainingFilter) -> tuple[KnownSession, ...]:
    """日程 that are not cancelled, with how many of each municipality came."""
    lines = [
        line for line in session_lines(session, conditions(wanted, None, {})) if not line.cancelled
    ]
    ids = [line.session_id for line in lines]
    placed = session_places(session, ids)
    present = {
        enrolment_id
        for enrolment_id, event in attendance(attendance_events(session, ids)).items()
        if event.mark is AttendanceMark.PRESENT
    }
    found = []
    for line in lines:
        one = placed[line.session_id]
        came, seated = Counter[str](), Counter[str]()
        for each in one.enrolments:
            came[each.lg_code] += each.enrolment_id in present
            seated[each.lg_code] += one.places[each.enrolment_id].kind is PlaceKind.SEATED
        found.append(
            KnownSession(
                session_id=line.session_id,
                day=line.day,
                title=line.content.title,
                theme=line.content.theme,
                recorded=bool(one.enrolments),
                present=came,
                seated=seated,
                place=line.session.place
                or "、".join(way.label for way in line.session.formats or ()),
                seats_left=one.seats.left,
                source=line.training.source,
            )
        )
    return tuple(found)


TARGETS = Stored(  # the last of an indicator and day counts
    "kpi_target",
    Target,
    Index("kpi_target_key", "indicator", "day"),
    key="row_id",
    columns={"value": BigInteger()},
)
RULES = Stored("alert_rule", AlertRule, key="row_id")  # the last of a kind counts
