from functools import partial

import streamlit as st

from core.views.about import about_view
from dashboard import context
from dashboard.about import sections
from dashboard.kit import widgets

principal = context.who()
reference, today = context.reference(), context.today()
terms = context.answer(about_view, principal, as_of=today)

st.title("使い方・出典", anchor=False)
widgets.draw_tabs(
    "about.tab",
    {
        "使い方": sections.draw_how_to,
        "指標の定義": sections.draw_indicators,
        "制度値": partial(sections.draw_terms, terms, today),
        "事業の説明": partial(sections.draw_programme, reference),
        "アドバイザー・研修": partial(sections.draw_advisors_and_trainings, reference),
        "出典": partial(sections.draw_sources, reference),
        "見やすさ・個人情報": lambda: st.markdown(sections.ACCESSIBILITY),
    },
)
