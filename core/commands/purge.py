"""Delete personal data whose time is over (個人情報の削除)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.params import in_force
from core.store.audit import record_audit
from core.store.engine import writing
from core.store.enrolments import forget_people, sessions_with_people
from core.store.parameters import all_parameters
from core.store.trainings import lines_of
from core.values.fiscal import JAPAN

RETENTION = "training.retention_days"


@dataclass(frozen=True)
class Purged:
    """What was deleted.

    Attributes:
        before: Persons of sessions before this day.
        sessions: How many sessions had any.
        people: How many persons.
    """

    before: date
    sessions: int
    people: int


@requires("personal_data:purge")
def purge_personal_data(engine: Engine, principal: Principal, *, now: datetime) -> Purged:
    """Delete name, department and mail of everybody enrolled in sessions long over.

    Enrolments, places and attendance stay, without a name. Nothing due, nothing changed.

    Args:
        now: The period is the one in force on this day, counted from the day of the session.

    Raises:
        NoValueInForceError: No period holds.
    """
    today = now.astimezone(JAPAN).date()
    with writing(engine) as session:
        days = in_force(all_parameters(session), RETENTION, today).value
        if not isinstance(days, int):
            raise TypeError(f"not a count: {days!r}")
        before = today - timedelta(days=days)
        kept = sessions_with_people(session)
        lines = lines_of(session, list(kept))
        due = {key: count for key, count in kept.items() if lines[key].day < before}
        purged = Purged(before, len(due), sum(due.values()))
        if due:
            forget_people(session, list(due))
            detail = {"older_than": before, "sessions": len(due), "people": purged.people}
            record_audit(session, principal, now, "personal_data:purge", "enrollee", detail)
    return purged
