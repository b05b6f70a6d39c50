import streamlit as st

from core.access.principal import Role
from dashboard import context
from dashboard.frame import navigation

principal = context.who()
st.title("この画面は開けません")
if principal.role is Role.PUBLIC:
    st.info(
        "この画面を見るにはサインインが必要です。職員用のアカウントでサインインしてください。",
        icon=":material/lock:",
    )
    navigation.link("sign_in", "サインインへ進む", "login")
else:
    st.info(
        "このアカウントの権限では見られない画面です。必要な場合は事務局に連絡してください。",
        icon=":material/lock:",
    )
navigation.link("home", "ホームへ戻る", "home")
