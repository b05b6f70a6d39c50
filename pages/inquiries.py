import streamlit as st

from core.access.principal import allows
from dashboard import context
from dashboard.inquiries import office, own

principal = context.who()
st.title("照会・回答", anchor=False)
if allows(principal, "inquiry:manage"):
    office.draw(principal)
else:
    own.draw(principal)
