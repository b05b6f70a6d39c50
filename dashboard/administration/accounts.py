"""アカウント: the list, a new one, disable, enable, a new password."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st

from core.access.account import DISPLAY_NAME, Account
from core.access.principal import Role
from core.commands.accounts import add_account, reset_password, set_account_active
from core.values.fiscal import JAPAN, japan_day
from core.views.administration import AdministrationAnswer
from dashboard import context
from dashboard.kit.choice import choose
from dashboard.kit.submit import submit
from dashboard.kit.tables import list_rows
from dashboard.kit.typed import escaped

_ONCE = "administration.password"


def draw_accounts(answer: AdministrationAnswer) -> None:
    """The list, a form for a new one, and what can be done to one."""
    _show_password_once()
    names = {m.lg_code: m.name for m in answer.municipalities}
    now = context.now()
    accounts = answer.accounts
    list_rows(
        {
            "ユーザー名": (a.username for a in accounts),
            "表示名": (a.display_name for a in accounts),
            "権限": (a.role.label for a in accounts),
            "市町村": (names.get(a.lg_code or "", "") for a in accounts),
            "状態": (_state(a, now) for a in accounts),
            "作成日": (japan_day(a.created_at) for a in accounts),
        },
        "アカウントの一覧",
    )
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("アカウントを追加", anchor=False)
        _draw_add(names)
    with right:
        st.subheader("停止・再開・パスワード再発行", anchor=False)
        _draw_change(answer)


def _state(account: Account, now: datetime) -> str:
    if not account.active:
        return "停止中"
    if account.locked_until is not None and account.locked_until > now:
        return f"{account.locked_until.astimezone(JAPAN):%H:%M}まで一時停止"
    return "初回サインイン待ち" if account.must_change_password else "有効"


def _show_password_once() -> None:
    if handed := st.session_state.pop(_ONCE, None):
        username, password = handed
        st.success(
            f"「{escaped(username)}」の最初のパスワードです。この表示は一度だけです。本人に安全な方法で渡してください。",
            icon=":material/key:",
        )
        st.code(password, language=None)


def _draw_add(names: dict[str, str]) -> None:
    with st.form("administration.add", clear_on_submit=False):
        username = st.text_input("ユーザー名", max_chars=40, help="半角の英小文字・数字・. _ -")
        display_name = st.text_input(
            "表示名", max_chars=DISPLAY_NAME.longest, placeholder="例: 堺市 DX推進課"
        )
        role = choose(st.selectbox, "権限", (Role.OFFICER, Role.VIEWER, Role.SECRETARIAT))
        towns = {"": "選択しない", **names}
        lg_code = choose(st.selectbox, "市町村(市町村職員のとき)", towns)
        pressed = st.form_submit_button("追加する", type="primary")
    if not pressed:
        return

    submit(
        "administration.add",
        partial(
            add_account,
            username=username,
            display_name=display_name,
            role=role,
            lg_code=lg_code or None,
            known_codes=frozenset(names),
        ),
        partial(_hand_over, username.strip().lower()),
    )


def _hand_over(username: str, password: str) -> str:
    st.session_state[_ONCE] = (username, password)
    return ""


def _draw_change(answer: AdministrationAnswer) -> None:
    by_name = {account.username: account for account in answer.accounts}
    labels = {name: f"{name}({account.display_name})" for name, account in by_name.items()}
    username = choose(st.selectbox, "対象のアカウント", labels, key="administration.username")
    if username is None:
        return
    account = by_name[username]
    verb = "停止する" if account.active else "再開する"
    with st.container(horizontal=True):
        switch = st.button(verb, key="administration.switch", icon=":material/block:")
        reset = st.button(
            "パスワードを再発行する", key="administration.reset", icon=":material/key:"
        )
    st.caption("停止または再発行すると、そのアカウントの画面は次の操作でサインアウトになります。")
    if switch:
        submit(
            "administration.switch",
            partial(set_account_active, username=username, active=not account.active),
            f"「{username}」を{'停止' if account.active else '再開'}しました。",
        )
    if reset:
        submit(
            "administration.reset",
            partial(reset_password, username=username),
            partial(_hand_over, username),
        )
