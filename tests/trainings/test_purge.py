"""Personal data is deleted after its period; what happened stays, without a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, text

from core.access.principal import PUBLIC, Principal
from core.commands.attendance import mark_attendance
from core.commands.enrolments import enrol, export_enrolments
from core.commands.parameters import record_parameter
from core.commands.purge import Purged, purge_personal_data
from core.exports.enrolments import enrolment_csv
from core.params import Basis
from core.store.audit import AuditFilter
from core.store.engine import data_revision
from core.training.attendance import AttendanceMark, AttendanceMeans
from core.training.reach import Reached
from core.values.errors import PermissionDeniedError
from core.values.fiscal import JAPAN
from core.views.administration import audit_check_view, audit_view
from core.views.enrolments import own_enrolments_view
from core.views.reach import reach_view
from tests.support.reference import REFERENCE
from tests.support.trainings import a_content, an_applicant

OURS = "271004"


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), JAPAN)


@pytest.fixture
def enrolled(engine: Engine, publish: Callable, officer: Callable, now: datetime) -> list[str]:
    """Two sessions ten days apart, one person each; ids of the sessions."""
    first = a_content().sessions[0]
    later = replace(first, date=date(2023, 11, 30))
    _, ids = publish(sessions=(first, later))
    for number, session_id in enumerate(ids):
        enrol(
            engine, officer(OURS), lg_code=OURS, session_id=session_id, reference=REFERENCE, now=now,
            applicants=[an_applicant(number)], request_id=f"e{number}",
        )  # fmt: skip
    return list(ids)


def test_persons_go_on_the_day_after_their_period_and_events_stay(
    engine: Engine, enrolled: list[str], officer: Callable, secretariat: Principal
) -> None:
    own = own_enrolments_view(engine, officer(OURS), lg_code=OURS)
    first = next(e for e in own if e.session.session_id == enrolled[0]).line.enrolment
    mark_attendance(
        engine, secretariat, session_id=enrolled[0], marks={first.enrolment_id: AttendanceMark.PRESENT},
        means=AttendanceMeans.LIST, request_id="m", now=at(date(2023, 11, 20)),
    )  # fmt: skip
    kept_until = date(2023, 11, 20) + timedelta(days=365)
    revision = data_revision(engine)
    assert purge_personal_data(engine, secretariat, now=at(kept_until)).people == 0
    assert data_revision(engine) == revision
    done = purge_personal_data(engine, secretariat, now=at(kept_until + timedelta(days=1)))
    assert done == Purged(before=date(2023, 11, 20) + timedelta(days=1), sessions=1, people=1)
    lines = [e.line for e in own_enrolments_view(engine, officer(OURS), lg_code=OURS)]
    assert [line.person for line in lines] == [an_applicant(1).person, None]
    assert [line.place.label for line in lines] == ["参加確定"] * 2
    cell = reach_view(engine, secretariat, REFERENCE, as_of=kept_until).cells[OURS, "ai"]
    assert (cell.reached, cell.present) == (Reached.SENT, 1)
    entry = audit_view(engine, secretariat, wanted=AuditFilter()).entries[0]
    assert (entry.action, entry.detail["people"]) == ("personal_data:purge", 1)
    assert audit_check_view(engine, secretariat).findings == []
    with engine.connect() as connection:
        assert "職員0" not in repr(connection.execute(text("SELECT * FROM enrollee")).all())


def test_the_list_says_that_a_person_was_deleted(
    engine: Engine, enrolled: list[str], secretariat: Principal
) -> None:
    late = at(date(2025, 4, 1))
    assert purge_personal_data(engine, secretariat, now=late).people == 2
    lines = export_enrolments(engine, secretariat, session_id=enrolled[0], now=late)
    assert "(削除済み),(削除済み),(削除済み)" in enrolment_csv(lines, {}, made_up=False).decode()


@pytest.mark.usefixtures("enrolled")
def test_the_period_in_force_today_decides(
    engine: Engine, secretariat: Principal, now: datetime
) -> None:
    record_parameter(
        engine, secretariat, name="training.retention_days", text="30", request_id="p", note="",
        valid_from=date(2024, 1, 1), basis=Basis.OFFICIAL, source="要綱", now=now,
    )  # fmt: skip
    assert purge_personal_data(engine, secretariat, now=at(date(2023, 12, 31))).people == 0
    assert purge_personal_data(engine, secretariat, now=at(date(2024, 1, 1))).people == 2


@pytest.mark.usefixtures("enrolled")
def test_only_the_secretariat_deletes(engine: Engine, officer: Callable, viewer: Principal) -> None:
    for who in (PUBLIC, viewer, officer(OURS)):
        with pytest.raises(PermissionDeniedError):
            purge_personal_data(engine, who, now=at(date(2030, 1, 1)))
