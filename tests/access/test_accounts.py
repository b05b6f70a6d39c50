"""Accounts, sign-in, sessions and the audit trail, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import bcrypt
import pytest
from sqlalchemy import URL, Engine, select

import core.access.password
from core.access.account import SESSION_LASTS, Account, token_hash
from core.access.limit import LIMITS, LimitKind
from core.access.password import check_password, hash_password, matches, new_password
from core.access.principal import CONSOLE, POLICY, PUBLIC, Principal, Role, allows
from core.commands import sessions
from core.commands.accounts import (
    add_account,
    add_first_account,
    change_password,
    reset_password,
    set_account_active,
)
from core.commands.sessions import note_use, sign_in, sign_out
from core.store.accounts import AccountRow, SessionRow
from core.store.audit import AuditFilter, AuditRow
from core.store.engine import data_revision, open_engine, reading
from core.store.schema import METADATA, upgrade
from core.values.errors import (
    ConflictError,
    InvalidInputError,
    PermissionDeniedError,
    SignInRefusedError,
)
from core.views.administration import (
    accounts_view,
    administration_view,
    audit_check_view,
    audit_view,
)
from core.views.session import session_view
from tests.support.reference import REFERENCE

CODES = frozenset({"271004", "271403"})
GOOD, BETTER = "川沿いの道を朝に歩くのが好き", "correct-horse-battery-9"
JAPANESE = "川沿いの道を朝に歩くと、橋の下で鴨が三羽ならんで眠っている。雨の日には誰もいない駅で、古い時計がゆっくり鳴るのを一人で静かに聞いている。"
LONG = "abcdefgh1jklmnopqrstuvwxyz2ABCDEFGHIJKLMNOPQRSTUVWXYZ3!#%&()=~|{}*<>?_+-"
MINUTE = timedelta(minutes=1)
COST, NO_PASSWORD = core.access.password.COST, sessions.NO_PASSWORD
"""As the program has them; for the tests themselves a hash is cheap."""


class People:
    """What a test does to accounts, with the arguments that never vary filled in."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine, self.now = engine, now

    def add(self, username: str, role: Role = Role.OFFICER, code: str | None = "271004") -> str:
        return add_account(
            self.engine,
            CONSOLE,
            username=username,
            display_name=f"{username}さん",
            role=role,
            lg_code=code,
            known_codes=CODES,
            now=self.now,
        )

    def settled(self, username: str, role: Role = Role.OFFICER, code: str | None = "271004") -> str:
        """An account that has chosen its password."""
        self.change(username, self.add(username, role, code), GOOD)
        return GOOD

    def change(self, username: str, current: str, new: str, repeated: str | None = None) -> None:
        change_password(
            self.engine,
            Principal(username, username, Role.VIEWER),
            current=current,
            new=new,
            repeated=new if repeated is None else repeated,
            now=self.now,
        )

    def enter(
        self, username: str, password: str, now: datetime | None = None, **origin: str
    ) -> str:
        return sign_in(
            self.engine, PUBLIC, username=username, password=password, now=now or self.now, **origin
        )

    def fail(
        self, username: str, now: datetime | None = None, times: int = 1, **origin: str
    ) -> None:
        """So many wrong passwords, each of which is looked at."""
        for _ in range(times):
            with pytest.raises(SignInRefusedError, match="確認してください"):
                self.enter(username, "まったく違うパスワード", now, **origin)

    def uses(self, token: str, since: datetime, until: datetime) -> None:
        """Uses a session every half hour of a time."""
        while since < until:
            since = min(since + 30 * MINUTE, until)
            note_use(self.engine, PUBLIC, token=token, now=since)

    def who(self, token: str, now: datetime | None = None) -> Principal:
        return session_view(self.engine, PUBLIC, token=token, now=now or self.now)

    def active(self, username: str, active: bool) -> None:
        set_account_active(self.engine, CONSOLE, username=username, active=active, now=self.now)

    def reset(self, username: str) -> str:
        return reset_password(self.engine, CONSOLE, username=username, now=self.now)

    def account(self, username: str) -> Account:
        accounts = accounts_view(self.engine, CONSOLE, now=self.now).accounts
        return next(account for account in accounts if account.username == username)

    def audit(self) -> list[tuple[str, str, str]]:
        """Actor, action, subject; oldest first, without that of the initial data."""
        with reading(self.engine) as session:
            of_people = AuditRow.action != "initial_data:fill"
            entries = session.scalars(select(AuditRow).where(of_people).order_by(AuditRow.id))
            return [(entry.actor, entry.action, entry.subject) for entry in entries]


