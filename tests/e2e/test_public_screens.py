"""What a stranger sees without an account, screen by screen."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.reader import Reader
from tests.support.running import RunningServer

ABOUT_TABS = ("使い方", "制度値", "事業の説明", "アドバイザー・研修", "出典", "見やすさ・個人情報")
NAMES_OF_SOURCES = [
    "seagull",
    "code",
    "fukui",
    "localgovjp",
    "hokihosting",
    "prs",
    "lis",
    "design",
    "tokens",
]
MOST_SHIFT = 0.05
"""Of a page while it is drawn: what is read stays where it is."""
TITLES = ["ospf"]
"""Names in printed titles of trainings."""


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
        reader.shot(f"about-{number}", allowed=NAMES_OF_SOURCES if title == "出典" else TITLES)
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


_SHIFTS = """
window.noriaiShift = 0
new PerformanceObserver(list => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) noriaiShift += each.value
}).observe({ type: "layout-shift", buffered: true })
"""


def visited(browser: Browser, address: str) -> tuple[list[str], int, Page]:
    """Addresses asked for at a first visit, bytes of the answers on the wire, the page."""
    context = browser.new_context(
        locale="ja-JP", viewport={"width": 1366, "height": 1800}, reduced_motion="reduce"
    )
    context.add_init_script(_SHIFTS)
    page = context.new_page()
    asked, size = [], 0
    network = context.new_cdp_session(page)
    network.send("Network.enable")

    def came(event: dict) -> None:
        nonlocal size
        size += event["encodedDataLength"]

    network.on("Network.loadingFinished", came)
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.on("response", lambda response: response.ok or asked.append(f"{response.status}"))
    page.goto(address)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_load_state("networkidle")
    return asked, size, page


@pytest.mark.parametrize("screen", ["", "plans", "procurement", "trainings", "about"])
def test_a_first_visit_is_small_stands_still_and_names_what_it_will_ask_for(
    browser: Browser, server: RunningServer, screen: str
) -> None:
    address = f"{server.address}/{screen}"
    visited(browser, address)[2].context.close()  # the first one after a start teaches the server
    asked, size, page = visited(browser, address)
    paths = [urlsplit(each).path for each in asked]
    assert [each for each in asked if each.isdecimal()] == []  # nothing was refused
    scripts = {each.rpartition("/")[2] for each in paths if each.startswith("/static/js/")}
    named = page.eval_on_selector_all(
        "link[rel=modulepreload], script[type=module]",
        "all => all.map(each => each.href || each.src)",
    )
    told = {urlsplit(each).path.rpartition("/")[2] for each in named if "/static/js/" in each}
    assert scripts == told
    assert {each for each in paths if ".woff" in each} == {"/assets/noriai.woff2"}
    assert size < 800_000
    assert page.evaluate("noriaiShift") <= MOST_SHIFT
    page.context.close()
