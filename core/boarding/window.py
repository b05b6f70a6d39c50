"""後乗り募集: from when to when a programme may be boarded; opened and closed, never edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, era_date, japan_day
from core.values.free_text import Text
from core.values.label import Labelled

SOURCE = Text("募集期間の出典", 500, example="通知の日付・番号など")
NOTE = Text("備考", 500, optional=True)


class WindowChange(Labelled):
    """募集の記録: what was done to a window."""

    OPENED = "opened", "募集開始"
    CLOSED = "closed", "募集終了"


@dataclass(frozen=True)
class WindowEvent:
    """One record about a window.

    Attributes:
        event_id: Order of recording; 0 before it is recorded.
        fiscal_year: 年度 that use begins in.
        opening: For 募集終了: number of the event that opened it; None otherwise.
        first_day: First day statements are taken, inclusive.
        last_day: Last day, inclusive, in Japan.
        source: Where the dates were announced; required.
    """

    event_id: int
    programme: str
    fiscal_year: FiscalYear
    change: WindowChange
    opening: int | None
    first_day: date
    last_day: date
    source: str
    note: str
    recorded_at: datetime
    recorded_by: str


class WindowState(Labelled):
    """募集の状態 on a day."""

    AHEAD = "ahead", "募集前"
    OPEN = "open", "募集中"
    OVER = "over", "募集終了"


@dataclass(frozen=True)
class Window:
    """A window as it stands.

    Attributes:
        closed: The event that closed it before its time; None when nothing did.
    """

    opened: WindowEvent
    closed: WindowEvent | None = None

    @property
    def last_day(self) -> date:
        """Last day statements are taken, inclusive; before the first day when it was called off."""
        return self.opened.last_day if self.closed is None else self.closed.last_day

    @property
    def period(self) -> str:
        """Its dates, or that it was called off."""
        if self.last_day < self.opened.first_day:
            return "中止"
        return f"{era_date(self.opened.first_day)}から{era_date(self.last_day)}まで"

    def state(self, day: date) -> WindowState:
        """Where it stands on a day."""
        if self.last_day < day or self.last_day < self.opened.first_day:
            return WindowState.OVER
        return WindowState.OPEN if self.opened.first_day <= day else WindowState.AHEAD

    def days_left(self, day: date) -> int:
        """Days on which a statement is still taken, ``day`` included; 0 unless open."""
        return (self.last_day - day).days + 1 if self.state(day) is WindowState.OPEN else 0


def windows(events: Iterable[WindowEvent]) -> list[Window]:
    """Every window ever opened, the one with the latest first day first."""
    known = list(events)
    closed = {event.opening: event for event in known if event.change is WindowChange.CLOSED}
    found = [
        Window(event, closed.get(event.event_id))
        for event in known
        if event.change is WindowChange.OPENED
    ]
    return sorted(found, key=lambda w: (w.opened.first_day, w.opened.event_id), reverse=True)


def open_windows(known: Iterable[Window], day: date) -> list[Window]:
    """The windows open on a day, the one that ends first first."""
    found = [window for window in known if window.state(day) is WindowState.OPEN]
    return sorted(found, key=lambda w: (w.last_day, w.opened.event_id))


def check_opening(event: WindowEvent, known: Iterable[Window]) -> None:
    """Refuse a window that cannot be.

    Raises:
        InvalidInputError: Keys ``last_day``, ``first_day``.
        ConflictError: Another one of the programme and fiscal year shares a day; it is named.
    """
    problems = {}
    if event.last_day < event.first_day:
        problems["last_day"] = (
            f"募集の最終日({era_date(event.last_day)})は初日({era_date(event.first_day)})以後の"
            "日にしてください。"
        )
    if event.first_day > event.fiscal_year.last_day:
        problems["first_day"] = (
            f"募集の初日({era_date(event.first_day)})は、利用を始める{event.fiscal_year.label}の"
            "末日までの日にしてください。"
        )
    if problems:
        raise InvalidInputError(problems)
    for window in known:
        other = window.opened
        shared = event.first_day <= window.last_day and other.first_day <= event.last_day
        same = (other.programme, other.fiscal_year) == (event.programme, event.fiscal_year)
        if same and shared and window.last_day >= other.first_day:
            raise ConflictError(
                f"{event.fiscal_year.label}の募集は既にあります({window.period}、"
                f"{japan_day(other.recorded_at)} {other.recorded_by}が記録)。"
                "重ならない期間にするか、先にその募集を終了してください。"
            )


def check_closing(window: Window, last_day: date) -> None:
    """Refuse to close what is closed, or to extend it.

    Args:
        last_day: Last day on which statements are still taken; the day before the first day
            calls the window off.

    Raises:
        ConflictError: Closed already; the record is named.
        InvalidInputError: Field ``last_day``.
    """
    if window.closed is not None:
        raise ConflictError(
            f"この募集は{japan_day(window.closed.recorded_at)}に{window.closed.recorded_by}が"
            f"終了しています({window.period})。画面を更新して確認してください。"
        )
    earliest = window.opened.first_day - timedelta(days=1)
    if not earliest <= last_day <= window.opened.last_day:
        raise InvalidInputError(
            {
                "last_day": (
                    f"終了する日は{era_date(earliest)}(中止)から"
                    f"{era_date(window.opened.last_day)}までの日にしてください: "
                    f"{era_date(last_day)}。延ばす場合は、終了したあとに新しい募集を始めてください。"
                )
            }
        )


def closed_message(programme: str, known: Sequence[Window], day: date) -> str:
    """Why a statement is refused outside a window, with the windows there are."""
    own = [window for window in known if window.opened.programme == programme]
    ahead = sorted(
        (w for w in own if w.state(day) is WindowState.AHEAD), key=lambda w: w.opened.first_day
    )
    if ahead:
        return (
            f"いまは募集期間の外です。次の募集は{ahead[0].opened.fiscal_year.label}利用開始分、"
            f"{ahead[0].period}です。期間になったら記録してください。"
        )
    over = [w for w in own if w.last_day >= w.opened.first_day]
    if over:
        last = max(over, key=lambda w: w.last_day)
        return (
            f"募集は終わっています({last.opened.fiscal_year.label}利用開始分、{last.period})。"
            "次の募集の予定は事務局に確認してください。"
        )
    if own:
        return (
            f"{own[0].opened.fiscal_year.label}利用開始分の募集は中止になりました。"
            "次の募集の予定は事務局に確認してください。"
        )
    return (
        "この共同調達の後乗り募集はまだ登録されていません。募集の予定は事務局に確認してください。"
    )
