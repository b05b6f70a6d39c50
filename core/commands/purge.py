"""Delete personal data whose time is over (個人情報の削除); nothing due, nothing changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.consultation.measures import contacts_due
from core.contact.contact import former_contacts_due
from core.params import in_force
from core.store.consultations import consultations, forget_contacts
from core.store.contacts import forget_municipality_contacts, municipality_contacts
from core.store.enrolments import forget_people, sessions_with_people
from core.store.experts import experts, forget_persons
from core.store.parameters import all_parameters
from core.store.trainings import lines_of
from core.store.work import Work, command
from core.support.expert import persons_due

RETENTION = "training.retention_days"


@dataclass(frozen=True)
class Purged:
    """What was deleted."""

    before: date  # persons of sessions before this day
    sessions: int  # how many sessions had any
    people: int  # how many persons


@command("personal_data:purge", "個人情報の削除")
def purge_personal_data(work: Work, *, now: datetime) -> Purged:
    """Delete name, department and mail of everybody enrolled in sessions long over.

    Enrolments, places and attendance stay, without a name. The period is the one in force on the
    day of ``now``, counted from the day of the session.

    Raises:
        NoValueInForceError: No period holds.
    """
    kept = sessions_with_people(work.session)
    if not kept:
        return Purged(work.today, 0, 0)  # also where no trainings are offered, and no period holds
    days = in_force(all_parameters(work.session), RETENTION, work.today).value
    if not isinstance(days, int):
        raise TypeError(f"not a count: {days!r}")
    before = work.today - timedelta(days=days)
    lines = lines_of(work.session, list(kept))
    due = {key: count for key, count in kept.items() if lines[key].day < before}
    purged = Purged(before, len(due), sum(due.values()))
    if due:
        forget_people(work.session, list(due))
        work.audit("enrollee", older_than=before, sessions=len(due), people=purged.people)
    return purged


@command("consultation:forget", "相談の担当者の情報の削除", "consultation:manage")
def delete_old_contacts(work: Work, *, now: datetime) -> int:
    """Delete 担当者 of every consultation whose time is over, and say how many; requests stay.

    The period is the one in force on the day of ``now``.
    """
    due = contacts_due(consultations(work.session), all_parameters(work.session), work.today)
    if due:
        forget_contacts(work.session, [c.consultation_id for c in due])
        work.audit("担当者", name="、".join(c.number.label for c in due))
    return len(due)


@command("contact:forget", "市町村の担当者の情報の削除", "personal_data:purge")
def delete_former_contacts(work: Work, *, now: datetime) -> int:
    """Delete the contacts of municipalities whose term is long over, and say how many.

    The period is the one in force on the day of ``now``, counted from the last day of the term.
    """
    everybody = municipality_contacts(work.session)
    due = former_contacts_due(everybody, all_parameters(work.session), work.today)
    if due:
        forget_municipality_contacts(work.session, [each.contact_id for each in due])
        work.audit("市町村の担当者", people=len(due))
    return len(due)


@command("expert:forget", "専門人材の個人情報の削除", "personal_data:purge")
def delete_former_experts(work: Work, *, now: datetime) -> int:
    """Delete name and experience of experts who left long ago, and say how many; their work stays.

    The period is that of the contacts of municipalities, counted from the last day.
    """
    due = persons_due(experts(work.session), all_parameters(work.session), work.today)
    if due:
        forget_persons(work.session, [each.expert_id for each in due])
        work.audit("専門人材", people=len(due))
    return len(due)
