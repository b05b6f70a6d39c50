"""What 管理 draws: accounts, parameters, audit trail."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from core.access.account import DISPLAY_NAME, Account
from core.access.principal import Principal, Role
from core.commands.accounts import add_account, reset_password, set_account_active
from core.commands.parameters import record_parameter
from core.estimate.terms import premise_text
from core.params import DEFINITIONS, Basis, Kind
from core.values.errors import DashboardError
from core.values.fiscal import JAPAN, japan_day
from core.views.administration import AdministrationAnswer, audit_check_view
from dashboard import context
from dashboard.administration import audit_words
from dashboard.kit import widgets

_ONCE = "administration.password"


def draw_accounts(principal: Principal, answer: AdministrationAnswer) -> None:
    """The list, a form for a new one, disable, enable, new password."""
    _show_password_once()
    names = {m.lg_code: m.name for m in answer.municipalities}
    now = context.now()
    st.dataframe(
        pd.DataFrame(
            {
                "ユーザー名": [a.username for a in answer.accounts],
                "表示名": [a.display_name for a in answer.accounts],
                "権限": [a.role.label for a in answer.accounts],
                "市町村": [names.get(a.lg_code or "", "") for a in answer.accounts],
                "状態": [_state(a, now) for a in answer.accounts],
                "作成日": [japan_day(a.created_at) for a in answer.accounts],
            }
        ),
        hide_index=True,
        alt="アカウントの一覧",
    )
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("アカウントを追加", anchor=False)
        _draw_add(principal, names)
    with right:
        st.subheader("停止・再開・パスワード再発行", anchor=False)
        _draw_change(principal, answer)


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
            f"「{username}」の最初のパスワードです。この表示は一度だけです。本人に安全な方法で渡してください。",
            icon=":material/key:",
        )
        st.code(password, language=None)


def _draw_add(principal: Principal, names: dict[str, str]) -> None:
    with st.form("administration.add", clear_on_submit=False):
        username = st.text_input("ユーザー名", max_chars=40, help="半角の英小文字・数字・. _ -")
        display_name = st.text_input(
            "表示名", max_chars=DISPLAY_NAME.longest, placeholder="例: 堺市 DX推進課"
        )
        roles = {r.value: r.label for r in (Role.OFFICER, Role.VIEWER, Role.SECRETARIAT)}
        role = st.selectbox("権限", list(roles), format_func=roles.__getitem__)
        lg_code = st.selectbox(
            "市町村(市町村職員のとき)",
            [None, *names],
            format_func=lambda code: "選択しない" if code is None else names[code],
        )
        pressed = st.form_submit_button("追加する", type="primary")
    if not pressed:
        return
    try:
        password = add_account(
            context.engine(),
            principal,
            username=username,
            display_name=display_name,
            role=Role(role),
            lg_code=lg_code,
            known_codes=frozenset(names),
            now=context.now(),
        )
    except DashboardError as error:
        widgets.show_refusal(error)
    else:
        st.session_state[_ONCE] = (username.strip().lower(), password)
        st.rerun()


def _draw_change(principal: Principal, answer: AdministrationAnswer) -> None:
    by_name = {account.username: account for account in answer.accounts}
    username = st.selectbox(
        "対象のアカウント",
        list(by_name),
        format_func=lambda name: f"{name}({by_name[name].display_name})" if name in by_name else "",
        key="administration.username",
    )
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
    try:
        if switch:
            set_account_active(
                context.engine(),
                principal,
                username=username,
                active=not account.active,
                now=context.now(),
            )
            state = "停止" if account.active else "再開"
            widgets.notice_later(f"「{username}」を{state}しました。")
            st.rerun()
        if reset:
            password = reset_password(
                context.engine(), principal, username=username, now=context.now()
            )
            st.session_state[_ONCE] = (username, password)
            st.rerun()
    except DashboardError as error:
        widgets.show_refusal(error)


def draw_parameters(principal: Principal, answer: AdministrationAnswer) -> None:
    """Every value with its history, and a form for the next one."""
    st.caption(
        "制度値は日付ごとに積み重ね、前の値は消しません。登録した値は、その日以降の試算・帳票のすべてに使われます。"
    )
    rows = sorted(answer.parameters, key=lambda p: (list(DEFINITIONS).index(p.name), p.valid_from))
    st.dataframe(
        pd.DataFrame(
            {
                "制度値": [DEFINITIONS[p.name].label for p in rows],
                "値": [premise_text(p.name, p.value) for p in rows],
                "適用開始": [p.valid_from.isoformat() for p in rows],
                "根拠区分": [p.basis.label for p in rows],
                "備考": [p.note for p in rows],
                "出典": [widgets.source_text(p.source) for p in rows],
                "登録": [japan_day(p.recorded_at) if p.recorded_at else "初期値" for p in rows],
            }
        ),
        hide_index=True,
        alt="制度値の一覧と履歴",
    )
    st.subheader("新しい値を登録", anchor=False)
    name = st.selectbox(
        "制度値",
        list(DEFINITIONS),
        format_func=lambda key: DEFINITIONS[key].label,
        key="administration.parameter",
    )
    definition = DEFINITIONS[name]
    st.caption(f"{definition.description} 書き方: {_HOW[definition.kind]}")
    with st.form("administration.record", clear_on_submit=False):
        left, right = st.columns(2)
        unit = f"({definition.unit})" if definition.unit else ""
        text = left.text_input(f"値{unit}", max_chars=40)
        valid_from = right.date_input(
            "適用開始日",
            context.this_fiscal_year().first_day,
            format="YYYY-MM-DD",
        )
        basis = left.selectbox(
            "根拠区分", [basis.value for basis in Basis], format_func=_basis_label
        )
        source = right.text_input("出典", placeholder="例: 令和9年2月1日付け 府通知第123号")
        note = st.text_input("備考")
        pressed = st.form_submit_button("登録する", type="primary")
    if not pressed:
        return
    try:
        record_parameter(
            context.engine(),
            principal,
            name=name,
            text=text,
            valid_from=valid_from,
            basis=Basis(str(basis)),
            source=source,
            note=note,
            request_id=widgets.request_id("parameter"),
            now=context.now(),
        )
    except DashboardError as error:
        widgets.show_refusal(error)
    else:
        widgets.request_done("parameter")
        widgets.notice_later(
            f"「{definition.label}」を{valid_from.isoformat()}から有効な値として登録しました。"
        )
        st.rerun()


def _basis_label(basis: str) -> str:
    return Basis(basis).label


_HOW = {
    Kind.YEN: "整数(例: 100000)",
    Kind.COUNT: "整数(例: 12)",
    Kind.RATE: "分数・小数・%(例: 1/2)",
    Kind.DIRECTION: "down(切捨て)、up(切上げ)、half_up(四捨五入)",
    Kind.SCOPE: "total(申請の合計額)、plan(プランごと)",
}


def draw_audit(principal: Principal, answer: AdministrationAnswer) -> None:
    """The newest entries, and whether the chain holds."""
    if st.button("記録の連鎖を検証する", icon=":material/verified:", key="administration.verify"):
        broken = audit_check_view(context.engine(), principal)
        if broken is None:
            st.success("すべての記録がつながっています。改変は見つかりません。")
        else:
            st.error(
                f"{broken}番目の記録がつながりません。データベースが直接変更された疑いがあります。"
            )
    st.dataframe(
        pd.DataFrame(
            {
                "日時": [f"{e.at.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}" for e in answer.audit],
                "操作した人": [audit_words.actor_text(e) for e in answer.audit],
                "操作": [audit_words.action_text(e) for e in answer.audit],
                "対象": [audit_words.subject_text(e) for e in answer.audit],
                "内容": [audit_words.detail_text(e) for e in answer.audit],
            }
        ),
        hide_index=True,
        column_config={
            "日時": st.column_config.Column(width=165),
            "操作した人": st.column_config.Column(width=120),
            "操作": st.column_config.Column(width=165),
            "対象": st.column_config.Column(width=165),
            "内容": st.column_config.Column(width=600),
        },
        alt="監査記録、新しい順",
    )
    st.caption("新しい順に200件まで。セルを選んで開くと、長い内容の全文が出ます。")
