"""人材プール: experts, what they can give, who they are, and days proposed for visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Index, PrimaryKeyConstraint, select
from sqlalchemy.orm import Session

from core.store.columns import SERIAL, several
from core.store.support import CONTRACTS, LARGEST_KEY, VISITS, made_of
from core.store.table import Stored
from core.support.expert import Expert, ExpertEvent, ExpertField, ExpertPerson
from core.support.proposal import ProposalEvent, ProposedDay
from core.values.errors import InvalidInputError


@dataclass(frozen=True)
class ExpertHead:
    """An expert by its number."""

    expert_id: int
    vendor_id: int
    recorded_at: datetime
    recorded_by: str


EXPERTS = Stored(
    "expert",
    ExpertHead,
    made_of("vendor_id", "vendor"),
    Index("expert_vendor", "vendor_id"),
    key="expert_id",
    columns={"vendor_id": SERIAL},
)
EXPERT_EVENTS = Stored(
    "expert_event",
    ExpertEvent,
    made_of("expert_id", "expert"),
    Index("expert_event_of", "expert_id"),
    columns={
        "expert_id": SERIAL,
        "fields": several(read=ExpertField),
        "plans": several(read=int),
        "weekdays": several(read=int),
        "days": several(read=date.fromisoformat),
    },
)
EXPERT_PERSONS = Stored(
    "expert_person",
    ExpertPerson,
    PrimaryKeyConstraint("expert_id"),
    made_of("expert_id", "expert"),
    key=None,
    columns={"expert_id": SERIAL},
    forgettable=True,
)
PROPOSALS = Stored(
    "visit_proposal",
    ProposalEvent,
    made_of("visit_id", "visit"),
    Index("visit_proposal_of", "visit_id"),
    columns={
        "visit_id": SERIAL,
        "days": several(lambda each: each.text, ProposedDay.of),
    },
)


def experts(session: Session, vendor_id: int | None = None) -> list[Expert]:
    """Experts with everything that became of them, in the order of recording; three queries.

    Args:
        vendor_id: Of one vendor; all when none is named.
    """
    events: dict[int, list[ExpertEvent]] = defaultdict(list)
    for event in EXPERT_EVENTS.all(session):
        events[event.expert_id].append(event)
    persons = {each.expert_id: each for each in EXPERT_PERSONS.all(session)}
    return [
        Expert(
            head.expert_id,
            head.vendor_id,
            tuple(events[head.expert_id]),
            persons.get(head.expert_id),
        )
        for head in EXPERTS.all(session, vendor_id=vendor_id)
    ]


def expert_of(session: Session, expert_id: int) -> Expert:
    """An expert by number.

    Raises:
        InvalidInputError: Field ``expert_id``.
    """
    found = next((each for each in experts(session) if each.expert_id == expert_id), None)
    if found is None:
        raise InvalidInputError(
            {"expert_id": "この専門人材は見つかりません。画面を更新してください。"}
        )
    return found


def refuse_strange_expert(session: Session, visit_id: int, expert_id: int) -> None:
    """Refuse an expert who is not of the vendor of the visit's contract.

    Raises:
        InvalidInputError: Field ``expert_id``.
    """
    vendor = (
        select(CONTRACTS.c.vendor_id).join(VISITS.table).where(VISITS.c.id == visit_id)
    ).scalar_subquery()
    query = select(EXPERTS.c.id).where(EXPERTS.c.id == expert_id, EXPERTS.c.vendor_id == vendor)
    in_range = 0 < expert_id <= LARGEST_KEY
    if not in_range or session.scalar(query) is None:
        raise InvalidInputError({"expert_id": "この契約の事業者の専門人材から選んでください。"})


def keep_person(session: Session, person: ExpertPerson) -> None:
    """Keep who an expert is, as it is now; what was said before goes."""
    EXPERT_PERSONS.put(session, person)


def forget_persons(session: Session, expert_ids: Collection[int]) -> None:
    """Delete name and experience of some experts."""
    EXPERT_PERSONS.forget(session, EXPERT_PERSONS.c.expert_id.in_(expert_ids))


def proposals(session: Session, visit_ids: Iterable[int]) -> dict[int, list[ProposalEvent]]:
    """What was proposed for some visits, in the order of recording; one query."""
    wanted = set(visit_ids)
    found: dict[int, list[ProposalEvent]] = defaultdict(list)
    if not wanted:
        return found
    only = [PROPOSALS.c.visit_id.in_(wanted)] if len(wanted) <= _NAMED else []
    for event in PROPOSALS.all(session, *only):
        if event.visit_id in wanted:
            found[event.visit_id].append(event)
    return found


_NAMED = 500
"""Most numbers a condition lists; beyond, reading everything is cheaper than asking so."""
