"""Made-up data: marked for ever, only where nobody has worked, and nothing of it in open data."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.wishes import hand_in_wishes
from core.demonstration.fill import fill_demonstration
from core.demonstration.support import fill_support
from core.estimate.request import EstimateRequest, PlanChoice
from core.start import start
from core.store.consultations import consultations
from core.store.engine import open_engine, reading
from core.store.ledger import ledger_events
from core.store.support import contracts, visits
from core.store.wishes import wish_events
from core.support.visit import VisitState
from core.support.wish import WishState, current_wishes
from core.values.errors import ConflictError
from core.views.demonstration import demonstration_view
from core.views.open_data import open_data_view
from tests.support.reference import REFERENCE


@pytest.fixture
def ready(engine: Engine, now: datetime) -> Engine:
    start(engine, REFERENCE, now)
    return engine


def test_a_database_is_not_marked_before(ready: Engine) -> None:
    assert demonstration_view(ready, PUBLIC) is False


def test_the_screens_have_something_of_every_state_and_the_mark(
    ready: Engine, now: datetime
) -> None:
    passwords = fill_demonstration(ready, REFERENCE, now)
    assert demonstration_view(ready, PUBLIC) is True
    assert set(passwords) == {"mihon-officer", "mihon-viewer", "mihon-office", "mihon-adviser"}
    with reading(ready) as session:
        wishes = current_wishes(wish_events(session)).values()
        asked = consultations(session)
        supported = visits(session)
    assert {wish.state for wish in wishes} == set(WishState)
    assert {visit.state for visit in supported} == set(VisitState)
    assert len({wish.lg_code for wish in wishes}) == 26
    assert len({request.last.state for request in asked}) == 3


@pytest.mark.parametrize("day", ["2023-04-03", "2023-09-30", "2023-12-27", "2024-03-30"])
def test_a_running_year_is_made_up_on_any_day(
    day: str, sqlite_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "noriai.db"
    shutil.copyfile(sqlite_template, path)
    engine = open_engine(URL.create("sqlite", database=str(path)))
    moment = datetime.fromisoformat(f"{day}T10:00:00+09:00")
    fill_support(
        engine, REFERENCE, moment, lambda t: Principal(t.lg_code, "見本", Role.OFFICER, t.lg_code)
    )
    with reading(engine) as session:
        assert len(contracts(session)) == 11
    engine.dispose()


def test_ledger_and_open_data_hold_nothing_made_up(ready: Engine, now: datetime) -> None:
    def real() -> tuple[object, object]:
        with reading(ready) as session:
            events = list(ledger_events(session))
        return events, open_data_view(ready, PUBLIC, REFERENCE, as_of=now.date())

    before = real()
    fill_demonstration(ready, REFERENCE, now)
    assert real() == before


def test_a_second_time_is_refused(ready: Engine, now: datetime) -> None:
    fill_demonstration(ready, REFERENCE, now)
    with pytest.raises(ConflictError, match="既に入っています"):
        fill_demonstration(ready, REFERENCE, now)


def test_a_database_somebody_works_with_is_left_alone(ready: Engine, now: datetime) -> None:
    hand_in_wishes(
        ready,
        Principal("sakai", "堺市", Role.OFFICER, "271403"),
        lg_code="271403",
        request=EstimateRequest(2023, (PlanChoice(6, 12),)),
        state=WishState.WISHED,
        reference=REFERENCE,
        seen={},
        request_id="a",
        now=now,
    )
    with pytest.raises(ConflictError, match="既に記録があります"):
        fill_demonstration(ready, REFERENCE, now)
    assert demonstration_view(ready, CONSOLE) is False
