"""組織アカウント: claims become exactly the right they say, or a refusal that says what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.access.provider import ClaimRules, Right, person_of, right_of
from core.commands.accounts import (
    add_account,
    change_password,
    reset_password,
    set_account_active,
)
from core.commands.provider import sign_in_by_provider
from core.commands.sessions import NO_PASSWORD, sign_in, sign_out
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry, latest_entries
from core.store.engine import reading
from core.values.errors import ConflictError, SignInRefusedError
from core.views.session import session_view
from tests.support.pool import a_vendor

CODES = frozenset({"271004", "271403"})
ROLES = {
    "jimu": Role.SECRETARIAT,
    "tanto": Role.OFFICER,
    "etsuran": Role.VIEWER,
    "jogen": Role.ADVISER,
}
FIRM = "株式会社みほん"
MOMENT = datetime.fromisoformat("2026-11-25T10:00:00+09:00")
ISSUER = "https://idp.example.lg.jp"
RULES = ClaimRules(ISSUER, "noriai", "", "noriai_role", ROLES, "lg_code")


def claims(**changes: Any) -> dict[str, Any]:
    said = {
        "iss": ISSUER,
        "sub": "17",
        "aud": "noriai",
        "iat": int(MOMENT.timestamp()),
        "nonce": "n1",
        "name": "山田 花子",
        "email": "hanako@example.lg.jp",
        "noriai_role": "tanto",
        "lg_code": "271403",
    }
    return {name: value for name, value in {**said, **changes}.items() if value is not None}


# ── what claims say ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ({}, Right(Role.OFFICER, "271403")),
        ({"noriai_role": ["kyuyo", "tanto"], "lg_code": ["271004"]}, Right(Role.OFFICER, "271004")),
        ({"noriai_role": "jimu"}, Right(Role.SECRETARIAT)),
        ({"noriai_role": "etsuran", "lg_code": None}, Right(Role.VIEWER)),
        ({"noriai_role": ["jimu", "jimu"]}, Right(Role.SECRETARIAT)),
        ({"noriai_role": "jogen", "noriai_vendor": FIRM}, Right(Role.ADVISER, vendor=FIRM)),
    ],
)
def test_a_claim_gives_its_role_and_only_an_officer_a_municipality(
    said: dict[str, Any], right: Right
) -> None:
    assert right_of(claims(**said), RULES, CODES, {FIRM}) == right


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"noriai_role": None}, "権限(項目「noriai_role」)がありません"),
        ({"noriai_role": []}, "権限(項目「noriai_role」)がありません"),
        ({"noriai_role": {"jimu": True}}, "権限(項目「noriai_role」)がありません"),
        ({"noriai_role": True}, "権限(項目「noriai_role」)がありません"),
        ({"noriai_role": "JIMU"}, "権限「JIMU」は乗合では使えません"),
        ({"noriai_role": "jimu tanto"}, "権限「jimu tanto」は乗合では使えません"),
        ({"noriai_role": ["jimu", "tanto"]}, "2つ以上あります(市町村職員・事務局)"),
        ({"lg_code": None}, "市町村コード(項目「lg_code」)がありません"),
        ({"lg_code": 271403}, "市町村コード(項目「lg_code」)がありません"),
        ({"lg_code": "271402"}, "市町村コード「271402」は"),
        ({"lg_code": ["271004", "271403"]}, "市町村コード「271004、271403」は"),
        ({"noriai_role": "jogen"}, "事業者の名前(項目「noriai_vendor」)がありません"),
        ({"noriai_role": "jogen", "noriai_vendor": "べつ"}, "事業者「べつ」は"),
        ({"noriai_role": "jogen", "noriai_vendor": [FIRM, "べつ"]}, f"事業者「{FIRM}、べつ」は"),
    ],
)
def test_what_is_missing_or_unknown_is_refused_with_what_to_do(
    said: dict[str, Any], words: str
) -> None:
    with pytest.raises(SignInRefusedError) as refused:
        right_of(claims(**said), RULES, CODES, {FIRM})
    assert words in str(refused.value)
    assert "管理者に設定を依頼してください。" in str(refused.value)


@pytest.mark.parametrize("said", [{"amr": ["pwd", "mfa"]}, {"amr": "mfa"}])
def test_who_signed_in_as_strongly_as_is_asked_has_the_right(said: dict[str, Any]) -> None:
    asked = replace(RULES, strength="amr=mfa")
    assert right_of(claims(**said), asked, CODES) == Right(Role.OFFICER, "271403")


@pytest.mark.parametrize("said", [{}, {"amr": ["pwd"]}, {"amr": "pwd mfa"}, {"acr": "mfa"}])
def test_who_signed_in_by_a_weaker_way_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(SignInRefusedError, match="多要素認証"):
        right_of(claims(**said), replace(RULES, strength="amr=mfa"), CODES)


@pytest.mark.parametrize(
    "said",
    [
        {"iss": None},
        {"iss": f"{ISSUER}/"},
        {"sub": ""},
        {"sub": 17},
        {"aud": "another"},
        {"aud": None},
        {"iat": None},
        {"iat": "1"},
        {"iat": int((MOMENT - timedelta(minutes=11)).timestamp())},
        {"iat": int((MOMENT + timedelta(minutes=11)).timestamp())},
    ],
)
def test_an_answer_for_somebody_else_or_of_another_time_names_nobody(said: dict[str, Any]) -> None:
    with pytest.raises(SignInRefusedError, match="もう一度"):
        person_of(claims(**said), RULES, MOMENT)


def test_a_person_is_issuer_and_subject_whatever_the_name_and_the_address() -> None:
    one = person_of(claims(), RULES, MOMENT)
    assert one.subject == f"{ISSUER} 17"
    assert one.display_name == "山田 花子"
    elsewhere = replace(RULES, issuer="https://idp2.example")
    other = person_of(claims(iss="https://idp2.example"), elsewhere, MOMENT)
    renamed = person_of(claims(name="佐藤", email="x@example.com", nonce="n2"), RULES, MOMENT)
    assert renamed.username == one.username != other.username
    assert renamed.answer != one.answer


@pytest.mark.parametrize("name", [None, "", "あ" * 61, "a\u202eb", ["", "太郎"], 7])
def test_a_name_that_cannot_be_shown_gives_way(name: object) -> None:
    person = person_of(claims(name=name), RULES, MOMENT)
    assert person.display_name == ("太郎" if isinstance(name, list) else person.username)


# ── what becomes of them, on both databases ───────────────────────────────────────────────────


class Provider:
    """Answers that begin sessions."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine, self.now, self.given = engine, now, 0

    def enter(self, **changes: Any) -> str:
        self.given += 1
        return self.take(claims(**{"nonce": f"n{self.given}", **changes}))

    def take(self, answer: dict[str, Any]) -> str:
        return sign_in_by_provider(
            self.engine,
            PUBLIC,
            claims=answer,
            rules=RULES,
            known_codes=CODES,
            moment=MOMENT,
            address="192.0.2.7",
            now=self.now,
        )

    def who(self, token: str) -> Principal:
        return session_view(self.engine, PUBLIC, token=token, now=self.now)

    def accounts(self) -> list[AccountRow]:
        with reading(self.engine) as session:
            return list(session.scalars(select(AccountRow).order_by(AccountRow.username)))

    def last(self) -> AuditEntry:
        with reading(self.engine) as session:
            return latest_entries(session, 1)[0]


