"""Rows of ``wish`` ↔ events."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.store.tables import WishRow
from core.support.wish import WishEvent
from core.values.fiscal import FiscalYear
from core.values.money import Yen


def wish_events(session: Session, lg_code: str | None = None) -> list[WishEvent]:
    """Everything said, oldest first; of one municipality when named."""
    query = select(WishRow).order_by(WishRow.id)
    if lg_code is not None:
        query = query.where(WishRow.lg_code == lg_code)
    return [_event(row) for row in session.scalars(query)]


def add_wish(session: Session, event: WishEvent) -> WishEvent:
    """Insert one; returns it with its number."""
    row = WishRow(
        lg_code=event.lg_code,
        fiscal_year=int(event.fiscal_year),
        plan=event.plan,
        state=event.state,
        visits=event.visits,
        gross=int(event.gross),
        subsidy=int(event.subsidy),
        net=int(event.net),
        reason=event.reason,
        recorded_at=event.recorded_at,
        recorded_by=event.recorded_by,
    )
    session.add(row)
    session.flush()
    return _event(row)


def _event(row: WishRow) -> WishEvent:
    return WishEvent(
        event_id=row.id,
        lg_code=row.lg_code,
        fiscal_year=FiscalYear(row.fiscal_year),
        plan=row.plan,
        state=row.state,
        visits=row.visits,
        gross=Yen(row.gross),
        subsidy=Yen(row.subsidy),
        net=Yen(row.net),
        reason=row.reason,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )
