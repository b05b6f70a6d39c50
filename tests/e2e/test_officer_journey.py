"""An officer's first day: a new password, an estimate kept, a wish handed in and moved on."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from core.access.principal import Role
from core.store.engine import reading
from core.store.wishes import wish_events
from tests.support.reader import Reader
from tests.support.running import PASSWORD, RunningServer

SAKAI = "271403"
NAMES = ("tanto", "wide")


def test_the_first_sign_in_leads_nowhere_but_to_a_new_password(
    server: RunningServer, reader: Reader
) -> None:
    account = server.add_account(f"shinki-{reader.size}", Role.OFFICER, SAKAI, first_sign_in=True)
    page = reader.page
    reader.sign_in_by_form(account)
    expect(page.get_by_text("最初のサインインです")).to_be_visible()
    reader.shot("password-first")
    reader.open("our_municipality")
    expect(page.get_by_role("heading", name="堺市")).to_have_count(0)

    def change(new: str) -> None:
        page.get_by_label("現在のパスワード").fill(account.password)
        page.get_by_label("新しいパスワード", exact=True).fill(new)
        page.get_by_label("新しいパスワード(確認)").fill(new)
        reader.press("変更する")

    reader.open()
    change("password1234")
    expect(page.get_by_text("推測されやすい部分")).to_be_visible()
    reader.shot("password-refused")
    change(PASSWORD)
    expect(page.get_by_role("button", name="サインアウト")).to_be_visible()
    reader.open("our_municipality")
    expect(page.get_by_role("heading", name="堺市")).to_be_visible()
    reader.shot("our-municipality-empty")


def test_an_estimate_is_kept_compared_and_becomes_a_wish_that_moves_on(
    server: RunningServer, open_reader: Callable[[], Reader]
) -> None:
    reader = open_reader()
    page = reader.page
    lg_code, name = SAKAI, "堺市"
    account = server.add_account(f"tanto-{reader.size}", Role.OFFICER, lg_code)
    reader.sign_in_by_form(account)
    reader.open()
    reader.shot("home-officer")

    receipt = page.get_by_test_id("stAlertContentSuccess")
    for title, plans in (("当初予算案 2プラン", "6:12,4:11"), ("縮小案", "6:6")):
        reader.open(f"plans?fy=2027&plans={plans}")
        reader.press("保存")
        page.get_by_label("試算の名前").fill(title)
        reader.press("この試算を保存")
        expect(receipt.filter(has_text=f"試算「{title}」を保存しました")).to_be_in_viewport(ratio=1)
    reader.shot("plans-kept", whole=False)
    page.get_by_role("link", name="保存した試算を比べる").click()
    reader.settled()
    compared = page.get_by_test_id("stMultiSelect").filter(has_text="比べる試算")
    for title in ("当初予算案 2プラン", "縮小案"):
        expect(compared).to_contain_text(title)
    expect(page.get_by_role("cell", name="+850,000円")).to_be_visible()
    reader.shot("plans-keeping")

    reader.open("plans?fy=2027&plans=6:12,4:11")
    reader.press("希望を提出")
    reader.shot("plans-handing-in", whole=False)
    reader.press("2プランを「希望」として提出")
    handed_in = receipt.filter(has_text="2プランを「希望」として提出しました")
    expect(handed_in).to_be_in_viewport(ratio=1)

    reader.go("わがまち")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_role("button", name="状態を進める").first.click()
    reader.press("「予算要求」と記録する")
    moved_on = receipt.filter(has_text="を「予算要求」と記録しました")
    expect(moved_on).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="状態を進める").first.click()
    reader.shot("our-municipality-next-state", whole=False, allowed=NAMES)
    page.keyboard.press("Escape")
    page.get_by_text("参加希望の履歴").first.click()
    reader.shot("our-municipality", allowed=NAMES)
    with reading(server.engine) as session:
        said = [(e.plan, e.state.value, e.visits) for e in wish_events(session, lg_code)]
    assert said == [(4, "wished", 11), (6, "wished", 12), (4, "budget_requested", 11)]

    stranger = open_reader()
    stranger.open("our_municipality")
    expect(stranger.page.get_by_text("縮小案")).to_have_count(0)

    second = open_reader()
    second.sign_in_by_form(account)
    reader.sign_out()
    expect(page.get_by_role("heading", name=name)).to_have_count(0)
    second.page.reload()
    second.settled()
    expect(second.page.get_by_role("button", name="サインアウト")).to_have_count(0)