@pytest.fixture
def people(engine: Engine, now: datetime) -> People:
    return People(engine, now)


# ── sign-in ───────────────────────────────────────────────────────────────────────────────────


def test_the_right_password_begins_a_session_of_that_account(people: People) -> None:
    people.settled("tanto")
    token = people.enter("tanto", GOOD)
    assert people.who(token) == Principal("tanto", "tantoさん", Role.OFFICER, "271004")
    assert people.enter("tanto", GOOD) != token
    assert len(token) >= 40


@pytest.mark.parametrize("written", ["TANTO", " tanto ", "ｔａｎｔｏ", "Ｔａｎｔｏ"])
def test_a_user_name_is_read_however_it_is_typed(people: People, written: str) -> None:
    people.settled("tanto")
    assert people.who(people.enter(written, GOOD)).username == "tanto"


def refusal(people: People, username: str, password: str) -> str:
    with pytest.raises(SignInRefusedError) as refused:
        people.enter(username, password)
    return str(refused.value)


def test_every_refusal_reads_the_same(people: People) -> None:
    for name in ("tanto", "muko"):
        people.settled(name)
    people.active("muko", False)
    texts = {
        refusal(people, "tanto", BETTER),
        refusal(people, "tanto", ""),
        refusal(people, "dareka", GOOD),
        refusal(people, "", ""),
        refusal(people, "muko", GOOD),
        refusal(people, "muko", BETTER),
    }
    assert len(texts) == 1


@pytest.mark.parametrize(("username", "compared_to"), [("tanto", 1), ("dareka", 1), ("muko", 1)])
def test_every_refusal_costs_one_comparison_and_every_wait_none(
    people: People, username: str, compared_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tanto", "muko"):
        people.settled(name)
    people.active("muko", False)
    compared: list[bytes] = []
    real = bcrypt.checkpw

    def counted(password: bytes, hashed: bytes) -> bool:
        compared.append(hashed)
        return real(password, hashed)

    monkeypatch.setattr(core.access.password.bcrypt, "checkpw", counted)
    people.fail(username)
    assert len(compared) == compared_to
    people.fail(username, times=LIMITS[LimitKind.PAIR].free - 1)
    compared.clear()
    assert "試せません" in refusal(people, username, GOOD)
    assert compared == []


def test_the_comparison_for_nobody_is_as_dear_as_for_an_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(core.access.password, "COST", COST)
    method_and_cost = slice(0, 7)
    assert NO_PASSWORD[method_and_cost] == hash_password(GOOD)[method_and_cost]
    assert int(NO_PASSWORD[4:6]) >= 12


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("a" * 100_000, "b" * 100_000),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("\n\t", "\n"),
        ("😀", "😀" * 30),
        ("tanto\x00", GOOD),
        ("tanto", GOOD + "\x00"),
        ("tanto", "\x00"),
    ],
    ids=["long", "sql", "blank", "emoji", "nul in name", "nul after password", "nul"],
)
def test_hostile_credentials_are_refused_and_break_nothing(
    people: People, username: str, password: str
) -> None:
    people.settled("tanto")
    with pytest.raises((SignInRefusedError, InvalidInputError)):
        people.enter(username, password)
    people.enter("tanto", GOOD)


@pytest.mark.parametrize("password", [LONG, JAPANESE], ids=["latin", "japanese"])
def test_a_long_password_is_compared_to_its_end(people: People, password: str) -> None:
    assert 64 <= len(password) <= 128
    people.change("tanto", people.add("tanto"), password)
    people.enter("tanto", password)
    for other in (password[:-1] + "x", password + "x"):
        assert refusal(people, "tanto", other)


# ── sessions ──────────────────────────────────────────────────────────────────────────────────


def test_a_session_lasts_twelve_hours_and_no_longer(people: People, now: datetime) -> None:
    people.settled("tanto")
    token = people.enter("tanto", GOOD)
    assert timedelta(hours=12) == SESSION_LASTS
    last = now + SESSION_LASTS - timedelta(seconds=1)
    people.uses(token, now, last)
    assert people.who(token, last).username == "tanto"
    assert people.who(token, now + SESSION_LASTS) == PUBLIC
    assert people.who(token, now + timedelta(days=365)) == PUBLIC


