"""What アドバイザー相談 asks of a municipality, or has fixed with it: for わがまち."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.due import ConsultationDue, consultation_dues
from core.store.consultations import HEARINGS, consultations
from core.store.engine import reading


@requires("consultation:read", municipality="lg_code")
def consultation_due_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
    as_of: date,
) -> tuple[ConsultationDue, ...]:
    """What is to be answered, oldest request first; then what is fixed from a day on, by day."""
    with reading(engine) as session:
        asked = consultations(session, lg_code)
        hearings = HEARINGS.all(session, lg_code=lg_code)
    return consultation_dues(asked, hearings, as_of)
