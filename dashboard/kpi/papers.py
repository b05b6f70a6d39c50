"""資料: budgets, surveys and discounts as printed; no number of a day."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.figures.papers import Paper
from dashboard.kit.tables import table
from dashboard.kit.widgets import source_text


def draw_papers(papers: Sequence[Paper]) -> None:
    """Everything printed, with when it was said and where."""
    st.caption(
        "公表資料に書かれた予算とアンケートの数です。基準日の値ではなく、指標には含めません。"
    )
    table(
        {
            "資料の数": (paper.name for paper in papers),
            "値": (paper.text for paper in papers),
            "何の数か": (paper.told for paper in papers),
            "いつの数か": (paper.dated for paper in papers),
            "出典": (source_text(paper.source) for paper in papers),
        },
        "資料に書かれた予算とアンケートの数",
    )
