"""回答に書く担当者: who of the contacts an answer can name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from core.contact.contact import MunicipalityContact, Tenure


def people_of(contacts: Iterable[MunicipalityContact], today: date) -> Mapping[str, str]:
    """Key → how they are called, those in office and those to come; 所属 first."""
    return MappingProxyType(
        {
            each.contact_id: called(each)
            for each in contacts
            if each.card.tenure(today) is not Tenure.FORMER
        }
    )


def former_people_of(contacts: Iterable[MunicipalityContact], today: date) -> Mapping[str, str]:
    """The same of those whose term is over, as long as they are kept."""
    return MappingProxyType(
        {
            each.contact_id: f"{called(each)}(前任)"
            for each in contacts
            if each.card.tenure(today) is Tenure.FORMER
        }
    )


def called(contact: MunicipalityContact) -> str:
    """Department and name of a contact."""
    card = contact.card
    return f"{card.department} {card.name}".strip()
