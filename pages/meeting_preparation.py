import streamlit as st

from core.views.meetings import meetings_view
from dashboard import context
from dashboard.meeting import preparation as meeting_parts

principal = context.who()
answer = context.answer(meetings_view, principal)

st.title("会議の準備", anchor=False)
sets, frozen = st.tabs(
    ["場面構成", "固定した画面"], on_change="rerun", key="meeting_preparation.tab"
)
with sets:
    if sets.open:
        meeting_parts.draw_sets(answer)
with frozen:
    if frozen.open:
        meeting_parts.draw_frozen(principal, answer)
