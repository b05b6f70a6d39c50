"""What axe-core finds on every screen for every role, with the violations that are Streamlit's named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pypdf import PdfReader

from core.access.principal import Role
from dashboard.frame import navigation
from tests.support.actions import Actions
from tests.support.reader import Reader
from tests.support.running import PASSWORD, RunningServer
from tests.support.screens import SAKAI

UPSTREAM: dict[str, str] = {}
"""Rule → element of Streamlit's own and where that is told. Empty: what axe finds of Streamlit's
(the menu's list, levels of headings, the field for files) is put right in dashboard/assets/page.js."""

READERS: dict[str, tuple[tuple[Role, str | None], list[str]] | None] = {
    "public": None,
    "officer": (
        (Role.OFFICER, SAKAI),
        ["home", "plans", "support", "procurement", "boarding", "trainings", "consultations", "inquiries", "our_municipality", "sign_ins", "password"],
    ),
    "viewer": ((Role.VIEWER, None), ["home", "kpi", "meeting"]),
    "secretariat": (
        (Role.SECRETARIAT, None),
        [
            "home", "support", "trainings", "consultations", "inquiries", "ledger", "kpi", "meeting",
            "meeting_preparation", "catalogue", "administration",
        ],
    ),
}  # fmt: skip
"""Role and the screens that differ from a stranger's; a closed one looks alike for all."""
OPEN = [
    "home",
    "plans",
    "procurement",
    "boarding",
    "trainings",
    "about",
    "sign_in",
    "administration",
]
_PUT_RIGHT = """new Promise(done =>
  setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 100))"""
"""After what dashboard/assets/page.js does a moment after each change: its timer comes first."""
_RUN = "axe.run({ resultTypes: ['violations'] }).then(found => found.violations)"


@pytest.fixture
def size() -> str:
    return "wide"


def violations(reader: Reader) -> list[str]:
    if not reader.page.evaluate("'axe' in window"):
        reader.page.evaluate(Axe().axe_script)
    reader.page.evaluate(_PUT_RIGHT)
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in reader.page.evaluate(_RUN)
        if each["id"] not in UPSTREAM
        for node in each["nodes"]
    ]


def test_every_screen_is_looked_at() -> None:
    looked = {*OPEN, *(name for each in READERS.values() if each for name in each[1])}
    assert looked >= {screen.name for screen in navigation.SCREENS}


@pytest.mark.parametrize("name", READERS)
def test_axe_finds_nothing_of_ours_on_any_screen(
    open_reader: Callable[[], Reader], server: RunningServer, name: str
) -> None:
    reader = open_reader()
    account, screens = READERS[name] or (None, OPEN)
    if account is not None:
        reader.sign_in(server.add_account(f"axe-{name}", *account))
    found: dict[str, list[str]] = {}
    for screen in screens:
        reader.open(screen)
        tabs = reader.page.get_by_role("tab")
        for number in range(max(1, tabs.count())):
            if number:
                tabs.nth(number).click()
                reader.settled()
            if wrong := violations(reader):
                found[f"{screen} {number}"] = wrong
    assert found == {}


def test_axe_would_find_something(reader: Reader) -> None:
    reader.open()
    reader.page.evaluate("document.querySelector('h1').outerHTML = '<h3>見出し</h3><img src=x>'")
    assert {each.partition(":")[0] for each in violations(reader)} >= {"image-alt"}


def test_what_is_chosen_is_told_without_the_page_s_own_colours(reader: Reader) -> None:
    reader.page.emulate_media(forced_colors="active")
    reader.open("procurement")
    chosen = reader.page.get_by_role("tab", selected=True)
    expect(chosen).to_have_css("border-bottom-width", "4px")
    other = reader.page.get_by_role("tab", selected=False).first
    expect(other).not_to_have_css("border-bottom-width", "4px")
    here = reader.page.get_by_test_id("stSidebarNavLink").and_(
        reader.page.locator("[aria-current=page]")
    )
    expect(here).to_have_css("outline-width", "3px")


