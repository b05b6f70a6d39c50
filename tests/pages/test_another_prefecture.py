"""The screens on the pack of 滋賀県: nothing of what it does not offer is on any of them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from core.access.principal import CONSOLE
from core.commands.initial_data import fill_initial_data
from core.reference.pack import load_reference
from core.settings import PROJECT
from core.store.engine import open_engine
from core.store.schema import upgrade
from dashboard.frame import navigation
from tests.support.databases import sqlite_url
from tests.support.screens import (
    READERS,
    Screens,
    Template,
    addresses,
    japan_now,
    shown_text,
    with_every_role,
)

HIKONE = "252026"
ABSENT = {
    "plans": "人材シェアリング",
    "support": "人材シェアリング",
    "trainings": "研修",
    "consultations": "アドバイザー制度",
}
FOREIGN = re.compile(
    r"人材シェアリング|支援プラン|研修|アドバイザー"
    r"|大阪|堺市|(?<![政道都])府(?!県)|43(?:市町村|団体)"
)
"""What 滋賀県 does not offer, and the words of the first pack; 政府 and 都道府県 are everybody's."""
_ACCOUNT = "担当 adviser  アドバイザー"
"""Among the accounts: one of every role is made for these tests."""
OPEN = {
    "public": {"home", "procurement", "boarding", "about"},
    "officer": {"home", "procurement", "boarding", "our_municipality", "about"},
    "viewer": {"kpi", "meeting"},
    "secretariat": {
        "home",
        "procurement",
        "ledger",
        "kpi",
        "meeting",
        "meeting_preparation",
        "administration",
        "catalogue",
    },
}


@pytest.fixture(scope="module", autouse=True)
def _with_shiga(templates: dict[str, Template], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("shiga")
    engine = open_engine(sqlite_url(folder / "ready.db"))
    upgrade(engine)
    pack = load_reference(PROJECT / "packs" / "shiga")
    fill_initial_data(engine, CONSOLE, reference=pack, now=japan_now())
    engine.dispose()
    tokens = with_every_role(folder / "shiga.db", folder / "ready.db", HIKONE)
    templates["shiga"] = Template(folder / "shiga.db", tokens)


@pytest.mark.parametrize("reader", OPEN)
def test_no_screen_speaks_of_what_is_not_offered(
    screens_on: Callable[[str], Screens], reader: str
) -> None:
    screens = screens_on("shiga")
    app = screens.signed_in(reader)
    for screen in sorted(OPEN[reader]):
        shown = shown_text(screens.open(app, screen)).replace(_ACCOUNT, "")
        assert not app.exception, screen
        found = [shown[max(0, m.start() - 40) : m.end() + 20] for m in FOREIGN.finditer(shown)]
        assert (screen, found) == (screen, [])


@pytest.mark.parametrize("reader", [reader for reader in READERS if reader != "newcomer"])
def test_the_address_of_an_absent_screen_says_so_in_one_line(
    screens_on: Callable[[str], Screens], reader: str
) -> None:
    screens = screens_on("shiga")
    app = screens.signed_in(reader)
    assert addresses(app).keys() >= ABSENT.keys()
    assert not {screen.name for screen in navigation.SCREENS} & {"absent"}
    for screen, what in ABSENT.items():
        screens.open(app, screen)
        [said] = app.info
        assert said.value == f"この都道府県では、{what}を提供していません。"
        assert app.title[0].value == "この画面はありません"


def test_counts_are_published_ones_and_no_name_is_known(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = screens_on("shiga")
    app = screens.signed_in("public")
    shown = shown_text(app)
    assert re.findall(r"<b>(\d+団体)</b>", shown) == ["9団体", "5団体", "11団体"]
    shown = shown_text(screens.open(app, "procurement"))
    assert "国土交通省" in shown
