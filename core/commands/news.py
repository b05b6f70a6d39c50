"""お知らせ: mark as read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from core.store.news import mark_read
from core.store.work import Work, command


@command("news:read", "お知らせの確認", changes=False)
def mark_news_read(work: Work, *, keys: Collection[str], now: datetime) -> int:
    """Mark news as read by the principal; what is marked stays so.

    Args:
        keys: As :class:`core.news.news.News` has them; what is unknown is kept and finds nothing.

    Returns:
        How many were not marked before.
    """
    fresh = mark_read(work.session, work.by, keys, work.now)
    if fresh:
        work.audit(work.by, rows=fresh)
    return fresh
