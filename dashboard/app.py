"""The script Streamlit runs: who asks, the menu their permission gives, the page."""

import streamlit as st

from core.access.principal import Role
from dashboard import context
from dashboard.frame import navigation, sidebar, sign_in
from dashboard.kit import address, carried, widgets
from dashboard.kit.submit import show_notice

st.set_page_config(page_title="乗合 Noriai", page_icon=sidebar.ICON, layout="wide")
principal = context.who()
page = st.navigation(navigation.menu(principal), expanded=True)
address.enter(page.url_path)
carried.take_along()
sidebar.draw(principal)
sign_in.hand_over_cookie()
widgets.demo_day_notice()
widgets.demonstration_notice(principal)
if principal.role is Role.PUBLIC and context.was_signed_in():
    sidebar.ended_notice()
show_notice()
with widgets.refusals_shown():
    page.run()
