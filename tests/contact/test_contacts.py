"""市町村の担当者: terms, who takes over, who is written to, who sees them, and when they are deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from core.access.principal import PUBLIC, Principal, Role
from core.commands import letters
from core.commands.consultations import request_consultation
from core.commands.contacts import (
    change_contact,
    end_contact,
    hand_over_contact,
    record_contact,
)
from core.commands.letters import note_reminder, send_reminder
from core.commands.purge import delete_former_contacts
from core.consultation.mail_text import MailKind
from core.contact.contact import (
    ContactCard,
    ContactRole,
    MunicipalityContact,
    Tenure,
    handed_over,
    written_to,
)
from core.mail import MailNotSentError
from core.store.audit import AuditFilter
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.fiscal import JAPAN
from core.views.administration import audit_check_view, audit_view
from core.views.consultations import own_consultations_view
from core.views.contacts import ContactsAnswer, contact_list_view, contacts_view
from core.views.letters import consultation_mail_view, reminder_view
from tests.support.consultations import FORM
from tests.support.reference import REFERENCE

OURS, NEIGHBOUR = "271403", "272108"
OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
SMTP = "smtp://mail.example.lg.jp/?from=dx@example.lg.jp"
NOW = datetime(2024, 3, 25, 9, 0, tzinfo=JAPAN)
TODAY, APRIL = NOW.date(), date(2024, 4, 1)
KEY = "trainings_not_reached"
OLD = ContactCard(
    "前田 太郎", "DX推進課", "maeda@city.example.lg.jp", "", ContactRole.MAIN, date(2022, 4, 1)
)
NEW = replace(OLD, name="後藤 花子", mail="goto@city.example.lg.jp", begins=APRIL)


def officer(lg_code: str = OURS) -> Principal:
    return Principal(f"tanto-{lg_code}", "担当", Role.OFFICER, lg_code)


def record(engine: Engine, card: ContactCard = OLD, lg_code: str = OURS, key: str = "r") -> str:
    return record_contact(
        engine, officer(lg_code), lg_code=lg_code, form=card, reference=REFERENCE,
        request_id=f"{key}{card.mail}", now=NOW,
    )  # fmt: skip


def hand_over(engine: Engine, contact_id: str, card: ContactCard = NEW, seen: int = 1) -> str:
    return hand_over_contact(
        engine, officer(), lg_code=OURS, contact_id=contact_id, seen_version=seen, form=card,
        request_id=f"h{card.mail}{seen}", now=NOW,
    )  # fmt: skip


def ours(engine: Engine, day: date = TODAY) -> ContactsAnswer:
    return contacts_view(engine, officer(), REFERENCE, lg_code=OURS, today=day)


def test_in_april_the_old_officer_hands_over_to_the_new_one_in_one_step(engine: Engine) -> None:
    hand_over(engine, record(engine))
    before, after = ours(engine, APRIL - timedelta(1)), ours(engine, APRIL)
    assert [(c.card.name, c.card.ends) for c in before.contacts] == [
        (OLD.name, date(2024, 3, 31)),
        (NEW.name, None),
    ]
    assert before.addressee is not None
    assert before.addressee.card.mail == OLD.mail
    assert after.addressee is not None
    assert after.addressee.card.mail == NEW.mail
    assert [c.card.tenure(APRIL) for c in after.contacts] == [Tenure.CURRENT, Tenure.FORMER]
    entry = audit_view(engine, OFFICE, wanted=AuditFilter()).entries[0]
    assert (entry.action, entry.lg_code) == ("contact:hand_over", OURS)
    for secret in (OLD.name, OLD.mail, NEW.name, NEW.mail):
        assert secret not in repr(entry)


def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_kept(engine: Engine) -> None:
    contact_id = record(engine)
    before = ours(engine)
    with pytest.raises(InvalidInputError) as refused:
        record(
            engine, replace(OLD, name="", ends=date(2022, 3, 31), begins=date(2022, 4, 1)), key="s"
        )
    assert set(refused.value.problems) == {"name", "ends"}
    with pytest.raises(InvalidInputError) as refused:
        record(engine, replace(NEW, mail="maeda@CITY.example.lg.jp"))  # meets the old one
    assert set(refused.value.problems) == {"mail", "role"}
    assert OLD.name in refused.value.problems["role"]
    with pytest.raises(InvalidInputError) as refused:
        record(engine, replace(NEW, role=ContactRole.DEPUTY, begins=TODAY + timedelta(732)))
    assert set(refused.value.problems) == {"begins"}
    with pytest.raises(InvalidInputError) as refused:
        hand_over(engine, contact_id, replace(NEW, begins=OLD.begins))
    assert set(refused.value.problems) == {"begins"}
    with pytest.raises(InvalidInputError, match="見つかりません"):
        hand_over_contact(
            engine, officer(NEIGHBOUR), lg_code=NEIGHBOUR, contact_id=contact_id, seen_version=1,
            form=NEW, request_id="x", now=NOW,
        )  # fmt: skip
    assert ours(engine) == before


def test_a_screen_drawn_before_the_last_word_is_refused(engine: Engine) -> None:
    contact_id = record(engine)
    change_contact(
        engine, OFFICE, lg_code=OURS, contact_id=contact_id, seen_version=1,
        form=replace(OLD, phone="06-0000-0000"), request_id="c", now=NOW,
    )  # fmt: skip
    with pytest.raises(ConflictError, match="jimukyokuが変更して"):
        hand_over(engine, contact_id)
    hand_over(engine, contact_id, seen=2)
    with pytest.raises(ConflictError):  # the form of before once more
        hand_over(engine, contact_id, replace(NEW, mail="other@city.example.lg.jp"), seen=2)


def test_after_the_term_nobody_can_take_over_but_somebody_can_be_added(engine: Engine) -> None:
    contact_id = record(engine)
    end_contact(
        engine, officer(), lg_code=OURS, contact_id=contact_id, seen_version=1,
        ends=date(2024, 3, 20), request_id="e", now=NOW,
    )  # fmt: skip
    assert ours(engine).addressee is None
    with pytest.raises(ConflictError, match="担当者を加える"):
        hand_over(engine, contact_id, seen=2)
    record(engine, replace(NEW, begins=date(2024, 3, 21)))
    assert ours(engine).addressee is not None


DAYS = st.integers(0, 11).map(lambda n: date(2024, 3, 25) + timedelta(n))
CARDS = st.builds(
    ContactCard,
    name=st.just("担当"),
    department=st.just("課"),
    mail=st.sampled_from(["a@x.example", "b@x.example", "c@x.example"]),
    phone=st.just(""),
    role=st.sampled_from(ContactRole),
    begins=DAYS,
    ends=st.none() | DAYS,
)


def kept(number: int, card: ContactCard) -> MunicipalityContact:
    return MunicipalityContact(str(number), 1, OURS, card, NOW, "x")


@given(st.lists(CARDS, max_size=5), DAYS)
def test_a_letter_goes_to_somebody_in_office_and_to_nobody_only_when_there_is_none(
    cards: list[ContactCard], day: date
) -> None:
    contacts = [kept(number, card) for number, card in enumerate(cards)]
    in_office = [
        c for c in contacts if c.card.begins <= day and (c.card.ends is None or day <= c.card.ends)
    ]
    found = written_to(contacts, day).get(OURS)
    assert (found is None) == (not in_office)
    if found is not None:
        assert found in in_office
        best = min([*ContactRole].index(c.card.role) for c in in_office)
        assert [*ContactRole].index(found.card.role) == best


@given(CARDS, DAYS, DAYS)
def test_a_handing_over_leaves_no_day_without_and_none_with_both(
    card: ContactCard, begins: date, today: date
) -> None:
    old, successor = kept(1, card), replace(card, mail="new@x.example", begins=begins, ends=None)
    try:
        before, after = handed_over(old, successor, [], today)
    except (InvalidInputError, ConflictError):
        return
    assert before.ends == after.begins - timedelta(1)
    assert not before.meets(after)
    assert before.begins <= before.ends


# ── who sees them ─────────────────────────────────────────────────────────────────────────────


def test_only_the_own_municipality_and_the_secretariat_see_them(engine: Engine) -> None:
    record(engine)
    assert len(ours(engine).contacts) == 1
    everybody = contact_list_view(engine, OFFICE, REFERENCE, today=TODAY)
    assert len(everybody) == len(REFERENCE.municipalities)
    assert [a.municipality.lg_code for a in everybody if a.contacts] == [OURS]
    viewer = Principal("chiji", "知事", Role.VIEWER)
    for who in (officer(NEIGHBOUR), viewer, PUBLIC):
        with pytest.raises(PermissionDeniedError):
            contacts_view(engine, who, REFERENCE, lg_code=OURS, today=TODAY)
        with pytest.raises(PermissionDeniedError):
            contact_list_view(engine, who, REFERENCE, today=TODAY)


# ── where they are written to ─────────────────────────────────────────────────────────────────


def test_a_reminder_goes_to_the_contacts_and_the_others_are_told_by_hand(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted: list[str] = []

    def post(_server: object, *, to: list[str], **_more: object) -> None:
        posted.extend(to)

    monkeypatch.setattr(letters, "send_mail", post)
    with pytest.raises(ConflictError, match="担当者の登録がありません"):
        send(engine, "a")
    record(engine)
    record(engine, replace(OLD, mail="neighbour@town.example.lg.jp"), NEIGHBOUR)
    found = reminder_view(engine, OFFICE, REFERENCE, key=KEY, as_of=TODAY, today=TODAY, address="")
    assert {code: c.card.mail for code, c in found.contacts.items()} == {
        OURS: OLD.mail,
        NEIGHBOUR: "neighbour@town.example.lg.jp",
    }
    towns = len(REFERENCE.municipalities)
    assert len(found.untold) == towns
    assert (send(engine, "b"), send(engine, "b")) == (2, 2)  # the second click sends nothing
    assert sorted(posted) == [OLD.mail, "neighbour@town.example.lg.jp"]
    told = note_reminder(
        engine, OFFICE, key=KEY, as_of=TODAY, reference=REFERENCE, request_id="n", now=NOW
    )
    assert told == towns - 2
    after = reminder_view(engine, OFFICE, REFERENCE, key=KEY, as_of=TODAY, today=TODAY, address="")
    assert after.untold == ()
    assert len(after.told) == towns


def send(engine: Engine, request_id: str) -> int:
    return send_reminder(
        engine, OFFICE, key=KEY, as_of=TODAY, smtp_url=SMTP, address="https://noriai.example",
        reference=REFERENCE, request_id=request_id, now=NOW,
    )  # fmt: skip


def test_whom_a_failed_reminder_reached_is_kept_and_the_others_wait(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(engine)
    record(engine, replace(OLD, mail="neighbour@town.example.lg.jp"), NEIGHBOUR)

    def fail(_server: object, **_more: object) -> None:
        raise MailNotSentError("途中で切れました。", [OLD.mail])

    monkeypatch.setattr(letters, "send_mail", fail)
    with pytest.raises(MailNotSentError):
        send(engine, "a")
    found = reminder_view(engine, OFFICE, REFERENCE, key=KEY, as_of=TODAY, today=TODAY, address="")
    assert [each.whom for each in found.told] == [OURS]
    assert NEIGHBOUR in found.untold


def test_who_took_over_gets_the_mails_of_a_consultation_and_stands_in_the_next_request(
    engine: Engine,
) -> None:
    old_id = record(engine, replace(OLD, mail=FORM.mail))
    request_consultation(
        engine, officer(), lg_code=OURS, form=replace(FORM, wished=(APRIL,)), files=(),
        reference=REFERENCE, request_id="q", now=NOW,
    )  # fmt: skip
    hand_over(engine, old_id)

    def to(day: date, kind: MailKind = MailKind.RECEIVED) -> tuple[str, ...]:
        asked = own_consultations_view(engine, OFFICE, REFERENCE, lg_code=OURS, today=day)
        return consultation_mail_view(
            engine, OFFICE, REFERENCE, lg_code=OURS, kind=kind, address="", today=day,
            consultation_id=asked.consultations[0].consultation_id,
        ).to  # fmt: skip

    assert to(APRIL - timedelta(1)) == (FORM.mail,)
    assert to(APRIL) == (NEW.mail,)
    assert to(APRIL, MailKind.TO_ADVISOR) == ("",)
    last = own_consultations_view(engine, officer(), REFERENCE, lg_code=OURS, today=APRIL).contact
    assert last is not None
    assert (last.name, last.mail) == (NEW.name, NEW.mail)


# ── the end ───────────────────────────────────────────────────────────────────────────────────


def test_they_are_deleted_on_the_day_after_their_period_and_the_trail_holds(
    engine: Engine,
) -> None:
    hand_over(engine, record(engine))
    due = date(2024, 3, 31) + timedelta(days=366)
    moment = datetime.combine(due, NOW.timetz())
    assert delete_former_contacts(engine, OFFICE, now=moment - timedelta(days=1)) == 0
    with pytest.raises(PermissionDeniedError):
        delete_former_contacts(engine, officer(), now=moment)
    assert delete_former_contacts(engine, OFFICE, now=moment) == 1
    assert [c.card.name for c in ours(engine, due).contacts] == [NEW.name]
    assert audit_check_view(engine, OFFICE).findings == []
    with engine.connect() as connection:
        assert OLD.name not in repr(
            connection.execute(text("SELECT * FROM municipality_contact")).all()
        )
