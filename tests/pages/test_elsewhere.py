"""Every screen of another prefecture speaks its words: nothing on it tells of Osaka."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.demonstration.fill import fill_demonstration
from core.start import start
from core.store.engine import open_engine
from dashboard.frame.navigation import SCREENS
from tests.support.databases import sqlite_url
from tests.support.elsewhere import made_up_pack, told
from tests.support.screens import Screens, Template, japan_now, shown_text, with_every_role

OPENED = {
    "plans": ("", "plans=1:12,2:6&years=2"),
    "procurement": ("", "programme=chat&as_of=2023-06-30&municipality=271004"),
    "boarding": ("programme=chat",),
    "kpi": (
        "",
        "tab=推移・内訳&indicator=talent_subsidy",
        "tab=アラート・目標",
        "tab=資料の書き出し",
    ),
    "trainings": ("", "view=subscribe", "view=reach", "view=desk"),
    "our_municipality": ("", "municipality=271004"),
}
"""What is opened on a screen beside its beginning."""


@pytest.fixture
def elsewhere(
    screens_on: Callable[[str], Screens],
    templates: dict[str, Template],
    sqlite_template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Screens:
    pack, path, filled = tmp_path / "pack", tmp_path / "elsewhere.db", tmp_path / "filled.db"
    pack.mkdir()
    reference = made_up_pack(pack)
    shutil.copyfile(sqlite_template, path)
    engine = open_engine(sqlite_url(path))
    start(engine, reference, japan_now())
    fill_demonstration(engine, reference, japan_now())
    engine.dispose()
    tokens = with_every_role(filled, path)
    monkeypatch.setitem(templates, "elsewhere", Template(filled, tokens))
    return screens_on("elsewhere")


@pytest.mark.parametrize("reader", ["public", "officer", "secretariat"])
def test_every_screen_speaks_the_words_of_the_pack(elsewhere: Screens, reader: str) -> None:
    found, seen = {}, ""
    app = elsewhere.signed_in(reader)
    for screen in SCREENS:
        for query in OPENED.get(screen.name, ("",)):
            shown = shown_text(elsewhere.open(app, screen.name, query))
            assert not app.exception, (screen.name, query)
            seen += shown
            if telling := told([shown]):
                found[f"{screen.name}?{query}"] = telling
    assert found == {}
    assert "見本県" in seen
    assert "42市町" in seen
    assert "県補助金" in seen
