"""The database goes while somebody works: it is said, nothing typed is lost, it goes on by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from core.incidents import INCIDENTS
from core.store.engine import reading
from core.store.estimates import ESTIMATES
from core.values.errors import Trouble
from dashboard.kit import outage
from tests.support.screens import Screens, addresses

Make = Callable[[str], Screens]
TYPED = "財政課と話した案"


@dataclass
class Database:
    """The file of a database that is taken away, and comes back while a reader waits.

    Attributes:
        said: What readers were told meanwhile.
        comes_back_by_itself: Once somebody has looked for it in vain.
    """

    screens: Screens
    said: list[str] = field(default_factory=list)
    comes_back_by_itself: bool = True

    def __post_init__(self) -> None:
        self.folder = Path(str(self.screens.engine.url.database)).parent
        self.away = self.folder.with_name("away")

    def goes(self) -> None:
        self.screens.engine.dispose()
        self.folder.rename(self.away)

    def comes_back(self) -> None:
        if self.away.exists():
            self.away.rename(self.folder)

    def numbers(self) -> list[str]:
        return [re.search("受付番号 ([0-9a-f]{8})", text)[1] for text in self.said]  # type: ignore[index]


@pytest.fixture
def database(screens_on: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    found = Database(screens_on("filled"))
    looked, said = outage._WATCH.answers, outage.st.error

    def looks() -> bool:
        answer = looked()
        if found.comes_back_by_itself:
            found.comes_back()
        return answer

    def says(text: str, **more: Any) -> object:
        found.said.append(text)
        return said(text, **more)

    monkeypatch.setattr(outage._WATCH, "answers", looks)
    monkeypatch.setattr(outage, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(outage, "_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(outage.st, "error", says)
    INCIDENTS.over(Trouble.GONE)
    yield found
    found.comes_back()


def field_of(app: AppTest) -> Any:
    return next(each for each in app.text_input if each.label == "新しい名前")


def test_what_was_typed_is_still_there_and_the_page_goes_on_by_itself(database: Database) -> None:
    app = database.screens.open(database.screens.signed_in("officer"), "our_municipality")
    database.goes()
    field_of(app).input(TYPED).run()
    (said,) = database.said
    assert "データベースが見つからないか、置き換えられています" in said
    assert re.search(r"\d+時\d\d分から", said)
    assert "自動で確かめ続けています" in said
    assert "入力した内容はこの画面に残っています" in said
    assert not app.exception
    assert field_of(app).value == TYPED
    assert [each.value for each in app.title] == ["堺市"]
    assert "使えるようになりました" in app.success[0].value


def test_while_it_is_away_the_menu_stays_and_nothing_of_anybody_is_shown(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = database.screens.open(database.screens.signed_in("officer"), "our_municipality")
    menu = app._registered_pages
    stranger = database.screens.signed_in("public")
    public = stranger._registered_pages
    database.goes()
    database.comes_back_by_itself = False
    monkeypatch.setattr(outage, "_breathe", lambda _seconds: outage.st.stop())  # as when they leave
    app.run()
    stranger.run()
    assert (app._registered_pages, stranger._registered_pages) == (menu, public)
    assert menu != public
    assert [app.title.len, stranger.title.len] == [0, 0]
    assert addresses(app).keys() == addresses(stranger).keys()
    assert len(set(database.numbers())) == 1


def test_one_outage_has_one_number_and_one_traceback_and_the_next_another(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    readers = ("public", "officer", "viewer", "secretariat")
    apps = [database.screens.signed_in(reader) for reader in readers]
    breathe = outage._breathe
    for _ in range(2):
        database.goes()
        database.comes_back_by_itself = False
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(outage, "_breathe", lambda _seconds: outage.st.stop())
            for app in apps:
                app.run()
        assert outage._breathe is breathe
        database.comes_back_by_itself = True
        apps[0].run()
    numbers = database.numbers()
    assert len(numbers) == 2 * (len(apps) + 1)
    assert len(set(numbers[:5])) == len(set(numbers[5:])) == 1
    assert numbers[0] != numbers[5]
    told = [record for record in caplog.records if record.name == "noriai"]
    assert [getattr(r, "number", "") for r in told if r.exc_info] == [numbers[0], numbers[5]]
    assert sum("over, met 5 times" in record.getMessage() for record in told) == 2


def test_what_could_not_be_recorded_is_recorded_once_as_soon_as_it_can_be(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = True

    @event.listens_for(database.screens.engine, "checkout")
    def _lock(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA query_only={int(locked)}")

    def breathe(_seconds: float) -> None:
        nonlocal locked
        locked = len(database.said) < 2

    monkeypatch.setattr(outage, "_breathe", breathe)
    app = database.screens.open(database.screens.signed_in("officer"), "our_municipality")
    before = rows(database)
    field_of(app).input(TYPED)
    next(button for button in app.button if button.label == "変更する").click().run()
    assert len(database.said) == 2
    assert "データベースが書き込みを受け付けません" in database.said[0]
    assert "この操作はまだ記録していません" in database.said[0]
    assert f"試算の名前を「{TYPED}」に変えました。" in app.success[0].value
    added = [kept for kept in rows(database) if kept not in before]
    assert [kept.name for kept in added] == [TYPED]


def rows(database: Database) -> list[Any]:
    with reading(database.screens.engine) as session:
        return list(ESTIMATES.all(session))
