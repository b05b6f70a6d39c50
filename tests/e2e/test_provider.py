"""Signing in with a 組織アカウント, against a real provider on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from core.access.principal import Role
from core.store.accounts import AccountRow
from core.store.audit import latest_entries
from core.store.engine import reading
from dashboard.frame.provider import LABEL
from tests.support.reader import Reader
from tests.support.running import HOST, Account, RunningServer, free_port
from tests.support.waiting import PATIENCE_SECONDS, wait_until

SAKAI = "271403"
PEOPLE: Mapping[str, Mapping[str, object]] = {
    "taro": {"name": "堺 太郎", "noriai_role": ["tanto"], "lg_code": SAKAI},
    "hanako": {"name": "事務 花子", "noriai_role": "jimu"},
    "jiro": {"name": "停止 次郎", "noriai_role": "tanto", "lg_code": SAKAI},
    "saburo": {"name": "総務 三郎", "noriai_role": "kyuyo", "lg_code": SAKAI},
}
AGAIN = "組織アカウントでのサインインを確かめられませんでした。"


@dataclass
class Provider:
    """A running provider."""

    address: str
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    port = free_port()
    people = [json.dumps({"sub": sub, **said}) for sub, said in PEOPLE.items()]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    command += [word for each in people for word in ("--user-claims", each)]
    log = tmp_path_factory.mktemp("provider") / "provider.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env={**os.environ, "NO_COLOR": "1"}, stdout=output, stderr=output
        )
    running = Provider(f"http://{HOST}:{port}", process)

    def answers() -> bool:
        assert process.poll() is None, Path(log).read_text("utf-8")
        try:
            with urlopen(f"{running.address}/jwks", timeout=PATIENCE_SECONDS):
                return True
        except (URLError, OSError):
            return False

    wait_until(answers, "the provider answers")
    yield running
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def extra(provider: Provider) -> Mapping[str, str]:
    return {
        "NORIAI_OIDC_DISCOVERY_URL": f"{provider.address}/.well-known/openid-configuration",
        "NORIAI_OIDC_CLIENT_ID": "noriai",
        "NORIAI_OIDC_CLIENT_SECRET": "only for this test",
        "NORIAI_OIDC_SECRETARIAT": "jimu",
        "NORIAI_OIDC_OFFICER": "tanto",
    }


@pytest.fixture(scope="module")
def clerk(server: RunningServer) -> Account:
    """Somebody with a password."""
    return server.add_account("kakari", Role.VIEWER)


Open = Callable[[], Reader]


@pytest.fixture
def open_window(browser: Browser, server: RunningServer) -> Iterator[Open]:
    """A new browser that may visit the provider's screens beside ours, and nobody else."""
    readers: list[Reader] = []

    def opened() -> Reader:
        context = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo")
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        context.route("https://**", lambda route: route.abort())  # the provider's style sheet
        readers.append(Reader(context, server, "wide"))
        return readers[-1]

    yield opened
    for reader in readers:
        reader.page.context.close()
        assert [said for reader in readers for said in reader.foreign if "Policy" in said] == []


@pytest.fixture
def window(open_window: Open) -> Reader:
    return open_window()


def to_the_provider(window: Reader) -> None:
    window.open("sign_in")
    window.page.get_by_role("button", name=LABEL).click()
    window.page.wait_for_url("**/oauth2/authorize?**")


def as_whom(window: Reader, sub: str) -> None:
    window.page.get_by_role("button", name=sub, exact=True).click()


def signs_in(window: Reader, sub: str) -> None:
    to_the_provider(window)
    with window.page.expect_response("**/session"):  # sets the cookie
        as_whom(window, sub)
    expect(window.page.get_by_role("button", name="サインアウト")).to_be_visible()
    window.settled()


