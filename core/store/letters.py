"""連絡: letters of a training, a consultation, an inquiry, a number of the week: where they go, who was told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Session

from core.consultation.mail_text import MailKind, mail_text
from core.consultation.request import present_contact
from core.contact.contact import MunicipalityContact, written_to
from core.figures.letter import letter as reminder_text
from core.figures.registry import Said
from core.figures.week import week
from core.news.inquiry_letters import inquiry_letters, reminders_of
from core.news.letter import Letter, LetterTold, LetterWay, consultation_letter, letters
from core.reference.pack import Reference
from core.store.consultations import consultation_of
from core.store.contacts import municipality_contacts
from core.store.enrolments import enrolment_events, people
from core.store.inquiries import inquiry_of, responses
from core.store.kpi import known
from core.store.table import Stored
from core.store.trainings import training_history
from core.training.enrolment import EnrolmentEvent
from core.training.training import NO_TRAINING, Training
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear, day_in_japan

TOLD = Stored("letter_told", LetterTold, Index("letter_told_letter", "letter"))


@dataclass(frozen=True)
class AddressedLetter:
    """A letter, where it goes, and who was told already."""

    letter: Letter
    people: Mapping[str, tuple[str, ...]]  # whom it tells, by address; "" for one not known here
    forgotten: int  # persons whose data was deleted and who cannot be told
    told: tuple[LetterTold, ...]  # in the order of recording
    before: tuple[LetterTold, ...] = ()  # told of the same by a letter of another day
    # whom each municipality is written to by, by ``lg_code``; of what goes to many of them
    contacts: Mapping[str, MunicipalityContact] = field(default_factory=dict)

    @property
    def to(self) -> tuple[str, ...]:
        """Every address, once."""
        return tuple(self.people)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Addresses that were not told yet."""
        known = {each.whom for each in self.told}
        return tuple(to for to, who in self.people.items() if not known.issuperset(who))

    @property
    def untold(self) -> tuple[str, ...]:
        """Whom it tells that were not told yet, known by an address or not."""
        known = {each.whom for each in self.told}
        return tuple(who for those in self.people.values() for who in those if who not in known)


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
    those = people(session, {who for each in written for who in each.whom})
    return _addressed(session, written, {who: those[who].mail for who in those})


def consultation_mail(
    session: Session,
    reference: Reference,
    *,
    lg_code: str,
    consultation_id: int,
    kind: MailKind,
    address: str,
    today: date,
) -> AddressedLetter:
    """A mail of a consultation; to who took over where its contact is none any more.

    Args:
        address: Where the screen shows the consultation.

    Raises:
        InvalidInputError: There is no such consultation.
        ConflictError: The mail makes no sense in this state.
    """
    consultation = consultation_of(session, lg_code, consultation_id)
    names = reference.names
    if kind is not MailKind.TO_ADVISOR:
        contacts = municipality_contacts(session, lg_code)
        present = present_contact(consultation.contact, contacts, today)
        consultation = replace(consultation, contact=present)
    mail = mail_text(
        kind,
        consultation,
        reference.municipality(lg_code),
        office=f"{names.prefecture} {reference.advisors.name} {names.secretariat}",
        towns=names.towns,
        printed_subject=reference.advisors.guide.request.subject,
        address=address,
    )
    letter = consultation_letter(consultation, kind, mail)
    (found,) = _addressed(session, [letter], dict.fromkeys(letter.whom, mail.to))
    return found


def reminder(
    session: Session, reference: Reference, *, key: str, as_of: date, today: date, address: str
) -> AddressedLetter:
    """The letter to the municipalities behind a number of the week, as of a day.

    It goes to 市町村の担当者; one without stands under an empty address and is told by hand.

    Args:
        address: Of the server.

    Raises:
        InvalidInputError: There is no letter about this number.
    """
    lines = week(Said(known(session, reference, today=today), as_of), named=True)
    line = next((each for each in lines if each.act.letter and each.reading.key == key), None)
    if line is None:
        raise InvalidInputError(
            {"key": "この数字には、知らせる文がありません。画面を更新してください。"}
        )
    parts = line.reading.parts if line.reading.value is not None else ()
    towns = tuple(dict.fromkeys(part.lg_code for part in parts if part.lg_code))
    contacts, addresses = _contacts(session, towns, today)
    subject, body = reminder_text(key, as_of, address, reference.names)
    series = f"week:{key}:"
    letter = Letter(
        key=f"{series}{as_of.isoformat()}",
        about=line.reading.indicator.name,
        subject=subject,
        body=body,
        whom=towns,
        towns=len(towns),
    )
    (found,) = _addressed(session, [letter], addresses)
    year = FiscalYear.of(as_of)
    before = tuple(
        row
        for row in TOLD.all(session, TOLD.c.letter.startswith(series, autoescape=True))
        if row.letter != letter.key and FiscalYear.of(day_in_japan(row.recorded_at)) == year
    )
    return replace(found, before=before, contacts=contacts)


def _contacts(
    session: Session, towns: Sequence[str], today: date
) -> tuple[dict[str, MunicipalityContact], dict[str, str]]:
    """Whom municipalities are written to by, and the address of each; empty where there is nobody."""
    everybody = written_to(municipality_contacts(session), today)
    contacts = {code: everybody[code] for code in towns if code in everybody}
    return contacts, {code: contacts[code].card.mail if code in contacts else "" for code in towns}


def inquiry_mail(
    session: Session, reference: Reference, *, inquiry_id: int, address: str, now: datetime
) -> tuple[AddressedLetter, ...]:
    """What those asked are to be told of an inquiry: the reminder first, then the latest step first.

    It goes to 市町村の担当者; one without stands under an empty address and is told by hand.

    Args:
        address: Where the screen shows the inquiry.

    Raises:
        InvalidInputError: There is no such inquiry.
    """
    inquiry = inquiry_of(session, inquiry_id)
    if not inquiry.published:
        return ()
    said = responses(session, inquiry)
    written = inquiry_letters(inquiry, said, reference.names, address, now)
    contacts, addresses = _contacts(session, inquiry.audience, day_in_japan(now))
    series = reminders_of(inquiry_id)
    reminded = TOLD.all(session, TOLD.c.letter.startswith(series, autoescape=True))
    return tuple(
        replace(
            found,
            contacts={code: contacts[code] for code in found.letter.whom if code in contacts},
            before=tuple(
                row
                for row in reminded
                if found.letter.key.startswith(series) and row.letter != found.letter.key
            ),
        )
        for found in _addressed(session, written, addresses)
    )


def _addressed(
    session: Session, written: Sequence[Letter], addresses: Mapping[str, str]
) -> tuple[AddressedLetter, ...]:
    """Letters with who was told.

    Args:
        addresses: By whom they tell; without one: its data was deleted.
    """
    told: dict[str, list[LetterTold]] = {each.key: [] for each in written}
    for row in TOLD.all(session, TOLD.c.letter.in_(told)) if told else ():
        told[row.letter].append(row)
    found = []
    for each in written:
        to: dict[str, tuple[str, ...]] = {}
        for who in each.whom:
            if who in addresses:
                to[addresses[who]] = (*to.get(addresses[who], ()), who)
        forgotten = sum(who not in addresses for who in each.whom)
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
    """Keep that the persons behind some addresses were told; of those who were, nothing is said anew."""
    left = set(letter.untold)
    rows = [
        TOLD.row(LetterTold(0, letter.letter.key, who, way, now, by))
        for address in addresses
        for who in letter.people[address]
        if who in left
    ]
    if rows:
        TOLD.add_all(session, rows)
