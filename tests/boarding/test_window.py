"""Windows: which are open on a day, first and last day inclusive; what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.boarding.window import (
    Window,
    WindowChange,
    WindowEvent,
    WindowState,
    check_closing,
    check_opening,
    closed_message,
    open_windows,
    windows,
)
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN, FiscalYear

NOW = datetime(2026, 9, 1, 9, 30, tzinfo=JAPAN)
FIRST, LAST = date(2026, 10, 1), date(2026, 11, 30)
OPENED = WindowEvent(
    7, "chat", FiscalYear(2027), WindowChange.OPENED, None, FIRST, LAST, "通知第12号", "", NOW, "j"
)
CLOSED = replace(OPENED, event_id=9, change=WindowChange.CLOSED, opening=7)


def closed_on(day: date) -> WindowEvent:
    return replace(CLOSED, last_day=day)


@pytest.mark.parametrize(
    ("day", "state", "left"),
    [
        (date(2026, 9, 30), WindowState.AHEAD, 0),
        (FIRST, WindowState.OPEN, 61),
        (LAST, WindowState.OPEN, 1),
        (date(2026, 12, 1), WindowState.OVER, 0),
    ],
)
def test_first_and_last_day_belong_to_the_window(day: date, state: WindowState, left: int) -> None:
    (window,) = windows([OPENED])
    assert window.state(day) is state
    assert window.days_left(day) == left
    assert open_windows([window], day) == ([window] if state is WindowState.OPEN else [])


@given(st.integers(-5, 70), st.integers(-1, 60), st.booleans())
def test_open_means_between_the_days_and_nothing_else(at: int, closing: int, closed: bool) -> None:
    day = FIRST + timedelta(days=at)
    last = FIRST + timedelta(days=closing)
    known = windows([OPENED, closed_on(last)] if closed else [OPENED])
    end = last if closed else LAST
    assert bool(open_windows(known, day)) == (FIRST <= day <= end)


def test_a_window_closed_early_ends_on_that_day() -> None:
    (window,) = windows([OPENED, closed_on(date(2026, 11, 5))])
    assert window.state(date(2026, 11, 5)) is WindowState.OPEN
    assert window.state(date(2026, 11, 6)) is WindowState.OVER
    assert window.period == "令和8年10月1日から令和8年11月5日まで"


def test_a_window_called_off_was_never_open() -> None:
    (window,) = windows([OPENED, closed_on(date(2026, 9, 30))])
    assert {window.state(FIRST + timedelta(days=n)) for n in range(-3, 90)} == {WindowState.OVER}
    assert window.period == "中止"


def test_the_same_days_are_refused_for_the_same_year_only() -> None:
    known = windows([OPENED])
    again = replace(OPENED, event_id=0, first_day=LAST, last_day=LAST + timedelta(days=9))
    with pytest.raises(ConflictError, match="令和8年10月1日から令和8年11月30日まで"):
        check_opening(again, known)
    check_opening(replace(again, first_day=LAST + timedelta(days=1)), known)
    check_opening(replace(again, fiscal_year=FiscalYear(2028)), known)
    check_opening(replace(again, programme="docs"), known)
    check_opening(again, windows([OPENED, closed_on(LAST - timedelta(days=1))]))
    check_opening(replace(again, first_day=FIRST), windows([OPENED, closed_on(date(2026, 9, 30))]))


def test_every_problem_of_an_opening_is_named_at_once() -> None:
    bad = replace(OPENED, first_day=date(2028, 4, 1), last_day=date(2028, 3, 1))
    with pytest.raises(InvalidInputError) as refused:
        check_opening(bad, [])
    assert set(refused.value.problems) == {"first_day", "last_day"}


def test_closing_shortens_and_never_extends() -> None:
    (window,) = windows([OPENED])
    check_closing(window, date(2026, 9, 30))
    check_closing(window, LAST)
    for day in (date(2026, 9, 29), date(2026, 12, 1)):
        with pytest.raises(InvalidInputError, match="終了する日は"):
            check_closing(window, day)
    (closed,) = windows([OPENED, CLOSED])
    with pytest.raises(ConflictError, match="終了しています"):
        check_closing(closed, FIRST)


def test_a_refusal_outside_names_the_dates() -> None:
    known = windows([OPENED])
    ahead = closed_message("chat", known, date(2026, 9, 30))
    assert "次の募集は令和9年度利用開始分、令和8年10月1日から令和8年11月30日まで" in ahead
    over = closed_message("chat", known, date(2026, 12, 1))
    assert "募集は終わっています(令和9年度利用開始分、令和8年10月1日から" in over
    assert "登録されていません" in closed_message("docs", known, FIRST)
    called_off = windows([OPENED, closed_on(date(2026, 9, 30))])
    assert "中止になりました" in closed_message("chat", called_off, FIRST)


def test_the_window_that_ends_first_comes_first() -> None:
    other = replace(OPENED, event_id=8, fiscal_year=FiscalYear(2028), last_day=FIRST)
    found = open_windows(windows([OPENED, other]), FIRST)
    assert [window.opened.event_id for window in found] == [8, 7]
    assert isinstance(found[0], Window)
