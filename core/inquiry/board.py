"""回答状況: who has answered, who has not, how the answers came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.inquiry.change import to_look_at
from core.inquiry.question import Question
from core.inquiry.response import Response, ResponseState
from core.inquiry.round import Inquiry
from core.values.fiscal import JAPAN, day_in_japan


@dataclass(frozen=True)
class BoardRow:
    """One municipality.

    Attributes:
        look_again: Whether it answered questions that changed since.
    """

    lg_code: str
    response: Response
    look_again: bool

    @property
    def state(self) -> ResponseState:
        """回答の状態."""
        return self.response.state


@dataclass(frozen=True)
class Board:
    """Everybody asked, in the order of the audience.

    Attributes:
        days_left: Whole days until the deadline, by the calendar of Japan: 0 on its day, negative after.
        history: Day → how many had handed in for the first time by its end; from publishing to the
            deadline or today, whichever is first, and on while answers still came.
    """

    rows: tuple[BoardRow, ...]
    days_left: int
    history: tuple[tuple[date, int], ...]

    @property
    def counts(self) -> Mapping[ResponseState, int]:
        """How many are how far; every state, those of nobody with 0."""
        found = Counter(row.state for row in self.rows)
        return {state: found[state] for state in ResponseState}

    @property
    def are_in(self) -> int:
        """How many answers count."""
        return sum(row.state.is_in for row in self.rows)

    @property
    def missing(self) -> tuple[BoardRow, ...]:
        """Who is written to."""
        return tuple(row for row in self.rows if not row.state.is_in)


def board(inquiry: Inquiry, responses: Mapping[str, Response], now: datetime) -> Board:
    """The board of a published inquiry."""
    rows = tuple(
        BoardRow(code, responses[code], look_again(inquiry, responses[code]))
        for code in inquiry.audience
    )
    return Board(rows, days_left(inquiry.closes_at, now), _history(inquiry, rows, now))


def days_left(closes_at: datetime, now: datetime) -> int:
    """Days until a deadline by the calendar; a deadline of 24:00 belongs to the day it ends.

    Examples:
        >>> days_left(datetime(2026, 12, 1, tzinfo=JAPAN), datetime(2026, 11, 30, 9, tzinfo=JAPAN))
        0
    """
    return (last_day(closes_at) - day_in_japan(now)).days


def last_day(closes_at: datetime) -> date:
    """The last day on which something can be handed in."""
    return (closes_at.astimezone(JAPAN) - timedelta(microseconds=1)).date()


def look_again(inquiry: Inquiry, response: Response) -> bool:
    """Whether what counts of a response was said before questions changed that it must look at."""
    return bool(changed_since(inquiry, response))


def changed_since(inquiry: Inquiry, response: Response) -> tuple[Question, ...]:
    """The questions that changed since what counts of a response, and that it must look at."""
    counted = response.counted
    if counted is None or counted.version_id == inquiry.version.version_id:
        return ()
    answered = inquiry.version_of(counted.version_id).composition
    return to_look_at(answered, inquiry.composition)


def _history(
    inquiry: Inquiry, rows: Iterable[BoardRow], now: datetime
) -> tuple[tuple[date, int], ...]:
    firsts = Counter(
        day_in_japan(row.response.handed_in[0].recorded_at)
        for row in rows
        if row.response.handed_in
    )
    first = day_in_japan(inquiry.events[0].recorded_at) if inquiry.events else day_in_japan(now)
    first = min([first, *firsts])
    last = max([first, min(day_in_japan(now), last_day(inquiry.closes_at)), *firsts])
    found, total = [], 0
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        total += firsts[day]
        found.append((day, total))
    return tuple(found)
