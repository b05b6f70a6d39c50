"""支援メニュー: what each item gives, and the worked examples of both lists."""

from __future__ import annotations

import streamlit as st

from core.reference.advisors import Advisors, MenuItem, TrackRecord
from core.reference.corrections import corrections_text
from dashboard import context
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import source_text


def draw_menu(advisors: Advisors) -> None:
    """Menu ア・イ・ウ side by side, what asking is good for, 実績例."""
    guide = advisors.guide
    st.markdown(escaped(advisors.text))
    st.caption(
        f"{guide.fiscal_year.label}の案内による。{escaped(advisors.note)}"
        f"〔出典: {escaped(source_text(guide.source))}〕"
    )
    with st.grid("auto", min_column_width=280):
        for item in guide.menu:
            _draw_item(item)
    shown = [words for item in guide.menu for words in (*item.descriptions, *item.items)]
    if corrections := guide.corrections_in(*shown):
        st.caption(escaped(corrections_text(corrections)))
    st.subheader("日常業務支援の使いどころ", anchor=False)
    st.markdown(escaped(guide.consultation_use))
    st.markdown("\n".join(f"- {escaped(words)}" for words in guide.consultation_examples))
    st.subheader("実績例", anchor=False)
    for record in advisors.track_records:
        st.markdown(f"**{escaped(record.label)}**")
        draw_record(record)
        st.caption(f"{escaped(record.note)}〔出典: {escaped(source_text(record.source))}〕")


def draw_record(record: TrackRecord) -> None:
    """実績例 of one list."""
    table(
        {
            "実績例": [example.title for example in record.examples],
            "業務内容": [example.work for example in record.examples],
        },
        alt=record.label,
    )


def _draw_item(item: MenuItem) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{escaped(f'{item.key}. {item.label}')}**")
        for words in item.descriptions:
            st.markdown(escaped(words))
        if item.items:
            st.markdown("\n".join(f"- {escaped(words)}" for words in item.items))
        if item.times is not None:
            st.caption(
                f"年{item.times}回は{context.names().kind}全体の相談会の回数で、{context.names().towns}ごとの回数ではありません。"
            )
