"""What is ahead in few words, for ホーム and わがまち."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.training.enrolment import PlaceKind
from core.training.filter import TrainingFilter
from core.views.enrolments import own_enrolments_view
from core.views.trainings import SessionCard, trainings_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.kit.widgets import escaped
from dashboard.trainings.ours import draw_ahead
from dashboard.trainings.question import OURS, Question
from dashboard.trainings.wording import day_text, moment_text, own_text, state_text, time_text

_NEXT = 3


def draw_next(principal: Principal) -> None:
    """The next sessions with their deadlines; nothing when none is ahead."""
    today = context.today()
    answer = context.answer(
        trainings_view,
        principal,
        wanted=TrainingFilter(first=today),
        as_of=today,
        limit=_NEXT,
    )
    if not answer.cards:
        return
    st.subheader("これからの研修", anchor=False)
    with st.grid("auto", min_column_width=280):
        for card in answer.cards:
            _draw_card(card)
    if answer.total > _NEXT:
        st.page_link(
            navigation.page_file("trainings"),
            label=f"すべての研修(これから{answer.total}日程)",
            icon=":material/school:",
        )


def _draw_card(card: SessionCard) -> None:
    line, now = card.line, context.now()
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.page_link(
            navigation.page_file("trainings"),
            label=f"**{escaped(line.content.title)}**",
            icon=":material/school:",
            query_params=Question().of(line.training_id),
        )
        badges = " ".join(filter(None, [state_text(line, now, card.seats), own_text(card)]))
        st.markdown(
            f"{day_text(line.day)} {time_text(line.session.start, line.session.end)} {badges}"
        )
        if line.accepts(now):
            st.caption(f"申込締切 {moment_text(line.closes_at)}")


def draw_own(principal: Principal, lg_code: str) -> None:
    """The municipality's enrolments that are ahead, and the way to all of them."""
    own = context.answer(own_enrolments_view, principal, lg_code=lg_code).enrolments
    today = context.today()
    ahead = [
        each
        for each in own
        if each.session.date >= today and each.line.place.kind is not PlaceKind.CANCELLED
    ]
    if ahead:
        draw_ahead(Question(), ahead)
    else:
        widgets.empty_state("これからの研修に申し込んでいる人はいません。", "school")
    st.page_link(
        navigation.page_file("trainings"),
        label="研修の申込をすべて見る" if own else "研修を探す",
        icon=":material/school:",
        query_params=Question(view=OURS).query() if own else None,
    )
