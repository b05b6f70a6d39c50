import streamlit as st

from core.views.catalogue import catalogue_view
from dashboard import context
from dashboard.catalogue import screen

principal = context.who()
st.title("カタログ", anchor=False)
st.caption(
    "提供するもの(共同調達、公表値、予算、出典など)を、事務局が記録します。"
    "記録は消えず、前の年度の内容は、そのときのまま残ります。"
)
found = catalogue_view(context.engine(), principal, fiscal_year=screen.asked_year())
screen.draw_year_choice(found)
screen.draw_parts(principal, found)
