from functools import partial

import streamlit as st

from core.views.meetings import meetings_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.meeting import preparation

principal = context.who()
answer = context.answer(meetings_view, principal)

st.title("会議の準備", anchor=False)
widgets.draw_tabs(
    "meeting_preparation.tab",
    {
        "場面構成": partial(preparation.draw_sets, answer),
        "控え": partial(preparation.draw_frozen, principal, answer),
    },
)
