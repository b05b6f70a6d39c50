"""Plan the hearings of a year (ヒアリング), one municipality at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.hearing import (
    HearingEvent,
    HearingPlan,
    HearingState,
    check_hearing,
    current_hearings,
)
from core.reference.catalogue import shipped
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.engine import writing
from core.store.hearings import add_hearing, hearing_events
from core.values.errors import ConflictError
from core.values.fiscal import JAPAN, FiscalYear, japan_day


@requires("consultation:manage", municipality="lg_code")
def record_hearing(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    fiscal_year: FiscalYear,
    state: HearingState,
    plan: HearingPlan,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Set or move a date, or record that the hearing was held or cancelled.

    Args:
        seen_event: Number of the last word on this hearing the screen showed; 0 for none.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: Fields ``day``, ``meeting``, ``note``, or no such municipality.
        ConflictError: Changed meanwhile, or the state cannot follow.
    """
    shipped().municipality(lg_code)
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="hearing:record") is not None:
            return
        events = hearing_events(session, fiscal_year, lg_code)
        before = current_hearings(events, fiscal_year).get(lg_code)
        if before is not None and before.event_id != seen_event:
            raise ConflictError(
                f"このヒアリングは{japan_day(before.recorded_at)}に{before.recorded_by}が"
                f"「{before.state.label}」({before.plan.day.isoformat()})と記録しています。"
                "画面を更新して確認してください。"
            )
        kept = check_hearing(
            before,
            state,
            plan,
            fiscal_year=fiscal_year,
            today=now.astimezone(JAPAN).date(),
        )
        add_hearing(
            session,
            HearingEvent(0, lg_code, fiscal_year, state, kept, now, principal.username),
        )
        remember_result(session, principal, now, "hearing:record", request_id, "")
        detail = {"fiscal_year": int(fiscal_year), "state": state, "day": kept.day}
        record_audit(session, principal, now, "hearing:record", lg_code, detail)
