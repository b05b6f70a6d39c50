"""公表された過去の投票: what is known of it beside one's own, and what is not."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.inquiry.question import Question
from core.values.fiscal import era_date
from dashboard import context
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import source_text


def draw(questions: Iterable[Question]) -> None:
    """Beside a vote, the survey the pack tells of; nothing where there is no vote, or none is told of."""
    told = context.reference().programmes.next_procurement
    if told is None or all(each.kind != "ranking" for each in questions):
        return
    with st.expander(f"過去の照会({escaped(told.surveyed_text)})", icon=":material/history_edu:"):
        st.markdown(escaped(f"{told.survey_name}({era_date(told.surveyed_on)})"))
        st.markdown(escaped(f"集計のしかた: {told.scoring_text}"))
        st.markdown(escaped(f"その後の決定: {told.decision}"))
        results = "不明です。" if told.results is None else str(told.results)
        st.markdown(escaped(f"得点と順位: {results}{told.results_note}"))
        st.caption(
            escaped(
                f"出典: {source_text(told.source)}。ここの投票とは別の時点・別の候補のため、足しません。"
            )
        )
