import streamlit as st

from core.principal import Role
from dashboard import context, navigation, sign_in, widgets

st.title("サインイン")
if context.who().role is not Role.PUBLIC:
    st.info("サインインしています。", icon=":material/check_circle:")
    if context.who().must_change_password:
        st.page_link(
            navigation.page_file("password"), label="パスワードを決める", icon=":material/key:"
        )
    else:
        st.page_link(navigation.page_file("home"), label="ホームへ進む", icon=":material/home:")
    st.stop()
_, middle, _ = st.columns([1, 2, 1])
with middle:
    st.caption(
        "試算と共同調達・研修の閲覧にはサインインは要りません。"
        "試算の保存、参加希望の提出、申込みを行う職員の方はサインインしてください。"
    )
    with widgets.refusals_shown():
        sign_in.draw_form()
    st.caption("アカウントがない場合、パスワードを忘れた場合は、事務局に連絡してください。")
