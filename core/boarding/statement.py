"""後乗りの意向: what an officer may say inside a window, and how it enters the ledger."""

from __future__ import annotations

from datetime import date

from core.boarding.window import Window, WindowState, closed_message
from core.procurement.event import EventKind
from core.procurement.standing import Standing, State
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FISCAL_MONTHS, PartialDate, Precision

STATEMENTS = (EventKind.INTEREST, EventKind.PLANNED, EventKind.WITHDRAWN)
"""What an officer states; everything else is confirmed by the secretariat."""


def statements_open(state: State) -> tuple[EventKind, ...]:
    """What may be stated from here; empty once a mandate is handed in or the town takes part."""
    if state.standing is Standing.FREE:
        if state.foreseen is Standing.MANDATE:
            return ()
        return (EventKind.PLANNED, EventKind.WITHDRAWN) if state.foreseen else (EventKind.PLANNED,)
    return _FROM.get(state.standing, ())


_NEW = (EventKind.PLANNED, EventKind.INTEREST)
_FROM = {
    Standing.NONE: _NEW,
    Standing.LEFT: _NEW,
    Standing.WITHDRAWN: _NEW,
    Standing.INTEREST: (EventKind.PLANNED, EventKind.WITHDRAWN),
    Standing.PLANNED: (EventKind.PLANNED, EventKind.WITHDRAWN),
}


def open_window(window_id: int, programme: str, known: list[Window], today: date) -> Window:
    """The window a statement is made in.

    Raises:
        ConflictError: It is not open on the day; names the windows there are.
    """
    for window in known:
        opened = window.opened
        if (opened.event_id, opened.programme) == (window_id, programme):
            if window.state(today) is WindowState.OPEN:
                return window
            break
    raise ConflictError(closed_message(programme, known, today))


def check_statement(kind: EventKind, state: State, window: Window) -> None:
    """Refuse what is not for the officer to state, or not from here.

    Lots, notes and what may follow are the ledger's own checks.

    Raises:
        InvalidInputError: Field ``kind``.
        ConflictError: It cannot be stated from here.
    """
    if kind not in STATEMENTS:
        raise InvalidInputError(
            {"kind": f"「{kind.label}」は事務局が記録します。事務局に連絡してください。"}
        )
    if kind not in statements_open(state):
        since = f"({state.since.label}から)" if state.since else ""
        raise ConflictError(
            f"いまの状態は「{state.standing.label}」{since}のため、"
            f"{window.opened.fiscal_year.label}の募集で「{kind.label}」は記録できません。"
            "変更が必要な場合は事務局に連絡してください。"
        )


def target_in(window: Window, month: int | None) -> PartialDate:
    """When use is meant to begin: a month of the window's fiscal year, or just the year.

    Raises:
        InvalidInputError: Field ``month``.
    """
    year = window.opened.fiscal_year
    if month is None:
        return PartialDate(year.first_day, Precision.FISCAL_YEAR)
    if month not in FISCAL_MONTHS:
        raise InvalidInputError({"month": f"利用開始月は1から12で選んでください: {month}"})
    return PartialDate(year.month(month), Precision.MONTH)
