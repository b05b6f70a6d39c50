from functools import partial

import streamlit as st

from core.access.principal import allows
from dashboard import context
from dashboard.kit import widgets
from dashboard.support import contracts, subsidy, templates

principal = context.who()
st.title("支援の実施", anchor=False)
st.caption("議決された支援プランの契約、毎月の支援回、支払を記録し、残りの回数を確かめます。")
widgets.draw_tabs(
    "support.tab",
    {
        "契約・支援回": partial(contracts.draw, principal),
        "補助金": partial(subsidy.draw, principal),
        **(
            {"書類の様式": partial(templates.draw, principal)}
            if allows(principal, "subsidy_template:manage")
            else {}
        ),
    },
)
