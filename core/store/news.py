"""お知らせ: what they are derived from, and the marks of who has read which."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Session

from core.access.principal import CONSOLE, Role
from core.news.news import RECENT, News, NewsMark, still_news
from core.news.trainings import training_news
from core.procurement.event import LedgerEvent
from core.store.accounts import AccountRow
from core.store.enrolments import enrolment_events, sessions_enrolled_for
from core.store.ledger import LEDGER
from core.store.table import Stored
from core.store.trainings import training_histories, trainings_of
from core.training.enrolment import EnrolmentEvent

MARKS = Stored("news_mark", NewsMark, UniqueConstraint("username", "news", name="news_mark_once"))


def marks_of(session: Session, username: str) -> frozenset[str]:
    """Keys of the news an account has read."""
    query = select(MARKS.c.news).where(MARKS.c.username == username)
    return frozenset(session.scalars(query))


def mark_read(session: Session, username: str, keys: Collection[str], now: datetime) -> int:
    """Mark news as read; returns how many were not yet."""
    fresh = [key for key in dict.fromkeys(keys) if key not in marks_of(session, username)]
    if fresh:
        MARKS.add_all(session, [MARKS.row(NewsMark(0, username, key, now)) for key in fresh])
    return len(fresh)


def office_accounts(session: Session) -> frozenset[str]:
    """Names under which the secretariat records: what they did is news to municipalities alone."""
    names = session.scalars(select(AccountRow.username).where(AccountRow.role == Role.SECRETARIAT))
    return frozenset({CONSOLE.username, *names})


def statements(session: Session) -> list[LedgerEvent]:
    """What officers stated of 後乗り, oldest first."""
    officers = select(AccountRow.username).where(AccountRow.role == Role.OFFICER)
    return LEDGER.all(session, LEDGER.c.recorded_by.in_(officers))


def news_of_trainings(session: Session, lg_code: str, as_of: date) -> list[News]:
    """What became of the sessions a municipality enrolled for; those long over are not looked at."""
    wanted = set(sessions_enrolled_for(session, lg_code))
    ids: dict[str, list[str]] = {}
    for training in trainings_of(session, wanted):
        days = [s.date for s in training.content.sessions if s.session_id in wanted]
        if max(days) >= as_of - RECENT:
            ids[training.training_id] = [
                s.session_id for s in training.content.sessions if s.session_id in wanted
            ]
    histories = training_histories(session, list(ids))
    said: dict[str, list[EnrolmentEvent]] = {}
    for event in enrolment_events(session, [each for own in ids.values() for each in own]):
        said.setdefault(event.session_id, []).append(event)
    found: list[News] = []
    for training_id, sessions in ids.items():
        events = {session_id: said.get(session_id, []) for session_id in sessions}
        found += training_news(lg_code, histories[training_id], events)
    return found


def calendar_words(session: Session, lg_code: str, as_of: date) -> dict[str, Sequence[str]]:
    """What a municipality's calendar says first of a session that changed, the latest first."""
    found: dict[str, list[str]] = {}
    for news in still_news(news_of_trainings(session, lg_code, as_of), as_of):
        found.setdefault(news.session_id, []).append(
            f"お知らせ({news.day.isoformat()}) {news.text}"
        )
    return {session_id: tuple(words) for session_id, words in found.items()}
