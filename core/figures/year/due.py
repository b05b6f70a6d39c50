"""期限のあるもの: what a municipality has to do next, with the days that are left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from core.inquiry.due import PAGE, due_day, is_due
from core.inquiry.response import Response
from core.inquiry.round import Inquiry
from core.subsidy.due import Due, Turn
from core.support.due import PAGE as SUPPORT
from core.support.due import SupportDue, SupportDueKind

_SUBSIDY_TAB: Mapping[str, str] = MappingProxyType({"tab": "補助金"})


@dataclass(frozen=True)
class DueItem:
    """One thing to do.

    Attributes:
        title: What.
        text: What about it; may be empty.
        day: Last day; None where none is set.
        days_left: Until it by the calendar, below 0 where it is over; None without one.
        appointment: Whether the day is when it takes place, and not the last one for it.
        page: Screen on which it is done, with what that is asked.
    """

    key: str
    title: str
    text: str
    day: date | None
    days_left: int | None
    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    appointment: bool = False

    @property
    def left(self) -> str:
        """The days that are left, in words.

        Examples:
            >>> DueItem("x", "", "", date(2024, 3, 10), -2, "").left
            '2日過ぎています'
        """
        if self.days_left is None:
            return "期限なし"
        if self.days_left < 0:
            return f"{-self.days_left}日過ぎています"
        if self.days_left == 0:
            return "今日" if self.appointment else "今日まで"
        return f"あと{self.days_left}日"


def of_inquiries(
    asked: Iterable[tuple[Inquiry, Response]], now: datetime, today: date
) -> Iterator[DueItem]:
    """Inquiries to be answered."""
    for inquiry, response in asked:
        if is_due(response, inquiry.state(now)):
            day = due_day(inquiry)
            text = "差し戻されています" if response.returned is not None else ""
            if response.asked is not None:
                text = "庁内の確認を待っています"
            number = str(inquiry.inquiry_id)
            yield DueItem(
                f"inquiry.{number}",
                inquiry.composition.title,
                text,
                day,
                (day - today).days,
                PAGE,
                {"inquiry": number},
            )


def of_subsidies(duties: Iterable[tuple[str, str, Due]], today: date) -> Iterator[DueItem]:
    """The next step of each subsidy: name of the programme, number of the case or empty, and it."""
    for place, (name, number, found) in enumerate(duties):
        yield from _of_subsidy(f"case.{place}", name, number, found, today)


def _of_subsidy(key: str, name: str, number: str, found: Due, today: date) -> Iterator[DueItem]:
    """The next step of a subsidy, where it is the municipality's turn.

    What no day is set for and something else must come before is not yet spoken of.

    Args:
        number: Of the case; empty where one is to be applied for.
    """
    if found.turn is not Turn.MUNICIPALITY or found.step is None:
        return
    day = found.deadline
    if day is None and found.missing:
        return
    yield DueItem(
        key,
        f"{name}: {found.step.label}",
        f"まだないもの: {'、'.join(found.missing)}" if found.missing else "",
        day,
        None if day is None else (day - today).days,
        SUPPORT,
        {**_SUBSIDY_TAB, **({"case": number} if number else {})},
    )


def of_support(found: Iterable[SupportDue], today: date) -> Iterator[DueItem]:
    """What contracts and visits ask for."""
    for place, each in enumerate(found):
        yield DueItem(
            f"support.{place}",
            each.title,
            each.text,
            each.day,
            None if each.day is None else (each.day - today).days,
            SUPPORT,
            each.query,
            appointment=each.kind is SupportDueKind.VISIT,
        )


def by_day(items: Iterable[DueItem]) -> tuple[DueItem, ...]:
    """The nearest day first, what has none after them."""
    return tuple(sorted(items, key=lambda each: (each.day is None, each.day or date.max)))
