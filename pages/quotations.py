from functools import partial

import streamlit as st

from core.access.principal import allows
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.quotations import compare, effect, office, own

principal = context.who()
st.title("見積・契約額", anchor=False)
st.caption(
    "共同調達のシステムの見積と契約額を残し、いくら下がったか、ほかの団体とどう違うかを確かめます。"
)
ours = str(principal.lg_code)
if allows(principal, "quotation:manage"):
    widgets.draw_tabs(
        "quotations.tab",
        {
            "価格": partial(office.draw_all, principal),
            "削減額・時間": partial(office.draw_effect, principal),
            "ほかの団体との比較": partial(compare.draw_comparison, principal),
            "記録のない団体": partial(office.draw_missing, principal),
            "団体の記録を代行": partial(office.draw_behalf, principal),
        },
    )
else:
    widgets.draw_tabs(
        "quotations.tab",
        {
            "価格": partial(own.draw_own, principal, ours),
            "削減額・時間": partial(effect.draw_effect, principal, ours),
            "ほかの団体との比較": partial(compare.draw_comparison, principal),
        },
    )
with st.container(horizontal=True):
    navigation.link("procurement", "共同調達の参加状況", "map")
    navigation.link("boarding", "後乗りを考える", "directions_bus")
