from functools import partial

import streamlit as st

from core.access.principal import Role, allows
from dashboard import context
from dashboard.kit import widgets
from dashboard.support import adviser, contracts, outcomes, pool, subsidy, templates
from dashboard.support.pool.own import draw_own

principal = context.who()
st.title("支援の実施", anchor=False)
if principal.role is Role.ADVISER:
    adviser.draw(principal)
else:
    subsidised = context.reference().pays_subsidies
    st.caption(
        f"議決された支援プランの契約、毎月の支援回、支払{'、補助金の手続' if subsidised else ''}を"
        "記録し、残りを確かめます。"
    )
    manages = allows(principal, "expert:manage")
    keeps = subsidised and allows(principal, "subsidy_template:manage")
    widgets.draw_tabs(
        "support.tab",
        {
            "契約・支援回": partial(contracts.draw, principal),
            **({"補助金": partial(subsidy.draw, principal)} if subsidised else {}),
            "人材プール" if manages else "担当する人材": partial(pool.draw, principal)
            if manages
            else partial(draw_own, principal),
            "成果・事例": partial(outcomes.draw, principal),
            **({"書類の様式": partial(templates.draw, principal)} if keeps else {}),
        },
    )
