"""What the numbers of several pages are narrowed by: days that can be asked for, 地域, 区分."""

from __future__ import annotations

from datetime import date

from core.access.principal import Principal
from core.values.fiscal import FiscalYear
from dashboard import context
from dashboard.kit.choice import choose_or_all
from dashboard.kit.typed import escaped

EARLIEST = date(2021, 4, 1)
"""First 基準日 that can be asked for: a month before the first joint procurement began."""


def last_day() -> date:
    """Last 基準日 that can be asked for: the end of the next fiscal year."""
    return FiscalYear(context.this_fiscal_year() + 1).last_day


def areas(_reader: Principal) -> list[str]:
    """地域, as a question's field takes them."""
    return [group.label for group in context.reference().areas]


def categories(_reader: Principal) -> list[str]:
    """区分 of municipalities, likewise."""
    return [group.label for group in context.reference().categories]


def draw_places(page: str, reader: Principal) -> None:
    """The choices of 地域 and 区分 of a page whose question has both."""
    for label, options, key in (
        ("地域", areas(reader), "area"),
        (f"{context.names().towns}の区分", categories(reader), "category"),
    ):
        labels = {each: each for each in options}
        choose_or_all(escaped(label), labels, f"{page}.{key}", persist_state="session")
