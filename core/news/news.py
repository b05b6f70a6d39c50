"""One piece of news (お知らせ) and the marks of who has read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core.values.label import Labelled

RECENT = timedelta(days=60)
"""How long something is news; what lies ahead still (a session, a day) stays until it is over."""


class NewsKind(Labelled):
    """What sort of news (お知らせの種類)."""

    PLACE = "place", "空席の案内"
    SESSION = "session_changed", "研修の変更"
    CONSULTATION = "consultation", "アドバイザー相談"
    HEARING = "hearing", "ヒアリング"
    WISH = "wish_changed", "参加希望"
    WINDOW = "window_changed", "後乗り募集"
    BOARDING = "boarding", "後乗り"
    INQUIRY = "inquiry", "照会・回答"


@dataclass(frozen=True)
class News:
    """Something its reader has not done and should know of.

    Attributes:
        key: Of the record it tells of; derived anew it is the same, and a mark of reading names it.
        day: When it became so, in Japan.
        page: Screen that shows the whole of it.
        query: What that screen is asked.
        by: Account that recorded it; empty for what time brought.
        until: Last day it matters, inclusive; None: for :data:`RECENT`.
        session_id: The 日程 it is about; empty for none.
    """

    key: str
    kind: NewsKind
    day: date
    text: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    until: date | None = None
    session_id: str = ""

    def matters(self, day: date) -> bool:
        """Whether it is still news on a day."""
        return self.day <= day and (day - self.day <= RECENT or day <= (self.until or self.day))


@dataclass(frozen=True)
class NewsMark:
    """An account has read one piece of news (既読). Never taken back."""

    event_id: int
    username: str
    news: str  # its key
    read_at: datetime


def still_news(found: Iterable[News], day: date) -> tuple[News, ...]:
    """What matters on a day, the latest first."""
    known = [each for each in found if each.matters(day)]
    return tuple(sorted(known, key=lambda each: (each.day, each.key), reverse=True))
