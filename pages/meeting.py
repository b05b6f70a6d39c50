import streamlit as st

from dashboard import context
from dashboard.meeting import wall

st.title("会議", anchor=False)
freeze = st.query_params.get("freeze")
if freeze is not None:
    wall.draw_frozen(context.who(), freeze)
else:
    wall.draw_live(st.query_params.get("set"))