@pytest.mark.parametrize(
    "end",
    [
        lambda people: people.active("tanto", False),
        lambda people: (people.active("tanto", False), people.active("tanto", True)),
        lambda people: people.change("tanto", GOOD, BETTER),
        lambda people: people.reset("tanto"),
        lambda people: sign_out(
            people.engine, Principal("tanto", "", Role.OFFICER, "271004"), now=people.now
        ),
    ],
    ids=["disabled", "disabled and enabled", "password changed", "reset", "signed out"],
)
def test_every_session_of_the_account_ends_at_once_and_no_other(
    people: People, end: Callable[[People], object]
) -> None:
    people.settled("tanto")
    people.settled("tonari", code="271403")
    ours = [people.enter("tanto", GOOD) for _ in range(2)]
    other = people.enter("tonari", GOOD)
    end(people)
    assert [people.who(token) for token in ours] == [PUBLIC, PUBLIC]
    assert people.who(other).username == "tonari"


def test_a_revoked_session_no_longer_holds(people: People, engine: Engine, now: datetime) -> None:
    people.settled("tanto")
    token, other = people.enter("tanto", GOOD), people.enter("tanto", GOOD)
    with engine.begin() as connection:
        table = SessionRow.__table__
        connection.execute(
            table.update().where(table.c.token_hash == token_hash(token)).values(revoked_at=now)
        )
    assert people.who(token) == PUBLIC
    assert people.who(other).username == "tanto"


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "a" * 100_000, "😀", "\x00"])
def test_an_unknown_token_is_the_public(people: People, token: str) -> None:
    people.settled("tanto")
    people.enter("tanto", GOOD)
    assert people.who(token) == PUBLIC


def test_the_hash_of_a_token_opens_nothing(people: People) -> None:
    people.settled("tanto")
    assert people.who(token_hash(people.enter("tanto", GOOD))) == PUBLIC


def test_a_change_of_the_account_shows_at_the_next_click(people: People, engine: Engine) -> None:
    people.settled("tanto")
    token = people.enter("tanto", GOOD)
    with engine.begin() as connection:
        table = AccountRow.__table__
        connection.execute(table.update().values(lg_code="271403", display_name="異動"))
    assert people.who(token) == Principal("tanto", "異動", Role.OFFICER, "271403")


def everything_stored(engine: Engine) -> str:
    with engine.connect() as connection:
        return repr([connection.execute(t.select()).all() for t in METADATA.sorted_tables])


def test_neither_tokens_nor_passwords_are_stored(people: People, engine: Engine) -> None:
    secrets = [people.add("tanto")]
    secrets.append(people.enter("tanto", secrets[0]))
    people.change("tanto", secrets[0], GOOD)
    secrets += [GOOD, people.enter("tanto", GOOD), people.reset("tanto")]
    people.fail("tanto")
    stored = everything_stored(engine)
    assert "tanto" in stored
    assert [secret for secret in secrets if secret in stored] == []


def test_signing_in_and_out_leaves_every_cache_valid(people: People, engine: Engine) -> None:
    people.settled("tanto")
    revision = data_revision(engine)
    token = people.enter("tanto", GOOD)
    people.fail("tanto")
    sign_out(engine, people.who(token), now=people.now)
    assert data_revision(engine) == revision
    people.active("tanto", False)
    assert data_revision(engine) == revision + 1


# ── the first password ────────────────────────────────────────────────────────────────────────


