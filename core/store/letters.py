"""連絡: the letters of a training with their addresses, and who was told by which of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Session

from core.news.letter import Letter, LetterTold, LetterWay, letters
from core.store.enrolments import enrolment_events, people
from core.store.table import Stored
from core.store.trainings import training_history
from core.training.enrolment import EnrolmentEvent
from core.training.training import NO_TRAINING, Training
from core.values.errors import InvalidInputError

TOLD = Stored("letter_told", LetterTold, Index("letter_told_letter", "letter"))


@dataclass(frozen=True)
class AddressedLetter:
    """A letter, where it goes, and who was told already."""

    letter: Letter
    people: Mapping[str, tuple[str, ...]]  # enrolments by address, in order of application
    forgotten: int  # persons whose data was deleted and who cannot be told
    told: tuple[LetterTold, ...]  # in the order of recording

    @property
    def to(self) -> tuple[str, ...]:
        """Every address, once."""
        return tuple(self.people)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Addresses that were not told yet."""
        known = {each.enrolment_id for each in self.told}
        return tuple(to for to, who in self.people.items() if not known.issuperset(who))


def addressed_letters(
    session: Session, training_id: str, address: str
) -> tuple[AddressedLetter, ...]:
    """What those enrolled are to be told of a training, the latest first.

    Args:
        address: Where the screen shows the training.

    Raises:
        InvalidInputError: There is no such training.
    """
    history, events = training_on_record(session, training_id)
    written = letters(history, events, address)
    known = people(session, {who for each in written for who in each.enrolments})
    told: dict[str, list[LetterTold]] = {each.key: [] for each in written}
    for row in TOLD.all(session, TOLD.c.letter.in_(told)) if told else ():
        told[row.letter].append(row)
    found = []
    for each in written:
        to: dict[str, tuple[str, ...]] = {}
        for who in each.enrolments:
            if who in known:
                to[known[who].mail] = (*to.get(known[who].mail, ()), who)
        forgotten = sum(who not in known for who in each.enrolments)
        found.append(AddressedLetter(each, to, forgotten, tuple(told[each.key])))
    return tuple(found)


def training_on_record(
    session: Session, training_id: str
) -> tuple[list[Training], dict[str, Sequence[EnrolmentEvent]]]:
    """Every version of a training, oldest first, and the applications there are by ``session_id``.

    Raises:
        InvalidInputError: There is no such training.
    """
    history = training_history(session, training_id)
    if not history:
        raise InvalidInputError(NO_TRAINING)
    ids = list(dict.fromkeys(s.session_id for each in history for s in each.content.sessions))
    events: dict[str, list[EnrolmentEvent]] = {session_id: [] for session_id in ids}
    for event in enrolment_events(session, ids):
        events[event.session_id].append(event)
    return history, {session_id: said for session_id, said in events.items() if said}


def keep_told(
    session: Session,
    letter: AddressedLetter,
    addresses: Collection[str],
    way: LetterWay,
    now: datetime,
    by: str,
) -> None:
    """Keep that the persons behind some addresses were told."""
    rows = [
        TOLD.row(LetterTold(0, letter.letter.key, who, way, now, by))
        for address in addresses
        for who in letter.people[address]
    ]
    if rows:
        TOLD.add_all(session, rows)
