"""What is on record of a municipality that decides whom a training concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from core.procurement.index import path_of
from core.store.ledger import path_events
from core.store.wishes import wish_events
from core.support.wish import current_wishes
from core.training.audience import OurStanding, our_standing
from core.values.fiscal import FiscalYear
from core.values.succession import Succession


def standing_of(session: Session, succession: Succession, lg_code: str, as_of: date) -> OurStanding:
    """The standing of one municipality on a day, from its wishes and the ledger."""
    former = tuple(c for c in succession.forebears(lg_code, as_of) if c != lg_code)
    said = [wish for code in (lg_code, *former) for wish in wish_events(session, code)]
    wishes = current_wishes(said).values()
    events = path_events(session, succession, lg_code, as_of)
    standings = {programme: path_of(own).on(as_of).standing for programme, own in events.items()}
    ours = our_standing(lg_code, wishes, standings, FiscalYear.of(as_of))
    return replace(ours, former=former)
