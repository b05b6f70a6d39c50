import streamlit as st

from dashboard import sign_in

st.title("サインイン")
_, middle, _ = st.columns([1, 2, 1])
with middle:
    st.caption(
        "試算と共同調達・研修の閲覧にはサインインは要りません。"
        "試算の保存、参加希望の提出、申込みを行う職員の方はサインインしてください。"
    )
    sign_in.draw_form()
    st.caption("アカウントがない場合、パスワードを忘れた場合は、事務局に連絡してください。")
