"""The script Streamlit runs: who asks, the menu their permission gives, the page."""

import secrets

import streamlit as st

from core import log
from core.access.principal import Role
from core.values.errors import DatabaseTroubleError
from dashboard import context
from dashboard.frame import navigation, return_place, sidebar, sign_in
from dashboard.kit import (
    address,
    answer,
    carried,
    chosen_file,
    outage,
    titles,
    turns,
    upload,
    widgets,
)
from dashboard.kit.notice import show_notice

with turns.in_turn():
    st.set_page_config(page_title=titles.PRODUCT, page_icon=sidebar.ICON, layout="wide")
    above = outage.place()
    try:
        principal, trouble = context.who(), None
    except DatabaseTroubleError as error:
        principal, trouble = (
            context.who_was(),
            error,
        )  # for the menu alone: nothing is read or written
    page = st.navigation(navigation.menu(principal), expanded=True)
    name = page.url_path or ("password" if principal.must_change_password else "home")
    log.about(request=secrets.token_hex(8), page=name)
    titles.enter(page.title)
    carried.take_along()
    sidebar.draw(principal)
    with outage.waited_out(above, page.url_path):
        if trouble is not None:
            raise trouble
        address.enter(page.url_path)
        upload.enter(page.url_path)
        answer.enter(page.url_path)
        return_place.enter(name, principal)
        sign_in.hand_over_cookie()
        widgets.demo_day_notice()
        widgets.demonstration_notice(principal)
        if principal.role is Role.PUBLIC and context.was_signed_in():
            sidebar.ended_notice()
        sign_in.tell_of_failures(principal)
        above_page = show_notice()
        with widgets.refusals_shown():
            page.run()
        return_place.leave(name)
        answer.say_unplaced(above_page)
        chosen_file.draw_emptied()
