"""好事例: answers others may use, found by words and theme."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.consultation.theme import Theme
from core.views.consultations import examples_view
from dashboard import context
from dashboard.consultations.wording import THEMES
from dashboard.kit import widgets, written
from dashboard.kit.choice import choose
from dashboard.kit.typed import escaped, paragraphs

_LONGEST_SEARCH = 100
_SHOWN = 50


def draw_examples(principal: Principal) -> None:
    """A search over all that is published."""
    st.caption(
        f"同意した{context.names().towns}の相談と回答を、団体名を伏せて紹介しています(横展開)。"
        "同意が取り消されると、この一覧から消えます。"
    )
    left, right = st.columns([2, 1])
    with left:
        words = written.text(
            "ことばで探す",
            longest=_LONGEST_SEARCH,
            placeholder="例: 無線LAN 費用",
            key="consultations.words",
        )
    theme = choose(
        right.selectbox,
        "テーマ",
        THEMES,
        None,
        placeholder="すべて",
        key="consultations.theme",
    )
    found = context.answer(
        examples_view, principal, words=words or "", theme=Theme(theme) if theme else None
    )
    if not found:
        widgets.empty_state(
            "条件に合う好事例はありません。ことばを減らすか、テーマを「すべて」にしてください。"
            if words or theme
            else "公開されている好事例はまだありません。",
            "lightbulb",
        )
        return
    st.markdown(f"**{len(found)}件**")
    for example in found[:_SHOWN]:
        with st.container(border=True):
            st.markdown(f"**{escaped(example.text.title)}**")
            st.caption(
                escaped(f"{example.theme.menu} {example.theme.label}・{example.fiscal_year_label}")
            )
            st.markdown(f"**相談** {paragraphs(example.text.question)}")
            st.markdown(f"**回答** {paragraphs(example.text.answer)}")
    if len(found) > _SHOWN:
        st.caption(f"新しい順に{_SHOWN}件まで表示しています。ことばを足して絞り込んでください。")
