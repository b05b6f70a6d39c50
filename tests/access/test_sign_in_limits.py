"""Wrong passwords are limited where they come from, and the right owner is nobody's hostage."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from core.access.account import browser_secret
from core.access.limit import KNOWN_FOR, LIMITS, LimitKind
from core.access.principal import CONSOLE, PUBLIC
from core.commands.accounts import change_account, unlock_account
from core.commands.sessions import sign_in, wake_session
from core.store.accounts import SessionRow
from core.store.audit import AuditRow, latest_entries
from core.store.engine import open_engine, reading
from core.store.sign_in_limits import SignInLimitRow
from core.values.errors import SignInRefusedError
from core.views.administration import accounts_view
from tests.access.test_accounts import GOOD, People, everything_stored

HERE, THERE = "10.1.0.7", "10.9.9.9"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
PAIR, ACCOUNT = LIMITS[LimitKind.PAIR], LIMITS[LimitKind.ACCOUNT]
ADDRESS, BROWSER = LIMITS[LimitKind.ADDRESS], LIMITS[LimitKind.BROWSER]
TOO_FAST = "あと[0-9]+秒は試せません"


@pytest.fixture
def people(engine: Engine, now: datetime) -> People:
    return People(engine, now)


def waits(people: People, username: str, now: datetime | None = None, **origin: str) -> str:
    """The words of a refusal that did not look at the password, which is the right one."""
    with pytest.raises(SignInRefusedError, match=TOO_FAST) as refused:
        people.enter(username, GOOD, now, **origin)
    return str(refused.value)


def rows(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.scalars(select(SignInLimitRow.kind)).all())


def entries(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.scalars(select(AuditRow.id)).all())


def test_somebody_else_s_wrong_tries_do_not_keep_the_owner_out(people: People) -> None:
    people.settled("tanto")
    people.enter("tanto", GOOD, address=HERE)
    for number in range(200):
        try:
            people.enter("tanto", "ちがう", people.now + number * SECOND, address=THERE)
        except SignInRefusedError:
            continue
    attacked = people.now + 200 * SECOND
    assert people.enter("tanto", GOOD, attacked, address=HERE)


def test_from_a_browser_known_to_the_owner_even_the_attacker_s_address_is_free(
    people: People,
) -> None:
    people.settled("tanto")
    mine = browser_secret(people.enter("tanto", GOOD, address=HERE))
    people.fail("tanto", times=PAIR.free, address=HERE)
    waits(people, "tanto", address=HERE)
    waits(people, "tanto", address=HERE, browser=browser_secret("another"))
    assert people.enter("tanto", GOOD, address=HERE, browser=mine)
    assert people.enter("tanto", GOOD, address=THERE, browser=mine)


def test_a_browser_is_known_to_whom_it_was_used_by_and_to_nobody_else(people: People) -> None:
    people.settled("tanto")
    people.settled("tonari", code="271403")
    mine = browser_secret(people.enter("tanto", GOOD, address=HERE))
    people.fail("tonari", times=PAIR.free, address=HERE, browser=mine)
    waits(people, "tonari", address=HERE, browser=mine)
    people.enter("tonari", GOOD, people.now + MINUTE, address=HERE, browser=mine)
    people.fail("tonari", people.now + MINUTE, times=BROWSER.free, address=HERE, browser=mine)
    waits(people, "tonari", people.now + MINUTE, address=HERE, browser=mine)
    assert people.enter("tanto", GOOD, people.now + MINUTE, address=HERE, browser=mine)


def test_a_known_browser_is_limited_too_and_forgotten_when_it_is_not_used(people: People) -> None:
    people.settled("tanto")
    mine = browser_secret(people.enter("tanto", GOOD, address=HERE))
    people.fail("tanto", times=BROWSER.free, address=THERE, browser=mine)
    waits(people, "tanto", address=THERE, browser=mine)
    later = people.now + KNOWN_FOR
    people.fail("tanto", later, times=PAIR.free, address=THERE, browser=mine)
    waits(people, "tanto", later, address=THERE, browser=mine)


def test_a_wait_is_over_after_a_minute_however_long_the_attack_went_on(people: People) -> None:
    people.settled("tanto")
    moment = people.now
    for _ in range(300):
        try:
            people.enter("tanto", "ちがう", moment, address=THERE)
        except SignInRefusedError:
            moment += 10 * SECOND
    until = accounts_view(people.engine, CONSOLE, now=moment).waits.get("tanto", moment)
    assert until - moment <= MINUTE
    assert people.enter("tanto", GOOD, moment + MINUTE, address=THERE)


def test_many_addresses_on_one_account_are_slowed_down_and_the_owner_s_own_is_not(
    people: People,
) -> None:
    people.settled("tanto")
    people.enter("tanto", GOOD, address=HERE)
    for number in range(ACCOUNT.free):
        people.fail("tanto", address=f"10.9.0.{number}")
    waits(people, "tanto", address="10.9.1.1")
    assert people.enter("tanto", GOOD, address=HERE)
    assert people.enter("tanto", GOOD, people.now + MINUTE, address="10.9.1.1")


def test_one_address_that_tries_many_names_is_slowed_down(people: People) -> None:
    people.settled("tanto")
    for number in range(ADDRESS.free):
        people.fail(f"dareka-{number}", address=THERE)
    waits(people, "tanto", address=THERE)
    waits(people, "mada-dareka", address=THERE)
    assert people.enter("tanto", GOOD, address=HERE)
    assert people.enter("tanto", GOOD, people.now + ADDRESS.every, address=THERE)


def test_signing_in_to_an_own_account_lets_nobody_try_others_faster(people: People) -> None:
    people.settled("tanto")
    people.settled("tonari", code="271403")
    for number in range(ADDRESS.free - 1):
        people.fail(f"dareka-{number}", address=THERE)
        people.enter("tonari", GOOD, address=THERE)
    people.fail("tanto", address=THERE)
    waits(people, "tanto", address=THERE)


@pytest.mark.parametrize("name", ["tanto", "dareka"])
def test_a_wait_does_not_tell_whether_the_account_exists(people: People, name: str) -> None:
    people.settled("tanto")
    people.fail(name, times=PAIR.free, address=THERE)
    assert waits(people, name, address=THERE) == (
        "サインインの失敗が続いたため、あと60秒は試せません。"
        "待ってから、ユーザー名とパスワードを確かめて入力してください。"
    )


def test_a_try_that_has_to_wait_writes_nothing_and_is_not_counted(people: People) -> None:
    people.settled("tanto")
    people.fail("tanto", times=PAIR.free, address=THERE)
    before, counted = entries(people.engine), rows(people.engine)
    for _ in range(5):
        waits(people, "tanto", address=THERE)
    assert (entries(people.engine), rows(people.engine)) == (before, counted)
    assert people.account("tanto").failed_attempts == PAIR.free
    assert people.enter("tanto", GOOD, people.now + MINUTE, address=THERE)


def test_a_success_starts_the_owner_s_own_count_anew(people: People) -> None:
    people.settled("tanto")
    for _ in range(3):
        people.fail("tanto", times=PAIR.free - 1, address=HERE)
        people.enter("tanto", GOOD, address=HERE)
    people.fail("tanto", times=PAIR.free, address=HERE)
    waits(people, "tanto", address=HERE)


def test_another_server_counts_the_same(people: People) -> None:
    people.settled("tanto")
    other = open_engine(people.engine.url)
    people.fail("tanto", times=PAIR.free, address=THERE)
    with pytest.raises(SignInRefusedError, match=TOO_FAST):
        sign_in(other, PUBLIC, username="tanto", password=GOOD, address=THERE, now=people.now)
    other.dispose()


def test_what_is_counted_is_gone_when_it_is_there_again(people: People) -> None:
    people.settled("tanto")
    for number in range(ADDRESS.free):
        people.fail(f"dareka-{number}", address=THERE)
    assert rows(people.engine) > ADDRESS.free
    people.fail("tanto", people.now + ADDRESS.free * MINUTE, address=HERE)
    assert rows(people.engine) == 3  # pair, address and account of the last one


def test_old_sign_ins_are_gone_after_their_browser_is_forgotten(people: People) -> None:
    people.settled("tanto")
    people.enter("tanto", GOOD)
    people.enter("tanto", GOOD, people.now + KNOWN_FOR + SECOND)
    with reading(people.engine) as session:
        assert len(session.scalars(select(SessionRow.token_hash)).all()) == 1


def test_a_password_typed_as_the_user_name_is_kept_nowhere(people: People) -> None:
    people.settled("tanto")
    typed = "himitsu-no-kotoba-42"
    people.fail(typed, times=3, address=THERE)
    stored = everything_stored(people.engine)
    assert THERE in stored
    assert typed not in stored
    assert typed[:8] not in stored


def test_a_reset_and_an_unlock_let_the_account_be_tried_at_once(people: People) -> None:
    people.settled("tanto")
    people.fail("tanto", times=PAIR.free, address=THERE)
    assert accounts_view(people.engine, CONSOLE, now=people.now).waits.keys() == {"tanto"}
    assert unlock_account(people.engine, CONSOLE, username="tanto", now=people.now)
    assert not unlock_account(people.engine, CONSOLE, username="tanto", now=people.now)
    people.fail("tanto", times=PAIR.free, address=THERE)
    password = people.reset("tanto")
    assert people.enter("tanto", password, address=THERE)
    assert ("console", "account:unlock", "tanto") in people.audit()


def test_an_audit_entry_says_where_a_failure_came_from(people: People) -> None:
    people.settled("tanto")
    people.fail("tanto", address=THERE)
    with reading(people.engine) as session:
        (last,) = latest_entries(session, 1)
    assert (last.action, last.subject, last.detail) == (
        "session:refused",
        "tanto",
        {"address": THERE},
    )


def test_waking_a_session_is_limited_as_signing_in_is(people: People) -> None:
    people.settled("tanto")
    token = people.enter("tanto", GOOD, address=HERE)
    asked = {"token": token, "address": HERE, "now": people.now}
    for _ in range(PAIR.free):
        with pytest.raises(SignInRefusedError, match="確認してください"):
            wake_session(people.engine, PUBLIC, password="ちがう", **asked)
    with pytest.raises(SignInRefusedError, match=TOO_FAST):
        wake_session(people.engine, PUBLIC, password=GOOD, **asked)
    waits(people, "tanto", address=HERE)


def test_a_changed_account_may_be_tried_like_any_other(people: People) -> None:
    people.settled("tanto")
    change_account(
        people.engine,
        CONSOLE,
        username="tanto",
        display_name="異動",
        role=people.account("tanto").role,
        officer_of="271403",
        known_codes=frozenset({"271403"}),
        now=people.now,
    )
    assert people.who(people.enter("tanto", GOOD, address=HERE)).lg_code == "271403"
