"""A page that is left alone: it says so before its sign-in sleeps, and is as it was left after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from core.access.principal import Role
from core.store.accounts import SessionRow
from core.store.engine import reading, writing
from tests.support.reader import Reader
from tests.support.running import Account, RunningServer
from tests.support.waiting import wait_until

SAKAI = "271403"
TYPED = "令和9年度 当初予算案"


@pytest.fixture(params=["wide"])
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def officer(server: RunningServer) -> Account:
    return server.add_account("sakai", Role.OFFICER, SAKAI)


def unused_for(server: RunningServer, minutes: int) -> None:
    """Lets time pass for every sign-in."""
    with writing(server.engine) as session:
        session.execute(
            update(SessionRow).values(last_seen_at=server.now() - timedelta(minutes=minutes))
        )


def last_use(server: RunningServer) -> timedelta:
    """How long ago the newest sign-in was used."""
    newest = select(SessionRow.last_seen_at).order_by(SessionRow.created_at.desc()).limit(1)
    with reading(server.engine) as session:
        return server.now() - session.execute(newest).scalar_one()


def come_back(reader: Reader) -> None:
    """The window comes to the front: the page looks how long its sign-in lasts."""
    with reader.page.expect_response("**/session/life"):
        reader.page.evaluate("dispatchEvent(new Event('focus'))")


def test_it_is_said_before_and_after_and_nothing_typed_is_lost(
    server: RunningServer, reader: Reader, officer: Account
) -> None:
    page = reader.page
    reader.sign_in_by_form(officer)
    reader.open("plans?plans=6:12")
    reader.choose_tab("保存・希望の提出")
    field = page.get_by_label("試算の名前")
    field.fill(TYPED)

    unused_for(server, 56)
    come_back(reader)
    warning = page.get_by_role("alert").filter(has_text="画面を休止します")
    expect(warning).to_contain_text("約4分後")
    reader.check(("enter",))  # the key, in the form's own words
    page.get_by_role("button", name="続ける").click()
    expect(warning).to_have_count(0)
    assert last_use(server) < timedelta(minutes=5)
    expect(field).to_have_value(TYPED)

    unused_for(server, 61)
    come_back(reader)
    cover = page.get_by_role("dialog", name="画面を休止しました")
    expect(cover).to_be_visible()
    page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    cover.get_by_label("パスワード").fill("ちがう")
    cover.get_by_role("button", name="続ける").click()
    expect(cover.get_by_role("alert")).to_contain_text("確認してください")
    assert last_use(server) > timedelta(minutes=60)
    cover.get_by_label("パスワード").fill(officer.password)
    cover.get_by_role("button", name="続ける").click()
    expect(cover).to_have_count(0)
    expect(field).to_have_value(TYPED)
    reader.press("この試算を保存")
    reader.open("our_municipality")
    expect(page.get_by_text(TYPED, exact=True)).to_be_visible()

    unused_for(server, 61)
    come_back(reader)
    cover.get_by_role("button", name="サインアウトする").click()
    expect(page.get_by_role("link", name="サインイン", exact=True)).to_be_visible()
    assert [each for each in page.context.cookies() if each.get("name") == "noriai_session"] == []


def test_a_key_is_use_without_a_run_of_the_script(
    server: RunningServer, reader: Reader, officer: Account
) -> None:
    reader.sign_in(officer)
    reader.open("plans?plans=6:12")
    unused_for(server, 50)
    reader.page.keyboard.press("Shift")
    wait_until(lambda: last_use(server) < timedelta(minutes=5), "the key is noted")


def test_one_s_own_other_screen_is_ended_from_here(
    server: RunningServer, reader: Reader, officer: Account
) -> None:
    other = server.session_of(officer)
    reader.sign_in_by_form(officer)
    reader.go("サインイン状況")
    reader.shot("sign-ins")
    reader.page.get_by_role("button", name="終わらせる").first.click()
    reader.press("サインアウトする")
    expect(reader.page.get_by_text("サインアウトしました。")).to_be_visible()
    assert other
