import streamlit as st

from core.access.principal import Role
from dashboard import context
from dashboard.frame import navigation, provider, return_place, sign_in
from dashboard.kit import outage
from dashboard.kit.submit import refusals_led_to

principal = context.who()
if principal.must_change_password:
    st.switch_page(navigation.page_file("password"))
if principal.role is not Role.PUBLIC:
    return_place.go_back(principal)
_, middle, _ = st.columns([1, 2, 1])
with middle:
    st.title("サインイン", anchor=False)
    st.caption(
        "試算と共同調達・研修の閲覧にはサインインは要りません。"
        "試算の保存、参加希望の提出、申込みを行う職員の方はサインインしてください。"
    )
    if provider.offered():
        provider.draw()
    if context.settings().password_sign_in:
        with outage.said_here(), refusals_led_to():
            sign_in.draw_form()
        st.caption("アカウントがない場合、パスワードを忘れた場合は、事務局に連絡してください。")
