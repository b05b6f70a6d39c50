"""A sign-in: what its owner is told, how it sleeps and wakes, who sees it and ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, select

from core.access.account import SEEN_EVERY, SESSION_LASTS, SessionState, SignIn, token_hash
from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.accounts import change_account
from core.commands.parameters import record_parameter
from core.commands.sessions import (
    acknowledge_failures,
    end_own_session,
    end_session_of,
    note_use,
    sign_out,
    wake_session,
)
from core.params import Basis
from core.store.accounts import SessionRow
from core.store.audit import latest_entries
from core.store.engine import data_revision, reading
from core.values.errors import ConflictError, InvalidInputError, SignInRefusedError
from core.views.administration import accounts_view
from core.views.session import own_sign_ins_view, session_life_view, this_sign_in_view
from tests.access.test_accounts import BETTER, CODES, GOOD, People

HERE = "10.1.0.7"
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=each) for each in (1, 60, 3600, 86400))
IDLE, FIRST_PASSWORD = 60 * MINUTE, 7 * DAY


@pytest.fixture
def people(engine: Engine, now: datetime) -> People:
    return People(engine, now)


def told(people: People, token: str, now: datetime | None = None) -> SignIn:
    found = this_sign_in_view(people.engine, PUBLIC, token=token, now=now or people.now)
    assert found is not None
    return found


def use(people: People, token: str, now: datetime) -> None:
    note_use(people.engine, PUBLIC, token=token, now=now)


def wake(people: People, token: str, password: str, now: datetime) -> None:
    wake_session(people.engine, PUBLIC, token=token, password=password, address=HERE, now=now)


def parameter(people: People, name: str, text: str, since: date) -> None:
    record_parameter(
        people.engine,
        CONSOLE,
        name=name,
        text=text,
        valid_from=since,
        basis=Basis.OFFICIAL,
        source="要綱",
        note="",
        request_id=f"{name} {text}",
        now=people.now,
    )


# ── what the owner is told ────────────────────────────────────────────────────────────────────


def test_the_owner_is_told_of_the_last_sign_in_and_of_every_failure_since(people: People) -> None:
    people.settled("tanto")
    first = people.enter("tanto", GOOD)
    assert (told(people, first).failures, told(people, first).previous_at) == (0, None)
    for minute in (3, 5, 9):
        people.fail("tanto", people.now + minute * MINUTE, address="10.9.9.9")
    second = told(
        people, people.enter("tanto", GOOD, people.now + HOUR, address=HERE), people.now + HOUR
    )
    assert (second.failures, second.failed_at) == (3, people.now + 9 * MINUTE)
    assert (second.previous_at, second.address) == (people.now, HERE)
    third = people.enter("tanto", GOOD, people.now + 2 * HOUR)
    last = told(people, third, people.now + 2 * HOUR)
    assert (last.failures, last.failed_at, last.previous_at) == (0, None, people.now + HOUR)


def test_what_was_read_is_not_told_again_and_only_its_owner_can_say_so(people: People) -> None:
    people.settled("tanto")
    people.settled("tonari", code="271403")
    people.fail("tanto", times=2)
    token = people.enter("tanto", GOOD)
    tanto, tonari = people.who(token), people.who(people.enter("tonari", GOOD))
    mine = token_hash(token)
    with pytest.raises(ConflictError, match="既に終わっています"):
        acknowledge_failures(people.engine, tonari, session_id=mine, now=people.now)
    assert told(people, token).failures == 2
    acknowledge_failures(people.engine, tanto, session_id=mine, now=people.now)
    assert told(people, token).failures == 0
    assert people.audit()[-1] == ("tanto", "session:acknowledge", "tanto")


# ── sleep ─────────────────────────────────────────────────────────────────────────────────────


def test_a_session_that_is_not_used_sleeps_after_an_hour_and_one_that_is_goes_on(
    people: People, now: datetime
) -> None:
    people.settled("tanto")
    left, used = people.enter("tanto", GOOD), people.enter("tanto", GOOD)
    use(people, used, now + 40 * MINUTE)
    assert people.who(left, now + IDLE - SECOND).username == "tanto"
    assert people.who(left, now + IDLE) == PUBLIC
    assert people.who(used, now + IDLE).username == "tanto"
    assert people.who(used, now + 40 * MINUTE + IDLE) == PUBLIC


def test_use_does_not_wake_what_sleeps_nor_lengthen_the_twelve_hours(
    people: People, now: datetime
) -> None:
    people.settled("tanto")
    token = people.enter("tanto", GOOD)
    use(people, token, now + IDLE)
    assert people.who(token, now + IDLE) == PUBLIC
    other = people.enter("tanto", GOOD)
    people.uses(other, now, now + SESSION_LASTS)
    assert people.who(other, now + SESSION_LASTS - SECOND).username == "tanto"
    assert people.who(other, now + SESSION_LASTS) == PUBLIC


def test_use_is_written_once_a_minute_without_audit_or_revision(
    people: People, engine: Engine, now: datetime
) -> None:
    people.settled("tanto")
    token = people.enter("tanto", GOOD)
    before, revision = len(people.audit()), data_revision(engine)
    writes: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _seen(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("UPDATE", "INSERT", "DELETE")):
            writes.append(statement)

    for second in range(0, 180, 5):
        use(people, token, now + second * SECOND)
    assert len(writes) == 180 * SECOND / SEEN_EVERY - 1
    assert (len(people.audit()), data_revision(engine)) == (before, revision)


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "\x00"])
def test_use_of_what_is_no_session_is_nothing(people: People, token: str) -> None:
    use(people, token, people.now + HOUR)


def test_what_is_left_is_told_without_being_use(people: People, now: datetime) -> None:
    people.settled("tanto")
    token = people.enter("tanto", GOOD)
    view = session_life_view

    def life(after: timedelta, of: str = token) -> tuple[SessionState | None, timedelta, timedelta]:
        found = view(people.engine, PUBLIC, token=of, now=now + after)
        return found.state, found.idle_left, found.left

    zero = timedelta()
    assert life(10 * MINUTE) == (SessionState.AWAKE, 50 * MINUTE, SESSION_LASTS - 10 * MINUTE)
    assert life(59 * MINUTE) == (SessionState.AWAKE, MINUTE, SESSION_LASTS - 59 * MINUTE)
    assert life(61 * MINUTE) == (SessionState.ASLEEP, zero, SESSION_LASTS - 61 * MINUTE)
    assert life(SESSION_LASTS) == (None, zero, zero)
    assert life(zero, "x") == (None, zero, zero)


def test_the_password_wakes_the_same_session_and_no_other_does(
    people: People, now: datetime
) -> None:
    people.settled("tanto")
    people.settled("tonari", code="271403")
    people.change("tonari", GOOD, BETTER)
    token = people.enter("tanto", GOOD)
    asleep = now + 2 * HOUR
    for wrong in ("", "ちがう", BETTER):
        with pytest.raises(SignInRefusedError, match="確認してください"):
            wake(people, token, wrong, asleep)
    assert people.who(token, asleep) == PUBLIC
    wake(people, token, GOOD, asleep)
    assert people.who(token, asleep).username == "tanto"
    assert people.who(token, asleep + IDLE) == PUBLIC
    assert people.audit()[-1] == ("tanto", "session:wake", "tanto")


@pytest.mark.parametrize("end", ["disabled", "signed out", "reset", "twelve hours", "ended"])
def test_what_has_ended_cannot_be_woken(people: People, now: datetime, end: str) -> None:
    people.settled("tanto")
    token, password, moment = people.enter("tanto", GOOD), GOOD, now + 2 * HOUR
    tanto = people.who(token)
    if end == "disabled":
        people.active("tanto", False)
    elif end == "signed out":
        sign_out(people.engine, tanto, now=moment)
    elif end == "reset":
        password = people.reset("tanto")
    elif end == "ended":
        end_own_session(people.engine, tanto, session_id=token_hash(token), now=now)
    else:
        moment = now + SESSION_LASTS
    with pytest.raises(ConflictError, match="サインインし直してください"):
        wake(people, token, password, moment)
    assert people.who(token, moment) == PUBLIC


def test_how_long_is_a_dated_parameter_that_counts_at_once(people: People, now: datetime) -> None:
    people.settled("tanto")
    token = people.enter("tanto", GOOD)
    parameter(people, "session.idle_minutes", "15", now.date())
    assert people.who(token, now + 15 * MINUTE - SECOND).username == "tanto"
    assert people.who(token, now + 15 * MINUTE) == PUBLIC
    parameter(people, "session.idle_minutes", "30", now.date() + DAY)
    assert people.who(token, now + 20 * MINUTE) == PUBLIC


@pytest.mark.parametrize("minutes", ["0", "14", "721"])
def test_how_long_has_bounds(people: People, now: datetime, minutes: str) -> None:
    with pytest.raises(InvalidInputError, match="15以上720以下"):
        parameter(people, "session.idle_minutes", minutes, now.date())


def test_before_the_first_value_of_a_limit_it_holds_all_the_same(people: People) -> None:
    people.now = people.now.replace(year=2019)
    people.settled("tanto")
    token = people.enter("tanto", GOOD)
    assert people.who(token).username == "tanto"
    assert people.who(token, people.now + IDLE) == PUBLIC


# ── the first password ────────────────────────────────────────────────────────────────────────


def test_a_first_password_that_nobody_used_expires_and_a_reset_gives_another(
    people: People, now: datetime
) -> None:
    first = people.add("tanto")
    assert people.enter("tanto", first, now + FIRST_PASSWORD - SECOND)
    with pytest.raises(SignInRefusedError) as refused:
        people.enter("tanto", first, now + FIRST_PASSWORD)
    assert str(refused.value) == (
        "最初のパスワードの期限(発行から7日)が過ぎています。"
        "事務局に、パスワードの再発行を依頼してください。"
    )
    people.now = now + FIRST_PASSWORD
    answer = accounts_view(people.engine, CONSOLE, now=people.now)
    assert answer.state_of(answer.accounts[0], people.now) == (
        "最初のパスワードの期限切れ(再発行が必要)"
    )
    assert people.enter("tanto", people.reset("tanto"), now + 2 * FIRST_PASSWORD - SECOND)


def test_that_it_expired_is_told_to_whoever_knows_it_and_is_no_failure(
    people: People, now: datetime
) -> None:
    first, later = people.add("tanto"), now + 8 * DAY
    people.fail("tanto", later)
    with pytest.raises(SignInRefusedError, match="再発行を依頼"):
        people.enter("tanto", first, later)
    assert people.account("tanto").failed_attempts == 1
    with reading(people.engine) as session:
        (last,) = latest_entries(session, 1)
    assert (last.action, last.subject) == ("session:refused", "tanto")
    assert last.detail["reason"] == "最初のパスワードの期限切れ"


def test_a_password_of_one_s_own_does_not_expire(people: People, now: datetime) -> None:
    people.settled("tanto")
    assert people.enter("tanto", GOOD, now + 400 * DAY)


def test_how_long_a_first_password_lasts_is_a_parameter(people: People, now: datetime) -> None:
    first = people.add("tanto")
    parameter(people, "account.first_password_days", "14", now.date())
    assert people.enter("tanto", first, now + 13 * DAY)
    with pytest.raises(SignInRefusedError, match="発行から14日"):
        people.enter("tanto", first, now + 14 * DAY)


# ── who sees and ends it ──────────────────────────────────────────────────────────────────────


def test_one_sees_one_s_own_sign_ins_and_the_secretariat_everybody_s(
    people: People, now: datetime
) -> None:
    people.settled("tanto")
    people.settled("tonari", code="271403")
    old = people.enter("tanto", GOOD, address="10.1.0.1")
    new = people.enter("tanto", GOOD, now + 30 * MINUTE, address="10.1.0.2")
    other = people.enter("tonari", GOOD, now, address="10.1.0.3")
    later = now + 70 * MINUTE
    seen = own_sign_ins_view(people.engine, people.who(new, now + HOUR), now=later)
    assert [(s.session_id, s.address, s.state, s.begun_at) for s in seen] == [
        (token_hash(new), "10.1.0.2", SessionState.AWAKE, now + 30 * MINUTE),
        (token_hash(old), "10.1.0.1", SessionState.ASLEEP, now),
    ]
    everybody = accounts_view(people.engine, CONSOLE, now=later).sign_ins
    assert {s.session_id for s in everybody} == {token_hash(each) for each in (old, new, other)}
    people.active("tonari", False)
    sign_out(people.engine, people.who(new, now + HOUR), now=later)
    assert accounts_view(people.engine, CONSOLE, now=later).sign_ins == ()


def test_one_session_is_ended_by_its_owner_and_the_others_go_on(people: People) -> None:
    people.settled("tanto")
    ours = [people.enter("tanto", GOOD, address=HERE) for _ in range(2)]
    tanto = people.who(ours[0])
    end_own_session(people.engine, tanto, session_id=token_hash(ours[1]), now=people.now)
    assert [people.who(token).username for token in ours] == ["tanto", ""]
    with pytest.raises(ConflictError, match="既に終わっています"):
        end_own_session(people.engine, tanto, session_id=token_hash(ours[1]), now=people.now)
    assert people.audit()[-1] == ("tanto", "session:end_one", "tanto")


def test_nobody_ends_another_s_but_the_secretariat(people: People) -> None:
    people.settled("tanto")
    people.settled("tonari", code="271403")
    mine, theirs = people.enter("tanto", GOOD), people.enter("tonari", GOOD)
    with pytest.raises(ConflictError):
        end_own_session(
            people.engine, people.who(mine), session_id=token_hash(theirs), now=people.now
        )
    with pytest.raises(ConflictError):
        end_session_of(
            people.engine,
            CONSOLE,
            username="tanto",
            session_id=token_hash(theirs),
            now=people.now,
        )
    assert people.who(theirs).username == "tonari"
    end_session_of(
        people.engine, CONSOLE, username="tonari", session_id=token_hash(theirs), now=people.now
    )
    assert people.who(theirs) == PUBLIC
    assert people.audit()[-1] == ("console", "session:end_other", "tonari")


# ── changed accounts ──────────────────────────────────────────────────────────────────────────


def change(people: People, username: str, role: Role, code: str | None, name: str = "異動") -> None:
    change_account(
        people.engine,
        CONSOLE,
        username=username,
        display_name=name,
        role=role,
        officer_of=code,
        known_codes=CODES,
        now=people.now,
    )


@pytest.mark.parametrize(
    ("role", "code"), [(Role.OFFICER, "271403"), (Role.VIEWER, None), (Role.SECRETARIAT, None)]
)
def test_another_role_or_municipality_counts_at_once(
    people: People, role: Role, code: str | None
) -> None:
    people.settled("tanto")
    token = people.enter("tanto", GOOD)
    change(people, "tanto", role, code)
    assert people.who(token) == PUBLIC
    assert people.who(people.enter("tanto", GOOD)) == Principal("tanto", "異動", role, code)
    assert people.audit()[-2] == ("console", "account:change", "tanto")


def test_another_name_ends_nothing(people: People) -> None:
    people.settled("tanto")
    token = people.enter("tanto", GOOD)
    change(people, "tanto", Role.OFFICER, "271004", "新しい名前")
    assert people.who(token) == Principal("tanto", "新しい名前", Role.OFFICER, "271004")


def test_a_change_is_checked_as_a_new_account_is(people: People) -> None:
    people.settled("tanto")
    people.add("jimu", Role.SECRETARIAT, None)
    before = people.account("tanto")
    with pytest.raises(InvalidInputError) as refused:
        change(people, "tanto", Role.OFFICER, "999999", " ")
    assert set(refused.value.problems) == {"display_name", "lg_code"}
    with pytest.raises(InvalidInputError, match="アカウントがありません"):
        change(people, "dareka", Role.VIEWER, None)
    with pytest.raises(ConflictError, match="変更がありません"):
        change(people, "tanto", Role.OFFICER, "271004", before.display_name)
    with pytest.raises(ConflictError, match="最後の事務局"):
        change(people, "jimu", Role.VIEWER, None)
    assert people.account("tanto") == replace(before)
    people.add("jimu-2", Role.SECRETARIAT, None)
    change(people, "jimu", Role.VIEWER, None)
    assert people.account("jimu").role is Role.VIEWER


def test_the_address_is_kept_as_a_machine_or_a_site(people: People, engine: Engine) -> None:
    people.settled("tanto")
    people.enter("tanto", GOOD, address="2001:db8:1:2:aaaa::1")
    people.enter("tanto", GOOD, address="<script>")
    with reading(engine) as session:
        kept = set(session.scalars(select(SessionRow.address)))
    assert kept == {"2001:db8:1:2::/64", ""}
