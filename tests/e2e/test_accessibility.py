"""What axe-core finds on every screen for every role, with the violations that are Streamlit's named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from core.access.principal import Role
from dashboard.frame import navigation
from tests.support.reader import Reader
from tests.support.running import RunningServer
from tests.support.screens import SAKAI

UPSTREAM: dict[str, str] = {}
"""Rule → element of Streamlit's own and where that is told. Empty: what axe finds of Streamlit's
(the menu's list, levels of headings, the field for files) is put right in dashboard/assets/page.js."""

READERS: dict[str, tuple[tuple[Role, str | None], list[str]] | None] = {
    "public": None,
    "officer": (
        (Role.OFFICER, SAKAI),
        ["home", "plans", "procurement", "trainings", "consultations", "our_municipality", "sign_ins", "password"],
    ),
    "viewer": ((Role.VIEWER, None), ["home", "kpi", "meeting"]),
    "secretariat": (
        (Role.SECRETARIAT, None),
        [
            "home", "trainings", "consultations", "ledger", "kpi", "meeting",
            "meeting_preparation", "administration",
        ],
    ),
}  # fmt: skip
"""Role and the screens that differ from a stranger's; a closed one looks alike for all."""
OPEN = ["home", "plans", "procurement", "trainings", "about", "sign_in", "administration"]
_RUN = "axe.run({ resultTypes: ['violations'] }).then(found => found.violations)"


@pytest.fixture
def size() -> str:
    return "wide"


def violations(reader: Reader) -> list[str]:
    if not reader.page.evaluate("'axe' in window"):
        reader.page.evaluate(Axe().axe_script)
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


def test_a_selected_tab_and_the_waiting_note_are_told_without_colour(reader: Reader) -> None:
    reader.page.emulate_media(forced_colors="active")
    reader.open("procurement")
    chosen = reader.page.get_by_role("tab", selected=True)
    expect(chosen).to_have_css("border-bottom-width", "4px")
    other = reader.page.get_by_role("tab", selected=False).first
    expect(other).to_have_css("border-bottom-width", "0px")
