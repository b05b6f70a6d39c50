"""ヒアリング: every date planned, held or cancelled."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Session

from core.consultation.hearing import HearingEvent
from core.store.table import Stored
from core.values.fiscal import FiscalYear

HEARINGS = Stored(
    "hearing_event", HearingEvent, Index("hearing_event_key", "fiscal_year", "lg_code")
)


def hearing_events(
    session: Session, fiscal_year: FiscalYear, lg_code: str | None = None
) -> list[HearingEvent]:
    """Everything said about a year's hearings, oldest first; of one municipality when named."""
    return HEARINGS.all(session, fiscal_year=fiscal_year, lg_code=lg_code)
