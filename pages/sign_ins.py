from functools import partial

import streamlit as st

from core.access.account import SignIn, token_hash
from core.commands.sessions import end_own_session
from core.views.session import own_sign_ins_view
from dashboard import context
from dashboard.kit.confirm import confirm
from dashboard.kit.sign_ins import draw_sign_ins, told
from dashboard.kit.typed import Markdown, escaped

principal, now = context.who(), context.now()
found = own_sign_ins_view(context.engine(), principal, now=now)
this = token_hash(str(st.session_state[context.TOKEN]))

st.title("サインイン状況", anchor=False)
st.caption(
    "このアカウントでサインイン中の画面です。心当たりのないものは終わらせ、パスワードを変更してください。"
    "すべてを終わらせるには「サインアウト」を押します。"
)


def _draw_act(each: SignIn) -> None:
    if each.session_id == this:
        before = told(each.previous_at, now) if each.previous_at else Markdown("なし")
        st.caption(f"いま使っている画面。前回のサインイン: {before}")
        return
    where = f"{each.address or '接続元は不明'}(開始 {told(each.begun_at, now)})"
    confirm(
        "終わらせる",
        f"{escaped(where)}の画面をサインアウトします。入力の途中のものは失われます。",
        partial(end_own_session, session_id=each.session_id),
        key=each.session_id[:16],
        form=f"sign_ins.end.{each.session_id[:16]}",
        done="サインアウトしました。",
        icon="logout",
        go="サインアウトする",
    )


draw_sign_ins(found, now, _draw_act)