def refused(window: Reader, words: str) -> None:
    expect(window.page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    window.settled()
    expect(window.page.get_by_role("button", name="サインアウト")).to_have_count(0)


def account_of(server: RunningServer, name: str) -> AccountRow | None:
    with reading(server.engine) as session:
        return session.scalar(select(AccountRow).where(AccountRow.display_name == name))


def by_password(window: Reader, account: Account) -> None:
    """On the screen that shows."""
    window.page.get_by_label("ユーザー名").fill(account.username)
    window.page.get_by_label("パスワード", exact=True).fill(account.password)
    window.page.get_by_test_id("stMain").get_by_role(
        "button", name="サインイン", exact=True
    ).click()
    expect(window.page.get_by_role("button", name="サインアウト")).to_be_visible()


def test_the_provider_leads_back_to_the_tab_it_was_asked_from(window: Reader) -> None:
    window.open("about?tab=出典")
    window.go("サインイン")
    window.page.get_by_role("button", name=LABEL).click()
    window.page.wait_for_url("**/oauth2/authorize?**")
    as_whom(window, "taro")
    expect(window.page.get_by_role("tab", name="出典")).to_have_attribute("aria-selected", "true")
    expect(window.page.get_by_test_id("stSidebar")).to_contain_text("堺 太郎")


def test_an_officer_signs_in_and_out_of_both(
    window: Reader, server: RunningServer, provider: Provider
) -> None:
    page = window.page
    signs_in(window, "taro")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("堺 太郎")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("堺市・市町村職員")
    expect(page).not_to_have_url("**answered**")
    account = account_of(server, "堺 太郎")
    assert account is not None
    assert account.provider_subject == f"{provider.address} taro"
    assert (window.english_left(), window.cut_off(), window.broken) == ([], [], [])
    window.open("our_municipality")  # a new session of the browser: by our cookie alone
    expect(page.get_by_test_id("stSidebar")).to_contain_text("堺 太郎")
    cookies = page.context.cookies(server.address)
    claims = [cookie for cookie in cookies if cookie["name"].startswith("_streamlit_user")]
    assert claims
    assert {(cookie["expires"], cookie["httpOnly"]) for cookie in claims} == {(-1, True)}

    page.get_by_role("button", name="サインアウト").click()
    page.wait_for_url(f"{provider.address}/oauth2/end_session?**")
    asked = dict(parse_qsl(urlsplit(page.url).query))
    assert asked["id_token_hint"]
    assert asked["post_logout_redirect_uri"] == f"{server.address}/oauth2callback"
    page.get_by_role("button", name="End session").click()
    page.wait_for_url(f"{server.address}/")
    window.settled()
    expect(page.get_by_role("button", name="サインアウト")).to_have_count(0)

    page.context.add_cookies(cookies)  # whoever copied them before
    window.open("sign_in?answered=1")
    refused(window, AGAIN)


def test_the_secretariat_signs_in_by_its_claim(window: Reader, server: RunningServer) -> None:
    signs_in(window, "hanako")
    window.go("管理")
    expect(window.page.get_by_role("heading", name="管理", exact=True)).to_be_visible()
    account = account_of(server, "事務 花子")
    assert account is not None
    assert (account.role, account.lg_code) == (Role.SECRETARIAT, None)


def test_a_claim_of_no_use_is_refused_in_words_and_the_password_form_still_works(
    window: Reader, server: RunningServer, clerk: Account
) -> None:
    to_the_provider(window)
    as_whom(window, "saburo")
    refused(window, "組織アカウントの権限「kyuyo」は乗合では使えません。")
    assert window.english_left(["kyuyo"]) == []
    assert account_of(server, "総務 三郎") is None
    by_password(window, clerk)


def test_an_account_disabled_here_is_refused_here(open_window: Open, server: RunningServer) -> None:
    before = open_window()
    signs_in(before, "jiro")
    account = account_of(server, "停止 次郎")
    assert account is not None
    server.disable(Account(account.username, ""))
    before.page.reload()
    before.settled()
    expect(before.page.get_by_role("button", name="サインアウト")).to_have_count(0)
    after = open_window()
    to_the_provider(after)
    as_whom(after, "jiro")
    refused(after, "このアカウントは乗合で停止されています。")
    with reading(server.engine) as session:
        entry = latest_entries(session, 1)[0]
    assert (entry.action, entry.subject) == ("session:refused", account.username)


def test_who_says_no_at_the_provider_comes_back_with_a_sentence(window: Reader) -> None:
    to_the_provider(window)
    window.page.get_by_role("button", name="Deny").click()
    refused(window, AGAIN)


def test_an_answer_sent_again_or_to_another_browser_signs_nobody_in(open_window: Open) -> None:
    first, other = open_window(), open_window()
    answers: list[str] = []
    first.page.on("request", lambda r: answers.append(r.url) if "callback?" in r.url else None)
    signs_in(first, "taro")
    (answer,) = answers
    other.page.goto(answer)
    refused(other, AGAIN)
    first.page.get_by_role("button", name="サインアウト").click()
    first.page.get_by_role("button", name="End session").click()
    expect(first.page.get_by_test_id("stApp")).to_be_visible()
    first.page.goto(answer)
    refused(first, AGAIN)


@pytest.mark.parametrize("name", ["nonce", "state"])
def test_an_answer_to_another_question_is_refused(window: Reader, name: str) -> None:
    to_the_provider(window)
    address = urlsplit(window.page.url)
    query = {**dict(parse_qsl(address.query)), name: "of somebody else"}
    window.page.goto(address._replace(query=urlencode(query)).geturl())
    as_whom(window, "taro")
    refused(window, AGAIN)


def test_a_provider_that_is_down_is_said_and_the_password_form_still_works(
    window: Reader, provider: Provider, clerk: Account
) -> None:
    window.open("sign_in")
    provider.process.kill()
    provider.process.wait()
    window.page.get_by_role("button", name=LABEL).click()
    refused(window, "組織アカウントの認証サーバーにつながりません。")
    assert (window.english_left(), window.cut_off(), window.broken) == ([], [], [])
    by_password(window, clerk)