def test_a_problem_has_the_focus_and_an_answer_comes_into_view(
    open_reader: Callable[[], Reader], server: RunningServer
) -> None:
    reader = open_reader()
    reader.page.add_init_script(
        "window.said = []; document.ariaNotify = text => window.said.push(text)"
    )
    reader.sign_in(server.add_account("leads", Role.VIEWER))
    reader.page.set_viewport_size({"width": 390, "height": 500})
    reader.open("password")
    current = reader.page.get_by_label("現在のパスワード")
    for label, text in (
        ("現在のパスワード", "ちがう"),
        ("新しいパスワード", "ことしもみんなで乗る2027"),
        ("新しいパスワード(確認)", "ことしもみんなで乗る2027"),
    ):
        reader.page.get_by_label(label, exact=True).fill(text)
    reader.press("変更する")
    expect(current).to_be_focused()
    expect(current).to_have_attribute("aria-invalid", "true")
    Actions(reader).sees(current)
    problem = reader.page.get_by_role("alert").filter(has_text="現在のパスワードが違います。")
    Actions(reader).sees(problem.first)
    expect(reader.page).to_have_title("エラー: パスワード変更 - 乗合 Noriai")
    assert "現在のパスワードが違います。" in reader.page.evaluate("window.said.at(-1)")
    current.fill(PASSWORD)
    expect(current).not_to_have_attribute("aria-invalid", "true")
    reader.press("変更する")
    said = reader.page.get_by_role("status").filter(has_text="パスワードを変更しました")
    expect(said.first).to_be_visible()
    assert "パスワードを変更しました" in reader.page.evaluate("window.said.at(-1)")
    Actions(reader).sees(reader.page.locator("[class*=st-key-noriai-answer-]"))
    expect(reader.page).to_have_title("パスワード変更 - 乗合 Noriai")


def test_the_menu_moves_nothing_when_it_comes(reader: Reader) -> None:
    reader.page.add_init_script(
        """new MutationObserver(() => {
          const main = document.querySelector("[data-testid='stMain']")
          if (main) (window.seen ??= new Set()).add(Math.round(main.getBoundingClientRect().x))
        }).observe(document, { childList: true, subtree: true })"""
    )
    reader.open("about")
    assert reader.page.evaluate("[...window.seen]") == [300]


def test_a_print_holds_the_content_the_address_and_the_day(reader: Reader, tmp_path: Path) -> None:
    reader.open("procurement?tab=推移")
    reader.page.emulate_media(media="print")
    expect(reader.page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(reader.page.get_by_test_id("stSelectbox").first).to_be_hidden()
    expect(reader.page.get_by_role("heading", name="共同調達", exact=True)).to_be_visible()
    made = tmp_path / "print.pdf"
    reader.page.pdf(path=made, prefer_css_page_size=True)
    sheets = [page.extract_text() for page in PdfReader(made).pages]
    assert all("2026-11-24 印刷" in sheet and "/procurement" in sheet for sheet in sheets)
    assert "サインイン" not in sheets[0]


@pytest.mark.parametrize("screen", ["home", "plans", "procurement"])
def test_at_twice_the_size_the_content_is_in_view_and_nothing_goes_sideways(
    reader: Reader, screen: str
) -> None:
    reader.page.set_viewport_size({"width": 683, "height": 384})  # 1366×768 at 200%
    reader.open(screen)
    Actions(reader).sees(reader.page.locator("h1"))
    reader.check()


def test_the_keyboard_alone_reaches_the_content_and_a_dialog_gives_the_focus_back(
    open_reader: Callable[[], Reader], server: RunningServer
) -> None:
    reader = open_reader()
    reader.open("about")
    page = reader.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ移動")).to_be_focused()
    page.keyboard.press("Enter")
    first = page.get_by_role("tab").first
    for _ in range(10):
        page.keyboard.press("Tab")
        if first.evaluate("tab => tab === document.activeElement"):
            break
    expect(first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab").nth(1)).to_have_attribute("aria-selected", "true")
    reader.settled()
    assert "tab=" in page.url
