"""What a stranger sees without an account, screen by screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.reader import Reader

ABOUT_TABS = ("使い方", "制度値", "事業の説明", "アドバイザー・研修", "出典", "見やすさ・個人情報")
NAMES_OF_SOURCES = ["code", "fukui", "localgovjp", "hokihosting", "prs", "lis", "design", "tokens"]


def test_home_leads_to_every_open_screen_and_offers_nothing_closed(reader: Reader) -> None:
    reader.open()
    expect(reader.page.get_by_role("heading", name="GovTech大阪 乗合")).to_be_visible()
    main = reader.page.get_by_test_id("stMain")
    expect(main.get_by_role("link", name="プラン選択・費用試算")).to_be_visible()
    expect(reader.page.get_by_text("わがまち")).to_have_count(0)
    reader.shot("home-public")


@pytest.mark.parametrize("screen", ["our_municipality", "administration"])
def test_a_closed_screen_says_why_and_shows_nothing_else(reader: Reader, screen: str) -> None:
    reader.open(screen)
    expect(reader.page.get_by_role("heading", name="この画面は開けません")).to_be_visible()
    expect(reader.page.get_by_role("link", name="サインインへ進む")).to_be_visible()
    expect(reader.page.locator(".noriai-table")).to_have_count(0)
    reader.shot(f"closed-{screen}")


def test_about_explains_itself_tab_by_tab(reader: Reader) -> None:
    reader.open("about")
    for number, title in enumerate(ABOUT_TABS):
        reader.choose_tab(title)
        reader.shot(f"about-{number}", allowed=NAMES_OF_SOURCES if title == "出典" else ())
        expect(reader.page.get_by_role("tab", selected=True)).to_have_text(title)


def test_the_sign_in_form_gives_nothing_away(reader: Reader) -> None:
    reader.open("sign_in")
    reader.shot("sign-in")
    for username in ("jimukyoku", "nobody"):
        reader.page.get_by_label("ユーザー名").fill(username)
        reader.page.get_by_label("パスワード", exact=True).fill("まちがったことば2026")
        reader.page.get_by_test_id("stMain").get_by_role("button", name="サインイン").click()
        refusal = reader.page.get_by_test_id("stAlertContentError")
        expect(refusal).to_contain_text("サインインできませんでした")
        expect(reader.page.get_by_role("button", name="サインアウト")).to_have_count(0)
