import streamlit as st

from core.views.administration import administration_view
from dashboard import context
from dashboard.administration import accounts, audit, parameters

principal = context.who()
answer = administration_view(context.engine(), principal, context.reference())

st.title("管理", anchor=False)
people, values, trail = st.tabs(
    ["アカウント", "制度値", "監査記録"], on_change="rerun", key="administration.tab"
)
with people:
    if people.open:
        accounts.draw_accounts(answer)
with values:
    if values.open:
        parameters.draw_parameters(answer)
with trail:
    if trail.open:
        audit.draw_audit(principal, answer)
