import streamlit as st

from dashboard import context
from dashboard.boarding.programme import draw_boarding

st.title("後乗り", anchor=False)
draw_boarding(context.who())
