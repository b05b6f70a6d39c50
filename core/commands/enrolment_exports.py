"""A municipality takes its own enrolments along as a file; who took it when is audited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.store.audit import record_audit
from core.store.engine import writing
from core.views.enrolments import OwnEnrolment, own_enrolments_view


@requires("enrolment:read", municipality="lg_code")
def export_own_enrolments(
    engine: Engine, principal: Principal, *, lg_code: str, now: datetime
) -> tuple[OwnEnrolment, ...]:
    """Every enrolment of one municipality, for a file.

    Returns:
        The latest session first, cancelled ones included.
    """
    found = own_enrolments_view(engine, principal, lg_code=lg_code).enrolments
    with writing(engine) as session:
        detail = {"lg_code": lg_code, "people": len(found)}
        record_audit(
            session, principal, now, "enrolment:export", lg_code, detail, data_changed=False
        )
    return found
