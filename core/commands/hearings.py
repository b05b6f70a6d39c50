"""Plan the hearings of a year (ヒアリング), one municipality at a time."""

from __future__ import annotations

from datetime import datetime

from core.consultation.hearing import (
    HearingEvent,
    HearingPlan,
    HearingState,
    check_hearing,
    current_hearings,
)
from core.reference.pack import Reference
from core.store.consultations import HEARINGS
from core.store.work import Work, command, refuse_stale
from core.values.fiscal import FiscalYear


@command("hearing:record", "ヒアリングの記録", "consultation:manage")
def record_hearing(
    work: Work,
    *,
    lg_code: str,
    fiscal_year: FiscalYear,
    state: HearingState,
    plan: HearingPlan,
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Set or move a date, or record that the hearing was held or cancelled.

    Raises:
        InvalidInputError: Fields ``day``, ``meeting``, ``note``, or no such municipality.
        ConflictError: Changed meanwhile, or the state cannot follow.
    """
    reference.municipality(lg_code)
    events = HEARINGS.all(work.session, fiscal_year=fiscal_year, lg_code=lg_code)
    before = current_hearings(events, fiscal_year).get(lg_code)
    if before is not None:
        did = f"「{before.state.label}」({before.plan.day.isoformat()})と記録して"
        refuse_stale(before, before.event_id, seen_event, "このヒアリング", did)
    kept = check_hearing(before, state, plan, fiscal_year=fiscal_year, today=work.today)
    HEARINGS.add(
        work.session, HearingEvent(0, lg_code, fiscal_year, state, kept, work.now, work.by)
    )
    work.audit(lg_code, fiscal_year=int(fiscal_year), state=state, day=kept.day)
