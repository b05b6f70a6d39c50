"""What is on record of a municipality that decides whom a training concerns."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from core.fiscal import FiscalYear
from core.store.wishes import wish_events
from core.training.audience import OurStanding, our_standing
from core.wish import current_wishes


def standing_of(session: Session, lg_code: str, as_of: date) -> OurStanding:
    """The standing of one municipality on a day."""
    wishes = current_wishes(wish_events(session, lg_code)).values()
    return our_standing(lg_code, wishes, {}, FiscalYear.of(as_of))
