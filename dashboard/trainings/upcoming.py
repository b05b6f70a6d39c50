"""What is ahead in few words, for ホーム."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.training.filter import TrainingFilter
from core.views.trainings import SessionCard, trainings_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit.cards import Action, Card, Rank, cards
from dashboard.trainings.question import Question
from dashboard.trainings.wording import (
    badges,
    day_text,
    deadline_text,
    place_words,
    time_text,
)

_NEXT = 3


def draw_next(principal: Principal) -> None:
    """The next sessions with their deadlines; nothing when none is ahead or offered."""
    if not navigation.is_there("trainings"):
        return
    today = context.today()
    answer = context.answer(
        trainings_view, principal, wanted=TrainingFilter(first=today), as_of=today, limit=_NEXT
    )
    if not answer.cards:
        return
    st.subheader("これからの研修", anchor=False)
    cards([_row(card) for card in answer.cards], key="home.trainings", rows=True)
    if answer.total > _NEXT:
        navigation.link("trainings", f"すべての研修(これから{answer.total}日程)", "school")


def _row(card: SessionCard) -> Card:
    line, now = card.line, context.now()
    session = line.session
    words = [time_text(session.start, session.end)]
    if line.cancelled:
        words.append("開かれません")
    else:
        words.append(f"会場 {place_words(session)}")
        words += [deadline_text(line)] if line.accepts(now) else []
    return Card(
        session.session_id,
        line.content.title,
        value=day_text(session.date, year=False),
        off=line.cancelled,
        badges=badges(card, now),
        lines=["・".join(words)],
        actions=[Action("開く", page="trainings", query=Question().of(line.training_id))],
        rank=Rank.QUIET,
    )
