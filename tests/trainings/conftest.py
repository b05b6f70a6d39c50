"""A published training and its sessions, for every test of trainings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from core.access.principal import Principal
from core.commands.trainings import create_training, publish_training
from core.store.engine import writing
from core.store.trainings import fill_trainings
from core.values.fiscal import JAPAN
from core.views.enrolments import training_desk_view
from tests.support.reference import REFERENCE
from tests.support.trainings import a_content


@pytest.fixture
def after() -> datetime:
    """The day of the session, in the afternoon."""
    return datetime(2023, 11, 20, 15, 0, tzinfo=JAPAN)


@pytest.fixture
def publish(
    engine: Engine, secretariat: Principal, now: datetime
) -> Callable[..., tuple[str, list[str]]]:
    """Publish a training; answers with its id and those of its sessions."""
    count = 0

    def of(**changes: Any) -> tuple[str, list[str]]:
        nonlocal count
        count += 1
        training_id = create_training(
            engine,
            secretariat,
            content=a_content(**changes),
            reference=REFERENCE,
            request_id=f"p{count}",
            now=now,
        )
        publish_training(
            engine,
            secretariat,
            training_id=training_id,
            seen_version=1,
            reference=REFERENCE,
            now=now,
        )
        desk = training_desk_view(engine, secretariat, REFERENCE, training_id=training_id, now=now)
        return training_id, [each.session.session_id for each in desk.sessions]

    return of


@pytest.fixture
def held(engine: Engine, now: datetime) -> None:
    """The 19 trainings of 令和4年度."""
    with writing(engine) as session:
        fill_trainings(session, REFERENCE.trainings, now)
