"""成果・事例: what was said about publishing what came of support."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Session

from core.store.columns import SERIAL
from core.store.support import made_of
from core.store.table import Stored
from core.support.outcome import OutcomeEvent

OUTCOMES = Stored(
    "outcome_event",
    OutcomeEvent,
    made_of("contract_id", "contract"),
    Index("outcome_event_of", "contract_id"),
    Index("outcome_event_lg_code", "lg_code"),
    columns={"contract_id": SERIAL, "visit_id": SERIAL},
)


def outcome_events(session: Session, lg_code: str | None = None) -> list[OutcomeEvent]:
    """What was said of outcomes of one municipality or all, in the order of recording."""
    return OUTCOMES.all(session, lg_code=lg_code)
