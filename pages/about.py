import streamlit as st

from core.views.about import about_view
from dashboard import context
from dashboard.about import sections

principal = context.who()
reference = context.reference()

st.title("使い方・出典", anchor=False)
how, measures, terms, programme, advisors, sources, access = st.tabs(
    [
        "使い方",
        "指標の定義",
        "制度値",
        "事業の説明",
        "アドバイザー・研修",
        "出典",
        "見やすさ・個人情報",
    ],
    on_change="rerun",
    key="about.tab",
)
with how:
    if how.open:
        sections.draw_how_to()
with measures:
    if measures.open:
        sections.draw_indicators()
with terms:
    if terms.open:
        today = context.today()
        sections.draw_terms(context.answer(about_view, principal, as_of=today), today)
        sections.draw_definitions()
with programme:
    if programme.open:
        sections.draw_programme(reference)
with advisors:
    if advisors.open:
        sections.draw_advisors(reference)
        sections.draw_trainings(reference)
with sources:
    if sources.open:
        sections.draw_sources(reference)
with access:
    if access.open:
        sections.draw_accessibility()
