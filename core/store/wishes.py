"""参加希望: what municipalities said about support plans."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Session

from core.store.table import Stored
from core.support.wish import WishEvent

WISHES = Stored(
    "wish",
    WishEvent,
    Index("wish_key", "lg_code", "fiscal_year", "plan"),
    CheckConstraint("gross = subsidy + net", name="adds_up"),
)


def wish_events(session: Session, lg_code: str | None = None) -> list[WishEvent]:
    """Everything said, oldest first; of one municipality when named."""
    return WISHES.all(session, lg_code=lg_code)
