import streamlit as st

from dashboard import context
from dashboard.meeting import wall

st.title("会議", anchor=False)
freeze = st.query_params.get("freeze", "")
if freeze.isdecimal():
    wall.draw_frozen(context.who(), int(freeze[:18]))
else:
    wall.draw_live(st.query_params.get("set"))
