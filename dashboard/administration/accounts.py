"""アカウント: the list, a new one, and what can be done to one; who is signed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from core.access.account import Account
from core.access.principal import Principal, Role
from core.commands.accounts import (
    add_account,
    change_account,
    reset_password,
    set_account_active,
    unlock_account,
)
from core.commands.sessions import end_session_of
from core.values.fiscal import JAPAN, japan_day
from core.values.municipality import Municipality
from core.values.offer import OfferedPart
from core.views.administration import AccountsAnswer, accounts_view
from dashboard import context
from dashboard.administration.account_import import draw_account_import
from dashboard.kit.act import act
from dashboard.kit.answer import answer, answered, forget
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.copied import copied
from dashboard.kit.form import Fields, form_box
from dashboard.kit.sign_ins import draw_sign_ins
from dashboard.kit.submit import request_id, submit
from dashboard.kit.tables import list_rows
from dashboard.kit.typed import escaped

_ONCE = "administration.password"
_ADD, _RESET = "administration.add", "administration.reset"
_ROLES = (Role.OFFICER, Role.ADVISER, Role.VIEWER, Role.SECRETARIAT)


def draw_accounts(principal: Principal, municipalities: Sequence[Municipality]) -> None:
    """The list, a form for a new one, and what can be done to one."""
    now = context.now()
    found = accounts_view(context.engine(), principal, now=now)
    towns = {m.lg_code: m.name for m in municipalities}
    accounts = found.accounts
    list_rows(
        {
            "ユーザー名": (a.username for a in accounts),
            "表示名": (a.display_name for a in accounts),
            "権限": (a.role.label for a in accounts),
            f"{context.names().towns}・事業者": (
                context.reference().called(a.lg_code) if a.lg_code else found.vendor_of(a)
                for a in accounts
            ),
            "状態": (found.state_of(a, now) for a in accounts),
            "最後のサインイン": (_moment(a.signed_in_at) for a in accounts),
            "その後の失敗": (f"{a.failed_attempts}回" for a in accounts),
            "作成日": (japan_day(a.created_at) for a in accounts),
        },
        "アカウントの一覧",
        column_config={"状態": st.column_config.Column(width=280)},
    )
    _tell_of_mergers([a for a in accounts if a.lg_code and a.lg_code not in towns])
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("アカウントを追加", anchor=False)
        _draw_add(towns, found.vendors)
    with right:
        st.subheader("ひとつのアカウント", anchor=False)
        _draw_one(principal, found, towns, now)
    st.subheader("まとめて追加", anchor=False)
    draw_account_import(principal, municipalities)


def _tell_of_mergers(accounts: Sequence[Account]) -> None:
    """Accounts of municipalities that ended: they are moved here, not by themselves."""
    active = [each for each in accounts if each.active]
    if not active:
        return
    reference = context.reference()
    named = "、".join(
        f"{each.username}({reference.called(code)}→{heir.name if heir else '—'})"
        for each in active
        if (code := each.lg_code)
        for heir in [reference.counted(code)]
    )
    st.warning(
        escaped(
            f"合併で終わった団体のアカウントが{len(active)}件あります: {named}。自団体の画面が使えません。"
            "下の「ひとつのアカウント」で選び、所属を移してください。"
        ),
        icon=":material/merge:",
    )


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(JAPAN):%Y-%m-%d %H:%M}" if moment else "なし"


def _draw_password(form: str) -> None:
    """The password a button of this form had made, under its answer and as long as that stands."""
    handed = st.session_state.get(_ONCE)
    if handed is None or handed[0] != form:
        return
    if answered(form):
        copied(handed[1], "最初のパスワード")
    else:
        del st.session_state[_ONCE]


def _forget_password() -> None:
    """Another account is looked at: what was shown of the one before goes."""
    if handed := st.session_state.pop(_ONCE, None):
        forget(handed[0])


def _choose_place(
    field: Fields,
    towns: Mapping[str, str],
    vendors: Mapping[int, str],
    lg_code: str = "",
    vendor: str = "",
) -> None:
    """An officer's municipality and an adviser's 事業者."""
    field(
        "lg_code",
        choose,
        st.selectbox,
        f"{context.names().towns}(市町村職員のとき)",
        {"": "選択しない", **towns},
        lg_code,
    )
    if not _advisers():
        return
    names = sorted(vendors.values())
    field(
        "vendor",
        choose,
        st.selectbox,
        "事業者(アドバイザーのとき)",
        {"": "選択しない", **{name: name for name in names}},
        vendor,
        help="契約か、人材プールの専門人材に記録した事業者から選びます。",
    )


def _roles() -> tuple[Role, ...]:
    """Those somebody may have here: advisers come with support plans alone."""
    return tuple(role for role in _ROLES if _advisers() or role is not Role.ADVISER)


def _advisers() -> bool:
    return OfferedPart.TALENT in context.reference().offers


def _draw_add(towns: Mapping[str, str], vendors: Mapping[int, str]) -> None:
    field = Fields(f"{_ADD}.{request_id(_ADD)}")  # empties once it was accepted, not before
    with form_box(_ADD):
        field("username", st.text_input, "ユーザー名(必須)", help="半角の英小文字・数字・. _ -")
        field("display_name", st.text_input, "表示名(必須)", placeholder="例: 〇〇市 DX推進課")
        field("role", choose, st.selectbox, "権限", _roles())
        _choose_place(field, towns, vendors)
        st.caption(escaped(_about_to_take(field.values, towns)))
        pressed = st.button("追加する", type="primary", key=_ADD)
    answer(_ADD)
    _draw_password(_ADD)
    if not pressed:
        return
    asked = field.values
    submit(
        _ADD,
        partial(
            add_account,
            username=asked["username"],
            display_name=asked["display_name"],
            role=asked["role"],
            lg_code=asked["lg_code"] or None,
            vendor=asked.get("vendor", ""),
            known_codes=frozenset(towns),
        ),
        partial(_hand_over, _ADD, asked["username"].strip().lower()),
        field.places,
    )


def _about_to_take(asked: Mapping[str, Any], towns: Mapping[str, str]) -> str:
    """Whose account the form would make, before its button is pressed."""
    role, vendor = asked["role"], asked.get("vendor", "")
    places = {
        Role.OFFICER: (context.names().towns, towns.get(asked["lg_code"], "")),
        Role.ADVISER: ("事業者", vendor),
    }
    what, place = places.get(role, ("", ""))
    if what and not place:
        return f"{what}を選んでください。"
    others = [f"{kind}「{name}」" for of, (kind, name) in places.items() if of is not role and name]
    said = (
        f"「{place}」の{role.label}として追加します。"
        if what
        else f"{role.label}として追加します。"
    )
    return said + (f"{'と'.join(others)}は外してください。" if others else "")


def _hand_over(form: str, username: str, password: str) -> str:
    st.session_state[_ONCE] = (form, password)
    return (
        f"「{username}」の最初のパスワードです。この表示は一度だけです。"
        "本人に安全な方法で渡してください。"
    )


def _draw_acts(account: Account, *, waiting: bool) -> None:
    """What can be done to somebody else's account; what takes something away asks first."""
    username = account.username
    named = f"「{escaped(username)}」({escaped(account.display_name)})"
    with st.container(horizontal=True):
        if account.active:
            confirm(
                "停止する",
                f"{named}を停止します。この人の画面は次の操作でサインアウトになり、入力の途中の"
                "ものは失われます。再開するまでサインインできません。",
                partial(set_account_active, username=username, active=False),
                key=username,
                form=f"administration.switch.{username}",
                done=f"「{username}」を停止しました。",
                icon="block",
            )
        else:
            act(
                "再開する",
                f"administration.switch.{username}",
                partial(set_account_active, username=username, active=True),
                f"「{username}」を再開しました。",
                primary=False,
            )
        confirm(
            "パスワードを再発行する",
            f"{named}の今のパスワードは使えなくなり、この人の画面は次の操作でサインアウトに"
            "なります。新しいパスワードは一度だけ表示します。",
            partial(reset_password, username=username),
            key=username,
            form=f"{_RESET}.{username}",
            done=partial(_hand_over, f"{_RESET}.{username}", username),
            icon="key",
        )
        if waiting:
            act(
                "待ち時間を解除する",
                f"administration.unlock.{username}",
                partial(unlock_account, username=username),
                f"「{username}」は、すぐにサインインを試せます。",
                primary=False,
            )
    _draw_password(f"{_RESET}.{username}")


