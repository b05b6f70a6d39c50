"""Personal calendar addresses: unguessable, revocable, and of one municipality only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Engine, text

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.accounts import add_account, set_account_active
from core.commands.calendar_tokens import make_calendar_token, revoke_calendar_token
from core.commands.enrolments import cancel_enrolment, enrol
from core.commands.trainings import cancel_training
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.views.calendar import calendar_tokens_view, personal_calendar_view
from tests.support.reference import REFERENCE
from tests.support.trainings import ADDRESS, an_applicant

OURS, NEIGHBOUR = "271004", "271403"


@pytest.fixture
def ours(engine: Engine, now: datetime) -> Principal:
    """An officer with an account, as an address needs one."""
    return account(engine, "tanto", OURS, now)


def account(engine: Engine, name: str, lg_code: str, now: datetime) -> Principal:
    add_account(
        engine, CONSOLE, username=name, display_name="担当", role=Role.OFFICER, lg_code=lg_code,
        known_codes=frozenset({OURS, NEIGHBOUR}), now=now,
    )  # fmt: skip
    return Principal(name, "担当", Role.OFFICER, lg_code)


def make(engine: Engine, who: Principal, now: datetime, label: str = "Outlook") -> str:
    assert who.lg_code is not None
    return make_calendar_token(engine, who, lg_code=who.lg_code, label=label, now=now)


def test_an_address_shows_what_the_municipality_enrolled_in_and_names_nobody(
    engine: Engine, ours: Principal, publish: Callable, officer: Callable, now: datetime
) -> None:
    _, (seat,) = publish(capacity=1)
    _, (waits,) = publish(capacity=1)
    _, (theirs,) = publish()
    for number, (code, session_id) in enumerate(
        ((OURS, seat), (NEIGHBOUR, waits), (OURS, waits), (NEIGHBOUR, theirs))
    ):
        enrol(
            engine, officer(code), lg_code=code, session_id=session_id,
            applicants=[an_applicant(number)], reference=REFERENCE, request_id=f"e{number}", now=now,
        )  # fmt: skip
    answer = personal_calendar_view(
        engine, PUBLIC, REFERENCE, token=make(engine, ours, now), as_of=now.date()
    )
    assert answer.lg_code == OURS
    assert {entry.line.session_id: (entry.seated, entry.waiting) for entry in answer.entries} == {
        seat: (1, 0),
        waits: (0, 1),
    }
    assert {e.line.session_id: e.joining_address for e in answer.entries} == {
        seat: ADDRESS,
        waits: "",
    }
    assert "職員" not in repr(answer)
    assert "@city" not in repr(answer)


def test_what_was_cancelled_stays_so_that_a_calendar_can_take_it_off(
    engine: Engine, ours: Principal, publish: Callable, officer: Callable, now: datetime,
    secretariat: Principal,
) -> None:  # fmt: skip
    training_id, (session_id,) = publish()
    (enrolled,) = enrol(
        engine, officer(OURS), lg_code=OURS, session_id=session_id,
        applicants=[an_applicant(1)], reference=REFERENCE, request_id="e", now=now,
    )  # fmt: skip
    token = make(engine, ours, now)
    cancel_enrolment(
        engine, officer(OURS), lg_code=OURS, enrolment_id=enrolled.enrolment_id, seen_event=1,
        request_id="c", now=now,
    )  # fmt: skip
    cancel_training(
        engine,
        secretariat,
        training_id=training_id,
        reason="台風",
        seen_version=2,
        reference=REFERENCE,
        now=now,
    )
    (entry,) = personal_calendar_view(
        engine, PUBLIC, REFERENCE, token=token, as_of=now.date()
    ).entries
    assert (entry.seated, entry.waiting, entry.joining_address) == (0, 0, "")
    assert (entry.line.cancelled, entry.line.training.sequence) == (True, 2)


def test_an_address_ends_when_it_is_revoked_its_account_stops_or_it_is_guessed(
    engine: Engine, ours: Principal, now: datetime
) -> None:
    token, other = make(engine, ours, now), make(engine, ours, now, "予備")
    kept = calendar_tokens_view(engine, ours, lg_code=OURS)
    first = next(each for each in kept if each.label == "Outlook")
    revoke_calendar_token(engine, ours, lg_code=OURS, token_id=first.token_id, now=now)
    revoke_calendar_token(engine, ours, lg_code=OURS, token_id=first.token_id, now=now)
    for guess in (token, "", "x", other[:-1], first.token_id):
        with pytest.raises(InvalidInputError, match="使えません"):
            personal_calendar_view(engine, PUBLIC, REFERENCE, token=guess, as_of=now.date())
    personal_calendar_view(engine, PUBLIC, REFERENCE, token=other, as_of=now.date())
    set_account_active(engine, CONSOLE, username="tanto", active=False, now=now)
    with pytest.raises(InvalidInputError, match="使えません"):
        personal_calendar_view(engine, PUBLIC, REFERENCE, token=other, as_of=now.date())


def test_only_its_hash_is_kept(engine: Engine, ours: Principal, now: datetime) -> None:
    token = make(engine, ours, now)
    assert len(token) >= 43
    with engine.connect() as connection:
        for table in ("calendar_token", "audit", "request"):
            assert token not in repr(connection.execute(text(f"SELECT * FROM {table}")).all())


def test_a_neighbour_neither_sees_nor_revokes_nor_makes(
    engine: Engine, ours: Principal, now: datetime, secretariat: Principal
) -> None:
    token = make(engine, ours, now)
    (kept,) = calendar_tokens_view(engine, ours, lg_code=OURS)
    neighbour = account(engine, "tonari", NEIGHBOUR, now)
    with pytest.raises(InvalidInputError, match="見つかりません"):
        revoke_calendar_token(engine, neighbour, lg_code=NEIGHBOUR, token_id=kept.token_id, now=now)
    for who in (neighbour, secretariat, PUBLIC):
        with pytest.raises(PermissionDeniedError):
            calendar_tokens_view(engine, who, lg_code=OURS)
        with pytest.raises(PermissionDeniedError):
            make_calendar_token(engine, who, lg_code=OURS, label="x", now=now)
    assert (
        personal_calendar_view(engine, PUBLIC, REFERENCE, token=token, as_of=now.date()).entries
        == ()
    )


def test_an_address_needs_a_name_and_there_are_not_endlessly_many(
    engine: Engine, ours: Principal, now: datetime
) -> None:
    for label in ("", "あ" * 61, "a\nb"):
        with pytest.raises(InvalidInputError, match="カレンダー用アドレスの名前"):
            make(engine, ours, now, label)
    for number in range(20):
        make(engine, ours, now, f"{number}")
    with pytest.raises(ConflictError, match="20件まで"):
        make(engine, ours, now)
