from functools import partial

import streamlit as st

from core.views.administration import administration_view
from dashboard import context
from dashboard.administration import accounts, audit, parameters
from dashboard.contacts.office import draw_all_contacts
from dashboard.kit import widgets

principal = context.who()
answer = administration_view(context.engine(), principal, context.reference())

st.title("管理", anchor=False)
widgets.draw_tabs(
    "administration.tab",
    {
        "アカウント": partial(accounts.draw_accounts, principal, answer.municipalities),
        "担当者": partial(draw_all_contacts, principal),
        "制度値": partial(parameters.draw_parameters, answer),
        "監査記録": partial(audit.draw_audit, principal, answer),
    },
)