def test_before_the_first_change_only_the_publics_rights_remain(people: People) -> None:
    first = people.add("jimu", Role.SECRETARIAT, None)
    new = people.who(people.enter("jimu", first))
    assert new.must_change_password
    allowed = {action for action in POLICY if allows(new, action)}
    public = {action for action in POLICY if allows(PUBLIC, action)}
    assert allowed == public | {"password:change", "session:end"}
    with pytest.raises(PermissionDeniedError, match="最初にパスワードを変更"):
        administration_view(people.engine, new, REFERENCE)
    people.change("jimu", first, BETTER)
    changed = people.who(people.enter("jimu", BETTER))
    assert not changed.must_change_password
    assert accounts_view(people.engine, changed, now=people.now).accounts
    people.reset("jimu")
    assert people.account("jimu").must_change_password


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("k7#mQ2xv9Lp", "12文字以上にする(現在11文字)"),
        ("", "12文字以上にする(現在0文字)"),
        ("xx-tanto.s-K93mq", "ユーザー名を含めない"),
        ("xx-TANTO.S-K93mq", "ユーザー名を含めない"),
        ("ｔａｎｔｏ．ｓの大切な鍵です", "ユーザー名を含めない"),
        ("password1234", "よく使われる語"),
        ("P@ssw0rd1234", "よく使われる語"),
        ("Password2023!", "よく使われる語"),
        ("osaka2023!!!", "よく使われる語"),
        ("270008270008", "数字や記号だけ"),
        ("0120-123-456", "数字や記号だけ"),
        ("１２３４５６７８９０１２", "数字や記号だけ"),
        ("aaaaaaaaaaaa", "繰り返し"),
        ("abababababab", "繰り返し"),
        ("ああああああああああああ", "繰り返し"),
        ("k7#mQ2xv9Lp4" * 11, "128文字以内"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_password("tanto.s", password)
    assert reason in refused.value.problems["password"]
    assert password not in str(refused.value) or not password


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        BETTER,
        "k7#mQ2xv9Lp4",
        "大阪の夏は暑いので泳ぎます",
        "雨の森を歩いて海まで行く道を探しています今日",
        LONG,
        "tabi ni dete 27 nichi",
    ],
)
def test_a_good_password_is_accepted(password: str) -> None:
    check_password("tanto.s", password)
    assert matches(password, hash_password(password))
    assert not matches(password[:-1], hash_password(password))


def test_all_reasons_against_a_password_come_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_password("abc", "abcabc")
    words = refused.value.problems["password"]
    assert all(part in words for part in ("12文字以上", "ユーザー名を含めない", "推測されやすい"))


