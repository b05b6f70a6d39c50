"""Delete the contacts of consultations long over (担当者の個人情報の削除)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.measures import contacts_due
from core.store.audit import record_audit
from core.store.consultations import consultations, forget_contacts
from core.store.engine import writing
from core.store.parameters import all_parameters
from core.values.fiscal import JAPAN


@requires("consultation:manage")
def delete_old_contacts(engine: Engine, principal: Principal, *, now: datetime) -> int:
    """Delete 担当者 of every consultation whose time is over; the requests stay.

    Nothing due, nothing changed.

    Args:
        now: The period is the one in force on this day.

    Returns:
        How many were deleted.
    """
    today = now.astimezone(JAPAN).date()
    with writing(engine) as session:
        due = contacts_due(consultations(session), all_parameters(session), today)
        if due:
            forget_contacts(session, [c.consultation_id for c in due])
            numbers = "、".join(c.number.label for c in due)
            detail = {"name": numbers}
            record_audit(session, principal, now, "consultation:forget", "担当者", detail)
    return len(due)
