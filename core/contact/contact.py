"""市町村の担当者: who they are, how long, who takes over, and to whom a letter goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated

from core.params import Parameter, in_force
from core.values.errors import ConflictError, InvalidInputError, NoValueInForceError
from core.values.fiscal import era_date
from core.values.free_text import MAIL, Text, read_form
from core.values.label import Labelled

RETENTION = "contact.retention_days"
"""制度値: how many days after the end of a term the person is kept."""
AHEAD = timedelta(days=731)
"""A term may begin this long from today (仮定: two years)."""
_DAY = timedelta(days=1)


class ContactRole(Labelled):
    """What somebody is asked for (担当の役割); letters go to the first of these there is."""

    MAIN = "main", "主担当"
    DEPUTY = "deputy", "副担当"
    HEAD = "head", "責任者"


class Tenure(Labelled):
    """Where a day stands in a term (任期)."""

    CURRENT = "current", "現任"
    COMING = "coming", "就任予定"
    FORMER = "former", "前任"


@dataclass(frozen=True)
class ContactCard:
    """Who somebody is, as typed and as kept. Personal data.

    Attributes:
        begins: First day of the term, inclusive.
        ends: Last day, inclusive; None while no end is known.
    """

    name: Annotated[str, Text("氏名", 100)]
    department: Annotated[str, Text("所属", 100, example="例: DX推進課")]
    mail: Annotated[str, MAIL]
    phone: Annotated[str, Text("電話番号", 100, optional=True)]
    role: ContactRole
    begins: date
    ends: date | None = None

    def tenure(self, day: date) -> Tenure:
        """Where a day stands in the term."""
        if day < self.begins:
            return Tenure.COMING
        return Tenure.FORMER if self.ends is not None and self.ends < day else Tenure.CURRENT

    def meets(self, other: ContactCard) -> bool:
        """Whether both are in office on some day."""
        return (other.ends is None or self.begins <= other.ends) and (
            self.ends is None or other.begins <= self.ends
        )

    @property
    def term(self) -> str:
        """The term in words."""
        ends = "" if self.ends is None else era_date(self.ends)
        return f"{era_date(self.begins)}から{ends}"


@dataclass(frozen=True)
class MunicipalityContact:
    """A contact of a municipality: for that municipality and the secretariat only.

    Attributes:
        version: Counts what was said of it, from 1.
    """

    contact_id: str
    version: int
    lg_code: str
    card: ContactCard
    recorded_at: datetime
    recorded_by: str


def read_card(form: ContactCard, others: Iterable[MunicipalityContact], today: date) -> ContactCard:
    """A contact as it is kept.

    Args:
        others: Every other contact of the municipality.

    Raises:
        InvalidInputError: Every field that cannot be used, all at once.
    """
    problems: dict[str, str] = {}
    card = read_form(form, problems)
    if card.begins > today + AHEAD:
        problems["begins"] = (
            f"任期の始まりは{era_date(today + AHEAD)}までの日にしてください: {era_date(card.begins)}"
        )
    if card.ends is not None and card.ends < card.begins:
        problems["ends"] = (
            f"任期の終わりは始まり({era_date(card.begins)})以降の日にしてください: {era_date(card.ends)}"
        )
    meeting = [other.card for other in others if other.card.meets(card)]
    if any(card.mail and other.mail == card.mail for other in meeting):
        problems.setdefault(
            "mail",
            f"{card.mail}は、同じ期間の担当者に登録されています。一覧の「内容を変える」で直してください。",
        )
    main = [other for other in meeting if other.role is ContactRole.MAIN]
    if card.role is ContactRole.MAIN and main:
        problems["role"] = (
            f"同じ期間の主担当は{main[0].name}({main[0].term})です。"
            "交代するときは一覧の「引き継ぐ」を使い、加えるときは副担当にしてください。"
        )
    if problems:
        raise InvalidInputError(problems)
    return card


def handed_over(
    old: MunicipalityContact,
    successor: ContactCard,
    others: Collection[MunicipalityContact],
    today: date,
) -> tuple[ContactCard, ContactCard]:
    """The old contact, whose term ends on the day before the new one's begins, and the new one.

    Args:
        others: Every contact of the municipality but the old one.

    Raises:
        ConflictError: The old term is over: nobody is left to take over from.
        InvalidInputError: Every field of the new one that cannot be used; ``begins`` when the old
            term began no earlier.
    """
    if old.card.tenure(today) is Tenure.FORMER:
        raise ConflictError(
            f"{old.card.name}の任期({old.card.term})は終わっています。"
            "新しい担当者は「担当者を加える」で登録してください。"
        )
    if successor.begins <= old.card.begins:
        raise InvalidInputError(
            {
                "begins": f"引き継ぐ日は、{old.card.name}の任期の始まり({era_date(old.card.begins)})より"
                "後の日にしてください。"
            }
        )
    before = replace(old.card, ends=successor.begins - _DAY)
    return before, read_card(successor, [*others, replace(old, card=before)], today)


def written_to(
    contacts: Iterable[MunicipalityContact], day: date
) -> Mapping[str, MunicipalityContact]:
    """To whom of each municipality a letter goes, by ``lg_code``; one without a contact is absent.

    The 主担当 in office on the day; without one the 副担当, then the 責任者; of several the one
    longest in office.
    """
    order = [*ContactRole]
    found: dict[str, MunicipalityContact] = {}
    for each in sorted(contacts, key=lambda c: (order.index(c.card.role), c.card.begins)):
        if each.card.tenure(day) is Tenure.CURRENT:
            found.setdefault(each.lg_code, each)
    return found


def in_place_of(
    mail: str, contacts: Collection[MunicipalityContact], day: date
) -> MunicipalityContact | None:
    """Who of a municipality is written to instead of an address that was named for something.

    Args:
        mail: The address; empty when it was deleted.
        contacts: Of that municipality.

    Returns:
        None while the address stands: it is nobody's whose term is over, or nobody came after.
    """
    tenures = [each.card.tenure(day) for each in contacts if each.card.mail == mail]
    if mail and not (tenures and all(tenure is Tenure.FORMER for tenure in tenures)):
        return None
    return next(iter(written_to(contacts, day).values()), None)


def former_contacts_due(
    contacts: Iterable[MunicipalityContact], parameters: Iterable[Parameter], today: date
) -> list[MunicipalityContact]:
    """Those kept longer after the end of their term than the period in force.

    While no period holds, none is due.
    """
    try:
        days = in_force(parameters, RETENTION, today).value
    except NoValueInForceError:
        return []
    if not isinstance(days, int):
        return []
    before = today - timedelta(days=days)
    return [each for each in contacts if each.card.ends is not None and each.card.ends < before]
