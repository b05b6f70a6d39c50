"""ホーム and わがまち: what is due by day, and what is new until it is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from streamlit.testing.v1 import AppTest

from core.access.principal import CONSOLE
from core.commands.boarding import open_boarding_window
from core.commands.hearings import record_hearing
from core.consultation.hearing import HearingPlan, HearingState
from core.consultation.theme import MeetingForm
from core.values.fiscal import JAPAN, FiscalYear
from tests.support.cards import ShownCard, cards_of, press
from tests.support.reference import REFERENCE
from tests.support.screens import SAKAI, Screens, shown_text

Make = Callable[[str], Screens]
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=JAPAN)


def rows_after(app: AppTest, label: str) -> list[ShownCard]:
    """Rows of ホーム with an action of this name."""
    return [card for card in cards_of(app) if label in card.actions]


def fix_a_hearing(screens: Screens, day: date, seen: int = 0) -> None:
    record_hearing(
        screens.engine,
        CONSOLE,
        lg_code=SAKAI,
        fiscal_year=FiscalYear(2026),
        state=HearingState.PLANNED,
        plan=HearingPlan(day, None, MeetingForm.ONLINE, ""),
        seen_event=seen,
        reference=REFERENCE,
        request_id=f"hearing-{seen}",
        now=NOW,
    )


def announce(screens: Screens, last: date) -> None:
    open_boarding_window(
        screens.engine,
        CONSOLE,
        programme="docs",
        fiscal_year=2027,
        first_day=date(2026, 10, 1),
        last_day=last,
        source="府通知",
        note="",
        reference=REFERENCE,
        request_id="open",
        now=NOW,
    )


def test_what_is_due_stands_by_day_and_what_has_no_day_comes_last(screens_on: Make) -> None:
    screens = screens_on("filled")
    announce(screens, date(2026, 12, 18))
    fix_a_hearing(screens, date(2026, 12, 3))
    due = [
        (card.value, card.title)
        for card in cards_of(screens.signed_in("officer"))
        if card.value.startswith(("あと", "期日"))
    ]
    dated = [title for value, title in due if value.startswith("あと")]
    assert dated[0].startswith("アドバイザーのヒアリング")
    assert ("あと24日", "文書決裁 後乗りの募集") in due
    assert [value for value, _ in due][-1] == "期日なし"
    office = {card.title: card for card in cards_of(screens.signed_in("secretariat"))}
    assert "堺市 アドバイザーのヒアリング(開始時刻は未定・オンライン)" in office
    assert office["文書決裁 後乗り募集の締切"].text == ["令和8年12月18日まで・予定0団体: なし"]


def test_the_budget_request_comes_first_with_the_estimate_that_was_kept_last(
    screens_on: Make,
) -> None:
    first = cards_of(screens_on("filled").signed_in("officer"))[0]
    assert (first.value, first.badges) == ("1,112,226円", ["仮"])
    assert "予算要求書をつくる" in first.actions
    assert "予算要求書をつくる" in cards_of(screens_on("empty").signed_in("public"))[0].actions


def test_news_stands_on_both_pages_until_its_reader_has_read_it(screens_on: Make) -> None:
    screens = screens_on("filled")
    fix_a_hearing(screens, date(2026, 12, 3))
    words = "ヒアリングの日程が令和8年12月3日(オンライン)に決まりました。"
    home = screens.signed_in("officer")
    assert words in [card.title for card in rows_after(home, "既読にする")]
    ours = screens.open(screens.signed_in("officer"), "our_municipality")
    assert words in [card.title for card in rows_after(ours, "既読にする")]
    press(home, words, "既読にする")
    assert not home.exception
    assert words not in [card.title for card in rows_after(home, "既読にする")]
    again = screens.open(screens.signed_in("officer"), "our_municipality")
    assert words not in [card.title for card in rows_after(again, "既読にする")]
    assert words in shown_text(again)  # among those that were read
    fix_a_hearing(screens, date(2026, 12, 10), seen=1)
    moved = [card.title for card in rows_after(screens.signed_in("officer"), "既読にする")]
    assert [text for text in moved if "12月10日" in text]


def test_all_news_are_read_at_once(screens_on: Make) -> None:
    app = screens_on("filled").signed_in("secretariat")
    unread = rows_after(app, "既読にする")
    assert unread
    app.button(key="news.all").click().run()
    assert not app.exception
    assert rows_after(app, "既読にする") == []
    assert "お知らせ" not in [heading.value for heading in app.subheader]