def _draw_one(
    principal: Principal, found: AccountsAnswer, towns: Mapping[str, str], now: datetime
) -> None:
    by_name = {account.username: account for account in found.accounts}
    labels = {
        name: f"{name}({account.display_name}{'、自分' if name == principal.username else ''})"
        for name, account in by_name.items()
    }
    username = choose(
        st.selectbox,
        "対象のアカウント",
        labels,
        None,  # whoever is first in the list may be the reader
        key="administration.username",
        placeholder="アカウントを選ぶ",
        on_change=_forget_password,
    )
    if username is None:
        return
    account = by_name[username]
    if username == principal.username:
        st.info(
            "自分のアカウントです。停止と再発行は、ほかの事務局のアカウントから行います。"
            "自分のパスワードは「パスワード変更」で変えられます。",
            icon=":material/person:",
        )
    else:
        _draw_acts(account, waiting=username in found.waits)
    _draw_change(account, towns, found)
    st.markdown("**サインイン中の画面**")
    draw_sign_ins(
        [each for each in found.sign_ins if each.username == username],
        now,
        lambda each: confirm(
            "終わらせる",
            f"「{escaped(username)}」のこの画面をサインアウトします。入力の途中のものは失われます。",
            partial(end_session_of, username=username, session_id=each.session_id),
            key=each.session_id[:16],
            form=f"administration.end.{each.session_id[:16]}",
            done=f"「{username}」の画面をサインアウトしました。",
            go="サインアウトする",
            icon="logout",
        ),
    )


def _draw_change(account: Account, towns: Mapping[str, str], found: AccountsAnswer) -> None:
    form = f"administration.change.{account.username}"
    field = Fields(f"{form}.{request_id(form)}")
    with st.popover("表示名・権限・所属を変える", icon=":material/edit:"):
        field("display_name", st.text_input, "表示名", account.display_name)
        field("role", choose, st.selectbox, "権限", _roles(), account.role.value)
        _choose_place(field, towns, found.vendors, account.lg_code or "", found.vendor_of(account))
        st.caption(
            f"権限・{context.names().towns}・事業者を変えると、そのアカウントの画面は次の操作でサインアウトになります。"
        )
        pressed = st.button("変更する", type="primary", key=form)
    answer(form)
    if pressed:
        asked = field.values
        submit(
            form,
            partial(
                change_account,
                username=account.username,
                display_name=asked["display_name"],
                role=asked["role"],
                officer_of=asked["lg_code"] or None,
                vendor=asked.get("vendor", ""),
                known_codes=frozenset(towns),
            ),
            f"「{account.username}」を変更しました。",
            field.places,
        )
