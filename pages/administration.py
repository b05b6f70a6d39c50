import streamlit as st

from core.views.administration import administration_view
from dashboard import context
from dashboard.administration import panels as administration_parts

principal = context.who()
answer = administration_view(context.engine(), principal)

st.title("管理", anchor=False)
accounts, parameters, audit = st.tabs(
    ["アカウント", "制度値", "監査記録"], on_change="rerun", key="administration.tab"
)
with accounts:
    if accounts.open:
        administration_parts.draw_accounts(answer)
with parameters:
    if parameters.open:
        administration_parts.draw_parameters(answer)
with audit:
    if audit.open:
        administration_parts.draw_audit(principal, answer)
