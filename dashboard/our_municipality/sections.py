"""What わがまち draws of consultations, similar municipalities and past wishes."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.values.fiscal import japan_day
from core.values.money import yen_text
from core.views.our_municipality import OurMunicipalityAnswer
from dashboard.consultations.wording import heading
from dashboard.frame import navigation
from dashboard.kit import widgets


def draw_consultations(answer: OurMunicipalityAnswer) -> None:
    """Those that are not over, each with the way to it."""
    if not answer.consultations:
        widgets.empty_state("進行中の相談はありません。", "forum")
    for consultation in answer.consultations:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(widgets.escaped(heading(consultation)))
            st.page_link(
                navigation.page_file("consultations"),
                label="開く",
                icon=":material/arrow_forward:",
                query_params={"number": consultation.number.label},
            )


def draw_alike(answer: OurMunicipalityAnswer) -> None:
    """Similar municipalities, and in what."""
    st.caption(
        "区分か地域が同じ、または人口が2倍以内(仮定)の市町村。当てはまる数の多い順、同数なら人口の近い順。"
    )
    st.table(
        pd.DataFrame(
            {
                "市町村": [like.municipality.name for like in answer.alike],
                "区分": [like.municipality.category for like in answer.alike],
                "地域": [like.municipality.area for like in answer.alike],
                "人口": [f"{like.municipality.population:,}人" for like in answer.alike],
                "似ている点": ["、".join(like.reasons) for like in answer.alike],
            }
        ).set_index("市町村"),
        alt="似た市町村の一覧",
    )


def draw_history(answer: OurMunicipalityAnswer) -> None:
    """Every step of every wish, folded."""
    short = {plan.number: f"{plan.number}. {plan.short_name}" for plan in answer.plans}
    with st.expander("参加希望の履歴", icon=":material/history:"):
        if answer.history:
            st.table(
                pd.DataFrame(
                    {
                        "記録日": [japan_day(event.recorded_at) for event in answer.history],
                        "年度": [event.fiscal_year.label for event in answer.history],
                        "プラン": [short[event.plan] for event in answer.history],
                        "状態": [event.state.label for event in answer.history],
                        "回数": [f"{event.visits}回" for event in answer.history],
                        "一般財源": [yen_text(event.net) for event in answer.history],
                        "理由": [event.reason for event in answer.history],
                        "記録した人": [event.recorded_by for event in answer.history],
                    }
                ).set_index("記録日"),
                alt="参加希望の履歴",
            )
        else:
            st.caption("記録はまだありません。")
