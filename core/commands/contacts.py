"""市町村の担当者: record, change, end, and hand over in one step. Names stay out of the audit trail."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime

from core.contact.contact import (
    ContactCard,
    MunicipalityContact,
    handed_over,
    read_card,
)
from core.reference.pack import Reference
from core.store.contacts import (
    keep_municipality_contact,
    municipality_contact,
    municipality_contacts,
)
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError


@command("contact:record", "担当者の登録")
def record_contact(
    work: Work,
    *,
    lg_code: str,
    form: ContactCard,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> str:
    """Record one more contact of a municipality; returns its key.

    Raises:
        InvalidInputError: Every field that cannot be used; no such municipality.
    """
    reference.municipality(lg_code)
    card = read_card(form, municipality_contacts(work.session, lg_code), work.today)
    contact_id = _keep_new(work, lg_code, card)
    work.audit(lg_code, kind=card.role.label, first_day=card.begins, last_day=card.ends)
    return contact_id


@command("contact:change", "担当者の変更", "contact:record")
def change_contact(
    work: Work,
    *,
    lg_code: str,
    contact_id: str,
    seen_version: int,
    form: ContactCard,
    request_id: str,
    now: datetime,
) -> None:
    """Say anew who a contact is; what was said before is not kept.

    Raises:
        InvalidInputError: Every field that cannot be used; no such contact.
        ConflictError: Nothing changes, or somebody changed it meanwhile.
    """
    old, others = _seen(work, lg_code, contact_id, seen_version)
    card = read_card(form, others, work.today)
    if card == old.card:
        raise ConflictError("変更がありません。変える項目を入力してから押してください。")
    _keep_changed(work, old, card)
    work.audit(lg_code, kind=card.role.label, first_day=card.begins, last_day=card.ends)


@command("contact:end", "担当者の任期の終わり", "contact:record")
def end_contact(
    work: Work,
    *,
    lg_code: str,
    contact_id: str,
    seen_version: int,
    ends: date,
    request_id: str,
    now: datetime,
) -> None:
    """End a term without anybody who takes over.

    Args:
        ends: Last day, inclusive.

    Raises:
        InvalidInputError: Field ``ends``; no such contact.
        ConflictError: Somebody changed it meanwhile.
    """
    old, others = _seen(work, lg_code, contact_id, seen_version)
    card = read_card(replace(old.card, ends=ends), others, work.today)
    _keep_changed(work, old, card)
    work.audit(lg_code, kind=card.role.label, last_day=ends)


@command("contact:hand_over", "担当者の引き継ぎ", "contact:record")
def hand_over_contact(
    work: Work,
    *,
    lg_code: str,
    contact_id: str,
    seen_version: int,
    form: ContactCard,
    request_id: str,
    now: datetime,
) -> str:
    """End a term on the day before the successor's begins, and record the successor; returns its key.

    Raises:
        InvalidInputError: Every field of the successor that cannot be used; no such contact.
        ConflictError: The term is over, or somebody changed it meanwhile.
    """
    old, others = _seen(work, lg_code, contact_id, seen_version)
    before, successor = handed_over(old, form, others, work.today)
    _keep_changed(work, old, before)
    new_id = _keep_new(work, lg_code, successor)
    work.audit(lg_code, kind=successor.role.label, first_day=successor.begins)
    return new_id


def _seen(
    work: Work, lg_code: str, contact_id: str, seen_version: int
) -> tuple[MunicipalityContact, list[MunicipalityContact]]:
    """The contact as the form showed it, and the others of its municipality."""
    old = municipality_contact(work.session, lg_code, contact_id)
    refuse_stale(old, old.version, seen_version, f"担当者「{old.card.name}」", "変更して")
    others = municipality_contacts(work.session, lg_code)
    return old, [each for each in others if each.contact_id != contact_id]


def _keep_new(work: Work, lg_code: str, card: ContactCard) -> str:
    contact_id = uuid.uuid4().hex
    keep_municipality_contact(
        work.session, MunicipalityContact(contact_id, 1, lg_code, card, work.now, work.by)
    )
    return contact_id


def _keep_changed(work: Work, old: MunicipalityContact, card: ContactCard) -> None:
    changed = replace(
        old, version=old.version + 1, card=card, recorded_at=work.now, recorded_by=work.by
    )
    keep_municipality_contact(work.session, changed)
