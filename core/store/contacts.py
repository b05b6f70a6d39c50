"""市町村の担当者: personal data, one row a person, replaced when something is said anew."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Index, PrimaryKeyConstraint
from sqlalchemy.orm import Session

from core.contact.contact import MunicipalityContact
from core.store.table import Stored
from core.values.errors import InvalidInputError

MUNICIPALITY_CONTACTS = Stored(
    "municipality_contact",
    MunicipalityContact,
    PrimaryKeyConstraint("contact_id"),
    Index("municipality_contact_lg_code", "lg_code"),
    key=None,
    forgettable=True,
)


def municipality_contacts(
    session: Session, lg_code: str | None = None
) -> list[MunicipalityContact]:
    """Contacts of one municipality or all, former ones included, those who began first first."""
    found = MUNICIPALITY_CONTACTS.all(session, lg_code=lg_code)
    return sorted(found, key=lambda each: (each.lg_code, each.card.begins, each.recorded_at))


def municipality_contact(session: Session, lg_code: str, contact_id: str) -> MunicipalityContact:
    """A contact of this municipality; another's is as unknown as none.

    Raises:
        InvalidInputError: Field ``contact_id``.
    """
    found = MUNICIPALITY_CONTACTS.all(session, lg_code=lg_code, contact_id=contact_id)
    if not found:
        raise InvalidInputError(
            {"contact_id": "この担当者は見つかりません。画面を更新してください。"}
        )
    return found[0]


def keep_municipality_contact(session: Session, contact: MunicipalityContact) -> None:
    """Keep a contact as it is now; what was said of it before goes."""
    MUNICIPALITY_CONTACTS.put(session, contact)


def forget_municipality_contacts(session: Session, contact_ids: Collection[str]) -> None:
    """Delete some contacts."""
    ids = MUNICIPALITY_CONTACTS.c.contact_id
    MUNICIPALITY_CONTACTS.forget(session, ids.in_(contact_ids))
