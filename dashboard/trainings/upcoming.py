"""What is ahead in few words, for ホーム."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.training.filter import TrainingFilter
from core.views.trainings import SessionCard, trainings_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit.typed import escaped
from dashboard.trainings.question import Question
from dashboard.trainings.wording import (
    badges_text,
    deadline_text,
    draw_title,
    place_words,
    when_text,
)

_NEXT = 3


def draw_next(principal: Principal) -> None:
    """The next sessions with their deadlines; nothing when none is ahead."""
    today = context.today()
    answer = context.answer(
        trainings_view, principal, wanted=TrainingFilter(first=today), as_of=today, limit=_NEXT
    )
    if not answer.cards:
        return
    st.subheader("これからの研修", anchor=False)
    with st.grid("auto", min_column_width=280):
        for card in answer.cards:
            _draw_card(card)
    if answer.total > _NEXT:
        navigation.link("trainings", f"すべての研修(これから{answer.total}日程)", "school")


def _draw_card(card: SessionCard) -> None:
    line, now = card.line, context.now()
    with st.container(border=True, height="stretch", gap="xsmall"):
        draw_title(line.content.title, Question().of(line.training_id))
        st.markdown(f"{when_text(line.session, off=line.cancelled)} {badges_text(card, now)}")
        if not line.cancelled:
            words = [f"会場 {place_words(line.session)}"]
            words += [deadline_text(line)] if line.accepts(now) else []
            st.caption(escaped("・".join(words)))
