"""Who the contacts of the municipalities are: one's own, and for the secretariat everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.contact.contact import MunicipalityContact, Tenure, written_to
from core.reference.pack import Reference
from core.store.contacts import municipality_contacts
from core.store.engine import reading
from core.values.municipality import Municipality


@dataclass(frozen=True)
class ContactsAnswer:
    """The contacts of one municipality.

    Attributes:
        contacts: Those in office first, then those to come, then the former ones not deleted yet, the
            last first.
        addressee: To whom letters go today; None when there is nobody.
    """

    municipality: Municipality
    contacts: tuple[MunicipalityContact, ...]
    addressee: MunicipalityContact | None


@requires("contact:read", municipality="lg_code")
def contacts_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    today: date,
) -> ContactsAnswer:
    """The contacts of a municipality.

    Raises:
        InvalidInputError: No such municipality.
    """
    municipality = reference.municipality(lg_code)
    with reading(engine) as session:
        return _answer(municipality, municipality_contacts(session, lg_code), today)


@requires("contact:manage")
def contact_list_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    today: date,
) -> tuple[ContactsAnswer, ...]:
    """Every municipality with its contacts, in the order of the reference data."""
    with reading(engine) as session:
        everybody = municipality_contacts(session)
    return tuple(
        _answer(town, [each for each in everybody if each.lg_code == town.lg_code], today)
        for town in reference.municipalities
    )


def _answer(
    municipality: Municipality, contacts: Sequence[MunicipalityContact], today: date
) -> ContactsAnswer:
    def rank(each: MunicipalityContact) -> tuple[int, int]:
        tenure = each.card.tenure(today)
        began = each.card.begins.toordinal()
        return [*Tenure].index(tenure), -began if tenure is Tenure.FORMER else began

    return ContactsAnswer(
        municipality,
        tuple(sorted(contacts, key=rank)),
        written_to(contacts, today).get(municipality.lg_code),
    )
