"""What leaves as open data: trainings marked 公開可, municipalities, participation counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.reference.pack import Reference
from core.training.filter import TrainingFilter
from core.training.line import SessionLine
from core.values.offer import OfferedPart
from core.views.procurement import SystemAnswer, procurement_view
from core.views.trainings import published_sessions_view


@dataclass(frozen=True)
class OpenDataAnswer:
    """Everything open; names no person and no municipality's own records."""

    as_of: date  # 基準日 of the counts, inclusive
    # 公開中 and 中止, of trainings marked 公開可, in order of day
    sessions: tuple[SessionLine, ...]
    systems: tuple[SystemAnswer, ...]


@requires("open_data:read")
def open_data_view(
    engine: Engine, principal: Principal, reference: Reference, *, as_of: date
) -> OpenDataAnswer:
    """All that may leave, the same for every reader: counts of a day, sessions of any day."""
    return OpenDataAnswer(
        as_of=as_of,
        sessions=published_sessions_view(
            engine, principal, reference, wanted=TrainingFilter(), open_only=True
        )
        if OfferedPart.TRAININGS in reference.offers
        else (),
        systems=procurement_view(engine, principal, reference, as_of=as_of).systems,
    )