def test_random_passwords_pass_the_rule() -> None:
    passwords = {new_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        check_password("jimukyoku", password)


def test_all_problems_of_a_change_come_at_once(people: People) -> None:
    people.settled("tanto")
    with pytest.raises(InvalidInputError) as refused:
        people.change("tanto", BETTER, "short", "other")
    assert set(refused.value.problems) == {"current", "password", "repeated"}
    with pytest.raises(InvalidInputError) as refused:
        people.change("tanto", GOOD, GOOD)
    assert refused.value.problems == {"password": "現在と同じパスワードは使えません。"}
    with pytest.raises(InvalidInputError) as refused:
        people.change("tanto", GOOD, BETTER, BETTER + " ")
    assert set(refused.value.problems) == {"repeated"}
    people.enter("tanto", GOOD)


# ── accounts ──────────────────────────────────────────────────────────────────────────────────


def test_all_problems_of_a_new_account_come_at_once(people: People) -> None:
    def attempt(role: Role, lg_code: str | None) -> set[str]:
        with pytest.raises(InvalidInputError) as refused:
            add_account(
                people.engine,
                CONSOLE,
                username="た",
                display_name=" ",
                role=role,
                lg_code=lg_code,
                known_codes=CODES,
                now=people.now,
            )
        return set(refused.value.problems)

    assert attempt(Role.OFFICER, None) == {"username", "display_name", "lg_code"}
    assert attempt(Role.OFFICER, "999999") == {"username", "display_name", "lg_code"}
    assert attempt(Role.VIEWER, "271004") == {"username", "display_name", "lg_code"}
    assert attempt(Role.PUBLIC, None) == {"username", "display_name", "role"}
    assert people.audit() == []


@pytest.mark.parametrize(
    "name", ["ab", ".abc", "-abc", "a b c", "a" * 41, "a\nbc", "abc\n!", "担当"]
)
def test_a_user_name_has_a_form(people: People, name: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        people.add(name)
    assert "username" in refused.value.problems


@pytest.mark.parametrize("again", ["tanto", "TANTO", "ｔａｎｔｏ", " tanto\u200b "])
def test_a_user_name_is_taken_once(people: People, again: str) -> None:
    people.settled("tanto")
    with pytest.raises(ConflictError, match="「tanto」は既に使われています"):
        people.add(again, Role.VIEWER, None)
    people.enter("tanto", GOOD)


def test_the_first_account_is_made_once(people: People) -> None:
    first = add_first_account(people.engine, CONSOLE, now=people.now)
    assert first is not None
    principal = people.who(people.enter(first.username, first.password))
    assert (principal.role, principal.must_change_password) == (Role.SECRETARIAT, True)
    assert add_first_account(people.engine, CONSOLE, now=people.now) is None
    people.enter(first.username, first.password)


def test_the_first_accounts_name_is_not_known_before(people: People, empty_url: URL) -> None:
    first = add_first_account(people.engine, CONSOLE, now=people.now)
    other = open_engine(empty_url)
    upgrade(other)
    second = add_first_account(other, CONSOLE, now=people.now)
    other.dispose()
    assert first is not None and second is not None  # noqa: PT018
    assert re.fullmatch(r"jimukyoku-[a-z0-9]{4}", first.username)
    assert first.username != second.username
    assert "確認してください" in refusal(people, "jimukyoku", first.password)


def test_no_first_account_is_made_beside_any_other(people: People) -> None:
    people.add("etsuran", Role.VIEWER, None)
    assert add_first_account(people.engine, CONSOLE, now=people.now) is None


def test_the_last_secretariat_account_cannot_be_disabled(people: People) -> None:
    people.add("jimu-a", Role.SECRETARIAT, None)
    people.add("tanto")
    with pytest.raises(ConflictError, match="最後の事務局アカウント"):
        people.active("jimu-a", False)
    people.add("jimu-b", Role.SECRETARIAT, None)
    people.active("jimu-a", False)
    with pytest.raises(ConflictError, match="最後の事務局アカウント"):
        people.active("jimu-b", False)
    people.active("tanto", False)
    people.active("jimu-a", True)
    people.active("jimu-b", False)


def test_disabling_twice_and_unknown_accounts_are_refused(people: People) -> None:
    people.add("tanto")
    people.active("tanto", False)
    with pytest.raises(ConflictError, match="既に無効"):
        people.active("tanto", False)
    people.active("tanto", True)
    with pytest.raises(ConflictError, match="既に有効"):
        people.active("tanto", True)
    for act in (lambda: people.active("dareka", False), lambda: people.reset("dareka")):
        with pytest.raises(InvalidInputError, match="アカウントがありません"):
            act()


# ── the audit trail ───────────────────────────────────────────────────────────────────────────


def test_everything_done_to_accounts_leaves_one_entry_and_no_secret(
    people: People, engine: Engine
) -> None:
    first = add_first_account(engine, CONSOLE, now=people.now)
    assert first is not None
    office, secrets = first.username, [first.password]
    secrets.append(people.enter(office, secrets[0]))
    people.change(office, secrets[0], BETTER)
    secrets.append(people.add("tanto"))
    people.fail("tanto")
    people.fail("dareka")
    secrets.append(people.reset("tanto"))
    people.active("tanto", False)
    people.active("tanto", True)
    token = people.enter("tanto", secrets[-1])
    sign_out(engine, people.who(token), now=people.now)
    assert people.audit() == [
        ("console", "account:add", office),
        (office, "session:start", office),
        (office, "password:change", office),
        ("console", "account:add", "tanto"),
        ("", "session:refused", "tanto"),
        ("", "session:refused", ""),  # it may be a password in the wrong field
        ("console", "account:reset", "tanto"),
        ("console", "account:disable", "tanto"),
        ("console", "account:enable", "tanto"),
        ("tanto", "session:start", "tanto"),
        ("tanto", "session:end", "tanto"),
    ]
    with engine.connect() as connection:
        trail = repr(connection.execute(AuditRow.__table__.select()).all())
    secrets += [BETTER, "まったく違うパスワード", token]
    assert [secret for secret in secrets if secret in trail] == []
    with reading(engine) as session:
        assert [row[0] for row in session.execute(select(AccountRow.password_hash))] != []
        for (stored,) in session.execute(select(AccountRow.password_hash)):
            assert stored not in trail


def test_a_refused_command_leaves_no_entry(people: People) -> None:
    people.settled("tanto")
    before = people.audit()
    for act in (
        lambda: people.add("tanto"),
        lambda: people.change("tanto", BETTER, "x"),
        lambda: people.active("dareka", False),
        lambda: people.reset("dareka"),
    ):
        with pytest.raises((ConflictError, InvalidInputError)):
            act()
    assert people.audit() == before


def test_entries_carry_the_moment_to_the_microsecond(people: People, engine: Engine) -> None:
    people.now = people.now.replace(microsecond=123_457)
    people.add("tanto")
    assert audit_view(engine, CONSOLE, wanted=AuditFilter()).entries[0].at == people.now
    assert audit_check_view(engine, CONSOLE).findings == []