@pytest.fixture
def provider(engine: Engine, now: datetime) -> Provider:
    return Provider(engine, now)


def test_the_first_sign_in_makes_the_account_and_every_later_one_finds_it(
    provider: Provider,
) -> None:
    first = provider.who(provider.enter())
    assert (first.display_name, first.role, first.lg_code) == (
        "山田 花子",
        Role.OFFICER,
        "271403",
    )
    assert not first.must_change_password
    again = provider.who(provider.enter(name="山田 華子", email="other@example.com"))
    assert again.username == first.username
    assert [account.display_name for account in provider.accounts()] == ["山田 華子"]
    entry = provider.last()
    assert (entry.action, entry.subject) == ("session:start", first.username)
    assert entry.detail == {
        "address": "192.0.2.7",
        "by_provider": True,
        "role": "officer",
        "lg_code": "271403",
    }


def test_an_account_of_the_same_name_or_mail_is_another_ones(
    provider: Provider, engine: Engine, now: datetime
) -> None:
    for name in ("hanako", "17"):
        add_account(
            engine,
            CONSOLE,
            username=f"{name}.a",
            display_name="山田 花子",
            role=Role.SECRETARIAT,
            lg_code=None,
            known_codes=CODES,
            now=now,
        )
    who = provider.who(provider.enter(preferred_username="hanako.a"))
    assert who.role is Role.OFFICER
    assert who.username not in ("hanako.a", "17.a")


