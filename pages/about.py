import pandas as pd
import streamlit as st

from core.estimate.terms import premise_text
from core.params import DEFINITIONS
from core.views.about import about_view
from dashboard import context
from dashboard.about import sections as about_parts
from dashboard.kit import widgets

principal = context.who()
answer = context.answer(about_view, principal, as_of=context.today())
reference = answer.reference

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
        about_parts.draw_how_to()
with measures:
    if measures.open:
        about_parts.draw_indicators()
with terms:
    if terms.open:
        st.caption(f"{answer.as_of.isoformat()}に有効な値。事務局が日付ごとに登録します。")
        st.table(
            pd.DataFrame(
                {
                    "制度値": [DEFINITIONS[p.name].label for p in answer.parameters],
                    "値": [premise_text(p.name, p.value) for p in answer.parameters],
                    "根拠区分": [p.basis.label for p in answer.parameters],
                    "適用開始": [p.valid_from.isoformat() for p in answer.parameters],
                    "出典": [widgets.source_text(p.source) for p in answer.parameters],
                    "備考": [p.note for p in answer.parameters],
                }
            ).set_index("制度値"),
            alt="有効な制度値と根拠",
        )
        about_parts.draw_definitions()
with programme:
    if programme.open:
        about_parts.draw_programme(reference)
with advisors:
    if advisors.open:
        about_parts.draw_advisors(reference)
        about_parts.draw_trainings(reference)
with sources:
    if sources.open:
        about_parts.draw_sources(reference)
with access:
    if access.open:
        about_parts.draw_accessibility()
