"""作成・下書き: what is not published yet, and a new one."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.access.principal import Principal
from core.views.enrolments import unpublished_trainings_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.kit.widgets import escaped
from dashboard.trainings.asked import Asked
from dashboard.trainings.form import draw_form
from dashboard.trainings.wording import day_text


def draw_drafts(principal: Principal, asked: Asked) -> None:
    """Drafts in order of day, then the form of a new training."""
    st.subheader("下書き", anchor=False)
    lines = context.answer(unpublished_trainings_view, principal)
    by_training: dict[str, list[str]] = {}
    titles = {
        line.training_id: f"{line.content.kind.value}「{line.content.title}」" for line in lines
    }
    for line in lines:
        by_training.setdefault(line.training_id, []).append(day_text(line.day))
    for training_id, days in by_training.items():
        with st.container(border=True, gap="small"):
            st.page_link(
                navigation.page_file("trainings"),
                label=f"**{escaped(titles[training_id])}**",
                icon=":material/draft:",
                query_params=replace(asked, training=training_id).query(),
            )
            st.caption("、".join(days))
    if not lines:
        widgets.empty_state(
            "下書きはありません。過去の研修を開いて「複製する」と、その日程と内容から作れます。",
            "draft",
        )
    st.subheader("新しい研修", anchor=False)
    draw_form(None)