def test_a_changed_claim_changes_the_right_and_ends_what_was_begun_with_the_former(
    provider: Provider,
) -> None:
    as_office = provider.enter(noriai_role="jimu")
    assert provider.who(as_office).role is Role.SECRETARIAT
    as_viewer = provider.enter(noriai_role="etsuran")
    assert provider.who(as_office) == PUBLIC
    assert provider.who(as_viewer).role is Role.VIEWER
    same = provider.enter(noriai_role="etsuran")
    assert provider.who(as_viewer).role is provider.who(same).role is Role.VIEWER


def test_an_adviser_works_for_the_vendor_the_provider_names(
    provider: Provider, engine: Engine, now: datetime
) -> None:
    said = {"noriai_role": "jogen", "noriai_vendor": FIRM, "lg_code": None}
    with pytest.raises(SignInRefusedError, match="登録された事業者"):
        provider.enter(**said)
    firm = a_vendor(engine, FIRM, now)
    found = provider.who(provider.enter(**said))
    assert (found.role, found.vendor_id, found.serves) == (Role.ADVISER, firm, frozenset())
    assert provider.last().detail["vendor"] == FIRM


def test_a_claim_taken_away_ends_every_session_and_is_audited(provider: Provider) -> None:
    token = provider.enter(noriai_role="jimu")
    username = provider.who(token).username
    with pytest.raises(SignInRefusedError):
        provider.enter(noriai_role="nobody")
    assert provider.who(token) == PUBLIC
    assert [account.role for account in provider.accounts()] == [Role.PUBLIC]
    entry = provider.last()
    assert (entry.action, entry.subject) == ("session:refused", username)
    assert "「nobody」" in str(entry.detail["reason"])


def test_a_refused_stranger_leaves_an_entry_and_no_account(provider: Provider) -> None:
    with pytest.raises(SignInRefusedError):
        provider.enter(noriai_role=None)
    assert provider.accounts() == []
    assert provider.last().subject.startswith("oidc-")


def test_an_answer_begins_one_session_and_no_second_one_after_sign_out(
    provider: Provider, engine: Engine, now: datetime
) -> None:
    answer = claims()
    token = provider.take(answer)
    sign_out(engine, provider.who(token), now=now)
    with pytest.raises(SignInRefusedError, match="もう一度"):
        provider.take(answer)
    assert provider.who(token) == PUBLIC


def test_an_account_disabled_here_is_refused_here(
    provider: Provider, engine: Engine, now: datetime
) -> None:
    token = provider.enter()
    username = provider.who(token).username
    set_account_active(engine, CONSOLE, username=username, active=False, now=now)
    assert provider.who(token) == PUBLIC
    with pytest.raises(SignInRefusedError, match="停止されています"):
        provider.enter(noriai_role="jimu")
    assert provider.last().action == "session:refused"
    set_account_active(engine, CONSOLE, username=username, active=True, now=now)
    assert provider.who(provider.enter()).role is Role.OFFICER


def test_such_an_account_has_no_password(provider: Provider, engine: Engine, now: datetime) -> None:
    who = provider.who(provider.enter(noriai_role="jimu"))
    assert provider.accounts()[0].password_hash == NO_PASSWORD
    with pytest.raises(SignInRefusedError):
        sign_in(engine, PUBLIC, username=who.username, password="", now=now)
    with pytest.raises(ConflictError, match="組織アカウント"):
        reset_password(engine, CONSOLE, username=who.username, now=now)
    with pytest.raises(ConflictError, match="組織アカウント"):
        change_password(engine, who, current="", new="x" * 20, repeated="x" * 20, now=now)
    assert provider.accounts()[0].password_hash == NO_PASSWORD
