from functools import partial

import streamlit as st

from core.access.password import MIN_LENGTH
from core.commands.accounts import change_password
from core.values.errors import SignInRefusedError
from dashboard import context
from dashboard.frame import navigation, return_place, sign_in
from dashboard.kit.answer import answer, keep_answer
from dashboard.kit.form import Fields
from dashboard.kit.notice import notice_later
from dashboard.kit.submit import request_id, submit

principal = context.who()
_, middle, _ = st.columns([1, 2, 1])
with middle:
    st.title("パスワード変更", anchor=False)
    if principal.must_change_password:
        st.info(
            "最初のサインインです。新しいパスワードを決めると、すべての画面が使えるようになります。",
            icon=":material/key:",
        )
    st.caption(
        f"{MIN_LENGTH}文字以上にしてください。短い文にすると、覚えやすく推測されにくくなります。"
        "ユーザー名、よく使われる語、地名や季節と年、キーボードの並びに頼ったものは使えません。"
        "変更すると、この画面のほかは、このアカウントのすべての画面でサインインし直しになります。"
    )
    field = Fields(f"password.{request_id('password')}")  # other keys: empty once it is changed
    secret = partial(st.text_input, type="password")
    with st.form("password", enter_to_submit=True):
        current = field("current", secret, "現在のパスワード", autocomplete="current-password")
        new = field(
            "password",
            secret,
            "新しいパスワード",
            autocomplete="new-password",
            help=f"{MIN_LENGTH}文字以上。ユーザー名や、推測されやすいものは使えません。",
        )
        repeated = field("repeated", secret, "新しいパスワード(確認)", autocomplete="new-password")
        submitted = st.form_submit_button("変更する", type="primary")


def _changed(_: None) -> str:
    try:
        sign_in.go_on_with(principal.username, new)
    except SignInRefusedError:
        sign_in.leave_here()
        notice_later("パスワードを変更しました。新しいパスワードでサインインしてください。")
        st.switch_page(navigation.page_file(navigation.SIGN_IN.name))
    keep_answer(
        "password",
        "パスワードを変更しました。この画面は続けて使えます(ほかの画面はサインアウトしました)。",
    )
    if principal.must_change_password:
        return_place.go_back_next()
    return ""


if submitted:
    with middle:
        submit(
            "password",
            partial(change_password, current=current, new=new, repeated=repeated),
            _changed,
            field.places,
        )
with middle:
    answer("password")
