import streamlit as st

from core.access.principal import Role, allows
from core.values.fiscal import budget_request_year
from core.views.home import home_view
from core.views.kpi import alerts_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.home import systems
from dashboard.kit import widgets
from dashboard.kit.typed import escaped
from dashboard.kpi import alerts
from dashboard.our_municipality import receipts
from dashboard.trainings import upcoming

principal = context.who()
today = context.today()
fiscal_year = budget_request_year(today)
answer = context.answer(home_view, principal, as_of=today, fiscal_year=fiscal_year)

st.title("GovTech大阪 乗合", anchor=False)
st.caption(
    "大阪府と府内43市町村で、専門人材をともに確保し、システムをともに調達し、ともに学ぶための画面です。"
    f" {today.isoformat()}現在"
)

with st.container(border=True, horizontal=True, vertical_alignment="center"):
    st.markdown(
        f"**{fiscal_year.full_label}の予算要求** 支援プランを選び、団体の負担を確かめて、財政課へ"
    )
    navigation.link("plans", "予算要求書をつくる", "request_quote")

if principal.role is Role.OFFICER or answer.duties:
    st.subheader("やること", anchor=False)
    for duty in answer.duties:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(escaped(duty.text))
            navigation.link(duty.page, "開く", "arrow_forward")
    if not answer.duties:
        st.success("いま記録を待っている項目はありません。", icon=":material/check_circle:")
if principal.role is Role.OFFICER and allows(principal, "receipt:read"):
    receipts.draw_last(principal, str(principal.lg_code))
if allows(principal, "kpi:read"):
    alerts.draw_raised(principal, context.answer(alerts_view, principal, as_of=today))
if answer.office:
    st.subheader(f"{fiscal_year.full_label}の参加希望", anchor=False)
    widgets.figure_row([each.figure for each in answer.office])
if answer.facts:
    widgets.figure_row([each.figure for each in answer.facts], level=2)

systems.draw_systems(principal, answer)
upcoming.draw_next(principal)

st.subheader("はじめる", anchor=False)
with st.grid("auto", min_column_width=280):
    for screen in navigation.open_to(principal):
        if screen.name != "home":
            with st.container(border=True, height="stretch"):
                navigation.link(screen.name, f"**{escaped(screen.title)}**", screen.icon)
                st.caption(escaped(screen.help))
