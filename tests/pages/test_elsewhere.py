"""Every screen of another prefecture speaks its words: nothing on it tells of Osaka.

Nor, where the prefecture pays no subsidy for support plans, of one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from core.demonstration.fill import fill_demonstration
from core.reference.pack import Reference
from core.start import start
from core.store.engine import open_engine
from dashboard.frame.navigation import SCREENS
from tests.support.databases import sqlite_url
from tests.support.elsewhere import (
    made_up_pack,
    pack_without_subsidy,
    told,
    told_of_a_subsidy,
)
from tests.support.screens import Screens, Template, as_read, japan_now, shown_text, with_every_role

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
_CHOSEN = "plans=1:12,2:6&years=2&start=10"
UNPAID = {
    "plans": (
        _CHOSEN,
        *(f"{_CHOSEN}&tab={tab}" for tab in ("計算の過程", "上限から選ぶ", "条件を変えて試す")),
        f"{_CHOSEN}&real=1&allocation=none",
    ),
    "about": tuple(
        f"tab={tab}" for tab in ("使い方", "指標の定義", "制度値", "事業の説明", "出典")
    ),
    "boarding": ("programme=talent",),
    "catalogue": ("", "tab=スキーム・あらまし・言葉", "tab=予算・調査"),
    "administration": ("tab=制度値",),
    "kpi": ("", "tab=推移・内訳&indicator=talent_net", "tab=アラート・目標"),
    "our_municipality": ("", "municipality=271004"),
}
"""The same where a subsidy could be spoken of."""


@pytest.fixture
def elsewhere(
    screens_on: Callable[[str], Screens],
    templates: dict[str, Template],
    sqlite_template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[Path], Reference]], Screens]:
    def filled_with(make: Callable[[Path], Reference]) -> Screens:
        pack, path, filled = tmp_path / "pack", tmp_path / "elsewhere.db", tmp_path / "filled.db"
        pack.mkdir()
        reference = make(pack)
        shutil.copyfile(sqlite_template, path)
        engine = open_engine(sqlite_url(path))
        start(engine, reference, japan_now())
        fill_demonstration(engine, reference, japan_now())
        engine.dispose()
        tokens = with_every_role(filled, path)
        monkeypatch.setitem(templates, "elsewhere", Template(filled, tokens))
        return screens_on("elsewhere")

    return filled_with


def crawled(
    screens: Screens,
    reader: str,
    opened: Mapping[str, Sequence[str]],
    telling: Callable[[Iterable[str]], list[str]],
) -> str:
    found, seen = {}, ""
    app = screens.signed_in(reader)
    for screen in SCREENS:
        for query in opened.get(screen.name, ("",)):
            shown = shown_text(screens.open(app, screen.name, query))
            assert not app.exception, (screen.name, query)
            assert "はありません。" not in "".join(each.value for each in app.warning), query
            seen += shown
            if tells := telling([shown]):
                found[f"{screen.name}?{query}"] = tells
    assert found == {}
    return seen


@pytest.mark.parametrize("reader", ["public", "officer", "secretariat"])
def test_every_screen_speaks_the_words_of_the_pack(
    elsewhere: Callable[[Callable[[Path], Reference]], Screens], reader: str
) -> None:
    seen = crawled(elsewhere(made_up_pack), reader, OPENED, told)
    assert "見本県" in seen
    assert "42市町" in seen
    assert "県補助金" in seen


@pytest.mark.parametrize("reader", ["officer", "secretariat"])
def test_no_screen_speaks_of_a_subsidy_where_there_is_none(
    elsewhere: Callable[[Callable[[Path], Reference]], Screens], reader: str
) -> None:
    seen = crawled(elsewhere(pack_without_subsidy), reader, UNPAID, told_of_a_subsidy)
    assert "1,800,000円(歳出の全額)" in seen
    assert "三つの場合" not in seen


def test_a_link_with_terms_of_a_subsidy_opens_without_them(
    elsewhere: Callable[[Callable[[Path], Reference]], Screens],
) -> None:
    screens = elsewhere(pack_without_subsidy)
    app = screens.open(screens.signed_in("public"), "plans", "plans=1:12&rate=1/2&unit=10")
    said = "".join(each.value for each in app.warning)
    assert "リンクの補助率「1/2」は使えません。" in as_read(said)
    assert "1,200,000円" in shown_text(app)
