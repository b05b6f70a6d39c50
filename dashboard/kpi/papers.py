"""資料: budgets, surveys and discounts as printed; no number of a day."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.figures.papers import Paper
from dashboard.kit.cards import Card, cards
from dashboard.kit.widgets import source_text


def draw_papers(papers: Sequence[Paper]) -> None:
    """Everything printed, with when it was said and where."""
    st.caption(
        "公表資料に書かれた予算とアンケートの数です。基準日の値ではなく、指標には含めません。"
    )
    cards(list(map(_row, papers)), rows=True, level=2)


def _row(paper: Paper) -> Card:
    is_number = paper.text[:1].isdecimal()
    return Card(
        key=paper.key,
        title=paper.name,
        value=paper.text if is_number else "",
        lines=(f"{'' if is_number else f'{paper.text}。'}{paper.told}",),
        text=paper.dated,
        terms={"出典": source_text(paper.source)},
        terms_label="出典",
    )
