"""成果・事例: what others achieved, found by words; consent of a municipality; the secretariat's desk."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal, allows
from core.views.outcomes import CONSULTATION, SUPPORT, outcomes_view
from dashboard import context
from dashboard.kit import widgets, written
from dashboard.kit.choice import choose_or_all
from dashboard.kit.rows import row
from dashboard.kit.typed import escaped, paragraphs
from dashboard.support.outcomes.consent import draw_consent
from dashboard.support.outcomes.desk import draw_desk

_LONGEST_SEARCH, _SHOWN = 100, 50


def draw(principal: Principal) -> None:
    """One's own first, where there is something to decide; then the search over everything."""
    if allows(principal, "outcome:consent"):
        draw_consent(principal)
    if allows(principal, "outcome:manage"):
        draw_desk(principal)
    st.subheader("事例を探す", anchor=False)
    st.caption(
        f"同意した{context.names().towns}の支援の成果とアドバイザー相談の好事例を、"
        "団体名・氏名・事業者名を伏せて紹介しています。"
    )
    left, right = st.columns([2, 1], gap="medium")
    with left:
        words = written.text(
            "ことばで探す",
            longest=_LONGEST_SEARCH,
            placeholder="例: 標準化 Fit&Gap",
            key="outcomes.words",
        )
    with right:
        kinds = {kind: kind for kind in (SUPPORT, CONSULTATION)}
        kind = choose_or_all("種類", kinds, "outcomes.kind")
    found = context.answer(outcomes_view, principal, words=words or "", kind=kind)
    if not found:
        widgets.empty_state(
            "条件に合う事例はありません。ことばを減らすか、種類を「すべて」にしてください。"
            if words or kind
            else "公開されている事例はまだありません。",
            "lightbulb",
        )
        return
    st.markdown(f"**{len(found)}件**")
    for place, case in enumerate(found[:_SHOWN]):
        with row(f"case-{place}"):
            st.markdown(f"**{escaped(case.title)}**")
            st.caption(escaped(f"{case.kind}・{case.about}・{case.fiscal_year_label}"))
            for label, text in case.parts:
                st.markdown(f"**{escaped(label)}** {paragraphs(text)}")
    if len(found) > _SHOWN:
        st.caption(f"新しい順に{_SHOWN}件まで表示しています。ことばを足して絞り込んでください。")
