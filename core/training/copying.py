"""Last year's training again: the same weekdays in another 年度."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from core.training.training import TrainingContent
from core.values.fiscal import FiscalYear

_WEEK = timedelta(days=7)


def copied(content: TrainingContent, fiscal_year: FiscalYear) -> TrainingContent:
    """A draft for another year: dates moved, what belongs to the old sessions left out.

    Left out: cancelled sessions, addresses for joining, what was covered. The deadline keeps its
    distance to the first session.

    Args:
        fiscal_year: 年度 its first session is moved to; the others keep their distance in years.
    """
    held = [session for session in content.sessions if not session.cancelled] or list(
        content.sessions
    )
    years = int(fiscal_year) - int(held[0].fiscal_year)
    sessions = tuple(
        replace(
            session,
            session_id="",
            date=same_weekday(session.date, years),
            joining_address="",
            cancelled=False,
        )
        for session in held
    )
    moved = sessions[0].date - held[0].date
    deadline = None if content.deadline is None else content.deadline + moved
    return replace(content, sessions=sessions, deadline=deadline, covered="")


def same_weekday(day: date, years: int) -> date:
    """The same weekday so many fiscal years later, at most four days off the same date.

    Examples:
        >>> same_weekday(date(2022, 9, 27), 1), same_weekday(date(2022, 4, 1), 1)
        (datetime.date(2023, 9, 26), datetime.date(2023, 4, 7))
    """
    year = day.year + years
    target = day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))
    moved = day + timedelta(weeks=round((target - day).days / 7))
    wanted = FiscalYear(FiscalYear.of(day) + years)
    if FiscalYear.of(moved) < wanted:
        return moved + _WEEK
    return moved - _WEEK if FiscalYear.of(moved) > wanted else moved
